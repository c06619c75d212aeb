/*
 * diff - see diff.h.
 *
 * All lines of all heads are sorted by name: however many there are, each
 * name is looked at once.
 */
#include "judge/diff.h"

#include "http/http.h"
#include "input/target.h"
#include "judge/mask.h"
#include "record/result.h"
#include "text/escape.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SHOWN = 60, URL_SHOWN = 255 }; /* bytes of one in the text */

/* A line of the head of one address. */
struct line {
    struct http_field field;
    size_t address, number;
};

/* What one address says of one name: its lines of that name. */
struct says {
    const struct line *lines;
    size_t count;
};

/* What the label of a group is made from. */
typedef void label_fn(
    FILE *out, const struct says *says, const struct result *answer);

struct comparison {
    const struct result *result;
    struct line *lines; /* sorted */
    size_t line_count;
    struct says *says; /* one for each address */
    size_t *groups; /* for each address the first that says the same */
    FILE *out;
    size_t found; /* differences */
};

/* --- the lines --- */

static size_t lines_of(
    const struct result *answer, size_t address, struct line *lines)
{
    struct http_fields fields;
    struct http_field field;
    size_t count = 0;
    if (answer->error || !answer->response.head)
        return 0;
    http_fields_init(&fields, answer->response.head, answer->response.head_len);
    for (; http_fields_next(&fields, &field); count++)
        if (lines)
            lines[count] = (struct line){field, address, count};
    return count;
}

static int name_order(const struct http_field *a, const struct http_field *b)
{
    size_t len = a->name_len < b->name_len ? a->name_len : b->name_len;
    for (size_t i = 0; i < len; i++)
        if (byte_lower(a->name[i]) != byte_lower(b->name[i]))
            return byte_lower(a->name[i]) - byte_lower(b->name[i]);
    return (a->name_len > b->name_len) - (a->name_len < b->name_len);
}

static int line_order(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    int order = name_order(&a->field, &b->field);
    if (order)
        return order;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

static int collect_fields(struct comparison *c)
{
    const struct result *result = c->result;
    size_t count = 0;
    for (size_t i = 0; i < result->address_count; i++)
        count += lines_of(&result->addresses[i], i, NULL);
    c->lines = calloc(count + 1, sizeof *c->lines);
    if (!c->lines)
        return -ENOMEM;
    for (size_t i = 0; i < result->address_count; i++)
        c->line_count +=
            lines_of(&result->addresses[i], i, c->lines + c->line_count);
    qsort(c->lines, c->line_count, sizeof *c->lines, line_order);
    return 0;
}

/* --- equality --- */

static enum mask_kind mask_of(const struct http_field *field)
{
    static const struct mask usual = {0};
    return mask_find(&usual, (struct span){field->name, field->name_len});
}

struct bytes {
    struct http_value value;
    size_t at; /* in its chunk */
};

static int next_byte(struct bytes *bytes)
{
    struct http_value *value = &bytes->value;
    if (bytes->at == value->chunk_len) {
        bytes->at = 0;
        if (!http_value_next(value))
            return EOF;
    }
    return (unsigned char)value->chunk[bytes->at++];
}

/* Folds are one space; what is behind `stop` does not count. */
static bool is_same_value(
    const struct http_field *a, const struct http_field *b, int stop)
{
    struct bytes x = {.at = 0}, y = {.at = 0};
    http_value_init(&x.value, a);
    http_value_init(&y.value, b);
    for (;;) {
        int byte = next_byte(&x), other = next_byte(&y);
        if (byte != other)
            return (byte == stop || byte == EOF) &&
                   (other == stop || other == EOF);
        if (byte == stop || byte == EOF)
            return true;
    }
}

static bool says_same(const struct says *a, const struct says *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct http_field *x = &a->lines[i].field;
        const struct http_field *y = &b->lines[i].field;
        int stop = mask_of(x) == MASK_COOKIE ? '=' : EOF;
        if (x->kind != y->kind || !is_same_value(x, y, stop))
            return false;
    }
    return true;
}

/* --- differences --- */

static bool has_answered(const struct comparison *c, size_t i)
{
    return !c->result->addresses[i].error;
}

static void put_values(struct comparison *c, size_t first, label_fn *label)
{
    const struct result *addresses = c->result->addresses;
    const char *separator = "";
    char ip[TARGET_IP_MAX];
    label(c->out, &c->says[first], &addresses[first]);
    for (size_t i = first; i < c->result->address_count; i++) {
        if (!has_answered(c, i) || c->groups[i] != first)
            continue;
        fprintf(c->out, "%s%s", separator, target_ip(addresses[i].target, ip));
        separator = ", ";
    }
}

/* No byte of a name ends its quotes. */
static void put_quoted(FILE *out, const char *name, size_t len)
{
    char text[NAME_SHOWN * ESCAPE_LEN + 1];
    fputc('"', out);
    for (size_t i = 0, end; i < len; i = end + 1) {
        const char *quote = memchr(name + i, '"', len - i);
        end = quote ? (size_t)(quote - name) : len;
        escape_quote(text, sizeof text, name + i, end - i);
        fprintf(out, "%s%s", text, quote ? "\\x22" : "");
    }
    fputc('"', out);
}

/* A stranger's words: they cannot look like the rest of the line. */
static void put_name(FILE *out, const char *name, size_t len)
{
    size_t shown = len < NAME_SHOWN ? len : NAME_SHOWN;
    if (http_token_valid(name, len))
        fwrite(name, 1, shown, out);
    else
        put_quoted(out, name, shown);
    fputs(shown < len ? "..." : "", out);
}

/* In what, or where that is NULL, in the lines of this field. */
static void put_difference(struct comparison *c, const char *what,
    const struct http_field *field, label_fn *label)
{
    const char *separator = "";
    if (c->found++ >= DIFF_SHOWN)
        return;
    fputs(c->found > 1 ? ", " : "", c->out);
    if (what)
        fputs(what, c->out);
    else
        put_name(c->out, field->name, field->name_len);
    fputs(" (", c->out);
    for (size_t i = 0; i < c->result->address_count; i++) {
        if (!has_answered(c, i) || c->groups[i] != i)
            continue;
        fputs(separator, c->out);
        put_values(c, i, label);
        separator = " | ";
    }
    fputs(")", c->out);
}

typedef bool same_fn(const struct comparison *c, size_t i, size_t j);

/* Groups those that have answered by what is the same; false: they are one. */
static bool group_values(struct comparison *c, same_fn *same)
{
    size_t count = c->result->address_count, groups = 0;
    for (size_t i = 0; i < count; i++) {
        size_t first = 0;
        if (!has_answered(c, i))
            continue;
        while (!has_answered(c, first) || !same(c, first, i))
            first++;
        c->groups[i] = first;
        groups += first == i;
    }
    return groups > 1;
}

static bool same_status(const struct comparison *c, size_t i, size_t j)
{
    return c->result->addresses[i].response.status ==
           c->result->addresses[j].response.status;
}

static void label_status(
    FILE *out, const struct says *says, const struct result *answer)
{
    (void)says;
    fprintf(out, "%d: ", answer->response.status);
}

static bool same_end(const struct comparison *c, size_t i, size_t j)
{
    return strcmp(result_final(&c->result->addresses[i])->url,
               result_final(&c->result->addresses[j])->url) == 0;
}

static void label_end(
    FILE *out, const struct says *says, const struct result *answer)
{
    (void)says;
    const char *url = result_final(answer)->url;
    fprintf(
        out, "%.*s%s: ", URL_SHOWN, url, strlen(url) > URL_SHOWN ? "..." : "");
}

static bool same_says(const struct comparison *c, size_t i, size_t j)
{
    return says_same(&c->says[i], &c->says[j]);
}

static void label_says(
    FILE *out, const struct says *says, const struct result *answer)
{
    (void)answer;
    if (says->count == 0)
        fputs("none: ", out);
}

/* The lines of one name, of all addresses. */
static void compare_name(
    struct comparison *c, const struct line *lines, size_t count)
{
    const struct http_field *field = &lines->field;
    if (mask_of(field) == MASK_ALL)
        return;
    memset(c->says, 0, c->result->address_count * sizeof *c->says);
    for (size_t i = 0; i < count; i++) {
        struct says *says = &c->says[lines[i].address];
        if (says->count++ == 0)
            says->lines = &lines[i];
    }
    if (group_values(c, same_says))
        put_difference(c, NULL, field, label_says);
}

static void compare_lines(struct comparison *c)
{
    for (size_t i = 0, end; i < c->line_count; i = end) {
        end = i + 1;
        while (end < c->line_count &&
               !name_order(&c->lines[i].field, &c->lines[end].field))
            end++;
        compare_name(c, &c->lines[i], end - i);
    }
}

static void compare_fields(struct comparison *c)
{
    if (group_values(c, same_status))
        put_difference(c, "status", NULL, label_status);
    if (group_values(c, same_end))
        put_difference(c, "final URL", NULL, label_end);
    compare_lines(c);
    if (c->found > DIFF_SHOWN)
        fprintf(c->out, ", and %zu more", c->found - DIFF_SHOWN);
}

/* --- the whole --- */

static int prepare_sides(struct comparison *c)
{
    size_t count = c->result->address_count;
    c->says = calloc(count, sizeof *c->says);
    c->groups = calloc(count, sizeof *c->groups);
    return c->says && c->groups ? collect_fields(c) : -ENOMEM;
}

/* Into text that the caller frees, "" when there is no difference. */
static int write_difference(struct comparison *c, char **text)
{
    size_t size;
    int error = prepare_sides(c);
    if (error)
        return error;
    c->out = open_memstream(text, &size);
    if (!c->out)
        return -ENOMEM;
    compare_fields(c);
    return fclose(c->out) ? -ENOMEM : 0;
}

int diff_addresses(struct result *result)
{
    struct comparison c = {.result = result};
    char *text = NULL;
    int error = write_difference(&c, &text);
    free(c.lines);
    free(c.says);
    free(c.groups);
    result->agree = !error && c.found == 0;
    for (size_t i = 0; i < result->address_count; i++)
        result->agree &= !result->addresses[i].error;
    if (!error && c.found > 0)
        result->difference = text;
    else
        free(text);
    return error;
}
