#!/usr/bin/env bash
# tap-xunit 2.4.1 and tap-junit 5.0.4 (npm) make a report without a failure of
# tests that were given up: of "1..3", one "ok" and "Bail out!" a JUnit file
# with one test passed, and the exit status is 0. TAP 14, "Bail out!": the
# message must be shown as the reason why testing must be stopped. It is in
# neither file. tap-xunit is content with a plan of which two are missing, too.
#
# tap-parser 18.3.4 calls both streams failed. In CI, where the JUnit file
# decides, a run that lost its network is green.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding npm:tap-xunit@2.4.1 npm:tap-junit@5.0.4 npm:tap-parser@18.3.4

bin=$PWD/node_modules/.bin
convert() {
    local status=0 report
    report=$(printf '%b' "$2" | timeout 30 "$bin/$1" 2>&1) || status=$?
    report=$(grep -o '<testsuite [^>]*>' <<<"$report" |
        grep -oE '(tests|failures)="[0-9]+"' | sort | paste -sd' ')
    printf '%s: %s, exit %d\n' "$1" "$report" "$status"
}
parse() {
    node - "$1" <<'JS'
import("tap-parser").then(({Parser}) => {
    const parser = new Parser(({ok}) => console.log(ok ? "passed" : "failed"));
    parser.end(process.argv[2].replaceAll("\\n", "\n"));
});
JS
}
both() {
    convert tap-xunit "$1"
    convert tap-junit "$1"
    echo "tap-parser: $(parse "$1")"
}
bail='TAP version 13\n1..3\nok 1 - a\nBail out! no network\n'
expect "bail out" 'tap-xunit: failures="0" tests="1", exit 0
tap-junit: failures="0" tests="1", exit 0
tap-parser: failed' "$(both "$bail")"
short='TAP version 13\n1..3\nok 1 - a\n'
expect "one of three" 'tap-xunit: failures="0" tests="1", exit 0
tap-junit: failures="1" tests="1", exit 0
tap-parser: failed' "$(both "$short")"
