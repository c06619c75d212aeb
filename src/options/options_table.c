/*
 * options_table - every option that afetch has, in the order of --help.
 *
 * A row's last column is its kind with its field; the kind's macro has the
 * compiler check that the field is of the type that the kind writes.
 */
#include "options/options_table.h"

#include "options/options.h"
#include "options/options_value.h"

#include <netinet/in.h>

/* The offset of a field that must be of the type. */
#define FIELD(type, name)                                                      \
    (offsetof(struct options, name) +                                          \
        0 * sizeof((type *)0 == &((struct options *)0)->name))

#define FLAG(name) .take = option_take_flag, .field = FIELD(bool, name)
#define COUNT(name)                                                            \
    .take = option_take_count, .field = FIELD(unsigned, name), .least = 1,     \
    .mismatch = "is not a positive whole number"
#define NUMBER(name)                                                           \
    .take = option_take_count, .field = FIELD(unsigned, name),                 \
    .mismatch = "is not a whole number"
#define SECONDS(name)                                                          \
    .take = option_take_seconds, .field = FIELD(int64_t, name),                \
    .mismatch = "is not a positive number of seconds"
#define BYTES(name)                                                            \
    .take = option_take_bytes, .field = FIELD(size_t, name),                   \
    .mismatch = "is not a positive number of bytes (K and M are allowed)"
#define TEXT(name) .take = option_take_text, .field = FIELD(const char *, name)
#define TEXTS(name)                                                            \
    .take = option_take_texts, .field = FIELD(struct option_list, name),       \
    .repeatable = true
#define CHOICE(type, name, names)                                              \
    .take = option_take_choice, .field = FIELD(type, name),                    \
    .choices = name##_choices, .mismatch = "is not " names
#define RULES(taker) .take = taker, .repeatable = true
#define PRESET(kind, argument) kind, .preset = (argument)

static const struct option_choice order_choices[] = {
    {"arrival", ORDER_ARRIVAL, NULL},
    {"done", ORDER_DONE, NULL},
    {"input", ORDER_INPUT, NULL},
    {0},
};

static const struct option_choice family_choices[] = {
    {"4", AF_INET, NULL},
    {"6", AF_INET6, NULL},
    {0},
};

static const struct option_choice summary_choices[] = {
    {"none", SUMMARY_NONE, NULL},
    {"total", SUMMARY_TOTAL, NULL},
    {"hosts", SUMMARY_HOSTS, NULL},
    {0},
};

static const struct option_choice color_choices[] = {
    {"auto", COLOR_AUTO, NULL},
    {"always", COLOR_ALWAYS, NULL},
    {"never", COLOR_NEVER, NULL},
    {0},
};

static const struct option_choice progress_choices[] = {
    {"auto", PROGRESS_AUTO, NULL},
    {"always", PROGRESS_ALWAYS, NULL},
    {"never", PROGRESS_NEVER, NULL},
    {0},
};

static const struct option_choice annotate_choices[] = {
    {"github", ANNOTATE_GITHUB, NULL},
    {0},
};

const struct option_row option_rows[] = {
    {GROUP_TARGETS, "input-file", 'i', "FILE", NULL,
        "read targets from FILE, one per line; - is stdin", TEXTS(input_files),
        .brief = "read targets from FILE; - is stdin"},

    {GROUP_CONCURRENCY, "concurrency", 'j', "N", "256",
        "fetch at most N targets at once", COUNT(concurrency),
        .brief = "at most N targets at once"},
    {GROUP_CONCURRENCY, "serial", 0, NULL, NULL,
        "fetch one target at a time, as -j 1", PRESET(COUNT(concurrency), "1")},
    {GROUP_CONCURRENCY, "rate", 0, "N[/s|/m|/h]", NULL,
        "start at most N targets a second (minute, hour), evenly spaced",
        .take = option_take_rate, .field = FIELD(int64_t, start_interval),
        .mismatch = "is not a positive whole number, with /s, /m or /h",
        .brief = "start at most N targets a second"},
    {GROUP_CONCURRENCY, "per-address", 0, "N", NULL,
        "at most N connections to one address at once; others wait in a queue",
        COUNT(per_address)},
    {GROUP_CONCURRENCY, "threads", 0, "N|auto", "1",
        "fetch in N threads; auto: as many as there are cores",
        .take = option_take_threads, .field = FIELD(unsigned, threads),
        .mismatch = "is neither auto nor a positive whole number"},
    {GROUP_CONCURRENCY, "order", 0, "arrival|done|input", "arrival",
        "order of the output: lines as they arrive; by target, when it has "
        "ended; or as the list has them",
        CHOICE(enum order_mode, order, "arrival, done or input")},

    {GROUP_TIME, "max-time", 'm', "SEC", "10",
        "time limit for one target, in seconds; fractions are allowed",
        SECONDS(max_time), .brief = "seconds for one target"},
    {GROUP_TIME, "connect-timeout", 0, "SEC", "5",
        "time limit for DNS, connecting and TLS", SECONDS(connect_timeout),
        .brief = "for DNS, connecting and TLS"},
    {GROUP_TIME, "deadline", 0, "SEC", NULL,
        "end the run after SEC seconds; targets in flight are canceled",
        SECONDS(deadline)},
    {GROUP_TIME, "retry", 0, "N", "0",
        "retry up to N times after a transient failure, a 429, 503, 522 or 524",
        NUMBER(retries), .brief = "retry transient failures N times"},

    {GROUP_CONNECTION, "ipv4", '4', NULL, NULL, "use IPv4 addresses only",
        PRESET(CHOICE(int, family, "4 or 6"), "4"),
        .brief = "use IPv4 addresses only"},
    {GROUP_CONNECTION, "ipv6", '6', NULL, NULL, "use IPv6 addresses only",
        PRESET(CHOICE(int, family, "4 or 6"), "6"),
        .brief = "use IPv6 addresses only"},
    {GROUP_CONNECTION, "dns-servers", 0, "LIST", NULL,
        "use these name servers: IP[:PORT], separated by commas",
        .take = option_take_dns_servers,
        .brief = "use these name servers: IP[:PORT],..."},
    {GROUP_CONNECTION, "resolve", 0, "HOST:PORT:ADDR[,ADDR]", NULL,
        "use ADDR for HOST (* for any) at PORT instead of asking DNS",
        RULES(option_take_resolve), .brief = "use ADDR for HOST at PORT"},
    {GROUP_CONNECTION, "connect-to", 0, "H1:P1:H2:P2", NULL,
        "for host H1, port P1 connect to host H2, port P2; any may be empty",
        RULES(option_take_connect_to)},
    {GROUP_CONNECTION, "all-addresses", 0, NULL, NULL,
        "fetch every address of a name, and report where they differ",
        FLAG(all_addresses)},
    {GROUP_CONNECTION, "interface", 0, "ADDR", NULL,
        "connect from this local address or network device", TEXT(interface)},

    {GROUP_CONNECTION, "proxy", 'x', "URL", NULL,
        "use this proxy: "
        "[http|socks5h|socks5://][USER:PASS@]HOST[:PORT] "
        "(port 1080; socks is socks5h); empty for none",
        .take = option_take_proxy, .secret = true, .brief = "use this proxy"},
    {GROUP_CONNECTION, "noproxy", 0, "LIST", NULL,
        "bypass the proxy for these names (and subdomains), addresses, "
        "networks; * for all",
        .take = option_take_noproxy},

    {GROUP_REQUEST, "request", 'X', "METHOD", "GET", "use this request method",
        .take = option_take_method, .brief = "use this request method"},
    {GROUP_REQUEST, "head", 'I', NULL, NULL, "send HEAD, as -X HEAD",
        .take = option_take_method, .preset = "HEAD", .brief = "send HEAD"},
    {GROUP_REQUEST, "header", 'H', "LINE|@FILE", NULL,
        "add or replace this header; \"Name;\" sends it empty, \"Name:\" "
        "removes "
        "it; @FILE reads lines from FILE",
        RULES(option_take_header), .secret = true,
        .brief = "add, replace or remove a header"},
    {GROUP_REQUEST, "user-agent", 'A', "STRING", NULL,
        "send this User-Agent, not afetch/VERSION; empty for none",
        .take = option_take_user_agent, .brief = "send this User-Agent"},
    {GROUP_REQUEST, "user", 'u', "USER:PASS|@FILE", NULL,
        "send these credentials (Basic); @FILE reads them from FILE",
        .take = option_take_user, .secret = true,
        .brief = "send these credentials (Basic)"},
    {GROUP_REQUEST, "http1.1", 0, NULL, NULL,
        "send HTTP/1.1 with Connection: close, not HTTP/1.0", FLAG(http11)},
    {GROUP_REQUEST, "location", 'L', NULL, NULL, "follow redirects",
        FLAG(follow), .brief = "follow redirects"},
    {GROUP_REQUEST, "max-redirs", 0, "N", "10",
        "with -L, fail a target after more than N redirects",
        NUMBER(max_redirs)},

    {GROUP_TLS, "insecure", 'k', NULL, NULL, "accept any server certificate",
        FLAG(insecure), .brief = "accept any server certificate"},
    {GROUP_TLS, "cacert", 0, "FILE", NULL,
        "trust the certificates in FILE (PEM), not the system's", TEXT(ca_file),
        .brief = "trust the certificates in FILE"},

    {GROUP_JUDGING, "expect", 0, "EXPR|@FILE", NULL,
        "check each response by this expression; @FILE reads rules from FILE",
        RULES(option_take_expect), .brief = "check each response"},
    {GROUP_JUDGING, "rules", 0, "FILE", NULL,
        "check each response by the rules in FILE, one per line",
        RULES(option_take_rules)},
    {GROUP_JUDGING, "fail", 'f', NULL, NULL, "as --expect 'status < 400'",
        FLAG(fail), .brief = "fail where the status is 400 or above"},
    {GROUP_JUDGING, "baseline", 0, "FILE", NULL,
        "compare each target with its record in FILE, of a run with --json",
        .take = option_take_baseline},
    {GROUP_JUDGING, "odd-one-out", 0, NULL, NULL,
        "report targets whose responses differ from those of most others",
        FLAG(odd_one_out)},
    {GROUP_JUDGING, "ignore", 0, "NAME[,NAME]", NULL,
        "do not compare these header fields either", TEXTS(ignore)},
    {GROUP_JUDGING, "ignore-none", 0, NULL, NULL,
        "compare Date and its like, and the values of cookies, too",
        FLAG(ignore_none)},
    {GROUP_JUDGING, "learn", 0, NULL, NULL,
        "fetch each target twice; do not compare what differs between the two",
        FLAG(learn)},

    {GROUP_OUTPUT, "json", 0, NULL, NULL,
        "write one JSON record per target, not text", FLAG(json),
        .brief = "one JSON record per target"},
    {GROUP_OUTPUT, "show", 0, "LIST", NULL,
        "write these values of each target in a row, not header lines",
        TEXT(show), .brief = "these values, a row per target"},
    {GROUP_OUTPUT, "write-out", 'w', "FORMAT|@FILE", NULL,
        "write this for each target, as curl does, not header lines; "
        "@FILE reads it from FILE",
        .take = option_take_write_out,
        .brief = "this for each target, as curl does"},
    {GROUP_OUTPUT, "csv", 0, NULL, NULL,
        "write a heading and a row per target (RFC 4180), not text", FLAG(csv),
        .brief = "a heading and a row per target"},
    {GROUP_OUTPUT, "tsv", 0, NULL, NULL,
        "as --csv, with TABs between the cells", FLAG(tsv)},
    {GROUP_OUTPUT, "stamp", 0, NULL, NULL,
        "with each header line, the milliseconds since its request was sent",
        FLAG(stamp)},
    {GROUP_OUTPUT, "quiet", 'q', NULL, NULL, "do not write header lines",
        FLAG(quiet), .brief = "do not write header lines"},
    {GROUP_OUTPUT, "silent", 's', NULL, NULL,
        "write nothing to stderr but fatal errors", FLAG(silent),
        .brief = "nothing on stderr but fatal errors"},
    {GROUP_OUTPUT, "verbose", 'v', NULL, NULL,
        "show interim (1xx) responses on stderr", FLAG(verbose)},
    {GROUP_OUTPUT, "output", 'o', "FILE", NULL,
        "write to FILE instead of stdout", TEXT(output_file),
        .brief = "write to FILE instead of stdout"},
    {GROUP_OUTPUT, "har", 0, "FILE", NULL,
        "also write FILE as an HTTP Archive (HAR 1.2)", TEXT(har)},
    {GROUP_OUTPUT, "prometheus", 0, "FILE", NULL,
        "also write FILE for the textfile collector of Prometheus",
        TEXT(prometheus)},
    {GROUP_OUTPUT, "html", 0, "FILE", NULL,
        "also write FILE as one page for a browser", TEXT(html)},
    {GROUP_OUTPUT, "tap", 0, NULL, NULL,
        "write a test per target and check (TAP 13, for prove), not text",
        FLAG(tap)},
    {GROUP_OUTPUT, "junit", 0, "FILE", NULL,
        "also write FILE as JUnit's XML, for CI servers", TEXT(junit)},
    {GROUP_OUTPUT, "annotate", 0, "github", NULL,
        "write failures as annotations of GitHub Actions, not text",
        CHOICE(enum annotate_for, annotate, "github")},
    {GROUP_OUTPUT, "nagios", 0, NULL, NULL,
        "write one line and exit with 0 to 3, as a plugin of Nagios or Icinga",
        FLAG(nagios)},
    {GROUP_OUTPUT, "waterfall", 0, NULL, NULL,
        "at the end, show the phases of the slowest targets on one time axis",
        FLAG(waterfall)},
    {GROUP_OUTPUT, "summary", 0, "none|total|hosts", NULL,
        "summary on stderr: none, total, or hosts (also a row per host; the "
        "default for up to 50 targets)",
        CHOICE(enum summary_mode, summary, "none, total or hosts"),
        .brief = "what the summary has"},
    {GROUP_OUTPUT, "color", 0, "auto|always|never", "auto",
        "color text, the tables and errors; auto: on a terminal",
        CHOICE(enum terminal_color, color, "auto, always or never")},
    {GROUP_OUTPUT, "progress", 0, "auto|always|never", "auto",
        "show on stderr how far the run is; auto: on a terminal, unless "
        "stdout is a pipe",
        CHOICE(enum progress_mode, progress, "auto, always or never")},
    {GROUP_OUTPUT, "no-summary-record", 0, NULL, NULL,
        "with --json, leave out the last line, the summary",
        FLAG(no_summary_record)},
    {GROUP_OUTPUT, "max-header-size", 0, "BYTES", "262144",
        "fail a target whose headers are larger; K and M are allowed",
        BYTES(max_header_size)},

    {GROUP_RUNS, "count", 'c', "N", NULL,
        "fetch the list N times; statistics of each target at the end",
        COUNT(count)},
    {GROUP_RUNS, "interval", 0, "SEC", NULL,
        "begin a round every SEC seconds (1); alone, it runs until a signal",
        .take = option_take_interval, .field = FIELD(int64_t, interval),
        .mismatch = "is not a number of seconds"},
    {GROUP_RUNS, "changes", 0, NULL, NULL,
        "show only what differs from the round before; in the first, "
        "failures",
        FLAG(changes)},
    {GROUP_RUNS, "until", 0, NULL, NULL,
        "with --expect, fetch again until all targets are as expected",
        FLAG(until)},

    {GROUP_RUNS, "versus-serial", 0, NULL, NULL,
        "run the list concurrently and one by one, and compare",
        FLAG(versus_serial)},
    {GROUP_RUNS, "rounds", 0, "N", "1",
        "with --versus-serial, run each N times", COUNT(rounds)},
    {GROUP_RUNS, "summarize", 0, NULL, NULL,
        "fetch nothing; merge the record files of finished runs",
        FLAG(summarize)},
    {GROUP_RUNS, "check", 0, NULL, NULL,
        "fetch nothing; check the record files of finished runs", FLAG(check)},
    {GROUP_RUNS, "plan", 0, NULL, NULL,
        "send nothing; write targets, rules, limits and the first request",
        FLAG(plan)},
    {GROUP_RUNS, "resume", 0, "FILE", NULL,
        "do not fetch targets that have a record in FILE, of a run with "
        "--json; -o FILE appends to it",
        TEXTS(resume)},
    {GROUP_RUNS, "only-failed", 0, NULL, NULL,
        "with --resume, fetch targets again whose last record is a failure",
        FLAG(only_failed)},
    {GROUP_RUNS, "shard", 0, "I/N", NULL,
        "fetch only part I of N of the list; auto, auto/N: from the "
        "environment of a Slurm array or a Kubernetes Indexed Job",
        .take = option_take_shard},

    {GROUP_OTHER, "help", 'h', NULL, NULL,
        "show the options that are used most; --help all: all of them; "
        "--help NAME: one",
        .helps = true, .brief = "this; --help all, --help NAME: more"},
    {GROUP_OTHER, "version", 'V', NULL, NULL, "show the version and exit",
        .print = options_print_version},
    {GROUP_OTHER, "print-options", 0, NULL, NULL, NULL,
        .print = options_print_table},
};

const size_t option_row_count = sizeof option_rows / sizeof *option_rows;
_Static_assert(sizeof option_rows / sizeof *option_rows <= OPTION_ROWS_MAX,
    "make OPTION_ROWS_MAX larger");

const char *option_group_title(enum option_group group)
{
    static const char *const titles[] = {
        [GROUP_TARGETS] = "Targets",
        [GROUP_CONCURRENCY] = "Concurrency",
        [GROUP_TIME] = "Time",
        [GROUP_CONNECTION] = "DNS and connection",
        [GROUP_REQUEST] = "Request",
        [GROUP_TLS] = "TLS",
        [GROUP_JUDGING] = "Judging",
        [GROUP_OUTPUT] = "Output",
        [GROUP_RUNS] = "Runs",
        [GROUP_OTHER] = "Other",
    };
    return titles[group];
}
