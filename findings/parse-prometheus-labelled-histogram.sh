#!/usr/bin/env bash
# parse-prometheus-text-format 1.1.1 (npm) makes one histogram of all that have
# the same name: of two series, x="a" and x="b", the buckets of the last one are
# left, without its label, and neither has a count or a sum. Summaries are
# read likewise, gauges rightly. In the text format each set of labels, le
# aside, is a series of its own, with a count and a sum of its own.
#
# Of times by host or by status, one host's are shown as everybody's. The
# Python client 0.16.0 (Debian) reads all eight samples.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding npm:parse-prometheus-text-format@1.1.1

ask() {
    node - "$1" <<'JS'
const parse = require("parse-prometheus-text-format");
console.log(JSON.stringify(parse(process.argv[2])[0].metrics));
JS
}
histogram() {
    cat <<TEXT
h_bucket{${1:+$1,}le="1"} $2
h_bucket{${1:+$1,}le="+Inf"} $3
h_sum${1:+{$1\}} 9
h_count${1:+{$1\}} $3
TEXT
}
type="# TYPE h histogram"
expect "no label" \
    '[{"buckets":{"1":"4","+Inf":"5"},"count":"5","sum":"9"}]' \
    "$(ask "$type
$(histogram '' 4 5)
")"
expect 'x="a", x="b"' '[{"buckets":{"1":"6","+Inf":"7"}}]' "$(ask "$type
$(histogram 'x="a"' 4 5)
$(histogram 'x="b"' 6 7)
")"
expect 'gauge, x="a", x="b"' \
    '[{"value":"1","labels":{"x":"a"}},{"value":"2","labels":{"x":"b"}}]' \
    "$(ask '# TYPE g gauge
g{x="a"} 1
g{x="b"} 2
')"
