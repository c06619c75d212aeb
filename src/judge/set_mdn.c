/*
 * set_mdn - what MDN's HTTP Observatory takes points off for.
 */
#include "judge/sets.h"

static const char *const rules[] = {
    "mdn-hsts: hsts and hsts.max-age >= 15768000 when last: url =~ '^https:' "
    "-- HSTS for six months",
    "mdn-csp: content-security-policy and not csp.inline-script -- a policy "
    "that blocks inline script",
    "mdn-csp-eval: not csp.eval when content-security-policy -- no eval",
    "mdn-framing: framing in nobody, self, listed -- not anyone may frame the "
    "page",
    "mdn-nosniff: nosniff -- X-Content-Type-Options: nosniff",
    "mdn-referrer: referrer in no-referrer, same-origin, strict-origin, "
    "strict-origin-when-cross-origin -- a private Referrer-Policy",
    "mdn-cookies-secure: cookie.secure -- all cookies Secure",
    "mdn-cors: access-control-allow-origin != '*' or "
    "absent(access-control-allow-credentials) -- no foreign origin with "
    "credentials",
    "mdn-redirect: first: location.scheme == https when url =~ '^http:' -- "
    "http goes to https",
};

const struct rule_set set_mdn = {
    "mdn",
    "MDN HTTP Observatory 1.6",
    "2026-08",
    rules,
    sizeof rules / sizeof *rules,
};
