/*
 * result_hops - the hops of a result, and answers of other tries.
 *
 * Invariant: the last hop's head and tls are in the result itself, those of
 * each other one in its own place.
 */
#include "record/result.h"

#include "input/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void move_heap(struct hop *hop, struct result *result)
{
    hop->head = result->head;
    hop->head_len = result->head_len;
    hop->tls = result->tls;
    result->head = NULL;
    result->tls = NULL;
    result->head_len = 0;
}

int result_begin_hop(
    struct result *result, const struct target *target, struct target *owned)
{
    size_t count = result->hop_count;
    struct hop *hops = reallocarray(result->hops, count + 1, sizeof *hops);
    if (!hops) {
        target_destroy(owned);
        return -ENOMEM;
    }
    result->hops = hops;
    if (count > 0)
        move_heap(&hops[count - 1], result);
    hops[count] = (struct hop){.target = target, .owned = owned};
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        hops[count].timings[phase] = PHASE_NONE;
    result->hop_count = count + 1;
    result->remote.sa.sa_family = AF_UNSPEC;
    result->proxy = NULL;
    result->http_major = result->http_minor = result->status = 0;
    result->header_bytes = 0;
    return 0;
}

static void copy_answer(struct hop *hop, const struct result *result)
{
    hop->remote = result->remote;
    hop->proxy = result->proxy;
    hop->http_major = result->http_major;
    hop->http_minor = result->http_minor;
    hop->status = result->status;
    hop->header_bytes = result->header_bytes;
}

void result_end_hop(struct result *result, const int64_t timings[PHASE_COUNT])
{
    struct hop *last = &result->hops[result->hop_count - 1];
    copy_answer(last, result);
    memcpy(last->timings, timings, sizeof last->timings);
}

void result_drop_head(struct result *result)
{
    free(result->head);
    result->head = NULL;
    result->head_len = 0;
}

struct hop result_hop(const struct result *result, size_t i)
{
    struct hop hop = result->hops[i];
    if (i + 1 == result->hop_count) {
        hop.head = result->head;
        hop.head_len = result->head_len;
        hop.tls = result->tls;
    }
    return hop;
}

void result_add_timings(
    struct result *result, const int64_t timings[PHASE_COUNT])
{
    for (int phase = 0; phase < PHASE_COUNT; phase++) {
        int64_t *sum = &result->timings[phase];
        if (timings[phase] != PHASE_NONE)
            *sum = (*sum == PHASE_NONE ? 0 : *sum) + timings[phase];
    }
}

const struct target *result_final(const struct result *result)
{
    if (result->hop_count > 0)
        return result->hops[result->hop_count - 1].target;
    return result->target;
}

/* --- an answer to fall back on --- */

void result_drop_aside(struct hop *aside)
{
    free(aside->head);
    free(aside->tls);
    *aside = (struct hop){0};
}

void result_set_aside(struct result *result, struct hop *aside)
{
    result_drop_aside(aside);
    copy_answer(aside, result);
    move_heap(aside, result);
    result_forget(result);
}

void result_take_back(struct result *result, struct hop *aside)
{
    result_forget(result);
    result->remote = aside->remote;
    result->proxy = aside->proxy;
    result->http_major = aside->http_major;
    result->http_minor = aside->http_minor;
    result->status = aside->status;
    result->header_bytes = aside->header_bytes;
    result->head = aside->head;
    result->head_len = aside->head_len;
    result->tls = aside->tls;
    *aside = (struct hop){0};
}
