/*
 * fetch - the coroutine body: one target in, one result out.
 */
#ifndef AFETCH_FETCH_H
#define AFETCH_FETCH_H

#include "fetch/connect.h"
#include "fetch/request.h"
#include "fetch/response_reader.h"
#include "record/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target;

/* Heads and URLs of a chain of redirects, as multiples of one head. */
enum { FETCH_CHAIN_HEADS = 4 };

/* What all fetches of a run have in common. */
struct fetch_config {
    struct connect_config connect;
    int64_t max_time; /* ns */
    size_t max_header_size; /* bytes */
    size_t max_chain_size; /* bytes of all heads and URLs of a target */
    struct request_wishes request;
    bool keep_head; /* the result shall hold the head, and interim ones */
    bool times; /* when their lines were read is wanted */
    bool follow; /* redirects, at most so many: */
    unsigned max_redirs;
    unsigned retries; /* of one target */
    response_line_fn *line;
    response_room_fn *room;
    void *line_arg;
};

/*
 * Awaits.  Fetches the head of `target` into `result`, which was begun with
 * result_init and holds index, input and target.  Every outcome, good or
 * bad, is in the result.
 */
void fetch(const struct fetch_config *config, const struct target *target,
    struct result *result);

#endif
