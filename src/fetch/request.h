/*
 * request - encodes one request from the user's options and the target.
 */
#ifndef AFETCH_REQUEST_H
#define AFETCH_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct http_field;
struct proxy;
struct target;

/* What the user wants of every request of a run; strings hold no control
 * character. */
struct request_wishes {
    const char *method; /* at first */
    const char *user_agent; /* "": none */
    const char *authorization; /* a field's value, or NULL */
    const struct http_field *fields; /* by http_wish_parse */
    size_t field_count;
    bool http11;
};

/* One request of a chain of redirects. */
struct request_turn {
    const struct target *target;
    const char *method;
    unsigned without; /* HTTP_WITHOUT_... */
    const struct proxy *proxy; /* between us and the target; NULL: none */
    bool tunnel; /* the proxy only relays bytes */
};

/* A request's head in heap memory. */
struct request_bytes {
    char *at;
    size_t len;
};

/* The proxy that gets the target's request itself; NULL: none. */
const struct proxy *request_proxy(const struct request_turn *turn);

/*
 * Writes the head of a request; the caller frees out->at.  Returns 0,
 * -ENOMEM, or -EINVAL when it would hold a line end that is not its own.
 */
int request_write(const struct request_wishes *wishes,
    const struct request_turn *turn, struct request_bytes *out);

/* The same for a CONNECT to host:port. */
int request_write_connect(const struct request_wishes *wishes,
    const struct proxy *proxy, const char *to, struct request_bytes *out);

#endif
