# fish completion for afetch; written by completions/generate.

# Files behind the @ of the word that is being written.
function __afetch_at_files
    set -l word (commandline -ct | string replace -r '^-[^=@]*=' '')
    string match -q '@*' -- $word
    or return
    for file in (__fish_complete_path (string sub -s 2 -- $word))
        echo @$file
    end
end

# Targets.
complete -c afetch -f
complete -c afetch -n '__fish_contains_opt summarize' -F
complete -c afetch -n 'not __fish_contains_opt summarize' \
    -a '(__fish_print_hostnames)'

complete -c afetch -s i -l input-file -r -F \
    -d 'read targets from FILE, one per line; - is stdin'
complete -c afetch -s j -l concurrency -x \
    -d 'fetch at most N targets at once'
complete -c afetch -l serial \
    -d 'fetch one target at a time, as -j 1'
complete -c afetch -l rate -x \
    -d 'start at most N targets a second (minute, hour), evenly spaced'
complete -c afetch -l per-address -x \
    -d 'at most N connections to one address at once; others wait in a queue'
complete -c afetch -l threads -x \
    -d 'fetch in N threads; auto: as many as there are cores'
complete -c afetch -l order -x -a 'arrival done input' \
    -d 'order of the output: lines as they arrive; by target, when it has ended; or as the list has them'
complete -c afetch -s m -l max-time -x \
    -d 'time limit for one target, in seconds; fractions are allowed'
complete -c afetch -l connect-timeout -x \
    -d 'time limit for DNS, connecting and TLS'
complete -c afetch -l deadline -x \
    -d 'end the run after SEC seconds; targets in flight are canceled'
complete -c afetch -l retry -x \
    -d 'retry up to N times after a transient failure, a 429, 503, 522 or 524'
complete -c afetch -s 4 -l ipv4 \
    -d 'use IPv4 addresses only'
complete -c afetch -s 6 -l ipv6 \
    -d 'use IPv6 addresses only'
complete -c afetch -l dns-servers -x \
    -d 'use these name servers: IP[:PORT], separated by commas'
complete -c afetch -l resolve -x \
    -d 'use ADDR for HOST (* for any) at PORT instead of asking DNS'
complete -c afetch -l connect-to -x \
    -d 'for host H1, port P1 connect to host H2, port P2; any may be empty'
complete -c afetch -l all-addresses \
    -d 'fetch every address of a name, and report where they differ'
complete -c afetch -l interface -x \
    -d 'connect from this local address or network device'
complete -c afetch -s x -l proxy -x -a '(__fish_print_hostnames)' \
    -d 'use this proxy: [http|socks5h|socks5://][USER:PASS@]HOST[:PORT] (port 1080; socks is socks5h); empty for none'
complete -c afetch -l noproxy -x -a '(__fish_print_hostnames)' \
    -d 'bypass the proxy for these names (and subdomains), addresses, networks; * for all'
complete -c afetch -s X -l request -x \
    -d 'use this request method'
complete -c afetch -s I -l head \
    -d 'send HEAD, as -X HEAD'
complete -c afetch -s H -l header -x -a '(__afetch_at_files)' \
    -d 'add or replace this header; "Name;" sends it empty, "Name:" removes it; @FILE reads lines from FILE'
complete -c afetch -s A -l user-agent -x \
    -d 'send this User-Agent, not afetch/VERSION; empty for none'
complete -c afetch -s u -l user -x -a '(__afetch_at_files)' \
    -d 'send these credentials (Basic); @FILE reads them from FILE'
complete -c afetch -l http1.1 \
    -d 'send HTTP/1.1 with Connection: close, not HTTP/1.0'
complete -c afetch -s L -l location \
    -d 'follow redirects'
complete -c afetch -l max-redirs -x \
    -d 'with -L, fail a target after more than N redirects'
complete -c afetch -s k -l insecure \
    -d 'accept any server certificate'
complete -c afetch -l cacert -r -F \
    -d 'trust the certificates in FILE (PEM), not the system\'s'
complete -c afetch -l expect -x -a '(__afetch_at_files)' \
    -d 'check each response by this expression; @FILE reads rules from FILE'
complete -c afetch -l rules -r -F \
    -d 'check each response by the rules in FILE, one per line'
complete -c afetch -s f -l fail \
    -d 'as --expect \'status < 400\''
complete -c afetch -l baseline -r -F \
    -d 'compare each target with its record in FILE, of a run with --json'
complete -c afetch -l odd-one-out \
    -d 'report targets whose responses differ from those of most others'
complete -c afetch -l ignore -x \
    -d 'do not compare these header fields either'
complete -c afetch -l ignore-none \
    -d 'compare Date and its like, and the values of cookies, too'
complete -c afetch -l learn \
    -d 'fetch each target twice; do not compare what differs between the two'
complete -c afetch -l json \
    -d 'write one JSON record per target, not text'
complete -c afetch -l show -x \
    -d 'write these values of each target in a row, not header lines'
complete -c afetch -s w -l write-out -x -a '(__afetch_at_files)' \
    -d 'write this for each target, as curl does, not header lines; @FILE reads it from FILE'
complete -c afetch -l csv \
    -d 'write a heading and a row per target (RFC 4180), not text'
complete -c afetch -l tsv \
    -d 'as --csv, with TABs between the cells'
complete -c afetch -l stamp \
    -d 'with each header line, the milliseconds since its request was sent'
complete -c afetch -s q -l quiet \
    -d 'do not write header lines'
complete -c afetch -s s -l silent \
    -d 'write nothing to stderr but fatal errors'
complete -c afetch -s v -l verbose \
    -d 'show interim (1xx) responses on stderr'
complete -c afetch -s o -l output -r -F \
    -d 'write to FILE instead of stdout'
complete -c afetch -l har -r -F \
    -d 'also write FILE as an HTTP Archive (HAR 1.2)'
complete -c afetch -l prometheus -r -F \
    -d 'also write FILE for the textfile collector of Prometheus'
complete -c afetch -l html -r -F \
    -d 'also write FILE as one page for a browser'
complete -c afetch -l tap \
    -d 'write a test per target and check (TAP 13, for prove), not text'
complete -c afetch -l junit -r -F \
    -d 'also write FILE as JUnit\'s XML, for CI servers'
complete -c afetch -l annotate -x -a 'github' \
    -d 'write failures as annotations of GitHub Actions, not text'
complete -c afetch -l nagios \
    -d 'write one line and exit with 0 to 3, as a plugin of Nagios or Icinga'
complete -c afetch -l waterfall \
    -d 'at the end, show the phases of the slowest targets on one time axis'
complete -c afetch -l summary -x -a 'none total hosts' \
    -d 'summary on stderr: none, total, or hosts (also a row per host; the default for up to 50 targets)'
complete -c afetch -l color -x -a 'auto always never' \
    -d 'color text, the tables and errors; auto: on a terminal'
complete -c afetch -l progress -x -a 'auto always never' \
    -d 'show on stderr how far the run is; auto: on a terminal, unless stdout is a pipe'
complete -c afetch -l no-summary-record \
    -d 'with --json, leave out the last line, the summary'
complete -c afetch -l max-header-size -x \
    -d 'fail a target whose headers are larger; K and M are allowed'
complete -c afetch -s c -l count -x \
    -d 'fetch the list N times; statistics of each target at the end'
complete -c afetch -l interval -x \
    -d 'begin a round every SEC seconds (1); alone, it runs until a signal'
complete -c afetch -l changes \
    -d 'show only what differs from the round before; in the first, failures'
complete -c afetch -l until \
    -d 'with --expect, fetch again until all targets are as expected'
complete -c afetch -l versus-serial \
    -d 'run the list concurrently and one by one, and compare'
complete -c afetch -l rounds -x \
    -d 'with --versus-serial, run each N times'
complete -c afetch -l summarize \
    -d 'fetch nothing; merge the record files of finished runs'
complete -c afetch -l check \
    -d 'fetch nothing; check the record files of finished runs'
complete -c afetch -l plan \
    -d 'send nothing; write targets, rules, limits and the first request'
complete -c afetch -l resume -r -F \
    -d 'do not fetch targets that have a record in FILE, of a run with --json; -o FILE appends to it'
complete -c afetch -l only-failed \
    -d 'with --resume, fetch targets again whose last record is a failure'
complete -c afetch -l shard -x \
    -d 'fetch only part I of N of the list; auto, auto/N: from the environment of a Slurm array or a Kubernetes Indexed Job'
complete -c afetch -s h -l help \
    -d 'show the options that are used most; --help all: all of them; --help NAME: one'
complete -c afetch -s V -l version \
    -d 'show the version and exit'
