/*
 * write_format - the format of -w, taken apart.
 *
 * Invariant: the parts, one after another, are the whole text.
 */
#include "report/write_out.h"

#include "text/nearest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text being read. */
struct reading {
    const char *from;
    struct span rest;
    struct write_format *format;
    struct selector_fault *fault;
};

static struct write_part *add_part(struct reading *r, enum write_kind kind)
{
    struct write_part *part = &r->format->parts[r->format->count++];
    *part = (struct write_part){.kind = kind};
    return part;
}

static void add_text(struct reading *r, struct span text)
{
    if (text.len > 0)
        add_part(r, WRITE_TEXT)->text = text;
}

static bool take_prefix(struct span *rest, const char *prefix)
{
    if (!span_has_prefix(*rest, prefix))
        return false;
    span_take(rest, strlen(prefix));
    return true;
}

/* What stands before the closing brace, which goes; false: there is none.  A
 * backslash keeps a brace from closing. */
static bool take_braced(struct span *rest, struct span *out)
{
    for (size_t i = 0; i < rest->len; i++)
        if (rest->at[i] == '\\' && i + 1 < rest->len) {
            i++;
        } else if (rest->at[i] == '}') {
            *out = span_take(rest, i);
            span_take(rest, 1);
            return true;
        }
    return false;
}

/* --- variables --- */

static bool is_word(struct span name, const char *word)
{
    return name.len == strlen(word) && memcmp(name.at, word, name.len) == 0;
}

static const struct {
    const char *name;
    enum write_kind kind;
} switches[] = {
    {"stdout", WRITE_TO_STDOUT},
    {"stderr", WRITE_TO_STDERR},
    {"onerror", WRITE_ON_ERROR},
};

static bool add_switch(struct reading *r, struct span name)
{
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (is_word(name, switches[i].name)) {
            add_part(r, switches[i].kind);
            return true;
        }
    return false;
}

/* Fields' names have no underscore, curl's variables have. */
static bool looks_like_variable(struct span name)
{
    return span_has(name, '_');
}

static int fault_variable(struct reading *r, struct span name)
{
    struct nearest nearest = {.word = name};
    int len = name.len < 60 ? (int)name.len : 60;
    for (size_t i = 0; write_variable_name(i); i++)
        nearest_try(&nearest, write_variable_name(i));
    r->fault->at = (size_t)(name.at - r->from);
    snprintf(r->fault->text, sizeof r->fault->text,
        nearest.best ? "unknown variable \"%.*s\"; did you mean \"%s\"?"
                     : "unknown variable \"%.*s\"",
        len, name.at, nearest.best);
    return -EINVAL;
}

static int add_selector(struct reading *r, struct span name)
{
    struct selector selector;
    struct span rest = name;
    size_t at = (size_t)(name.at - r->from);
    if (selector_read(&rest, &selector, r->fault)) {
        r->fault->at += at;
        return -EINVAL;
    }
    if (selector.kind == SELECTS_FIELD && looks_like_variable(name))
        return fault_variable(r, name);
    if (rest.len > 0) {
        strcpy(r->fault->text, "expected a closing brace");
        r->fault->at = (size_t)(rest.at - r->from);
        return -EINVAL;
    }
    add_part(r, WRITE_SELECTOR)->selector = selector;
    return 0;
}

static int add_named(struct reading *r, struct span name)
{
    const struct write_variable *variable = write_variable_find(name);
    if (add_switch(r, name))
        return 0;
    if (!variable)
        return add_selector(r, name);
    add_part(r, WRITE_VARIABLE)->variable = variable;
    return 0;
}

/* "NAME" or "NAME:all:SEPARATOR". */
static void add_header(struct reading *r, struct span text)
{
    struct span name = span_take(&text, span_until(text, ":"));
    bool all = take_prefix(&text, ":all:");
    struct write_part *part = add_part(r, all ? WRITE_HEADERS : WRITE_HEADER);
    part->text = name;
    part->separator = text;
}

/* --- the whole --- */

/* Behind a percent sign; what is nothing known stays as it is. */
static int read_percent(struct reading *r, struct span percent)
{
    struct span name, before = r->rest;
    if (take_prefix(&r->rest, "%")) {
        add_text(r, percent);
        return 0;
    }
    if (take_prefix(&r->rest, "{") && take_braced(&r->rest, &name))
        return add_named(r, name);
    r->rest = before;
    if (take_prefix(&r->rest, "header{") && take_braced(&r->rest, &name)) {
        add_header(r, name);
        return 0;
    }
    r->rest = before;
    add_text(r, percent);
    return 0;
}

static struct span unescape_text(char byte)
{
    static const char from[] = "ntr\\", *const to[] = {"\n", "\t", "\r", "\\"};
    const char *found = byte ? strchr(from, byte) : NULL;
    return found ? (struct span){to[found - from], 1} : (struct span){"", 0};
}

static void read_backslash(struct reading *r, struct span backslash)
{
    struct span meant = unescape_text(r->rest.len > 0 ? *r->rest.at : '\0');
    if (meant.len > 0)
        span_take(&r->rest, 1);
    add_text(r, meant.len > 0 ? meant : backslash);
}

static int read_format(struct reading *r)
{
    int error = 0;
    while (r->rest.len > 0 && !error) {
        add_text(r, span_take(&r->rest, span_until(r->rest, "%\\")));
        if (r->rest.len == 0)
            break;
        struct span sign = span_take(&r->rest, 1);
        if (*sign.at == '%')
            error = read_percent(r, sign);
        else
            read_backslash(r, sign);
    }
    return error;
}

/* Each sign is one part, and so may be what is before it, and the end. */
static size_t count_parts(const char *text)
{
    size_t most = 1;
    for (; *text; text++)
        most += *text == '%' || *text == '\\' ? 2 : 0;
    return most;
}

int write_format_parse(
    struct write_format *out, const char *text, struct selector_fault *fault)
{
    struct write_format format = {
        calloc(count_parts(text), sizeof *format.parts), 0};
    struct reading r = {.from = text,
        .rest = {text, strlen(text)},
        .format = &format,
        .fault = fault};
    int error = format.parts ? read_format(&r) : -ENOMEM;
    if (error)
        write_format_fini(&format);
    else
        *out = format;
    return error;
}

static bool part_needs_certs(const struct write_part *part)
{
    return part->kind == WRITE_VARIABLE
               ? write_variable_needs_certs(part->variable)
               : part->kind == WRITE_SELECTOR &&
                     selector_needs_certs(&part->selector);
}

bool write_format_needs_certs(const struct write_format *format)
{
    for (size_t i = 0; i < format->count; i++)
        if (part_needs_certs(&format->parts[i]))
            return true;
    return false;
}

void write_format_fini(struct write_format *format)
{
    free(format->parts);
    *format = (struct write_format){0};
}
