/*
 * read_inside - what the rooms that read records share.
 */
#ifndef AFETCH_READ_INSIDE_H
#define AFETCH_READ_INSIDE_H

#include "record/read.h"
#include "record/selector.h"

#include <jansson.h>

/* NULL: there is none. */
const json_t *read_member(const json_t *object, enum selector_id id);
const char *read_text(const json_t *object, enum selector_id id);
/* A whole number from 0 on; false: it is none. */
bool read_uint(const json_t *object, const char *name, uint64_t *out);
/* What is wrong, or NULL: its outcome, in *drift, which the result points to
 * then; and all of it, in heap memory of the result. */
const char *read_drift(
    const json_t *json, struct drift *drift, struct result *result);
const char *read_drift_whole(const json_t *json, struct result *result);
bool read_timings(const json_t *json, int64_t timings[PHASE_COUNT]);
/* "2026-11-22T09:40:12.123Z", or null. */
bool read_time(const json_t *json, struct timespec *out);
/* An error with its phase, or a status; NULL, or what is wrong. */
const char *read_outcome(const json_t *json, struct result *result);

/* Without a port; false: it is no IP address. */
bool read_ip(const char *text, union address *out);
/* The codes of errors by name; false: there is no such code. */
bool read_code(const char *name, enum fetch_error *out);
/* The addresses that were tried, on the heap; NULL, or what is wrong. */
const char *read_tried(const json_t *json, struct response *response);

/*
 * What came back for a request, from a record or one of its hops or addresses,
 * as heap memory; but the texts of tls and proxy point into `json`.  NULL, or
 * what is wrong, with nothing in *out.
 */
const char *read_response(const json_t *json, struct response *out);

extern const char read_no_memory[];

#endif
