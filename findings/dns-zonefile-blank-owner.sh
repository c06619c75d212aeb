#!/usr/bin/env bash
# dns-zonefile 0.3.2 (npm): a record whose line begins with a blank is one of
# the zone's own name, not of the name above it: the AAAA under "www A" becomes
# the apex's. RFC 1035 section 5.1: such a record has the owner of the one
# before. Without a word it leaves out those that have the class before the TTL
# or in small letters, which that section allows, and a second $ORIGIN holds
# for the names above it, too.
#
# A list of hosts made of a zone file lacks some and has others.
# named-compilezone 9.18 reads the same file as the RFC has it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding npm:dns-zonefile@0.3.2

ask() {
    node - "$1" <<'JS'
const {parse} = require("dns-zonefile").default;
const zone = parse(`$ORIGIN t.test.
$TTL 300
@ IN SOA ns.t.test. hostmaster.t.test. 1 3600 600 86400 60
${process.argv[2]}
`);
const records = [];
for (const type of ["a", "aaaa"])
    for (const {name, ip} of zone[type] || [])
        records.push(`${name} ${ip}`);
console.log(records.join(", ") || "none", "in", zone.$origin);
JS
}
expect "www A, blank AAAA" "www 192.0.2.1, @ 2001:db8::1 in t.test." \
    "$(ask $'www IN A 192.0.2.1\n    IN AAAA 2001:db8::1')"
expect "TTL, class" "www 192.0.2.1 in t.test." "$(ask 'www 60 IN A 192.0.2.1')"
expect "class, TTL" "none in t.test." "$(ask 'www IN 60 A 192.0.2.1')"
expect "small letters" "none in t.test." "$(ask 'www in a 192.0.2.1')"
expect "a second origin" "www 192.0.2.1, api 192.0.2.2 in sub.t.test." \
    "$(ask $'www IN A 192.0.2.1\n$ORIGIN sub.t.test.\napi IN A 192.0.2.2')"
