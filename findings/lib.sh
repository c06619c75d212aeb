# shellcheck shell=bash
# What the findings share: pinned Debian packages in a folder of their own, a
# network namespace with loopback only, and a word on what was seen.
#
# finding PACKAGE=VERSION... goes on within the namespace, with the programs
# of these packages first in the path. npm:PACKAGE@VERSION is one of npm, for
# the node that is installed.

set -euo pipefail

# In a namespace of its own: nothing leaves this machine.
finding() {
    if [ -z "${FINDING_ROOT:-}" ]; then
        FINDING_ROOT=$(mktemp -d)
        export FINDING_ROOT
        local status=0
        unpack "$@"
        timeout 120 unshare --net --mount --pid --fork --kill-child \
            bash "$0" || status=$?
        rm -rf "$FINDING_ROOT"
        exit $status
    fi
    PATH=/usr/sbin:/sbin:$PATH ip link set lo up
    export PATH=$FINDING_ROOT/usr/sbin:$FINDING_ROOT/usr/bin:$PATH
    LD_LIBRARY_PATH=$(find "$FINDING_ROOT" -name '*.so*' -printf '%h\n' |
        sort -u | paste -sd:)
    export LD_LIBRARY_PATH
    cd "$FINDING_ROOT"
}

unpack() {
    case $1 in
    npm:*) unpack_npm "${@#npm:}" ;;
    *) unpack_debian "$@" ;;
    esac
}

unpack_npm() {
    if ! npm install --silent --ignore-scripts --no-audit --no-fund \
        --prefix "$FINDING_ROOT" "$@" >/dev/null 2>&1; then
        rm -rf "$FINDING_ROOT"
        echo "cannot be had here: $*" >&2
        exit 2
    fi
}

unpack_debian() {
    local debs=$FINDING_ROOT/debs deb
    mkdir -p "$debs/partial"
    if ! apt-get -qq -y --no-install-recommends --reinstall --download-only \
        -o "Dir::Cache::archives=$debs" install "$@" 2>/dev/null >&2; then
        rm -rf "$FINDING_ROOT"
        echo "cannot be had here: $*" >&2
        exit 2
    fi
    for deb in "$debs"/*.deb; do
        dpkg-deb -x "$deb" "$FINDING_ROOT"
    done
}

# expect WHAT EXPECTED SEEN
expect() {
    printf '%s: %s\n' "$1" "$3"
    if [ "$2" != "$3" ]; then
        printf 'it has changed: expected %s\n' "$2"
        exit 1
    fi
}

# Waits until something listens there: until_open HOST PORT
until_open() {
    local n
    for n in $(seq 100); do
        if (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; then
            return
        fi
        sleep 0.1
    done
    echo "nothing listens on $1:$2 after $n looks" >&2
    exit 2
}
