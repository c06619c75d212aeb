/*
 * verdict - see verdict.h.
 */
#include "report/verdict.h"

#include "output/buffer.h"
#include "record/result.h"
#include "text/escape.h"
#include "text/utf8.h"

#include <assert.h>
#include <string.h>

const char *verdict_name(enum verdict_kind kind)
{
    static const char *const names[VERDICT_COUNT] = {
        "ok", "skipped", "warning", "failed", "no answer"};
    assert((unsigned)kind < VERDICT_COUNT);
    return names[kind];
}

/* --- the list --- */

static enum verdict_kind kind_of(const struct check *check)
{
    switch (check->outcome) {
    case CHECK_SKIPPED:
        return VERDICT_SKIPPED;
    case CHECK_NO_ANSWER:
        return VERDICT_NO_ANSWER;
    case CHECK_FAILED:
        return check->is_warning ? VERDICT_WARNING : VERDICT_FAILED;
    default:
        return VERDICT_OK;
    }
}

/* Does a check tell that the target has failed? */
static bool is_told(const struct result *result)
{
    for (size_t i = 0; i < result->check_count; i++)
        if (kind_of(&result->checks[i]) >= VERDICT_FAILED)
            return true;
    return false;
}

bool verdict_at(const struct result *result, size_t i, struct verdict *out)
{
    if (i < result->check_count) {
        const struct check *check = &result->checks[i];
        *out = (struct verdict){kind_of(check), check};
        return true;
    }
    bool has_failed = result_has_failed(result);
    bool wants_own =
        result->check_count == 0 || (has_failed && !is_told(result));
    *out = (struct verdict){has_failed ? VERDICT_NO_ANSWER : VERDICT_OK, NULL};
    return wants_own && i == result->check_count;
}

/* --- texts --- */

static void put_text(struct output *out, const char *text, verdict_put *put)
{
    put(out, text, strlen(text));
}

void verdict_put_why(struct output *out, const struct result *result,
    const struct verdict *verdict, verdict_put *put)
{
    bool is_check = verdict->check && verdict->kind != VERDICT_NO_ANSWER;
    if (is_check || !result_has_failed(result)) {
        const char *why = verdict->check ? verdict->check->why : NULL;
        put_text(out, why ? why : verdict_name(verdict->kind), put);
        return;
    }
    put_text(out, phase_name(result->error_phase), put);
    put_text(out, ": ", put);
    put_text(out, result_message(result), put);
}

void verdict_put_name(
    struct output *out, const struct verdict *verdict, verdict_put *put)
{
    const struct check *check = verdict->check;
    if (!check) {
        put_text(out, "answered", put);
        return;
    }
    put_text(out, check->expr, put);
    if (!check->id && !check->message)
        return;
    put_text(out, " (", put);
    if (check->id)
        put_text(out, check->id, put);
    if (check->id && check->message)
        put_text(out, ": ", put);
    if (check->message)
        put_text(out, check->message, put);
    put_text(out, ")", put);
}

/* --- bytes --- */

/* U+2028 and U+2029 end lines; U+FFFE and U+FFFF are no characters. */
static bool is_odd(const char *bytes, size_t len)
{
    return len == 3 && (!memcmp(bytes, "\xe2\x80\xa8", 3) ||
                           !memcmp(bytes, "\xe2\x80\xa9", 3) ||
                           !memcmp(bytes, "\xef\xbf\xbe", 3) ||
                           !memcmp(bytes, "\xef\xbf\xbf", 3));
}

/* Bytes of the character that they begin with; 0: it may not stay. */
static size_t plain_character(const char *bytes, size_t len)
{
    size_t length = utf8_sequence(bytes, len);
    bool stays = length && escape_plain(bytes, length) == length &&
                 !is_odd(bytes, length);
    return stays ? length : 0;
}

static void put_each(
    struct output *out, const char *bytes, size_t len, verdict_escape *escape)
{
    size_t plain = 0;
    for (size_t i = 0; i < len; i++) {
        const char *instead = escape(bytes[i]);
        if (!instead)
            continue;
        output_put(out, bytes + plain, i - plain);
        output_puts(out, instead);
        plain = i + 1;
    }
    output_put(out, bytes + plain, len - plain);
}

void verdict_put_escaped(
    struct output *out, const char *bytes, size_t len, verdict_escape *escape)
{
    size_t at = 0, plain = 0;
    while (at < len) {
        size_t length = plain_character(bytes + at, len - at);
        if (length) {
            at += length;
            continue;
        }
        char hex[ESCAPE_LEN];
        bool odd = len - at >= 3 && is_odd(bytes + at, 3);
        put_each(out, bytes + plain, at - plain, escape);
        for (plain = at + (odd ? 3 : 1); at < plain; at++) {
            escape_byte(hex, bytes[at]);
            put_each(out, hex, sizeof hex, escape);
        }
    }
    put_each(out, bytes + plain, at - plain, escape);
}
