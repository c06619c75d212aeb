#!/usr/bin/env bash
# www-authenticate 0.6.3 (npm) makes one challenge of two: the scheme of the
# second becomes the name of a parameter of the first, "Digest realm". A field
# may have several (RFC 9110 section 11.6.1), and two lines of it are such a
# field once joined. At the example of that section, in which a title has quoted
# quotes, it gives up with a syntax error.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding npm:www-authenticate@0.6.3

ask() {
    node - "$1" <<'JS'
const { WWW_Authenticate } = require("www-authenticate").parsers;
const { scheme, parms, err } = new WWW_Authenticate(process.argv[2]);
console.log(err ? "error" : `${scheme}: ${Object.keys(parms)}`);
JS
}
expect 'one' 'Digest: realm,nonce,qop' \
    "$(ask 'Digest realm="a, b", nonce="c", qop="auth,auth-int"')"
expect 'two' 'Basic: realm,Digest realm,nonce' \
    "$(ask 'Basic realm="x", Digest realm="y", nonce=z')"
example='Basic realm="simple", Newauth realm="apps", type=1,'
expect 'of the RFC' 'error' "$(ask "$example title=\"Login to \\\"apps\\\"\"")"
