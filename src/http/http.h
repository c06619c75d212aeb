/*
 * http - HTTP/1.x heads as RFC 9112 has them: written and read, no I/O.
 *
 * Everything works on (pointer, length); input may hold any byte.  Nothing
 * is allocated and nothing is copied.
 */
#ifndef AFETCH_HTTP_H
#define AFETCH_HTTP_H

#include <stdbool.h>
#include <stddef.h>

enum {
    HTTP_LINE_MAX = 64 * 1024, /* bytes of one line, without CRLF */
    HTTP_HEAD_MAX = 256 * 1024, /* bytes of one head, CRLFs included */
    HTTP_LINES_MAX = 1000, /* lines of one head, status line included */
    HTTP_INTERIM_MAX = 100, /* 1xx responses before the final one */
};

/* A status line (RFC 9112 section 4). */
struct http_status {
    int major, minor;
    int code; /* 100 to 999 */
    const char *reason; /* into the line; not terminated; may be empty */
    size_t reason_len;
};

/* 0, or -EINVAL when the line is no HTTP status line. */
int http_status_parse(const char *line, size_t len, struct http_status *out);

/* Can these bytes (not yet a whole line) be the beginning of a status line?
 * Looks at the "HTTP/" part only; true for len 0. */
bool http_status_possible(const char *bytes, size_t len);

/* 1xx but 101 (RFC 9110 section 15.2): another head follows. */
bool http_status_interim(const struct http_status *status);

/* A field line (RFC 9112 section 5). */
enum http_line_kind {
    HTTP_FIELD, /* name, colon, value */
    HTTP_FOLD, /* obs-fold: begins with SP or HTAB; the name is empty */
    HTTP_BARE, /* no colon: the line as it came is the name */
};

struct http_field {
    enum http_line_kind kind;
    const char *name; /* as it came, up to the colon */
    size_t name_len;
    const char *value; /* without the white space around it */
    size_t value_len;
};

/* Takes one line after the status line apart; never fails.  Whether a fold
 * has a field to belong to is the caller's matter (or http_fields'). */
void http_field_parse(const char *line, size_t len, struct http_field *out);

/*
 * The fields of a stored head: lines ended by LF, the status line first
 * (result->head).  Any bytes but LF inside a line; a blank line or the end
 * of the bytes ends them.
 *
 *     struct http_fields fields;
 *     struct http_field field;
 *     http_fields_init(&fields, head, head_len);
 *     while (http_fields_next(&fields, &field))
 *         ...
 *
 * Yields HTTP_FIELD and HTTP_BARE, in order, duplicates kept; never
 * HTTP_FOLD.  A fold after a field belongs to that field's value; one before
 * the first field, or after a bare line, is a bare line itself.  A bare
 * line's name is the whole line, its value is empty.
 *
 * The value of a folded field is still in pieces (it holds LFs): read any
 * field's value by http_value, as often as you like.  An unfolded value
 * (nearly all of them) comes as one chunk, an empty one as none.
 */
struct http_fields {
    const char *next, *end;
};

void http_fields_init(struct http_fields *fields, const char *head, size_t len);
bool http_fields_next(struct http_fields *fields, struct http_field *out);
/* The next HTTP_FIELD of this name, in any case of letters; lines that cannot
 * be it are passed over without a look at their values. */
bool http_fields_next_named(struct http_fields *fields, const char *name,
    size_t name_len, struct http_field *out);

/* Is it a field of this name, in any case of letters? */
bool http_field_is(const struct http_field *field, const char *name);

/* The first field of this name (in any case of letters) of a stored head;
 * false: there is none. */
bool http_field_find(
    const char *head, size_t len, const char *name, struct http_field *out);

/*
 * A field's value in chunks which, put one after another, are the value as
 * it counts: folds are one space (RFC 9112 section 5.2), nothing blank stands
 * at its ends.  Chunks are never empty and end at no place but a fold, so
 * that the value is valid UTF-8 if and only if each chunk is.
 *
 *     struct http_value value;
 *     http_value_init(&value, &field);
 *     while (http_value_next(&value))
 *         write(value.chunk, value.chunk_len);
 */
struct http_value {
    const char *chunk; /* into the head, or a static space */
    size_t chunk_len;
    const char *next, *end;
};

void http_value_init(struct http_value *value, const struct http_field *field);
bool http_value_next(struct http_value *value);

/*
 * The lines of one head counted against the limits.  Start with
 * http_head_init; give each line with the number of bytes that it took on
 * the wire (its line end included) to http_head_line, the blank one too.
 */
struct http_head {
    struct http_status status; /* reason is not kept: NULL */
    size_t bytes, lines; /* so far; the blank line counts as bytes only */
    size_t max_bytes;
};

enum http_head_event {
    HTTP_HEAD_STATUS, /* this was the status line */
    HTTP_HEAD_FIELD, /* this was a field line */
    HTTP_HEAD_END, /* this was the blank line */
    /* The others are final: a head that had one takes no more lines. */
    HTTP_HEAD_BAD_STATUS, /* the first line is no status line */
    HTTP_HEAD_TOO_LARGE, /* max_bytes exceeded */
    HTTP_HEAD_TOO_MANY, /* HTTP_LINES_MAX exceeded */
};

void http_head_init(struct http_head *head, size_t max_bytes);
enum http_head_event http_head_line(
    struct http_head *head, const char *line, size_t len, size_t wire_bytes);

/* A token (RFC 9110 section 5.6.2): what methods and names are made of. */
bool http_token_valid(const char *text, size_t len);
/* No control character but HTAB: what a field's value may hold. */
bool http_value_valid(const char *text, size_t len);

/*
 * A field that the user wants, in curl's forms: "Name: value"; "Name;" for
 * an empty value; "Name:" (HTTP_BARE) for no such field where there would be
 * one.  Returns NULL with *out pointing into the text, or what is wrong.
 */
const char *http_wish_parse(
    const char *text, size_t len, struct http_field *out);

/* What is left out of a request that does not go where the user's own first
 * one went. */
enum {
    HTTP_WITHOUT_HOST = 1, /* a Host of `fields` */
    HTTP_WITHOUT_CREDENTIALS = 2, /* authorization and the like in fields */
    HTTP_WITHOUT_PROXY_CREDENTIALS = 4, /* Proxy-Authorization in fields */
};

/* What a request head says; strings are NUL-terminated and hold no CR/LF
 * (target_parse and options see to that). */
struct http_request {
    const char *method; /* "GET" */
    const char *target; /* origin-form, or what a proxy is given */
    const char *host; /* Host field, without port and brackets */
    bool host_is_v6; /* host wants brackets */
    unsigned port; /* sent with Host when it is not default_port */
    unsigned default_port;
    const char *user_agent; /* NULL or "": the field is left out */
    const char *authorization; /* the field's value, or NULL */
    const char *proxy_authorization; /* likewise */
    bool http11; /* HTTP/1.1 and Connection: close, else HTTP/1.0 */
    /* By http_wish_parse; each stands in for the default of its name, or
     * just takes it away. */
    const struct http_field *fields;
    size_t field_count;
    unsigned without; /* HTTP_WITHOUT_… */
};

/* What a CONNECT says (RFC 9110 section 9.3.6); strings as above. */
struct http_connect {
    const char *authority; /* host:port */
    const char *user_agent;
    const char *proxy_authorization;
};

/*
 * Writes "GET / HTTP/1.0" with Host, Authorization, User-Agent, Accept and
 * `fields` into buf, without a NUL.  Returns the bytes written; -ENOSPC when
 * size is too small; -EINVAL when one of the strings holds CR or LF after
 * all, so that what is in buf must not be sent.
 */
long http_request_write(char *buf, size_t size, const struct http_request *rq);

/* The size that http_request_write needs. */
size_t http_request_size(const struct http_request *rq);

/* The same for a CONNECT. */
long http_connect_write(
    char *buf, size_t size, const struct http_connect *connect);
size_t http_connect_size(const struct http_connect *connect);

#endif
