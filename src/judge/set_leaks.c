/*
 * set_leaks - what a response tells of the software behind it.
 */
#include "judge/sets.h"

static const char *const rules[] = {
    "leaks-server: server !~ '/[0-9]' -- Server names a version",
    "leaks-x-powered-by: absent(x-powered-by) -- X-Powered-By names the "
    "software",
    "leaks-x-aspnet-version: absent(x-aspnet-version) -- X-AspNet-Version "
    "names a version",
    "leaks-x-aspnetmvc-version: absent(x-aspnetmvc-version) -- "
    "X-AspNetMvc-Version names a version",
    "leaks-x-generator: absent(x-generator) -- X-Generator names the software",
    "leaks-x-runtime: absent(x-runtime) -- X-Runtime tells how long the server "
    "worked",
    "leaks-x-php-version: absent(x-php-version) -- X-PHP-Version names a "
    "version",
    "leaks-x-drupal: absent(x-drupal-cache) -- X-Drupal-Cache names the "
    "software",
    "leaks-x-varnish: absent(x-varnish) -- X-Varnish names the software",
    "leaks-x-backend-server: absent(x-backend-server) -- X-Backend-Server "
    "names a machine",
    "leaks-x-sourcemap: absent(sourcemap) and absent(x-sourcemap) -- SourceMap "
    "leads to the source",
};

const struct rule_set set_leaks = {
    "leaks",
    "OWASP Secure Headers Project, headers to remove",
    "2026-08",
    rules,
    sizeof rules / sizeof *rules,
};
