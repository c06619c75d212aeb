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
    -d 'read targets from FILE, one a line; - is stdin'
complete -c afetch -s j -l concurrency -x \
    -d 'at most N targets at once'
complete -c afetch -l serial \
    -d 'one by one, as -j 1'
complete -c afetch -l rate -x \
    -d 'start at most N targets a second (minute, hour), evenly spaced'
complete -c afetch -l per-address -x \
    -d 'at most N connections to one address at once; the others queue'
complete -c afetch -l order -x -a 'arrival' \
    -d 'show lines as they arrive'
complete -c afetch -s m -l max-time -x \
    -d 'at most SEC seconds for a target; fractions are fine'
complete -c afetch -l connect-timeout -x \
    -d 'at most SEC for DNS, connecting and TLS'
complete -c afetch -l deadline -x \
    -d 'end the run after SEC; what is in flight then is canceled'
complete -c afetch -l retry -x \
    -d 'after a failure that may pass, or a 429 or 503, try N times more'
complete -c afetch -s 4 -l ipv4 \
    -d 'use IPv4 addresses only'
complete -c afetch -s 6 -l ipv6 \
    -d 'use IPv6 addresses only'
complete -c afetch -l dns-servers -x \
    -d 'ask these name servers: IP[:PORT], more after commas'
complete -c afetch -l resolve -x \
    -d 'use ADDR for HOST (* is any) at PORT, do not ask DNS'
complete -c afetch -l connect-to -x \
    -d 'connect to host H2, port P2 for host H1, port P1; each may be empty'
complete -c afetch -l all-addresses \
    -d 'fetch every address of a name, and tell where they differ'
complete -c afetch -l interface -x \
    -d 'connect from this address, or network device, of the machine'
complete -c afetch -s x -l proxy -x -a '(__fish_print_hostnames)' \
    -d 'go through this proxy: [http|socks5h|socks5://][USER:PASS@]HOST[:PORT] (port 1080); empty: through none'
complete -c afetch -l noproxy -x -a '(__fish_print_hostnames)' \
    -d 'but not to these names (and those below them), addresses, networks; * is all'
complete -c afetch -s X -l request -x \
    -d 'send this method'
complete -c afetch -s I -l head \
    -d 'send HEAD, as -X HEAD'
complete -c afetch -s H -l header -x -a '(__afetch_at_files)' \
    -d 'send "Name: value" too, or instead; "Name;" is empty, "Name:" sends none; @FILE has such lines'
complete -c afetch -s A -l user-agent -x \
    -d 'send this User-Agent, not afetch/VERSION; empty: none'
complete -c afetch -s u -l user -x -a '(__afetch_at_files)' \
    -d 'send these credentials (Basic); @FILE has them'
complete -c afetch -l http1.1 \
    -d 'send HTTP/1.1 with Connection: close, not HTTP/1.0'
complete -c afetch -s L -l location \
    -d 'follow redirects'
complete -c afetch -l max-redirs -x \
    -d 'with -L, fail a target that redirects more often'
complete -c afetch -s k -l insecure \
    -d 'go on whatever the server\'s certificate'
complete -c afetch -l cacert -r -F \
    -d 'trust the certificates in FILE (PEM), not the system\'s'
complete -c afetch -l json \
    -d 'write a JSON record a target, not text'
complete -c afetch -l csv \
    -d 'write a heading and a row a target (RFC 4180), not text'
complete -c afetch -l tsv \
    -d 'as --csv, with TABs between the cells'
complete -c afetch -s q -l quiet \
    -d 'no header lines'
complete -c afetch -s s -l silent \
    -d 'nothing on stderr but fatal errors'
complete -c afetch -s v -l verbose \
    -d 'show interim (1xx) responses on stderr'
complete -c afetch -s o -l output -r -F \
    -d 'write to FILE, not to stdout'
complete -c afetch -l summary -x -a 'none total hosts' \
    -d 'summary on stderr: none, the total, or a row per host too (default hosts up to 50 targets, else total)'
complete -c afetch -l max-header-size -x \
    -d 'fail a target whose headers are larger; K and M are understood'
complete -c afetch -l versus-serial \
    -d 'run the list concurrently and one by one, and compare'
complete -c afetch -l rounds -x \
    -d 'with --versus-serial, N times each'
complete -c afetch -l summarize \
    -d 'fetch nothing, sum up finished runs: the targets are their records'
complete -c afetch -l shard -x \
    -d 'do only part I of N of the list; auto, auto/N: as a Slurm array or a Kubernetes Indexed Job says'
complete -c afetch -s h -l help \
    -d 'show this and exit'
complete -c afetch -s V -l version \
    -d 'show the version and exit'
