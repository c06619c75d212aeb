#!/usr/bin/env bash
# accept-language-parser 1.5.0 and negotiator 1.0.0 (npm, the one in Express 5)
# lose the weight of a language where a space stands before it: of "en; q=0.1,
# fr" they pick English, of "en;q=0.1, fr" French, and English is given to who
# has excluded it with "en; q=0". To the former there is also a language named
# q. RFC 9110 section 12.4.2: weight = OWS ";" OWS "q=" qvalue.
#
# negotiator reads encodings with that space rightly, and 1.1.0 languages, too;
# so does @hapi/accept 6.0.3. The page that a host answers with depends on a
# space in what is asked.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding npm:accept-language-parser@1.5.0 npm:negotiator@1.0.0 \
    npm:@hapi/accept@6.0.3

ask() {
    node - "$1" <<'JS'
const field = process.argv[2], offered = ["en", "fr"];
const Negotiator = require("negotiator");
const negotiator = new Negotiator({headers: {"accept-language": field}});
console.log("parser",
    require("accept-language-parser").pick(offered, field),
    "/ negotiator", negotiator.language(offered),
    "/ hapi", require("@hapi/accept").language(field, offered));
JS
}
expect "en;q=0.1, fr" "parser fr / negotiator fr / hapi fr" \
    "$(ask "en;q=0.1, fr")"
expect "en; q=0.1, fr" "parser en / negotiator en / hapi fr" \
    "$(ask "en; q=0.1, fr")"
expect "en;q=0, fr;q=0.1" "parser fr / negotiator fr / hapi fr" \
    "$(ask "en;q=0, fr;q=0.1")"
expect "en; q=0, fr;q=0.1" "parser en / negotiator en / hapi fr" \
    "$(ask "en; q=0, fr;q=0.1")"
