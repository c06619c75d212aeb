/*
 * spread - one target fetched at every address of its name, by a coroutine
 * for each.
 */
#ifndef AFETCH_SPREAD_H
#define AFETCH_SPREAD_H

struct fetch_config;
struct result;
struct semaphore;
struct target;

enum {
    SPREAD_MAX = 64, /* addresses of one target; DNS gives no more */
    SPREAD_CHAINS = 4 /* heads and URLs of all, in max_chain_size */
};

/*
 * Awaits.  As fetch; but the result has one of its own for each address.
 * An address is fetched while it holds one of `slots`, which nobody else may
 * hold and then wait for one: so they cannot all be waited for.  Each has
 * max_time, less what DNS took of it, for itself; of max_chain_size it has no
 * more than an equal share of what SPREAD_CHAINS fetches may have.
 */
void spread(const struct fetch_config *config, struct semaphore *slots,
    const struct target *target, struct result *result);

#endif
