/*
 * all_addresses - one target fetched at every address of its name, with a
 * coroutine for each.
 */
#ifndef AFETCH_ALL_ADDRESSES_H
#define AFETCH_ALL_ADDRESSES_H

struct fetch_config;
struct result;
struct semaphore;
struct target;

enum {
    ALL_ADDRESSES_MAX = 64, /* addresses of one target; DNS gives no more */
    ALL_ADDRESSES_CHAINS =
        4 /* limit of all heads and URLs together, times max_chain_size */
};

/*
 * Awaits.  As fetch, but the result has a result for each address.
 * Each fetch holds one of `slots`.  No other holder of a slot may wait for a
 * second one, or all could wait for each other.  Each address has max_time,
 * less the time of DNS, to itself, and an equal share of the max_chain_size of
 * ALL_ADDRESSES_CHAINS fetches.
 */
void all_addresses_fetch(const struct fetch_config *config,
    struct semaphore *slots, const struct target *target,
    struct result *result);

#endif
