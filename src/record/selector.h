/*
 * selector - the values of a result by their names: one table of name, type,
 * unit, getter and help, which the records, the list in the man page and all
 * that names a value are made from.
 *
 * A name that is not in the table is a response field's.  Names are alike in
 * any case of letters.
 */
#ifndef AFETCH_SELECTOR_H
#define AFETCH_SELECTOR_H

#include "record/result.h"

#include <stddef.h>
#include <stdint.h>

enum selector_type {
    SELECTOR_NONE, /* there is no such value, as null in records */
    SELECTOR_TEXT,
    SELECTOR_LIST, /* the lines of a field that cannot be joined */
    SELECTOR_NUMBER,
    SELECTOR_DURATION,
    SELECTOR_BOOL,
    SELECTOR_DATE,
};

/* "text", "number", …; "none". */
const char *selector_type_name(enum selector_type type);

/* The rows of the table, in the order that records and the man page have. */
enum selector_id {
    SELECTOR_INDEX,
    SELECTOR_INPUT,
    SELECTOR_URL,
    SELECTOR_HOST,
    SELECTOR_PORT,
    SELECTOR_REMOTE_IP,
    SELECTOR_REMOTE_PORT,
    SELECTOR_HTTP_VERSION,
    SELECTOR_STATUS,
    SELECTOR_REASON,
    SELECTOR_HEADER_BYTES,
    SELECTOR_STARTED_AT,
    SELECTOR_PROXY,
    SELECTOR_FINAL_URL,
    SELECTOR_HOPS,
    SELECTOR_HINT,
    SELECTOR_ATTEMPTS,
    SELECTOR_ERROR,
    SELECTOR_ERROR_PHASE,
    SELECTOR_ERROR_MESSAGE,
#define X(id, name, help) SELECTOR_TIME_##id,
    PHASES(X)
#undef X
        SELECTOR_TLS_VERSION,
    SELECTOR_TLS_CIPHER,
    SELECTOR_TLS_SUBJECT,
    SELECTOR_TLS_ISSUER,
    SELECTOR_TLS_NOT_AFTER,
    SELECTOR_TLS_DAYS_LEFT,
    SELECTOR_TLS_VERIFIED,
    SELECTOR_COUNT
};

/* What the table says of a row; all static texts. */
const char *selector_name(enum selector_id id); /* "tls.version" */
const char *selector_key(enum selector_id id); /* in records: "version" */
enum selector_type selector_type(enum selector_id id);
const char *selector_unit(enum selector_id id); /* "bytes", …; NULL: none */
const char *selector_help(enum selector_id id); /* a line, no full stop */

/* One value to ask for; all zero but for what selector_find has written. */
struct selector {
    enum selector_id id; /* SELECTOR_COUNT: a field's */
    const char *field; /* its name, then: the one given to selector_find */
};

/*
 * Which value this name means; a field's name is not copied.  0, or -EINVAL
 * when it is neither in the table nor a field's name (RFC 9110 section 5.1;
 * one with a dot in it is none here).
 */
int selector_find(const char *name, struct selector *out);

/* Where values are taken from: a result as a whole, or one of its hops, for
 * what a hop has of its own (the URL, the response, times). */
struct selector_scope {
    const struct result *result;
    const struct hop *hop; /* NULL: the whole */
};

/* The hop's response, else the result's. */
const struct response *selector_response(const struct selector_scope *scope);

enum { SELECTOR_TEXT_MAX = 48 }; /* of a text made for the occasion */

/* Not to be copied: `text` may point into it. */
struct selector_value {
    enum selector_type type;
    /* Of a text: any bytes, without a NUL at the end.  Of a list: its lines,
     * an LF between each two; there is no other LF in it. */
    const char *text;
    size_t len;
    /* The number; ns of a duration; 0 or 1; seconds since 1970 of a date. */
    int64_t number;
    char made[SELECTOR_TEXT_MAX];
    char *heap; /* of several lines; else NULL */
};

/*
 * The value, which lives as long as the result does and is for
 * selector_value_fini; of type SELECTOR_NONE when there is none.  0, or
 * -ENOMEM without a value: memory is asked for only when a field has several
 * lines or a folded one, and no more than the head has.
 */
int selector_get(const struct selector *selector,
    const struct selector_scope *scope, struct selector_value *out);
/* The same of a row of the table, which never fails and needs no fini. */
void selector_get_known(enum selector_id id, const struct selector_scope *scope,
    struct selector_value *out);
void selector_value_fini(struct selector_value *value);

#endif
