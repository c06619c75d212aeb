/*
 * all_addresses - see all_addresses.h.
 *
 * Invariant: an address that has a result is fetched, or its result says why
 * it was not.
 */
#include "crawl/all_addresses.h"

#include "async/core/error.h"
#include "async/core/task.h"
#include "async/dns/nameserver.h"
#include "async/dns/resolve.h"
#include "fetch/failure.h"
#include "fetch/fetch.h"
#include "fetch/retry.h"
#include "input/target.h"
#include "judge/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct all_addresses {
    struct fetch_config config; /* of the fetches */
    struct semaphore *slots;
    const struct target *target;
    struct result *result;
    struct wait_for max_time; /* of finding the addresses */
    struct task_group group;
    int64_t known_at; /* the addresses */
    size_t count;
    union address addresses[ALL_ADDRESSES_MAX];
};

/* One address on its way. */
struct branch {
    struct all_addresses *all;
    struct result *result;
};

/* --- the addresses --- */

static bool is_same(const union address *a, const union address *b)
{
    if (a->sa.sa_family != b->sa.sa_family)
        return false;
    if (a->sa.sa_family == AF_INET)
        return a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
    return !memcmp(
               &a->in6.sin6_addr, &b->in6.sin6_addr, sizeof a->in6.sin6_addr) &&
           a->in6.sin6_scope_id == b->in6.sin6_scope_id;
}

static bool has_address(
    const struct all_addresses *s, const union address *address)
{
    for (size_t i = 0; i < s->count; i++)
        if (is_same(&s->addresses[i], address))
            return true;
    return false;
}

/* Each once, in order, as many as there is room for. */
static void take_addresses(struct all_addresses *s, struct lookup *lookup)
{
    union address address;
    size_t of_v6 = 0;
    while (s->count < ALL_ADDRESSES_MAX && lookup_next(lookup, &address)) {
        if (has_address(s, &address))
            continue;
        of_v6 += address.sa.sa_family == AF_INET6;
        s->addresses[s->count++] = address;
    }
    if (of_v6 >= DNS_ANSWER_ADDRESSES_MAX ||
        s->count - of_v6 >= DNS_ANSWER_ADDRESSES_MAX)
        s->result->hint = "the name may have more addresses than were fetched";
}

/* What has come in time counts, if one family keeps silent. */
static int ask_addresses(
    struct all_addresses *s, const struct route *route, struct lookup *lookup)
{
    const struct connect_config *connect = &s->config.connect;
    struct wait_for timeout;
    wait_for_enter(&timeout, connect->timeout);
    int error = connect_lookup(connect, route, lookup);
    if (!error)
        error = lookup_wait_all(lookup);
    error = wait_for_leave(&timeout, error);
    return error == -ETIMEDOUT && lookup_has_next(lookup) ? 0 : error;
}

static int find_addresses(struct all_addresses *s, const struct route *route)
{
    struct lookup lookup;
    int error = ask_addresses(s, route, &lookup);
    if (!error && !lookup_is_whole(&lookup))
        s->result->hint =
            "DNS failed for one address family, only the other was fetched";
    if (!error)
        take_addresses(s, &lookup);
    lookup_stop(&lookup);
    return error;
}

/* As often as it takes, as a fetch does. */
static int look_up(struct all_addresses *s, const struct route *route)
{
    struct result *result = s->result;
    result->attempts = 1;
    for (;;) {
        int error = find_addresses(s, route);
        if (!error)
            return 0;
        failure_lookup(result, PHASE_DNS, error, s->config.connect.family);
        if (!retry_await(result, PHASE_DNS, s->config.retries, &s->max_time))
            return RESULT_FAILED;
        result_forget(result);
        result->attempts++;
    }
}

/* Within the target's time, of which the fetches have the rest. */
static int know_addresses(struct all_addresses *s)
{
    struct route route;
    int64_t began = task_time();
    route_find(&s->config.connect.routes, s->target, &route);
    wait_for_enter(&s->max_time, s->config.max_time);
    int error = look_up(s, &route);
    int64_t left = wait_for_left(&s->max_time);
    error = wait_for_leave(&s->max_time, error);
    if (route.name)
        s->result->timings[PHASE_DNS] = task_time() - began;
    s->config.max_time = left > 0 ? left : 0;
    s->known_at = loop_time();
    return error;
}

/* --- their fetches --- */

static int branch_run(void *arg)
{
    struct branch *branch = arg;
    struct all_addresses *s = branch->all;
    fetch(&s->config, branch->result->target, branch->result);
    semaphore_release(s->slots);
    return 0;
}

static int branch_name(struct branch *branch, const union address *address)
{
    struct result *result = branch->result;
    result->owned = target_at(branch->all->target, &address->sa);
    if (!result->owned)
        return -ENOMEM;
    result->target = result->owned;
    result->input = result->owned->input;
    return 0;
}

static int branch_begin(struct branch *branch)
{
    struct all_addresses *s = branch->all;
    int error = semaphore_acquire(s->slots);
    if (error)
        return error;
    branch->result->timings[PHASE_QUEUED] = loop_time() - s->known_at;
    error = task_group_spawn(&s->group, branch_run, branch);
    if (error)
        semaphore_release(s->slots);
    return error;
}

static void fetch_all(struct all_addresses *s, struct branch *branches)
{
    for (size_t i = 0; i < s->count; i++) {
        branches[i] = (struct branch){s, &s->result->addresses[i]};
        int error = branch_name(&branches[i], &s->addresses[i]);
        if (!error)
            error = branch_begin(&branches[i]);
        if (error)
            failure_tell(branches[i].result, PHASE_CONNECT, error);
    }
    (void)task_group_join(&s->group); /* each tells what became of it */
}

/* Memory and record size must not depend on how many addresses a remote name
 * has.  Shares are equal, so that none depends on
 * what comes first. */
static void share_room(struct all_addresses *s)
{
    if (s->count > ALL_ADDRESSES_CHAINS)
        s->config.max_chain_size =
            s->config.max_chain_size / s->count * ALL_ADDRESSES_CHAINS;
}

static int fetch_addresses(struct all_addresses *s)
{
    struct branch *branches = calloc(s->count, sizeof *branches);
    int error =
        branches ? result_begin_addresses(s->result, s->count) : -ENOMEM;
    if (!error) {
        share_room(s);
        fetch_all(s, branches);
        result_settle(s->result);
        (void)diff_addresses(s->result); /* without memory they do not */
    }
    free(branches);
    return error;
}

/* --- the whole --- */

static void spread_run(struct all_addresses *s)
{
    int64_t began = task_time(), known = loop_time();
    task_group_init(&s->group);
    s->result->now = PHASE_DNS;
    int error = know_addresses(s);
    s->result->now = PHASE_TOTAL; /* each address has one of its own */
    if (!error)
        error = fetch_addresses(s);
    if (error)
        failure_tell(s->result, PHASE_DNS, error);
    s->result->timings[PHASE_TOTAL] = task_time() - began;
    /* What it waited for a place at the name server. */
    s->result->timings[PHASE_QUEUED] +=
        loop_time() - known - s->result->timings[PHASE_TOTAL];
}

void all_addresses_fetch(const struct fetch_config *config,
    struct semaphore *slots, const struct target *target, struct result *result)
{
    struct all_addresses *s = calloc(1, sizeof *s);
    clock_gettime(CLOCK_REALTIME, &result->started_at);
    if (!s) {
        failure_tell(result, PHASE_DNS, -ENOMEM);
        return;
    }
    s->config = *config;
    s->slots = slots;
    s->target = target;
    s->result = result;
    spread_run(s);
    free(s);
}
