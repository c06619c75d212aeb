/*
 * set_owasp - the response headers that OWASP proposes, by their effect.
 */
#include "judge/sets.h"

static const char *const rules[] = {
    "owasp-hsts: hsts and hsts.max-age >= 31536000 when last: url =~ '^https:' "
    "-- HSTS for a year",
    "owasp-framing: framing in nobody, self, listed -- not anyone may frame "
    "the page",
    "owasp-nosniff: nosniff -- X-Content-Type-Options: nosniff",
    "owasp-csp: content-security-policy -- there is a Content-Security-Policy",
    "owasp-permitted-cross-domain-policies: x-permitted-cross-domain-policies "
    "== 'none' -- X-Permitted-Cross-Domain-Policies: none",
    "owasp-referrer: referrer in no-referrer, same-origin, strict-origin, "
    "strict-origin-when-cross-origin -- no full URL goes to other origins",
    "owasp-coop: cross-origin-opener-policy =~ '^same-origin' -- "
    "Cross-Origin-Opener-Policy",
    "owasp-coep: cross-origin-embedder-policy =~ "
    "'^(require-corp|credentialless)' -- Cross-Origin-Embedder-Policy",
    "owasp-corp: cross-origin-resource-policy in same-origin, same-site -- "
    "Cross-Origin-Resource-Policy",
    "owasp-permissions: permissions-policy -- there is a Permissions-Policy",
};

const struct rule_set set_owasp = {
    "owasp",
    "OWASP Secure Headers Project, proposed response headers",
    "2026-08",
    rules,
    sizeof rules / sizeof *rules,
};
