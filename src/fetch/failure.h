/*
 * failure - from what went wrong underneath to the code and words of a
 * record.
 */
#ifndef AFETCH_FAILURE_H
#define AFETCH_FAILURE_H

#include "http/http.h"
#include "record/result.h"

/* As a function's result: it failed, and the result carries the error. */
enum { FAILURE_TOLD = 1 };

/* A negative result of the runtime (-errno, enum async_error). */
void failure_tell(struct result *result, enum phase phase, int error);

enum { FAILURE_QUOTED = 60 }; /* bytes of an answer shown in a message */

/* The peer speaks another protocol: fails with the code's message and the first
 * line of these bytes. */
struct failure_quote {
    enum fetch_error code;
    const char *bytes;
    size_t size;
};
void failure_quote(
    struct result *result, enum phase phase, const struct failure_quote *quote);

/* A head that is too large in bytes or lines, by the event that says so. */
void failure_head(struct result *result, enum phase phase,
    enum http_head_event event, size_t max_bytes);

/* The heads and URLs of all redirects are too large in total. */
void failure_chain(struct result *result, enum phase phase, size_t max_bytes);

/* The name exists, but has no address of this family. */
void failure_no_address(struct result *result, enum phase phase, int family);

/*
 * The connection to the result's proxy failed: the message says so, and that
 * the proxy was connecting to `to` (NULL: nowhere).  If the
 * result does not carry the error yet, it is set first.  A hint about the
 * server is dropped. Returns FAILURE_TOLD.
 */
int failure_at_proxy(
    struct result *result, enum phase phase, int error, const char *to);

/* More than HTTP_INTERIM_MAX interim responses; they are too large in total. */
void failure_interim(struct result *result, enum phase phase);
void failure_interim_bytes(
    struct result *result, enum phase phase, size_t max_bytes);

#endif
