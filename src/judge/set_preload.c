/*
 * set_preload - what the HSTS preload list of browsers wants.
 */
#include "judge/sets.h"

static const char *const rules[] = {
    "preload-max-age: hsts.max-age >= 31536000 when last: url =~ '^https:' -- "
    "a year at least",
    "preload-subdomains: hsts.include-subdomains when last: url =~ '^https:' "
    "-- includeSubDomains",
    "preload-directive: hsts.preload when last: url =~ '^https:' -- the "
    "preload directive",
    "preload-redirect: first: location.scheme == https when url =~ '^http:' -- "
    "http goes to https",
    "preload-redirect-host: first: location.host == host when url =~ '^http:' "
    "-- on the same host first",
};

const struct rule_set set_preload = {
    "preload",
    "hstspreload.org, submission requirements",
    "2026-08",
    rules,
    sizeof rules / sizeof *rules,
};
