#!/usr/bin/env bash
# http-cache-semantics 4.3.0 (npm, the cache rules of make-fetch-happen, got and
# others) compares the names of cache directives as they are spelt. "No-Store"
# is no directive to it, so the response may be kept, and MAX-AGE=60 is no
# lifetime, against RFC 9111 section 5.2: "Cache directives are identified by a
# token, to be compared case-insensitively".
#
# Chromium keeps no such response.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding npm:http-cache-semantics@4.3.0

ask() {
    node - "$1" <<'JS'
const CachePolicy = require("http-cache-semantics");
const response = {status: 200, headers: {
    "cache-control": process.argv[2], date: new Date().toUTCString()}};
const policy = new CachePolicy({method: "GET", url: "/", headers: {}}, response);
console.log(policy.storable() ? "stored" : "not stored", policy.maxAge());
JS
}
expect "no-store, max-age=60" "not stored 0" "$(ask "no-store, max-age=60")"
expect "No-Store, max-age=60" "stored 60" "$(ask "No-Store, max-age=60")"
expect "max-age=60" "stored 60" "$(ask "max-age=60")"
expect "Max-Age=60" "stored 0" "$(ask "Max-Age=60")"
expect "private, max-age=60" "not stored 0" "$(ask "private, max-age=60")"
expect "Private, max-age=60" "stored 60" "$(ask "Private, max-age=60")"
