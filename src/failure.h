/*
 * failure - from what went wrong underneath to the code and words of a
 * record.
 */
#ifndef AFETCH_FAILURE_H
#define AFETCH_FAILURE_H

#include "http.h"
#include "result.h"

/* As a function's result: it failed, and the result tells already why. */
enum { FAILURE_TOLD = 1 };

/* A negative result of the runtime (-errno, enum async_error). */
void failure_tell(struct result *result, enum phase phase, int error);

enum { FAILURE_QUOTED = 60 }; /* bytes of an answer shown in a message */

/* An answer, or a first line, that begins with these bytes. */
void failure_not_http(
    struct result *result, enum phase phase, const char *bytes, size_t size);

/* A head that is too large in bytes or lines, by the event that says so. */
void failure_head(struct result *result, enum phase phase,
    enum http_head_event event, size_t max_bytes);

/* More than HTTP_INTERIM_MAX interim responses. */
void failure_interim(struct result *result, enum phase phase);

#endif
