/*
 * snapshot - what is compared of a target: status or error, final URL,
 * certificate issuer, and header fields that are not masked.  Texts are as in
 * records, so that one that was read back equals one that has just come.  Pure.
 */
#ifndef AFETCH_SNAPSHOT_H
#define AFETCH_SNAPSHOT_H

#include "judge/mask.h"
#include "text/span.h"

#include <stddef.h>

struct drift;
struct record;
struct result;

/* All lines of a name. */
struct snapshot_field {
    char *name; /* in lower case; heap, as the value */
    char *value; /* of several lines, joined by ", " */
    size_t number; /* in the head */
};

struct snapshot {
    char *status; /* or the error's code; heap, as all */
    char *final_url, *issuer; /* NULL: none */
    bool has_head; /* else there is nothing to be said about fields */
    struct snapshot_field *fields; /* sorted by name */
    size_t count;
};

/* 0 or -ENOMEM; for snapshot_fini in any case. */
int snapshot_of_result(
    struct snapshot *out, const struct result *result, const struct mask *mask);
int snapshot_of_record(
    struct snapshot *out, const struct record *record, const struct mask *mask);
void snapshot_fini(struct snapshot *snapshot);

/*
 * Adds what differs to *out, in this order: status, final URL, certificate
 * issuer, fields by name.  Of a target that has failed on one of both sides
 * only the status is compared.  0 or -ENOMEM.
 */
int snapshot_compare(const struct snapshot *before, const struct snapshot *now,
    struct drift *out);

/* Would snapshot_compare find nothing, but for final URL and issuer? */
bool snapshot_is_same(const struct snapshot *a, const struct snapshot *b);

#endif
