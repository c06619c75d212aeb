/*
 * result_addresses - a result that is made of one for each address.
 */
#include "record/result.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int result_begin_addresses(struct result *result, size_t count)
{
    assert(
        !result->addresses && !result->response.head && !result->error_message);
    result->addresses = calloc(count, sizeof *result->addresses);
    if (!result->addresses)
        return -ENOMEM;
    result->address_count = count;
    for (size_t i = 0; i < count; i++) {
        result_init(&result->addresses[i]);
        result->addresses[i].index = result->index;
        result->addresses[i].input = result->input;
    }
    return 0;
}

static const struct result *to_show(const struct result *result)
{
    for (size_t i = 0; i < result->address_count; i++)
        if (result->addresses[i].error)
            return &result->addresses[i];
    return &result->addresses[0];
}

void result_settle(struct result *result)
{
    const struct result *shown = to_show(result);
    result->response = shown->response;
    for (int phase = PHASE_CONNECT; phase <= PHASE_RECEIVE; phase++)
        result->timings[phase] = shown->timings[phase];
    result->attempts = shown->attempts;
    result->hops = shown->hops;
    result->hop_count = shown->hop_count;
    result->error = shown->error;
    result->error_phase = shown->error_phase;
    result->error_message = shown->error_message;
}
