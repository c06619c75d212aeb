/*
 * The response head: fetch as it is, on an answer cut as the input says.
 *
 * The first line of the input is the plan, a byte each: how the answer ends,
 * the limit and whether redirects are followed; a slice of the answer (two
 * bytes its place, one its length) that is there so many times; then the cuts.
 * The rest is the answer.
 *
 * However it is cut, the outcome is that of the whole; the limits hold.
 */
#include "fetching.h"
#include "fuzz.h"

#include "http/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ENDING, PLACE, LENGTH = 3, TIMES, CUTS };
enum { ANSWER_MAX = 512 * 1024, SEGMENTS_MAX = 2048 };

static size_t limit_of(struct span plan)
{
    static const size_t limits[] = {HTTP_HEAD_MAX, 16, 64, 200, 1000, 5000,
        HTTP_LINE_MAX, 2 * HTTP_HEAD_MAX};
    return limits[fuzz_byte(plan, ENDING) >> 1 & 7];
}

/* The answer with the slice repeated; the caller frees it. */
static char *expand(struct span plan, struct span *answer)
{
    size_t at = fuzz_byte(plan, PLACE) << 8 | fuzz_byte(plan, PLACE + 1);
    size_t len = fuzz_byte(plan, LENGTH), times = 8 * fuzz_byte(plan, TIMES);
    if (at > answer->len)
        at = answer->len;
    if (len > answer->len - at)
        len = answer->len - at;
    if (answer->len + len * times > ANSWER_MAX)
        times = 0;
    struct span all = {NULL, answer->len + len * times};
    char *bytes = malloc(all.len + 1), *end = bytes;
    fuzz_must(bytes);
    end = mempcpy(end, answer->at, at);
    for (size_t i = 0; i < times; i++)
        end = mempcpy(end, answer->at + at, len);
    mempcpy(end, answer->at + at, answer->len - at);
    all.at = bytes;
    *answer = all;
    return bytes;
}

static void check_limits(const struct fetching *f, size_t limit)
{
    const struct result *result = &f->result;
    size_t lines = 0;
    for (size_t i = 0; i < result->response.head_len; i++)
        lines += result->response.head[i] == '\n';
    fuzz_must(lines <= HTTP_LINES_MAX);
    fuzz_must(result->response.head_len <= limit);
    /* Each head, one line or buffer too much, and one more head begun. */
    size_t most = (HTTP_INTERIM_MAX + 1) * limit + HTTP_LINE_MAX;
    fuzz_must(f->wire.read <= most + 3 * 16 * 1024);
    fuzz_must(
        result->response.status == 0 || result->response.header_bytes <= limit);
    fuzz_must(!result->error == (result->response.status != 0));
}

/* Every field's value has the promised shape. */
static void check_fields(const struct result *result)
{
    struct http_fields fields;
    struct http_field field;
    http_fields_init(&fields, result->response.head, result->response.head_len);
    while (http_fields_next(&fields, &field)) {
        struct http_value value;
        fuzz_must(field.kind != HTTP_FOLD);
        fuzz_must(!memchr(field.name, '\n', field.name_len));
        http_value_init(&value, &field);
        while (http_value_next(&value)) {
            fuzz_must(value.chunk_len > 0);
            fuzz_must(!memchr(value.chunk, '\n', value.chunk_len));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size};
    struct span plan = fuzz_take(&input, '\n'), cuts = plan;
    char *answer = expand(plan, &input);
    span_take(&cuts, plan.len < CUTS ? plan.len : CUTS);
    struct fetching whole = {.wire.bytes = input,
        .wire.ending = fuzz_byte(plan, ENDING) & 1 ? ECONNRESET : 0,
        .max_header_size = limit_of(plan),
        .follow = fuzz_byte(plan, ENDING) & 0x10};
    struct fetching cut = whole;
    cut.wire.cuts = cuts;
    cut.wire.unit = 1 + input.len / SEGMENTS_MAX;
    fetching_run(&whole);
    fetching_run(&cut);
    check_limits(&whole, whole.max_header_size);
    check_limits(&cut, whole.max_header_size);
    fetching_check_same(&whole, &cut);
    check_fields(&whole.result);
    fetching_fini(&whole);
    fetching_fini(&cut);
    free(answer);
    return 0;
}
