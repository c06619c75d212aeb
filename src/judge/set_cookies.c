/*
 * set_cookies - what cookies should have.
 */
#include "judge/sets.h"

static const char *const rules[] = {
    "cookies-secure: every: cookie.secure -- all cookies Secure",
    "cookies-httponly: every: cookie.httponly -- no cookie for scripts",
    "cookies-samesite: every: cookie.samesite in lax, strict -- SameSite is "
    "set",
    "cookies-domain: every: absent(cookie.domain) -- cookies stay with their "
    "host",
};

const struct rule_set set_cookies = {
    "cookies",
    "RFC 6265bis; OWASP Session Management Cheat Sheet",
    "2026-08",
    rules,
    sizeof rules / sizeof *rules,
};
