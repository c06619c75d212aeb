#!/bin/sh
# Do the table of options, --help, the man page and the completions agree?
#
#     tests/options_agree.sh AFETCH SOURCE_DIR
#
# Says what differs; exit 1 when anything does.
# shellcheck disable=SC2016 # the dollars are for the shells inside
set -u

afetch=$1
source=$2
man=$source/man/afetch.1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
failed=0

fail() {
    echo "not the same: $*" >&2
    failed=1
}

# same WHAT: $scratch/expected and $scratch/found.
same() {
    diff -u "$scratch/expected" "$scratch/found" >&2 || fail "$1"
}

"$afetch" --print-options >"$scratch/table" || exit 1
[ -s "$scratch/table" ] || fail "the table is empty"

# A group's title and the options under it, as mdoc has them.
awk -F '\t' '
    $7 != group { group = $7; print ".Ss " group }
    {
        argument = $3 == "-" ? "" : " Ar " $3
        if ($5 != "-") { gsub(/\|/, " | ", $5); argument = " Cm " $5 }
        letter = $2 == "-" ? "" : "Fl " $2 " , "
        print ".It " letter "Fl -" $1 argument
    }' "$scratch/table" >"$scratch/expected"
sed -n '/^\.Sh OPTIONS/,/^\.Sh OUTPUT/p' "$man" >"$scratch/options"
grep -e '^\.Ss ' -e '^\.It Fl ' "$scratch/options" >"$scratch/found"
same "the man page's list of options and the table"

# Defaults, and what may be given more than once.
awk -F '\t' '
    $4 != "-" { print $1, "default", $4 }
    $6 != "-" { print $1, "repeatable" }' "$scratch/table" |
    sort >"$scratch/expected"
awk '
    /^\.It Fl / && match($0, /Fl -[^ ]+/) {
        name = substr($0, RSTART + 4, RLENGTH - 4)
    }
    /^The default is / { sub(/\.$/, ""); print name, "default", $4 }
    /^Repeatable/ { print name, "repeatable" }' "$scratch/options" |
    sort >"$scratch/found"
same "the man page's defaults and the table"

# --help all: each option once, in order, with its letter, argument and default.
awk -F '\t' '{
    print ($2 == "-" ? "" : "-" $2 ", ") "--" $1 ($3 == "-" ? "" : " " $3) \
        ($4 == "-" ? "" : " (default " $4 ")")
    }' "$scratch/table" >"$scratch/expected"
"$afetch" --help all | awk '
    function flush() { if (label != "") print label (initial ? initial : "") }
    /^ +-[^ ]*.*--|^ +--/ {
        flush(); initial = ""; text = ""
        label = $0; sub(/^ +/, "", label)
        text = label
        if (match(label, /  +/)) label = substr(label, 1, RSTART - 1)
    }
    /^$/ { flush(); label = "" }
    label != "" {
        text = text " " $0; gsub(/ +/, " ", text)
        if (match(text, /\(default [^ ()]+\)/))
            initial = " " substr(text, RSTART, RLENGTH)
    }' >"$scratch/found"
same "--help all and the table"

# The codes of errors are the records' (src/record/result.h).
sed -n '/^#define FETCH_ERRORS/,/^$/s/^    X(\([A-Z_]*\), .*/\1/p' \
    "$source/src/record/result.h" >"$scratch/expected"
sed -n '/^\.Ss Error codes/,/^\.Ss Summary/s/^\.It Dv //p' "$man" \
    >"$scratch/found"
same "the man page's error codes and src/record/result.h"

# Completions are what the generator writes, and they work.
mkdir "$scratch/completions"
sh "$source/completions/generate" "$afetch" "$scratch/completions" ||
    fail "completions/generate"
for file in afetch.bash _afetch afetch.fish; do
    cmp "$scratch/completions/$file" "$source/completions/$file" >&2 ||
        fail "completions/$file and the table (run completions/generate)"
done

# complete WORD...: what bash offers for the last one.
complete_bash() {
    bash -c '
        . "$1" && shift && compopt() { :; }
        COMP_WORDS=(afetch "$@") COMP_CWORD=$# && _afetch
        echo "${COMPREPLY[*]}"' bash "$source/completions/afetch.bash" "$@"
}
offers() {
    expected=$1
    shift
    found=$(complete_bash "$@")
    [ "$found" = "$expected" ] || fail "completion of $*: \"$found\""
}
awk -F '\t' '{ print "--" $1; if ($2 != "-") print "-" $2 }' \
    "$scratch/table" | sort >"$scratch/expected"
complete_bash - | tr ' ' '\n' | sort >"$scratch/found"
same "what bash completes and the table"
offers "--verbose --versus-serial --version" --ver
offers "none total hosts" --summary ''
offers "none total hosts" --summary =
offers "total" --summary = t
offers "$source/completions" -i "$source/completio"
offers "" -j ''
cd "$source" || exit 1
offers "completions" --summarize completio
offers "completions" -s --summarize README.md completio
offers "@completions" -H @completio
offers "@completions" -u @completio
offers "" -u me
offers "" -- --ver
offers "completions" --summarize -- completio
offers "completions" -qi completio
offers "completions" -kLso completio
offers "" -qj ''
offers "--verbose --versus-serial --version" -q --ver
for option in -x --proxy --noproxy -qx; do
    offers "$(bash -c 'compgen -A hostname local | tr "\n" " "' |
        sed 's/ $//')" "$option" local
done

if command -v zsh >/dev/null; then
    zsh -n "$source/completions/_afetch" || fail "_afetch is not zsh"
else
    echo "skipped: zsh's syntax (no zsh)"
fi

# fish_offers EXPECTED LINE: what fish completes, sorted, without descriptions.
fish_offers() {
    found=$(fish --no-config -c '
        source $argv[1]; complete -C $argv[2]' \
        -- "$source/completions/afetch.fish" "$2" | cut -f1 | sort | xargs)
    [ "$found" = "$1" ] || fail "fish's completion of $2: \"$found\""
}
if command -v fish >/dev/null; then
    awk -F '\t' '{ print "--" $1; if ($2 != "-") print "-" $2 }' \
        "$scratch/table" | sort >"$scratch/expected"
    fish --no-config -c 'source $argv[1]
        complete -C "afetch -"; complete -C "afetch --"' \
        -- "$source/completions/afetch.fish" | cut -f1 | sort -u \
        >"$scratch/found"
    same "what fish completes and the table"
    # fish 4 offers what has the letters anywhere, too (--dns-servers).
    fish_offers "--connect-timeout --connect-to" "afetch --connect"
    fish_offers "hosts none total" "afetch --summary "
    fish_offers "--summary=total" "afetch --summary=t"
    fish_offers "completions/" "afetch -qi completio"
    fish_offers "" "afetch -qj "
    fish_offers "completions/" "afetch --summarize completio"
    fish_offers "" "afetch completio"
    fish_offers "@completions/" "afetch -H @completio"
    fish_offers "--user=@completions/" "afetch --user=@completio"
    fish_offers "" "afetch -u completio"
else
    echo "skipped: fish (no fish)"
fi
if command -v mandoc >/dev/null; then
    mandoc -Tlint -W warning "$man" >&2 || fail "mandoc has complaints"
else
    echo "skipped: mandoc's lint (no mandoc)"
fi
exit "$failed"
