/*
 * result_size - how much memory a result holds.
 *
 * Invariant: what result_fini frees is counted, once.
 */
#include "record/result.h"

#include "async/tls/tls_info.h"

#include <malloc.h>

enum { BLOCK_HEAD = sizeof(size_t) }; /* malloc's own, of each block */

/* As malloc has rounded it. */
static size_t block_size(const void *heap)
{
    return heap ? malloc_usable_size((void *)heap) + BLOCK_HEAD : 0;
}

static size_t response_size(const struct response *response)
{
    return block_size(response->head) + block_size(response->interim) +
           block_size(response->times) + block_size(response->tried) +
           block_size(response->tls) +
           (response->tls ? block_size(response->tls->certs) : 0);
}

static size_t hops_size(const struct result *result)
{
    size_t size = block_size(result->hops);
    for (size_t i = 0; i < result->hop_count; i++) {
        size += block_size(result->hops[i].owned);
        if (i + 1 < result->hop_count) /* the last one's is the result's */
            size += response_size(&result->hops[i].response);
    }
    return size;
}

static size_t outcome_size(const struct result *result)
{
    return hops_size(result) + response_size(&result->response) +
           block_size(result->error_message);
}

static size_t addresses_size(const struct result *result)
{
    size_t size = block_size(result->addresses);
    for (size_t i = 0; i < result->address_count; i++)
        size += outcome_size(&result->addresses[i]) +
                block_size(result->addresses[i].owned);
    return size;
}

static size_t checks_size(const struct result *result)
{
    size_t size = block_size(result->checks) + block_size(result->columns);
    for (size_t i = 0; i < result->check_count; i++)
        size += block_size(result->checks[i].actual) +
                block_size(result->checks[i].why);
    return size;
}

static size_t drifted_size(const struct result *result)
{
    return result->drift ? block_size(result->drift) + drift_size(result->drift)
                         : 0;
}

size_t result_size(const struct result *result)
{
    return sizeof *result + block_size(result->owned) +
           block_size(result->shown) + checks_size(result) +
           block_size(result->difference) + drifted_size(result) +
           block_size(result->learned) +
           (result->addresses ? addresses_size(result) : outcome_size(result));
}
