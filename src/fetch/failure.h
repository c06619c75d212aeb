/*
 * failure - from what went wrong underneath to the code and words of a
 * record.
 */
#ifndef AFETCH_FAILURE_H
#define AFETCH_FAILURE_H

#include "http/http.h"
#include "record/result.h"

/*
 * All of these return RESULT_FAILED, which a step of a fetch returns beside
 * -errno and enum async_error: 0 or one of them.  Only who adds words to a
 * failure, or undoes it, looks further, and then at the result.
 */

/* Any negative result of a step: RESULT_FAILED is told already. */
int failure_tell(struct result *result, enum phase phase, int error);

/* The code of a negative result of the runtime; FETCH_OK of 0. */
enum fetch_error failure_code(int error);

enum { FAILURE_QUOTED = 60 }; /* bytes of an answer shown in a message */

/* The peer speaks another protocol: fails with the code's message and the first
 * line of these bytes. */
struct failure_quote {
    enum fetch_error code;
    const char *bytes;
    size_t size;
};
int failure_quote(
    struct result *result, enum phase phase, const struct failure_quote *quote);

/* A head that is too large in bytes or lines, by the event that says so. */
int failure_head(struct result *result, enum phase phase,
    enum http_head_event event, size_t max_bytes);

/* The heads and URLs of redirects, too large in sum. */
int failure_chain(struct result *result, enum phase phase, size_t max_bytes);

/* As failure_tell, of a lookup of addresses of this family (AF_UNSPEC: of
 * either). */
int failure_lookup(
    struct result *result, enum phase phase, int error, int family);

/*
 * It went wrong between us and the result's proxy: the message says so, and
 * `to` (NULL: nowhere) that the proxy was connecting there.  As far as it is
 * not told yet, failure_tell does it.  A hint about the server is dropped.
 */
int failure_at_proxy(
    struct result *result, enum phase phase, int error, const char *to);

/* More than HTTP_INTERIM_MAX interim responses; they are too large in sum. */
int failure_interim(struct result *result, enum phase phase);
int failure_interim_bytes(
    struct result *result, enum phase phase, size_t max_bytes);

#endif
