/*
 * selector - the values of a result by their names: one table of name, type,
 * unit, getter and help, which the records, the list in the man page and all
 * that names a value are made from.
 *
 * One notation for all of them, in any case of letters:
 *
 *     status, tls.version       a row of the table
 *     hsts.max-age              a fact (fields/facts.h)
 *     NAME, header('NAME')      a response field, its lines joined
 *     raw(NAME) count(NAME)     its lines as they came, and how many
 *     valid(NAME)               whether it conforms to its grammar
 *     NAME.member NAME['member'] header('NAME').member
 *     age(NAME) skew(date)      time since its date; difference of clocks
 *     location.scheme .host .path  where a redirect leads
 *     cookie.NAME cookie['NAME'] cookie.secure ...  of the cookies
 */
#ifndef AFETCH_SELECTOR_H
#define AFETCH_SELECTOR_H

#include "fields/facts.h"
#include "record/result.h"
#include "text/span.h"

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
    SELECTOR_DECIMAL, /* in thousandths */
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
    SELECTOR_LIST_FILE,
    SELECTOR_LIST_LINE,
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
    SELECTOR_CERTS, /* in no record */
    SELECTOR_COUNT
};

/* What the table says of a row; all static texts. */
const char *selector_name(enum selector_id id); /* "tls.version" */
const char *selector_key(enum selector_id id); /* in records: "version" */
enum selector_type selector_type(enum selector_id id);
const char *selector_unit(enum selector_id id); /* "bytes", …; NULL: none */
const char *selector_help(enum selector_id id); /* a line, no full stop */

/* What a selector is the name of. */
enum selector_kind {
    SELECTS_KNOWN, /* a row of the table */
    SELECTS_FACT,
    SELECTS_FIELD,
    SELECTS_RAW,
    SELECTS_COUNT,
    SELECTS_VALID,
    SELECTS_MEMBER,
    SELECTS_AGE,
    SELECTS_SKEW,
    SELECTS_LOCATION,
    SELECTS_COOKIE, /* the value of the one of this name */
    SELECTS_COOKIES, /* an attribute of each */
};

enum selector_cookie_part {
    COOKIE_SECURE,
    COOKIE_HTTPONLY,
    COOKIE_SAMESITE,
    COOKIE_PATH,
    COOKIE_DOMAIN,
    COOKIE_MAX_AGE,
};

enum selector_location_part { LOCATION_SCHEME, LOCATION_HOST, LOCATION_PATH };

/* One value to ask for; its names are parts of the text it was read from. */
struct selector {
    enum selector_kind kind;
    enum selector_id id; /* SELECTS_KNOWN; else SELECTOR_COUNT */
    struct fact fact;
    struct span field;
    struct span member; /* or the name of a cookie */
    unsigned part; /* of a location, of cookies */
};

/* What is wrong with a selector, and where in its text. */
struct selector_fault {
    size_t at;
    char text[200];
};

/*
 * Reads one selector off the front of the text, which is not copied.  0; or
 * -EINVAL, and *fault says what is wrong or was expected.  A name that looks
 * like a known one misspelled is a fault, too: header('NAME') is for a field
 * that is really called so.
 */
int selector_read(
    struct span *rest, struct selector *out, struct selector_fault *fault);

/* The same of the whole of a string; 0 or -EINVAL.  A field's name may be any
 * token here (RFC 9110 section 5.1) that has no dot. */
int selector_find(const char *name, struct selector *out);

/* Functions of the notation, for lists: "header('NAME')", and its help; NULL
 * after the last one. */
const char *selector_function(size_t i, const char **help);

/* Where values are taken from: a result as a whole, or one of its hops, for
 * what a hop has of its own (the URL, the response, times). */
struct selector_scope {
    const struct result *result;
    const struct hop *hop; /* NULL: the whole */
};

/* Does the value come from the certificates that a server sent, which are in no
 * record? */
bool selector_needs_certs(const struct selector *selector);
/* Does the value come from the head of a response? */
bool selector_needs_head(const struct selector *selector);

/* The hop's response, else the result's. */
const struct response *selector_response(const struct selector_scope *scope);

enum { SELECTOR_TEXT_MAX = FIELD_TEXT_MAX }; /* of a text for the occasion */

/* Not to be copied: `text` may point into it. */
struct selector_value {
    enum selector_type type;
    /* Of a text: any bytes, without a NUL at the end.  Of a list: its lines,
     * an LF between each two; there is no other LF in it. */
    const char *text;
    size_t len;
    /* The number; ns of a duration; 0 or 1; seconds since 1970 of a date. */
    int64_t number;
    const char *why; /* as of struct field_value; or NULL */
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

/* The response as the rooms of fields/ want it. */
void selector_field_head(
    const struct selector_scope *scope, struct field_head *out);

struct cookie;
/* What SELECTS_COOKIES asks for, of one cookie; no fini needed. */
void selector_get_cookie(const struct selector *selector,
    const struct cookie *cookie, struct selector_value *out);

#endif
