#!/usr/bin/env bash
# parse-link-header 2.0.0 (npm) cuts a Link field at every comma with "<" behind
# it, within a quoted string, too: of a link whose title says "a, <b>" it makes
# two, and the relation is the one of the text, not of the link. RFC 8288
# section 3 has the title as a quoted-string, in which a comma ends nothing
# (RFC 9110 section 5.6.4).
#
# li 1.3.0 reads the same field as one link.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding npm:parse-link-header@2.0.0 npm:li@1.3.0

ask() {
    node - "$1" <<'JS'
const field = process.argv[2];
const cut = require("parse-link-header")(field);
const whole = require("li").parse(field);
console.log(`next is ${cut.next.url}, of li ${whole.next}`);
JS
}
plain='<https://a.test/2>; title="a b"; rel=next'
comma='<https://a.test/2>; title="a, b"; rel=next'
link='<https://a.test/2>; title="a, <b>; x"; rel=next'
expect "$plain" "next is https://a.test/2, of li https://a.test/2" \
    "$(ask "$plain")"
expect "$comma" "next is https://a.test/2, of li https://a.test/2" \
    "$(ask "$comma")"
expect "$link" "next is b, of li https://a.test/2" "$(ask "$link")"
