# bash completion for afetch; written by completions/generate.

_afetch() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local list options word files=

    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if [[ $word == --summarize ]]; then
            files=yes
        elif [[ $word == -- ]]; then
            prev=-- # no option is behind it
            break
        fi
    done
    # Of short options in one word the last one may take an argument.
    if [[ $prev =~ ^-[^-ijmxXHAuwoc]*([ijmxXHAuwoc])$ ]]; then
        prev=-${BASH_REMATCH[1]}
    fi
    # --option=value is three words for bash.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    options="
        -i --input-file -j --concurrency --serial --rate --per-address
        --threads --order -m --max-time --connect-timeout --deadline
        --retry -4 --ipv4 -6 --ipv6 --dns-servers --resolve --connect-to
        --all-addresses --interface -x --proxy --noproxy -X --request
        -I --head -H --header -A --user-agent -u --user --http1.1 -L
        --location --max-redirs -k --insecure --cacert --expect --rules
        -f --fail --baseline --odd-one-out --ignore --ignore-none
        --learn --json --show -w --write-out --csv --tsv --stamp -q
        --quiet -s --silent -v --verbose -o --output --har --prometheus
        --html --tap --junit --annotate --nagios --waterfall --summary
        --color --progress --no-summary-record --max-header-size -c
        --count --interval --changes --until --versus-serial --rounds
        --summarize --check --plan --resume --only-failed --shard -h
        --help -V --version"

    case $prev in
    -i | --input-file)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    --order)
        list=$(compgen -W "arrival done input" -- "$cur")
        ;;
    -x | --proxy)
        list=$(compgen -A hostname -- "$cur")
        ;;
    --noproxy)
        list=$(compgen -A hostname -- "$cur")
        ;;
    -H | --header)
        [[ $cur == @* ]] || return
        list=$(compgen -P @ -f -- "${cur#@}")
        ;;
    -u | --user)
        [[ $cur == @* ]] || return
        list=$(compgen -P @ -f -- "${cur#@}")
        ;;
    --cacert)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    --expect)
        [[ $cur == @* ]] || return
        list=$(compgen -P @ -f -- "${cur#@}")
        ;;
    --rules)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    --baseline)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    -w | --write-out)
        [[ $cur == @* ]] || return
        list=$(compgen -P @ -f -- "${cur#@}")
        ;;
    -o | --output)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    --har)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    --prometheus)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    --html)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    --junit)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    --annotate)
        list=$(compgen -W "github" -- "$cur")
        ;;
    --summary)
        list=$(compgen -W "none total hosts" -- "$cur")
        ;;
    --color)
        list=$(compgen -W "auto always never" -- "$cur")
        ;;
    --progress)
        list=$(compgen -W "auto always never" -- "$cur")
        ;;
    --resume)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    -j | --concurrency | \
        --rate | \
        --per-address | \
        --threads | \
        -m | --max-time | \
        --connect-timeout | \
        --deadline | \
        --retry | \
        --dns-servers | \
        --resolve | \
        --connect-to | \
        --interface | \
        -X | --request | \
        -A | --user-agent | \
        --max-redirs | \
        --ignore | \
        --show | \
        --max-header-size | \
        -c | --count | \
        --interval | \
        --rounds | \
        --shard)
        return
        ;;
    *)
        if [[ $cur == -* && $prev != -- ]]; then
            list=$(compgen -W "$options" -- "$cur")
        elif [[ $files ]]; then
            compopt -o filenames
            list=$(compgen -f -- "$cur")
        else
            list=$(compgen -A hostname -- "$cur")
        fi
        ;;
    esac
    mapfile -t COMPREPLY < <([[ $list ]] && printf '%s\n' "$list")
}

complete -F _afetch afetch
