/*
 * proxies - which proxy a target is fetched through: what the command line
 * says, else the environment, by curl's rules.  Pure.
 */
#ifndef AFETCH_PROXIES_H
#define AFETCH_PROXIES_H

#include "route/proxy.h"

#include <stdbool.h>

struct target;

enum { PROXIES_SCHEMES = 2 }; /* http, https */

struct proxies {
    struct proxy *of[PROXIES_SCHEMES]; /* by the target's; NULL: none */
    bool given; /* by the user: the environment's are not looked at */
    const char *except; /* a list as in no_proxy.h; NULL: not given */
};

/* What is wrong with the environment. */
struct proxies_fault {
    const char *variable; /* its name */
    const char *why; /* as proxy_parse says */
};

/* The user's own, for all targets, instead of an earlier one; "" is none.
 * Returns as proxy_parse does. */
int proxies_give(struct proxies *proxies, const char *url, const char **why);

/*
 * Takes what the user has not given from the environment: http_proxy (lower
 * case only: in a CGI program HTTP_PROXY is set by the client), https_proxy,
 * all_proxy for schemes without their own, no_proxy.  Lower case takes
 * precedence over upper case; an empty variable counts as not set.
 *
 * `get` is getenv(3), whose answers must stay.  0; -EINVAL with *fault; or
 * -ENOMEM.
 */
int proxies_complete(struct proxies *proxies, char *(*get)(const char *name),
    struct proxies_fault *fault);

/* May be called twice. */
void proxies_fini(struct proxies *proxies);

/* NULL: none. */
const struct proxy *proxies_find(
    const struct proxies *proxies, const struct target *target);

#endif
