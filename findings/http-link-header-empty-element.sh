#!/usr/bin/env bash
# http-link-header 1.1.4 (npm) throws at an empty list element, in front or in
# between, and with it goes every link of the field, against RFC 9110 section
# 5.6.1.2: "A recipient MUST parse and ignore a reasonable number of empty list
# elements". One at the end it takes.
#
# Two Link lines of which the first is empty are such a field once joined.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding npm:http-link-header@1.1.4

ask() {
    node - "$1" <<'JS'
const LinkHeader = require("http-link-header");
try {
    console.log(LinkHeader.parse(process.argv[2]).refs.length, "links");
} catch (error) {
    console.log("throws");
}
JS
}
expect "<a>; rel=x, <b>; rel=y" "2 links" "$(ask "<a>; rel=x, <b>; rel=y")"
expect ", <a>; rel=x" "throws" "$(ask ", <a>; rel=x")"
expect "<a>; rel=x, , <b>; rel=y" "throws" "$(ask "<a>; rel=x, , <b>; rel=y")"
expect "<a>; rel=x," "1 links" "$(ask "<a>; rel=x,")"
