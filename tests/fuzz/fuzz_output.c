/*
 * What is printed: the first line of the input is the target as written, the
 * rest a head as it is stored.
 *
 * A JSON record is one line of valid JSON from which every byte of the
 * headers can be had again, and is read back as the same head; text, TAP, XML
 * and annotations drive no terminal and add no line.
 */
#include "fuzz.h"
#include "sink.h"

#include "http/http.h"
#include "input/target.h"
#include "output/buffer.h"
#include "record/read.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/report.h"
#include "text/escape.h"
#include "text/utf8.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* --- JSON --- */

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = strchr(digits, c);
    fuzz_must(c && found);
    return (int)(found - digits);
}

/* `bytes` are what the base64 text says. */
static void check_base64(const char *text, struct span bytes)
{
    size_t len = strlen(text), at = 0;
    fuzz_must(len == (bytes.len + 2) / 3 * 4);
    for (unsigned bits = 0, i = 0; i < len && text[i] != '='; i++) {
        bits = bits << 6 | (unsigned)base64_digit(text[i]);
        if (i % 4 == 0)
            continue;
        char byte = (char)(bits >> (6 - 2 * (i % 4)));
        fuzz_must(at == bytes.len || byte == bytes.at[at]);
        at += at < bytes.len;
    }
    fuzz_must(at == bytes.len);
}

static void check_latin1(const json_t *string, struct span bytes)
{
    const unsigned char *at = (const unsigned char *)json_string_value(string);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        if (byte >= 0x80)
            fuzz_must(*at++ == (0xc0 | byte >> 6));
        fuzz_must(*at++ == (byte < 0x80 ? byte : (0x80 | (byte & 0x3f))));
    }
    fuzz_must((const char *)at ==
              json_string_value(string) + json_string_length(string));
}

/* The value as it counts; the caller frees it. */
static char *unfold(const struct http_field *field, size_t *len)
{
    char *bytes = malloc(field->value_len + 1);
    struct http_value value;
    fuzz_must(bytes);
    *len = 0;
    http_value_init(&value, field);
    while (http_value_next(&value)) {
        memcpy(bytes + *len, value.chunk, value.chunk_len);
        *len += value.chunk_len;
    }
    return bytes;
}

static void check_value(const json_t *pair, const struct http_field *field)
{
    const json_t *value = json_array_get(pair, 1);
    size_t len;
    char *bytes = unfold(field, &len);
    struct span span = {bytes, len};
    if (json_array_size(pair) == 3) {
        check_base64(json_string_value(json_array_get(pair, 2)), span);
        check_latin1(value, span);
    } else {
        fuzz_must(json_array_size(pair) == 2);
        fuzz_must(json_string_length(value) == len);
        fuzz_must(memcmp(json_string_value(value), bytes, len) == 0);
    }
    free(bytes);
}

static void check_headers(const json_t *headers, const struct result *result)
{
    struct http_fields fields;
    struct http_field field;
    size_t count = 0;
    http_fields_init(&fields, result->response.head, result->response.head_len);
    while (http_fields_next(&fields, &field)) {
        const json_t *pair = json_array_get(headers, count++);
        check_latin1(
            json_array_get(pair, 0), (struct span){field.name, field.name_len});
        if (field.kind == HTTP_BARE)
            fuzz_must(json_is_null(json_array_get(pair, 1)));
        else
            check_value(pair, &field);
    }
    fuzz_must(json_array_size(headers) == count);
}

/* One line, without a control character as such. */
static void check_line(struct span text)
{
    fuzz_must(text.len > 0 && text.at[text.len - 1] == '\n');
    fuzz_must(utf8_valid(text.at, text.len));
    fuzz_must(escape_plain(text.at, text.len) == text.len - 1);
    fuzz_must(!span_has(text, '\t'));
}

/* Field by field, with the values as they count. */
static void check_same_head(
    const struct response *one, const struct response *other)
{
    struct http_fields a, b;
    struct http_field x, y;
    http_fields_init(&a, one->head, one->head_len);
    http_fields_init(&b, other->head, other->head_len);
    while (http_fields_next(&a, &x)) {
        fuzz_must(http_fields_next(&b, &y) && x.kind == y.kind);
        fuzz_must(x.name_len == y.name_len &&
                  memcmp(x.name, y.name, x.name_len) == 0);
        size_t len, other_len;
        char *value = unfold(&x, &len), *other_value = unfold(&y, &other_len);
        fuzz_must(len == other_len && memcmp(value, other_value, len) == 0);
        free(value);
        free(other_value);
    }
    fuzz_must(!http_fields_next(&b, &y));
}

static void check_read_back(struct span line, const struct result *result)
{
    static struct record record;
    bool is_made = result->error == FETCH_OK && result->response.status;
    if (!is_made || record_parse(line.at, line.len, &record))
        return; /* no run makes it, and it need not come back */
    fuzz_must(!record_complete(&record));
    check_same_head(&result->response, &record.result.response);
    fuzz_must(record.result.response.status == result->response.status);
    fuzz_must(!record.result.target == !result->target);
    if (result->target)
        fuzz_must(strcmp(record.result.target->url, result->target->url) == 0);
    record_fini(&record);
}

static void check_json(const struct result *result)
{
    struct report *report = report_json_create(sink_output(), true);
    fuzz_must(report);
    report->ops->result(report, result);
    report->ops->destroy(report);
    struct span text = sink_take();
    check_line(text);
    json_error_t error;
    json_t *record = json_loadb(
        text.at, text.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    fuzz_must(record);
    const json_t *headers = json_object_get(record, "headers");
    if (result->response.status)
        check_headers(headers, result);
    fuzz_must(json_is_array(headers));
    fuzz_must(json_is_string(json_object_get(record, "input")));
    json_decref(record);
    check_read_back(text, result);
}

/* --- text --- */

static size_t count_lines(struct span text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    return count;
}

/* C0 but TAB and LF, DEL, C1 as such or in UTF-8; the program's own escape
 * is not asked. */
static bool drives_terminal(unsigned char before, unsigned char byte)
{
    if (byte < 0x20)
        return byte != '\t' && byte != '\n';
    if (byte >= 0x80 && byte < 0xa0)
        return before < 0x80 || before == 0xc2;
    return byte == 0x7f;
}

static void check_plain(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        fuzz_must(!drives_terminal(i > 0 ? (unsigned char)text.at[i - 1] : 0,
            (unsigned char)text.at[i]));
}

static void check_text(const struct result *result)
{
    struct output *out = sink_output();
    struct report *report =
        report_text_create(&(struct report_text){.out = out});
    struct span head = {result->response.head, result->response.head_len},
                rest = head;
    fuzz_must(report);
    while (rest.len > 0) {
        struct span bytes = fuzz_take(&rest, '\n');
        const struct report_line line = {
            .result = result, .bytes = bytes.at, .len = bytes.len};
        report->ops->line(report, &line);
    }
    report->ops->destroy(report);
    struct span text = sink_take();
    fuzz_must(count_lines(text) == count_lines(head));
    check_plain(text);
}

/* --- reports of checks --- */

static size_t count_bytes(struct span text, char byte)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == byte;
    return count;
}

/* Of one target with one check: so many lines, and so many of this byte. */
static void check_verdict(const struct result *result,
    struct report *(*create)(struct output *out), size_t lines,
    struct span counted)
{
    static struct run_totals totals;
    struct report *report = create(sink_output());
    fuzz_must(report);
    if (report->ops->begin)
        report->ops->begin(report);
    report->ops->result(report, result);
    report->ops->finish(report, &totals);
    report->ops->destroy(report);
    struct span text = sink_take();
    fuzz_must(count_lines(text) == lines);
    fuzz_must(utf8_valid(text.at, text.len));
    check_plain(text);
    if (counted.at)
        fuzz_must(count_bytes(text, *counted.at) == counted.len);
}

/* Expression, value and reason are any bytes. */
static void check_verdicts(struct result *result, struct span bytes)
{
    char *text = fuzz_string(bytes);
    struct check check = {.expr = text,
        .id = text,
        .message = text,
        .actual = text,
        .why = text,
        .outcome = CHECK_FAILED};
    enum fetch_error error = result->error;
    result->error = FETCH_OK;
    result->checks = &check;
    result->check_count = 1;
    check_verdict(result, report_tap_create, 9, (struct span){0});
    check_verdict(result, report_junit_create, 8, (struct span){"<", 8});
    check_verdict(result, report_annotate_create, 1, (struct span){0});
    check_verdict(result, report_nagios_create, 1, (struct span){"|", 1});
    result->checks = NULL;
    result->check_count = 0;
    result->error = error;
    free(text);
}

/* Cut anywhere, the escaped form is the beginning of the whole. */
static void check_escape(struct span bytes, size_t size)
{
    char *whole = malloc(ESCAPE_LEN * bytes.len + 1), *cut = malloc(size);
    fuzz_must(whole && cut);
    size_t len =
        escape_write(whole, ESCAPE_LEN * bytes.len + 1, bytes.at, bytes.len);
    size_t cut_len = escape_write(cut, size, bytes.at, bytes.len);
    fuzz_must(escape_plain(whole, len) == len && whole[len] == '\0');
    fuzz_must(cut_len <= len && cut_len < size && cut[cut_len] == '\0');
    fuzz_must(memcmp(whole, cut, cut_len) == 0);
    free(whole);
    free(cut);
}

/* --- the whole --- */

/* The head of the result, each line of it ended. */
static void store_head(struct span bytes, struct result *result)
{
    struct http_status status;
    char *head = malloc(bytes.len + 1);
    fuzz_must(head);
    memcpy(head, bytes.at, bytes.len);
    head[bytes.len] = '\n';
    result->response.head = head;
    result->response.head_len = bytes.len + 1;
    size_t len = (size_t)((char *)memchr(head, '\n', bytes.len + 1) - head);
    if (http_status_parse(head, len, &status) == 0)
        result->response.status = status.code;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span rest = {(const char *)bytes, size};
    struct span line = fuzz_take(&rest, '\n');
    struct result result;
    struct target *target = NULL;
    const char *reason;
    result_init(&result);
    if (target_parse(line.at, line.len, &target, &reason))
        result_fail(&result, PHASE_INPUT, FETCH_BAD_TARGET, "%s", reason);
    size_t shown_len;
    char *shown = target_shown(line.at, line.len, &shown_len);
    result.target = target;
    result.input = target ? target->input : shown;
    result.input_size = target ? 0 : shown_len;
    store_head(rest, &result);
    check_json(&result);
    check_text(&result);
    check_escape(rest, 1 + line.len);
    check_verdicts(&result, rest);
    result_fini(&result);
    target_destroy(target);
    free(shown);
    return 0;
}
