#!/usr/bin/env bash
# cache-control-parser 2.2.0 (npm) finds directives within quoted strings, and
# none where the value itself is quoted: of an extension's text "a, no-store, b"
# it makes no-store, and max-age="60" says nothing. RFC 9111 section 5.2 has the
# argument as a token or a quoted-string and lets a recipient take both;
# unknown directives are to be ignored whole (section 5.2.3).
#
# @tusbar/cache-control 3.0.1 reads both as the RFC has them, but takes a
# semicolon for a comma.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding npm:cache-control-parser@2.2.0 npm:@tusbar/cache-control@3.0.1

ask() {
    node - "$1" <<'JS'
const field = process.argv[2];
const first = require("cache-control-parser").parse(field);
const other = require("@tusbar/cache-control").parse(field);
const said = Object.entries(other).filter(([, value]) => value);
console.log(JSON.stringify(first), JSON.stringify(Object.fromEntries(said)));
JS
}
expect 'max-age=60' '{"max-age":60} {"maxAge":60}' "$(ask 'max-age=60')"
expect 'max-age="60"' '{} {"maxAge":60}' "$(ask 'max-age="60"')"
expect 'note="a, no-store, b", max-age=1' \
    '{"no-store":true,"max-age":1} {"maxAge":1}' \
    "$(ask 'note="a, no-store, b", max-age=1')"
expect 'max-age=60;public' '{"max-age":60} {"maxAge":60,"public":true}' \
    "$(ask 'max-age=60;public')"
