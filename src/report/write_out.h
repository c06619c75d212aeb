/*
 * write_out - the format of -w, as curl has it: read once, written for each
 * target.
 */
#ifndef AFETCH_WRITE_OUT_H
#define AFETCH_WRITE_OUT_H

#include "record/selector.h"

#include <stddef.h>

struct output;
struct write_variable;

enum write_kind {
    WRITE_TEXT,
    WRITE_VARIABLE, /* of the table */
    WRITE_SELECTOR,
    WRITE_HEADER, /* %header{NAME} */
    WRITE_HEADERS, /* %header{NAME:all:SEPARATOR} */
    WRITE_TO_STDOUT,
    WRITE_TO_STDERR,
    WRITE_ON_ERROR, /* the rest is for targets that have failed */
};

/* A part of the format; spans are into its text. */
struct write_part {
    enum write_kind kind;
    struct span text; /* or the field's name */
    struct span separator;
    const struct write_variable *variable;
    struct selector selector;
};

struct write_format {
    struct write_part *parts; /* heap */
    size_t count;
};

/* The text is not copied.  0; -ENOMEM; or -EINVAL with *fault, and nothing
 * written: a name that is neither a variable nor a selector. */
int write_format_parse(
    struct write_format *out, const char *text, struct selector_fault *fault);
void write_format_fini(struct write_format *format);
/* Is it to be given all certificates? */
bool write_format_needs_certs(const struct write_format *format);

/* What a variable is taken from. */
struct write_source {
    const struct result *result;
    const char *method;
};

/* The variable of this name; NULL: there is none. */
const struct write_variable *write_variable_find(struct span name);
/* For the list in the man page: "http_code"; NULL after the last one. */
const char *write_variable_name(size_t i);
/* Has it any of the certificates? */
bool write_variable_needs_certs(const struct write_variable *variable);
/* Its value as curl writes it. */
void write_variable_put(struct output *out,
    const struct write_variable *variable, const struct write_source *source);

#endif
