# bash completion for afetch; written by completions/generate.

_afetch() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local list options

    # --option=value is three words for bash.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    options="
        -i --input-file -j --concurrency --serial --rate --per-address
        --order -m --max-time --connect-timeout --deadline --retry
        -4 --ipv4 -6 --ipv6 --dns-servers --resolve --connect-to
        --all-addresses --interface -x --proxy --noproxy -X --request
        -I --head -H --header -A --user-agent -u --user --http1.1
        -L --location --max-redirs -k --insecure --cacert --json
        -q --quiet -s --silent -v --verbose -o --output --summary
        --max-header-size --versus-serial --rounds --summarize --shard
        -h --help -V --version"

    case $prev in
    -i | --input-file)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    --order)
        list=$(compgen -W "arrival" -- "$cur")
        ;;
    --cacert)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    -o | --output)
        compopt -o filenames
        list=$(compgen -f -- "$cur")
        ;;
    --summary)
        list=$(compgen -W "none total hosts" -- "$cur")
        ;;
    -j | --concurrency | \
        --rate | \
        --per-address | \
        -m | --max-time | \
        --connect-timeout | \
        --deadline | \
        --retry | \
        --dns-servers | \
        --resolve | \
        --connect-to | \
        --interface | \
        -x | --proxy | \
        --noproxy | \
        -X | --request | \
        -H | --header | \
        -A | --user-agent | \
        -u | --user | \
        --max-redirs | \
        --max-header-size | \
        --rounds | \
        --shard)
        return
        ;;
    *)
        if [[ $cur == -* ]]; then
            list=$(compgen -W "$options" -- "$cur")
        else
            list=$(compgen -A hostname -- "$cur")
        fi
        ;;
    esac
    mapfile -t COMPREPLY < <([[ $list ]] && printf '%s\n' "$list")
}

complete -F _afetch afetch
