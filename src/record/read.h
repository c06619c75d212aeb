/*
 * read - a line of JSON Lines, as --json writes them, read back.
 */
#ifndef AFETCH_READ_H
#define AFETCH_READ_H

#include "async/tls/tls_info.h"
#include "input/shard.h"
#include "record/result.h"
#include "text/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What only the summary record of a run has. */
struct record_summary {
    uint64_t targets, not_begun;
    unsigned concurrency;
    int signal; /* 0: none */
    struct shard shard; /* count 0: the whole list */
    int64_t listed; /* targets of the list, all shards'; -1: not known */
    int64_t resumed; /* targets that had a record before; -1: no such run */
    bool has_drift; /* it was compared with a run before */
    uint64_t removed; /* targets of that run that were not in this one */
    uint64_t groups; /* of --odd-one-out; 0: not asked for */
};

struct record {
    bool is_summary;
    bool is_result; /* neither: statistics, of which nothing is read */
    struct record_summary summary; /* of a summary */
    /* Of a result, as far as it was read: index, round, input, its place in a
     * list, started_at, timings, status, error and its phase, checks without
     * what they found, the outcome of drift; of tls, whether all certificates
     * were good (NULL: there were none).  Not for result_fini. */
    struct result result;
    bool is_complete; /* by record_complete: then it is all there */
    bool has_interim; /* then: those before its heads as well */
    struct tls_info tls;
    struct drift drift; /* its outcome alone, unless it is complete */
    struct json_t *json; /* what the texts point into */
};

/*
 * NULL and a record for record_fini; or what is wrong with the line, a
 * static text, and none.
 */
const char *record_parse(const char *line, size_t len, struct record *out);

/*
 * Reads the rest of a result, so that it can be judged and reported as when it
 * was made; but its checks are gone, and so is what no record has: the columns
 * of a list, which bytes an input or reason was that is no UTF-8, and how
 * addresses differ.  NULL; or what is wrong with the record, a static text.
 */
const char *record_complete(struct record *record);

void record_fini(struct record *record);

/* Of a result; texts live as long as the record.  NULL: none. */
const char *record_final_url(const struct record *record);
const char *record_issuer(const struct record *record);
/* The i-th line of the final head; false: there are no more.  One without a
 * colon has an empty value. */
bool record_field(const struct record *record, size_t i, struct span *name,
    struct span *value);

#endif
