/*
 * Structured Fields: each line of the input is a line of the field.
 *
 * A field of several lines is the field of one line that joins them; what
 * conforms is equal to itself; an item is a list of one, too.
 */
#include "fuzz.h"

#include "fields/structured.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 32, BYTES_MAX = 4096 };

/* The lines joined, as one; the caller frees it. */
static struct span join(const struct span *lines, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += lines[i].len + 2;
    char *whole = malloc(len + 1);
    fuzz_must(whole);
    len = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            memcpy(whole + len, ", ", 2);
            len += 2;
        }
        memcpy(whole + len, lines[i].at, lines[i].len);
        len += lines[i].len;
    }
    return (struct span){whole, len};
}

static void check_value(const struct structured_value *value)
{
    struct field_value out = {0};
    structured_get_value(value, &out);
    if (out.type == FIELD_NONE)
        fuzz_must(out.why && value->text.len > FIELD_TEXT_MAX);
    else if (out.type == FIELD_TEXT)
        fuzz_must(out.len <= value->text.len);
    else
        fuzz_must(llabs(out.number) <= INT64_C(999999999999999));
}

static bool check_parts(enum structured_type type, const struct lines *lines)
{
    struct structured reader;
    struct structured_part part;
    structured_init(&reader, type, lines);
    while (structured_next(&reader, &part))
        if (part.kind == STRUCTURED_BARE || part.kind == STRUCTURED_PARAMETER)
            check_value(&part.value);
    fuzz_must((part.kind == STRUCTURED_ERROR) == (reader.why != NULL));
    fuzz_must(reader.why || lines_peek(&reader.lines) < 0);
    fuzz_must(!structured_next(&reader, &part));
    return !reader.why;
}

static bool check_type(enum structured_type type, const struct lines *lines,
    const struct lines *joined)
{
    bool conforms = check_parts(type, lines);
    fuzz_must(conforms == check_parts(type, joined));
    fuzz_must(structured_fault(type, lines) == structured_fault(type, joined));
    fuzz_must(structured_is_equal(type, lines, joined) == conforms);
    return conforms;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size}, spans[LINES_MAX];
    struct lines lines, joined;
    size_t count = 0;
    if (size > BYTES_MAX)
        return 0;
    do
        spans[count++] = fuzz_take(&input, '\n');
    while (input.len > 0 && count < LINES_MAX);
    struct span whole = join(spans, count);
    char *copy = fuzz_copy(whole);
    struct span one = {copy, whole.len};
    lines_init_spans(&lines, spans, count);
    lines_init_spans(&joined, &one, 1);
    bool is_item = check_type(STRUCTURED_ITEM, &lines, &joined);
    bool is_list = check_type(STRUCTURED_LIST, &lines, &joined);
    check_type(STRUCTURED_DICTIONARY, &lines, &joined);
    fuzz_must(is_list || !is_item);
    free(copy);
    free((char *)whole.at);
    return 0;
}
