#!/bin/sh
# Is the Debian package what it should be?
#
#     tests/package.sh BUILD_DIR SOURCE_DIR
#
# 77 where the tools for it are not installed.
set -eu

build=$1
source=$2
for tool in cpack dpkg-deb dpkg-shlibdeps; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: no $tool"
        exit 77
    fi
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

fail() {
    echo "not so: $*" >&2
    failed=1
}

# Nobody but the one who makes it could read it, if it were for the umask. Only
# with Makefiles cpack builds first: what other tests run meanwhile stays.
if ! (umask 077 && cpack -G DEB -B "$scratch" -D CPACK_CMAKE_GENERATOR=Ninja \
    --config "$build/CPackConfig.cmake" >"$scratch/log" 2>&1); then
    cat "$scratch/log" >&2
    exit 1
fi
package=$(echo "$scratch"/afetch_*.deb)
version=$("$build/afetch" --version | sed 's/afetch //')

field() {
    dpkg-deb --field "$package" "$1"
}
[ "$(field Version)" = "$version-1" ] || fail "the version is $(field Version)"
[ "$(field Section)" = net ] || fail "the section is $(field Section)"
[ "$(field Architecture)" = "$(dpkg --print-architecture)" ] ||
    fail "the architecture is $(field Architecture)"

# The libraries by their packages, nothing else. Debian 13 calls libc-ares2
# libcares2.
field Depends | tr ',' '\n' |
    sed 's/^ *//; s/ .*//; s/[0-9.-]*\(t64\)*$//; s/^libcares$/libc-ares/' |
    sort >"$scratch/found"
printf '%s\n' libc libc-ares libevent-core libidn libjansson libpcre libssl |
    sort >"$scratch/expected"
diff -u "$scratch/expected" "$scratch/found" >&2 || fail "what it depends on"

cat >"$scratch/expected" <<'END'
-rw-r--r-- ./usr/share/afetch/records.schema.json
-rw-r--r-- ./usr/share/bash-completion/completions/afetch
-rw-r--r-- ./usr/share/doc/afetch/changelog.Debian.gz
-rw-r--r-- ./usr/share/doc/afetch/changelog.gz
-rw-r--r-- ./usr/share/doc/afetch/copyright
-rw-r--r-- ./usr/share/doc/afetch/examples/afetch-cronjob.yaml
-rw-r--r-- ./usr/share/doc/afetch/examples/afetch-list.service
-rw-r--r-- ./usr/share/doc/afetch/examples/afetch.cron
-rw-r--r-- ./usr/share/doc/afetch/examples/afetch.logrotate
-rw-r--r-- ./usr/share/doc/afetch/examples/afetch.service
-rw-r--r-- ./usr/share/doc/afetch/examples/afetch.timer
-rw-r--r-- ./usr/share/doc/afetch/examples/mail-on-change
-rw-r--r-- ./usr/share/fish/vendor_completions.d/afetch.fish
-rw-r--r-- ./usr/share/man/man1/afetch.1.gz
-rw-r--r-- ./usr/share/zsh/vendor-completions/_afetch
-rwxr-xr-x ./usr/bin/afetch
END
dpkg-deb --contents "$package" >"$scratch/contents"
awk '!/^d/ { print $1, $6 }' "$scratch/contents" | LC_ALL=C sort \
    >"$scratch/found"
diff -u "$scratch/expected" "$scratch/found" >&2 || fail "its files"
if awk '/^d/ && $1 != "drwxr-xr-x"' "$scratch/contents" | grep . >&2; then
    fail "its directories"
fi
if grep -v ' root/root ' "$scratch/contents" >&2; then
    fail "who owns its files"
fi

dpkg-deb --extract "$package" "$scratch/root"
doc=$scratch/root/usr/share/doc/afetch
[ "$("$scratch/root/usr/bin/afetch" --version)" = "afetch $version" ] ||
    fail "its program"
zcat "$scratch/root/usr/share/man/man1/afetch.1.gz" |
    cmp - "$source/man/afetch.1" >&2 || fail "its man page"
cmp "$scratch/root/usr/share/afetch/records.schema.json" \
    "$source/schema/records.schema.json" >&2 || fail "its schema"
zcat "$doc/changelog.gz" | cmp - "$source/CHANGELOG.md" >&2 ||
    fail "its changelog"
zcat "$doc/changelog.Debian.gz" | head -1 |
    grep -q "^afetch ($version-1) " || fail "Debian's changelog"
tail -n 3 "$source/LICENSE" | while read -r line; do
    grep -qF "$line" "$doc/copyright" || exit 1
done || fail "its copyright"
exit "$failed"
