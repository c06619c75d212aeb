/*
 * structured_cases - runs the cases of
 * github.com/httpwg/structured-field-tests.
 *
 *     structured-cases FILE.json...
 *
 * A case passes when what it reads is what the case expects, as JSON, or when
 * it fails and may; and when its canonical form is equal to it.
 */
#include "fields/structured.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 64 };

static const char digits64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char digits32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* Base64 without its padding, as padded base32. */
static json_t *binary(const struct piece *text)
{
    struct lines lines = text->from;
    char *out = calloc(text->len + 16, 2);
    size_t len = 0, bytes = 0, value = 0;
    unsigned have = 0, bits = 0, want = 0;
    for (size_t i = 0; i < text->len && *lines.at != '='; i++) {
        value = value << 6 | (size_t)(strchr(digits64, *lines.at) - digits64);
        lines_skip(&lines);
        for (have += 6; have >= 8; have -= 8, bytes++) {
            want = want << 8 | (value >> (have - 8) & 0xff);
            for (bits += 8; bits >= 5; bits -= 5)
                out[len++] = digits32[want >> (bits - 5) & 31];
        }
        value &= 0xffff;
        want &= 0xffff;
    }
    if (bits > 0)
        out[len++] = digits32[want << (5 - bits) & 31];
    while (len % 8)
        out[len++] = '=';
    json_t *text32 = json_stringn(out, len);
    free(out);
    return text32;
}

/* The text whole, however long; `escape` is '\\', '%' or 0. */
static json_t *string(const struct piece *text, char escape)
{
    struct lines lines = text->from;
    char *out = malloc(text->len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text->len; i++) {
        char byte = *lines.at;
        lines_skip(&lines);
        if (byte == escape && escape == '\\') {
            byte = *lines.at;
            lines_skip(&lines);
            i++;
        } else if (byte == escape && escape == '%') {
            char hex[3] = {*lines.at};
            lines_skip(&lines);
            hex[1] = *lines.at;
            lines_skip(&lines);
            byte = (char)strtol(hex, NULL, 16);
            i += 2;
        }
        out[len++] = byte;
    }
    json_t *whole = json_stringn(out, len);
    free(out);
    return whole;
}

static json_t *typed(const char *type, json_t *value)
{
    return json_pack("{s:s, s:o}", "__type", type, "value", value);
}

static json_t *bare(const struct structured_value *value)
{
    switch (value->type) {
    case BARE_INTEGER:
        return json_integer(value->number);
    case BARE_DECIMAL:
        return json_real((double)value->number / 1000);
    case BARE_STRING:
        return string(&value->text, '\\');
    case BARE_TOKEN:
        return typed("token", string(&value->text, 0));
    case BARE_BYTES:
        return typed("binary", binary(&value->text));
    case BARE_BOOLEAN:
        return json_boolean(value->number);
    case BARE_DATE:
        return typed("date", json_integer(value->number));
    default:
        return typed("displaystring", string(&value->text, '%'));
    }
}

/* Puts [key, value] where the key's first one is: the last value counts. */
static void put(json_t *pairs, json_t *key, json_t *value)
{
    size_t i;
    json_t *pair;
    json_array_foreach(
        pairs, i, pair) if (json_equal(json_array_get(pair, 0), key))
    {
        json_array_set_new(pair, 1, value);
        json_decref(key);
        return;
    }
    json_array_append_new(pairs, json_pack("[o, o]", key, value));
}

struct tree {
    enum structured_type type;
    json_t *top, *inner, *parameters;
};

static void add_member(
    struct tree *tree, const struct structured_part *part, json_t *value)
{
    if (tree->type == STRUCTURED_ITEM) {
        json_decref(tree->top);
        tree->top = value;
    } else if (tree->type == STRUCTURED_LIST) {
        json_array_append_new(tree->top, value);
    } else {
        put(tree->top, string(&part->key, 0), value);
    }
}

static void add(struct tree *tree, const struct structured_part *part)
{
    json_t *pair;
    if (part->kind == STRUCTURED_PARAMETER) {
        put(tree->parameters, string(&part->key, 0), bare(&part->value));
    } else if (part->kind == STRUCTURED_INNER_END) {
        tree->parameters = json_array_get(tree->inner, 1);
    } else {
        pair = json_pack("[o, []]",
            part->kind == STRUCTURED_INNER ? json_array() : bare(&part->value));
        tree->parameters = json_array_get(pair, 1);
        if (part->is_inside) {
            json_array_append_new(json_array_get(tree->inner, 0), pair);
            return;
        }
        tree->inner = pair;
        add_member(tree, part, pair);
    }
}

/* What is read, or NULL: nothing, it is void. */
static json_t *read_tree(enum structured_type type, const struct lines *lines)
{
    struct structured reader;
    struct structured_part part;
    struct tree tree = {.type = type, .top = json_array()};
    structured_init(&reader, type, lines);
    while (structured_next(&reader, &part))
        add(&tree, &part);
    if (part.kind == STRUCTURED_END)
        return tree.top;
    json_decref(tree.top);
    return NULL;
}

static void lines_of(json_t *texts, struct lines *lines)
{
    static struct span spans[2][LINES_MAX];
    static int turn;
    struct span *here = spans[turn++ % 2];
    size_t count = json_array_size(texts);
    if (count > LINES_MAX)
        exit(2);
    for (size_t i = 0; i < count; i++) {
        json_t *text = json_array_get(texts, i);
        here[i] =
            (struct span){json_string_value(text), json_string_length(text)};
    }
    lines_init_spans(lines, here, count);
}

static enum structured_type type_of(json_t *one)
{
    const char *name = json_string_value(json_object_get(one, "header_type"));
    return !strcmp(name, "item")   ? STRUCTURED_ITEM
           : !strcmp(name, "list") ? STRUCTURED_LIST
                                   : STRUCTURED_DICTIONARY;
}

static bool passes(json_t *one, struct lines *lines, json_t *got)
{
    json_t *canonical = json_object_get(one, "canonical");
    enum structured_type type = type_of(one);
    struct lines other;
    if (!got)
        return json_is_true(json_object_get(one, "must_fail")) ||
               json_is_true(json_object_get(one, "can_fail"));
    if (!json_equal(got, json_object_get(one, "expected")))
        return false;
    lines_of(canonical ? canonical : json_object_get(one, "raw"), &other);
    return structured_is_equal(type, lines, &other);
}

static unsigned cases, failures, void_ones;

static void run_case(const char *file, json_t *one)
{
    struct lines lines;
    if (!json_object_get(one, "raw"))
        return;
    lines_of(json_object_get(one, "raw"), &lines);
    json_t *got = read_tree(type_of(one), &lines);
    cases++;
    void_ones += json_is_true(json_object_get(one, "must_fail"));
    if (!passes(one, &lines, got)) {
        char *text = got ? json_dumps(got, JSON_ENCODE_ANY) : strdup("void");
        failures++;
        printf("%s: %s: read as %s\n", file,
            json_string_value(json_object_get(one, "name")), text);
        free(text);
    }
    json_decref(got);
}

static void run_file(const char *file)
{
    json_error_t error;
    size_t i;
    json_t *one, *all = json_load_file(file, JSON_ALLOW_NUL, &error);
    if (!all) {
        fprintf(stderr, "%s:%d: %s\n", file, error.line, error.text);
        exit(2);
    }
    json_array_foreach(all, i, one) run_case(file, one);
    json_decref(all);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        run_file(argv[i]);
    printf("%u cases, %u of them must fail; %u wrong\n", cases, void_ones,
        failures);
    return failures > 0 || cases == 0;
}
