/*
 * result_hops - the hops of a result, and responses of other tries.
 *
 * Invariant: each hop owns its response, the last one the result.
 */
#include "record/result.h"

#include "input/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
    hops[count] = (struct hop){.target = target, .owned = owned};
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        hops[count].timings[phase] = PHASE_NONE;
    result->hop_count = count + 1;
    result->response = (struct response){0};
    return 0;
}

void result_end_hop(struct result *result, const int64_t timings[PHASE_COUNT])
{
    struct hop *last = &result->hops[result->hop_count - 1];
    last->response = result->response;
    memcpy(last->timings, timings, sizeof last->timings);
}

static void drop_head(struct response *response)
{
    response->head = response->interim = NULL;
    response->head_len = response->interim_len = 0;
    response->times = NULL;
    response->time_count = 0;
}

void result_drop_head(struct result *result)
{
    free(result->response.head);
    free(result->response.interim);
    free(result->response.times);
    drop_head(&result->response);
    if (result->hop_count > 0)
        drop_head(&result->hops[result->hop_count - 1].response);
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

/* --- a response to fall back on --- */

void result_drop_saved(struct response *saved)
{
    response_fini(saved);
}

void result_save_response(struct result *result, struct response *saved)
{
    response_fini(saved);
    *saved = result->response;
    result->response =
        (struct response){.remote = saved->remote, .proxy = saved->proxy};
    result_forget(result);
}

void result_restore_response(struct result *result, struct response *saved)
{
    result_forget(result);
    result->response = *saved;
    *saved = (struct response){0};
}
