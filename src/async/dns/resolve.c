/*
 * resolve - lookups of both families over shared questions.
 *
 * Invariant: a family that is not asked for has no question; those of a lookup
 * are about one name; `given` set means that no question was asked at all.
 */
#include "async/dns/resolve.h"

#include "async/core/error.h"
#include "async/dns/hosts.h"
#include "async/dns/local_names.h"
#include "async/dns/search_list.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { V6, V4, FAMILIES };

/* RFC 8305 section 3: how long a positive A answer waits for AAAA. */
#define RESOLUTION_DELAY (50 * LOOP_MILLISECOND)

/* A name and a domain; what is longer is no name. */
enum { FULL_NAME = 2 * NS_MAXDNAME };

struct resolver {
    struct questions *questions; /* with an owner, for the search list */
    struct asked_owner owner;
    char full[FULL_NAME]; /* the candidate; too much for a task's stack */
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
    resolver->owner = (struct asked_owner){
        config->owner ? config->owner->questions : resolver->questions,
        config->owner_mailbox, config->mailbox};
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

/* Answers from the hosts file; 0 when the name is for DNS, 1 when not. */
static int lookup_local(struct lookup *lookup, const struct hosts *hosts,
    const struct lookup_name *name)
{
    if (!local_names_have(hosts, name->name))
        return 0;
    struct local_names *local =
        local_names_find(hosts, name->name, name->family);
    if (!local)
        return -ENOMEM;
    lookup_given(lookup, AF_UNSPEC, local->addresses, local->count);
    lookup->local = local;
    return 1;
}

static void family_answered(void *arg)
{
    struct lookup_family *family = arg;
    family->count = asked_count(&family->asked);
    if (family->lookup->changed)
        future_set(family->lookup->changed, 0);
}

/* Whoever counts the time wants to know when it passes. */
static void family_moved(void *arg)
{
    struct lookup_family *family = arg;
    struct lookup *lookup = family->lookup;
    if (lookup->changed && (lookup->told_moves || asked_waits(&family->asked)))
        future_set(lookup->changed, 0);
}

static int family_ask(struct lookup *lookup, int which, const char *name)
{
    struct lookup_family *family = &lookup->families[which];
    *family = (struct lookup_family){
        .lookup = lookup,
        .waiter = {.answered = family_answered,
            .moved = family_moved,
            .arg = family},
    };
    struct nameserver_question ask = {name, which == V6 ? AF_INET6 : AF_INET};
    int result = asked_begin(
        &family->asked, &lookup->resolver->owner, &ask, &family->waiter);
    if (!result && !family->waiter.waiting)
        family->count = asked_count(&family->asked);
    return result;
}

/* NULL: there is none, or none for this name. */
static const struct search_list *search_of(const struct lookup *lookup)
{
    if (lookup->name.absolute || local_names_is_onion(lookup->name.name))
        return NULL;
    return questions_search(lookup->resolver->questions);
}

/* The name of this step, until the next one is; NULL past the last. */
static const char *candidate_name(const struct lookup *lookup)
{
    char *full = lookup->resolver->full;
    const struct search_list *search = search_of(lookup);
    const char *name = lookup->name.name;
    if (search)
        return search_list_name(search, name, lookup->step, full, FULL_NAME);
    return lookup->step == 0 ? name : NULL;
}

/* Asks for the next name of the list.  0, -ENOMEM, or, past the last one, what
 * is told in the end. */
static int ask_next(struct lookup *lookup)
{
    const char *name;
    int result = 0;
    do {
        lookup->step++;
        name = candidate_name(lookup);
    } while (name && local_names_is_onion(name));
    if (!name)
        return lookup->told ? lookup->told : ASYNC_DNS_NXDOMAIN;
    asked_end(&lookup->families[V6].asked, &lookup->families[V6].waiter);
    asked_end(&lookup->families[V4].asked, &lookup->families[V4].waiter);
    if (lookup->name.family != AF_INET6)
        result = family_ask(lookup, V4, name);
    if (!result && lookup->name.family != AF_INET)
        result = family_ask(lookup, V6, name);
    return result;
}

int lookup_start(struct lookup *lookup, struct resolver *resolver,
    const struct lookup_name *name)
{
    *lookup = (struct lookup){0};
    int result = lookup_local(lookup, resolver->hosts, name);
    if (result)
        return result < 0 ? result : 0;
    lookup->resolver = resolver;
    lookup->name = *name;
    lookup->step = -1;
    result = ask_next(lookup);
    if (result)
        lookup_stop(lookup);
    return result;
}

void lookup_stop(struct lookup *lookup)
{
    asked_end(&lookup->families[V6].asked, &lookup->families[V6].waiter);
    asked_end(&lookup->families[V4].asked, &lookup->families[V4].waiter);
    free(lookup->local);
    *lookup = (struct lookup){0};
}

static bool family_pending(const struct lookup_family *family)
{
    return asked_is(&family->asked) && family->waiter.waiting;
}

bool lookup_pending(const struct lookup *lookup)
{
    return family_pending(&lookup->families[V6]) ||
           family_pending(&lookup->families[V4]);
}

static bool family_is_whole(const struct lookup_family *family)
{
    if (!asked_is(&family->asked))
        return true;
    if (family->waiter.waiting)
        return false;
    int result = asked_result(&family->asked);
    return !result || result == ASYNC_DNS_NODATA ||
           result == ASYNC_DNS_NXDOMAIN || result == ASYNC_DNS_UNSPECIFIED;
}

bool lookup_queues(struct lookup *lookup)
{
    lookup->told_moves = lookup_pending(lookup);
    for (int i = 0; i < FAMILIES; i++) {
        const struct lookup_family *family = &lookup->families[i];
        if (family_pending(family) && !asked_waits(&family->asked))
            lookup->told_moves = false;
    }
    return lookup->told_moves;
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
    return asked_is(&family->asked) && family->taken < family->count;
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
        asked_address(&family->asked, family->taken++, address);
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
    int error = lookup->local ? lookup->local->error : ASYNC_DNS_NODATA;
    for (int i = 0; i < FAMILIES; i++) {
        const struct lookup_family *family = &lookup->families[i];
        int result =
            asked_is(&family->asked) ? asked_result(&family->asked) : 0;
        if (result && result != ASYNC_DNS_NODATA)
            error = result;
    }
    return error;
}

/* Where time is over, one answer may tell why the other did not come. */
static int lookup_interrupted(const struct lookup *lookup, int result)
{
    if (result != -ETIMEDOUT)
        return result;
    for (int i = 0; i < FAMILIES; i++)
        asked_look(&lookup->families[i].asked);
    int error = lookup_error(lookup);
    return error != ASYNC_DNS_NODATA ? error : result;
}

/* Goes the search on after this?  As in the C library, a zone that does not
 * work is passed over, and a domain with which there is no name. */
static bool is_for_next_name(const struct lookup *lookup, int result)
{
    return result == ASYNC_DNS_NXDOMAIN || result == ASYNC_DNS_NODATA ||
           (search_of(lookup) &&
               (result == ASYNC_DNS_SERVFAIL || result == ASYNC_DNS_BAD_NAME));
}

/* Nothing is known of an address: each family must be done with the name, or
 * it would be another one's address that is found. */
static bool is_passed_over(const struct lookup *lookup)
{
    for (int i = 0; i < FAMILIES; i++) {
        const struct asked *asked = &lookup->families[i].asked;
        if (asked_is(asked) && !is_for_next_name(lookup, asked_result(asked)))
            return false;
    }
    return lookup->resolver != NULL;
}

/* Without an address for this name.  0: the next one is asked; or why there
 * is none. */
static int lookup_go_on(struct lookup *lookup)
{
    int error = lookup_error(lookup);
    if (!is_passed_over(lookup))
        return error;
    lookup->told = async_dns_more_telling(lookup->told, error);
    return ask_next(lookup);
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

/* For the target no time passes while it waits for a place. */
static int wait_timeless(struct lookup *lookup)
{
    if (!lookup_queues(lookup))
        return wait_changed(lookup);
    task_clock_stop();
    int result = wait_changed(lookup);
    task_clock_start();
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

/* As lookup_wait, for one name of the search list. */
static int wait_for_name(struct lookup *lookup)
{
    while (lookup_pending(lookup)) {
        if (family_has_more(&lookup->families[V6]))
            return 0;
        if (family_has_more(&lookup->families[V4]))
            return wait_for_aaaa(lookup);
        int result = wait_timeless(lookup);
        if (result)
            return lookup_interrupted(lookup, result);
    }
    return lookup_has_next(lookup) ? 0 : lookup_go_on(lookup);
}

static int wait_for_whole_name(struct lookup *lookup)
{
    while (lookup_pending(lookup)) {
        int result = wait_timeless(lookup);
        if (result)
            return lookup_interrupted(lookup, result);
    }
    return lookup_has_next(lookup) ? 0 : lookup_go_on(lookup);
}

int lookup_wait(struct lookup *lookup)
{
    int result;
    do
        result = wait_for_name(lookup);
    while (!result && !lookup_has_next(lookup));
    return result;
}

int lookup_wait_all(struct lookup *lookup)
{
    int result;
    do
        result = wait_for_whole_name(lookup);
    while (!result && !lookup_has_next(lookup));
    return result;
}
