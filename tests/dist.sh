#!/bin/sh
# Is the source tarball the same each time, and whole?
#
#     tests/dist.sh SOURCE_DIR
#
# 77 where there is no git, or no clone.
set -eu

source=$1
if ! command -v git >/dev/null ||
    ! why=$(git -C "$source" rev-parse HEAD 2>&1); then
    echo "skipped: no clone of a git repository: ${why:-no git}"
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
commit=$why

# Another umask, time zone and clone make no difference.
first=$(umask 077 && TZ=Asia/Shanghai "$source/scripts/dist" HEAD "$scratch/a")
git clone -q --no-hardlinks "$source" "$scratch/clone"
git -C "$scratch/clone" checkout -q "$commit"
touch "$scratch/clone/README.md"
sleep 1 # the time of day may be in no header
second=$("$scratch/clone/scripts/dist" HEAD "$scratch/b")
cmp "$first" "$second"

top=$(basename "$first" .tar.gz)
mkdir "$scratch/open"
tar -xzf "$first" -C "$scratch/open"
git -C "$source" ls-tree -r --name-only "$commit" | sort >"$scratch/expected"
(cd "$scratch/open/$top" && find . ! -type d | sed 's|^\./||' | sort) \
    >"$scratch/found"
diff -u "$scratch/expected" "$scratch/found"

# Times are the commit's, modes no stranger's to change.
time=$(git -C "$source" show -s --format=%ct "$commit")
other=$(find "$scratch/open/$top" ! -newermt "@$time" -newermt "@$((time - 1))" |
    wc -l)
all=$(find "$scratch/open/$top" | wc -l)
if [ "$other" -ne "$all" ]; then
    echo "$other of $all files have the commit's time" >&2
    exit 1
fi
if tar -tvzf "$first" | grep -q '^.....w\|^........w'; then
    echo "others may write to some" >&2
    exit 1
fi
