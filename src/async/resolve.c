/*
 * resolve - lookups of both families over shared questions.
 *
 * Invariant: a family that is not asked for has no question; `given` set
 * means that no question was asked at all.
 */
#include "resolve.h"

#include "error.h"
#include "hosts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { V6, V4, FAMILIES };

/* RFC 8305 section 3: how long a positive A answer waits for AAAA. */
#define RESOLUTION_DELAY (50 * LOOP_MILLISECOND)

enum { HOSTS_ADDRESSES_MAX = 32 };

struct resolver {
    struct questions *questions;
    struct hosts *hosts;
};

int resolver_create(struct resolver **out, struct loop *loop,
    const struct resolver_config *config)
{
    struct resolver *resolver = calloc(1, sizeof *resolver);
    if (!resolver)
        return -ENOMEM;
    int result = questions_create(&resolver->questions, loop, config->servers);
    if (!result)
        result = hosts_create(&resolver->hosts,
            config->hosts_file ? config->hosts_file : "/etc/hosts");
    if (result)
        resolver_destroy(resolver);
    else
        *out = resolver;
    return result;
}

void resolver_destroy(struct resolver *resolver)
{
    if (!resolver)
        return;
    questions_destroy(resolver->questions);
    hosts_destroy(resolver->hosts);
    free(resolver);
}

/* To the next one of the family wanted. */
static void skip_given(struct lookup *lookup)
{
    if (lookup->given_family == AF_UNSPEC)
        return;
    while (
        lookup->given_taken < lookup->given_count &&
        lookup->given[lookup->given_taken].sa.sa_family != lookup->given_family)
        lookup->given_taken++;
}

int lookup_given(struct lookup *lookup, int family,
    const union address *addresses, size_t count)
{
    *lookup = (struct lookup){
        .given = addresses, .given_count = count, .given_family = family};
    skip_given(lookup);
    return lookup->given_taken < count || !count ? 0 : ASYNC_OTHER_FAMILY;
}

/* RFC 6761 section 6.3: localhost and all below it are loopback. */
static bool is_localhost(const char *name)
{
    static const char localhost[] = "localhost";
    size_t len = strlen(name), own = sizeof localhost - 1;
    if (len < own || strcasecmp(name + len - own, localhost))
        return false;
    return len == own || name[len - own - 1] == '.';
}

static size_t loopback(int family, union address *addresses)
{
    *addresses = (union address){.sa.sa_family = (sa_family_t)family};
    if (family == AF_INET)
        addresses->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        addresses->in6.sin6_addr = in6addr_loopback;
    return 1;
}

static size_t local_addresses(const struct hosts *hosts, const char *name,
    int family, union address *addresses)
{
    if (hosts_find(hosts, name))
        return hosts_addresses(
            hosts, name, family, addresses, HOSTS_ADDRESSES_MAX);
    return loopback(family, addresses);
}

/* What is known here of a name; too much for a task's stack. */
struct lookup_local {
    union address in_turn[FAMILIES * HOSTS_ADDRESSES_MAX]; /* of both */
    union address addresses[FAMILIES][HOSTS_ADDRESSES_MAX];
    size_t counts[FAMILIES];
};

static size_t take_turns(struct lookup_local *local)
{
    size_t count = 0;
    for (size_t i = 0; i < HOSTS_ADDRESSES_MAX; i++)
        for (int family = 0; family < FAMILIES; family++)
            if (i < local->counts[family])
                local->in_turn[count++] = local->addresses[family][i];
    return count;
}

/* Answers from the hosts file; 0 when the name is for DNS, 1 when not. */
static int lookup_local(struct lookup *lookup, const struct hosts *hosts,
    const struct lookup_name *name)
{
    if (!hosts_find(hosts, name->name) && !is_localhost(name->name))
        return 0;
    struct lookup_local *local = calloc(1, sizeof *local);
    if (!local)
        return -ENOMEM;
    if (name->family != AF_INET)
        local->counts[V6] =
            local_addresses(hosts, name->name, AF_INET6, local->addresses[V6]);
    if (name->family != AF_INET6)
        local->counts[V4] =
            local_addresses(hosts, name->name, AF_INET, local->addresses[V4]);
    lookup_given(lookup, AF_UNSPEC, local->in_turn, take_turns(local));
    lookup->local = local;
    return 1;
}

static void family_answered(void *arg)
{
    struct lookup_family *family = arg;
    if (family->lookup->changed)
        future_set(family->lookup->changed, 0);
}

static int family_ask(struct lookup *lookup, int which,
    struct resolver *resolver, const struct lookup_name *name)
{
    struct lookup_family *family = &lookup->families[which];
    family->lookup = lookup;
    family->waiter.answered = family_answered;
    family->waiter.arg = family;
    struct nameserver_question ask = {
        name->name, which == V6 ? AF_INET6 : AF_INET, name->absolute};
    family->question = question_get(resolver->questions, &ask, &family->waiter);
    return family->question ? 0 : -ENOMEM;
}

int lookup_start(struct lookup *lookup, struct resolver *resolver,
    const struct lookup_name *name)
{
    *lookup = (struct lookup){0};
    int result = lookup_local(lookup, resolver->hosts, name);
    if (result)
        return result < 0 ? result : 0;
    if (name->family != AF_INET6)
        result = family_ask(lookup, V4, resolver, name);
    if (!result && name->family != AF_INET)
        result = family_ask(lookup, V6, resolver, name);
    if (result)
        lookup_stop(lookup);
    return result;
}

void lookup_stop(struct lookup *lookup)
{
    for (int i = 0; i < FAMILIES; i++)
        if (lookup->families[i].question)
            question_put(
                lookup->families[i].question, &lookup->families[i].waiter);
    free(lookup->local);
    *lookup = (struct lookup){0};
}

static bool family_pending(const struct lookup_family *family)
{
    return family->question && !question_answered(family->question);
}

bool lookup_pending(const struct lookup *lookup)
{
    return family_pending(&lookup->families[V6]) ||
           family_pending(&lookup->families[V4]);
}

static bool family_is_whole(const struct lookup_family *family)
{
    if (!family->question)
        return true;
    if (!question_answered(family->question))
        return false;
    int result = question_result(family->question);
    return !result || result == ASYNC_DNS_NODATA ||
           result == ASYNC_DNS_NXDOMAIN;
}

bool lookup_is_whole(const struct lookup *lookup)
{
    return family_is_whole(&lookup->families[V6]) &&
           family_is_whole(&lookup->families[V4]);
}

void lookup_notify(struct lookup *lookup, struct future *changed)
{
    lookup->changed = changed;
}

static bool family_has_more(const struct lookup_family *family)
{
    union address unused;
    return family->question &&
           question_address(family->question, family->taken, &unused);
}

bool lookup_next(struct lookup *lookup, union address *address)
{
    if (lookup->given_taken < lookup->given_count) {
        *address = lookup->given[lookup->given_taken++];
        skip_given(lookup);
        return true;
    }
    for (int i = 0; i < FAMILIES; i++) {
        struct lookup_family *family =
            &lookup->families[(lookup->turn + (unsigned)i) % FAMILIES];
        if (!family_has_more(family))
            continue;
        question_address(family->question, family->taken++, address);
        lookup->turn = family == &lookup->families[V6] ? V4 : V6;
        return true;
    }
    return false;
}

bool lookup_has_next(const struct lookup *lookup)
{
    return lookup->given_taken < lookup->given_count ||
           family_has_more(&lookup->families[V6]) ||
           family_has_more(&lookup->families[V4]);
}

/* The more telling of the reasons in answers without an address. */
static int lookup_error(const struct lookup *lookup)
{
    int error = ASYNC_DNS_NODATA;
    for (int i = 0; i < FAMILIES; i++) {
        const struct lookup_family *family = &lookup->families[i];
        int result = family->question ? question_result(family->question) : 0;
        if (result && result != ASYNC_DNS_NODATA)
            error = result;
    }
    return error;
}

/* Where time is over, one answer may tell why the other did not come. */
static int lookup_interrupted(const struct lookup *lookup, int result)
{
    int error = lookup_error(lookup);
    return result == -ETIMEDOUT && error != ASYNC_DNS_NODATA ? error : result;
}

static int wait_changed(struct lookup *lookup)
{
    struct future changed;
    future_init(&changed);
    lookup_notify(lookup, &changed);
    int result = await(&changed);
    lookup_notify(lookup, NULL);
    return result;
}

static int wait_for_aaaa(struct lookup *lookup)
{
    struct wait_for delay;
    wait_for_enter(&delay, RESOLUTION_DELAY);
    int result = wait_changed(lookup);
    bool over = delay.expired;
    result = wait_for_leave(&delay, result);
    return over && result == -ETIMEDOUT ? 0 : result;
}

int lookup_wait(struct lookup *lookup)
{
    while (lookup_pending(lookup)) {
        if (family_has_more(&lookup->families[V6]))
            return 0;
        if (family_has_more(&lookup->families[V4]))
            return wait_for_aaaa(lookup);
        int result = wait_changed(lookup);
        if (result)
            return lookup_interrupted(lookup, result);
    }
    return lookup_has_next(lookup) ? 0 : lookup_error(lookup);
}

int lookup_wait_all(struct lookup *lookup)
{
    while (lookup_pending(lookup)) {
        int result = wait_changed(lookup);
        if (result)
            return lookup_interrupted(lookup, result);
    }
    return lookup_has_next(lookup) ? 0 : lookup_error(lookup);
}
