/*
 * selector_derived - see selector_derived.h.
 *
 * Invariant: no value points into a struct that does not outlive the call.
 */
#include "record/selector_derived.h"

#include "fields/cookies.h"
#include "fields/fields.h"
#include "http/http.h"
#include "http/location.h"
#include "input/target.h"
#include "record/selector_field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SECOND = 1000000000 };

/* --- what the rooms of fields/ say --- */

static enum selector_type type_of(enum field_type type)
{
    static const enum selector_type types[] = {
        [FIELD_NONE] = SELECTOR_NONE,
        [FIELD_TEXT] = SELECTOR_TEXT,
        [FIELD_NUMBER] = SELECTOR_NUMBER,
        [FIELD_DECIMAL] = SELECTOR_DECIMAL,
        [FIELD_DURATION] = SELECTOR_DURATION,
        [FIELD_BOOL] = SELECTOR_BOOL,
        [FIELD_DATE] = SELECTOR_DATE,
    };
    return types[type];
}

static void take_value(
    const struct field_value *value, struct selector_value *out)
{
    bool is_made = value->text == value->made;
    out->type = type_of(value->type);
    out->number = value->number;
    out->why = value->why;
    out->len = value->len;
    out->text = is_made ? out->made : value->text;
    if (is_made)
        memcpy(out->made, value->made, value->len);
}

static const struct target *scope_target(const struct selector_scope *scope)
{
    return scope->hop ? scope->hop->target : result_final(scope->result);
}

static int64_t received_at(const struct result *result)
{
    int64_t total = result->timings[PHASE_TOTAL];
    return result->started_at.tv_sec + (total > 0 ? total / SECOND : 0);
}

void selector_field_head(
    const struct selector_scope *scope, struct field_head *out)
{
    const struct response *response = selector_response(scope);
    const struct target *target = scope_target(scope);
    struct http_status status;
    bool is_head = response_status_line(response, &status);
    *out = (struct field_head){
        .head = is_head ? response->head : NULL,
        .head_len = is_head ? response->head_len : 0,
        .is_secure = target && target->scheme == TARGET_HTTPS,
        .is_literal = target && target->literal,
        .host = target ? target->host : "",
        .received_at = received_at(scope->result),
    };
}

/* --- dates --- */

static int64_t to_ns(int64_t seconds)
{
    int64_t most = INT64_MAX / SECOND;
    return seconds > most    ? INT64_MAX
           : seconds < -most ? INT64_MIN
                             : seconds * SECOND;
}

/* Whichever clock is ahead, a skew is positive. */
static void set_distance(
    bool is_skew, int64_t seconds, struct selector_value *out)
{
    out->type = SELECTOR_DURATION;
    out->number = to_ns(is_skew && seconds < 0 ? -seconds : seconds);
}

static void get_distance(const struct selector *selector,
    const struct field_head *head, struct selector_value *out)
{
    struct field_value date = {0};
    int64_t seconds;
    field_get_date(head, selector->field, &date);
    out->why = date.why;
    if (date.type == FIELD_DATE &&
        !__builtin_sub_overflow(head->received_at, date.number, &seconds))
        set_distance(selector->kind == SELECTS_SKEW, seconds, out);
}

/* --- the location --- */

/* A copy, which the value owns. */
static int set_copy(struct selector_value *out, const char *text)
{
    out->heap = strdup(text);
    if (!out->heap)
        return -ENOMEM;
    out->type = SELECTOR_TEXT;
    out->text = out->heap;
    out->len = strlen(text);
    return 0;
}

static int get_part(
    const struct target *target, unsigned part, struct selector_value *out)
{
    if (part == LOCATION_HOST)
        return set_copy(out, target->host);
    if (part == LOCATION_PATH)
        return set_copy(out, target->path);
    out->type = SELECTOR_TEXT;
    out->text = target->scheme == TARGET_HTTPS ? "https" : "http";
    out->len = strlen(out->text);
    return 0;
}

static int get_location(const struct selector *selector,
    const struct selector_scope *scope, struct selector_value *out)
{
    static const struct span name = {"Location", 8};
    const struct target *base = scope_target(scope);
    struct selector_value field = {0};
    struct target *target;
    int error = selector_get_field(selector_response(scope), name, &field);
    if (!error && field.type != SELECTOR_NONE && base)
        error = location_resolve(
            base, (struct span){field.text, field.len}, &target, &out->why);
    else if (!error)
        error = -EINVAL;
    selector_value_fini(&field);
    if (error)
        return error == -EINVAL ? 0 : error;
    error = get_part(target, selector->part, out);
    target_destroy(target);
    return error;
}

/* --- cookies --- */

static void set_span(struct selector_value *out, struct span text)
{
    if (!text.at)
        return;
    out->type = SELECTOR_TEXT;
    out->text = text.at;
    out->len = text.len;
}

static void set_number(
    struct selector_value *out, enum selector_type type, int64_t number)
{
    out->type = type;
    out->number = number;
}

void selector_get_cookie(const struct selector *selector,
    const struct cookie *cookie, struct selector_value *out)
{
    out->type = SELECTOR_NONE;
    out->heap = NULL;
    out->why = cookie->refused;
    switch (selector->part) {
    case COOKIE_SECURE:
        set_number(out, SELECTOR_BOOL, cookie->is_secure);
        break;
    case COOKIE_HTTPONLY:
        set_number(out, SELECTOR_BOOL, cookie->is_http_only);
        break;
    case COOKIE_SAMESITE:
        set_span(out, cookie->same_site);
        break;
    case COOKIE_PATH:
        set_span(out, cookie->path);
        break;
    case COOKIE_DOMAIN:
        set_span(out, cookie->domain);
        break;
    case COOKIE_MAX_AGE:
        if (cookie->has_max_age)
            set_number(out, SELECTOR_DURATION, to_ns(cookie->max_age));
        break;
    }
}

/* The last one of this name that is stored. */
static void get_named(const struct selector *selector,
    const struct field_head *head, struct selector_value *out)
{
    struct cookies cookies;
    struct cookie cookie;
    cookies_init(&cookies, head);
    while (cookies_next(&cookies, &cookie)) {
        if (cookie.name.len != selector->member.len ||
            memcmp(cookie.name.at, selector->member.at, cookie.name.len) != 0)
            continue;
        if (cookie.refused)
            out->why = cookie.refused;
        else
            set_span(out, cookie.value);
    }
}

/* Without a scope over cookies: a bool that holds for all; of the rest what
 * the last one has. */
static void get_all(const struct selector *selector,
    const struct field_head *head, struct selector_value *out)
{
    struct cookies cookies;
    struct cookie cookie;
    cookies_init(&cookies, head);
    while (cookies_next(&cookies, &cookie)) {
        selector_get_cookie(selector, &cookie, out);
        if (out->type == SELECTOR_BOOL && !out->number)
            return;
    }
}

/* --- any of them --- */

static void get_value(const struct selector *selector,
    const struct field_head *head, struct selector_value *out)
{
    struct field_value value = {0};
    if (selector->kind == SELECTS_FACT)
        fact_get(&selector->fact, head, &value);
    else if (selector->kind == SELECTS_VALID)
        field_get_valid(head, selector->field, &value);
    else
        field_get_member(head, selector->field, selector->member, &value);
    take_value(&value, out);
}

static int get_of_head(const struct selector *selector,
    const struct selector_scope *scope, struct selector_value *out)
{
    struct field_head head;
    selector_field_head(scope, &head);
    if (!head.head)
        return 0;
    if (selector->kind == SELECTS_AGE || selector->kind == SELECTS_SKEW)
        get_distance(selector, &head, out);
    else if (selector->kind == SELECTS_COOKIE)
        get_named(selector, &head, out);
    else if (selector->kind == SELECTS_COOKIES)
        get_all(selector, &head, out);
    else
        get_value(selector, &head, out);
    return 0;
}

int selector_get_derived(const struct selector *selector,
    const struct selector_scope *scope, struct selector_value *out)
{
    const struct response *response = selector_response(scope);
    switch (selector->kind) {
    case SELECTS_RAW:
        return selector_get_lines(response, selector->field, out);
    case SELECTS_COUNT:
        selector_count_lines(response, selector->field, out);
        return 0;
    case SELECTS_LOCATION:
        return get_location(selector, scope, out);
    default:
        return get_of_head(selector, scope, out);
    }
}

bool selector_needs_head(const struct selector *selector)
{
    switch (selector->kind) {
    case SELECTS_KNOWN:
        return selector->id == SELECTOR_STATUS ||
               selector->id == SELECTOR_REASON ||
               selector->id == SELECTOR_HTTP_VERSION ||
               selector->id == SELECTOR_HEADER_BYTES;
    default:
        return true;
    }
}
