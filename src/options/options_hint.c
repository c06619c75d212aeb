/*
 * options_hint - see options_hint.h.
 *
 * Invariant: what a hint says to do works.
 */
#include "options/options_hint.h"

#include "options/options_table.h"
#include "text/nearest.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* --- options --- */

#define LISTS "a list of targets is read with -i FILE"
#define AT_ONCE "targets are fetched concurrently anyway; -j N sets how many"
#define TIME "use -m SEC for a target, --connect-timeout SEC to connect"
#define RETRY "use --retry N"
#define NO_BODY "only headers are fetched, and no body is sent"
#define SHOWN "the headers are written to stdout anyway, or to -o FILE"
#define ERRORS "errors are shown anyway; -s hides them"
#define COOKIE "use -H 'Cookie: NAME=VALUE'"
#define REFERER "use -H 'Referer: URL'"
#define PORT "a port is part of its target, HOST:PORT"
#define STATUS "use --show status"
#define MATCH "use --expect 'status == 200'"
#define HTTP1 "only HTTP/1 is spoken; use --http1.1"
#define PLAIN "use --color never"
#define SERVER "use --show server"
#define RATE "use --rate N"
#define LOGIN "give them in the proxy's URL: -x http://USER:PASS@HOST:PORT"
#define SOCKS "use -x socks5h://HOST:PORT"
#define FAILS "use -f"
#define QUERY "a query is part of its target, 'HOST/PATH?QUERY'"
#define NO_CERT "a client certificate cannot be sent"
#define BOTH_TLS "TLS 1.2 and 1.3 are spoken anyway; leave it out"
#define BASIC "credentials of -u are sent as Basic anyway; leave it out"

struct habit {
    const char *written, *hint;
};

static const struct habit habits[] = {
    {"-S", ERRORS},
    {"--show-error", ERRORS},
    {"-Z", AT_ONCE},
    {"--parallel", AT_ONCE},
    {"--parallel-max", "use -j N"},
    {"-l", LISTS},
    {"--list", LISTS},
    {"--file", LISTS},
    {"--url", "targets are arguments; " LISTS},
    {"-t", TIME},
    {"-T", TIME},
    {"--timeout", TIME},
    {"-r", RETRY},
    {"--retries", RETRY},
    {"--rate-limit", RATE},
    {"-d", NO_BODY},
    {"-F", NO_BODY},
    {"--data", NO_BODY},
    {"--data-binary", NO_BODY},
    {"--data-raw", NO_BODY},
    {"-D", SHOWN},
    {"--dump-header", SHOWN},
    {"--include", SHOWN},
    {"-O", "use -o FILE"},
    {"-p", PORT},
    {"-P", PORT},
    {"-b", COOKIE},
    {"--cookie", COOKIE},
    {"-e", REFERER},
    {"--referer", REFERER},
    {"-U", LOGIN},
    {"--proxy-user", LOGIN},
    {"--socks5", SOCKS},
    {"--socks5-hostname", SOCKS},
    {"--max-redirect", "use --max-redirs N"},
    {"--location-trusted", "use -L; credentials go to the first host only"},
    {"--fail-with-body", FAILS},
    {"--fail-early", FAILS},
    {"--status-code", STATUS},
    {"--no-color", PLAIN},
    {"--no-progress-meter", "use --progress never"},
    {"-#", "use --progress always"},
    {"--progress-bar", "use --progress always"},
    {"-g", "targets have no URL globbing; leave it out"},
    {"--globoff", "targets have no URL globbing; leave it out"},
    {"-N", "lines are written as they arrive; leave it out"},
    {"--compressed", "use -H 'Accept-Encoding: gzip'; no body is read"},
    {"--http2", HTTP1},
    {"--http3", HTTP1},
    {"-G", QUERY},
    {"--get", QUERY},
    {"-E", NO_CERT},
    {"--cert", NO_CERT},
    {"--key", NO_CERT},
    {"--tlsv1.2", BOTH_TLS},
    {"--tlsv1.3", BOTH_TLS},
    {"--basic", BASIC},
    {"--oauth2-bearer", "use -H 'Authorization: Bearer TOKEN'"},
    {"--retry-delay", "use --retry N; the pauses double from a quarter second"},
    {"--http1.0", "that is what is sent anyway"},
};

/* What getopt would take apart into letters that afetch has. */
static const struct habit words[] = {
    {"-iL", LISTS},
    {"-list", LISTS},
    {"-json", "use --json"},
    {"-silent", "use --silent"},
    {"-follow-redirects", "use -L"},
    {"-fr", "use -L"},
    {"-threads", "use -j N"},
    {"-timeout", TIME},
    {"-retries", RETRY},
    {"-rl", RATE},
    {"-sc", STATUS},
    {"-status-code", STATUS},
    {"-server", SERVER},
    {"-web-server", SERVER},
    {"-fc", "use --expect 'status != 404'"},
    {"-mc", MATCH},
    {"-nc", PLAIN},
    {"-no-color", PLAIN},
    {"-ports", PORT},
    {"-http-proxy", "use -x URL"},
    {"-ip", "use --show remote_ip"},
    {"-ct", "use --show content-type"},
    {"-cl", "use --show content-length"},
    {"-rt", "use --show time.total"},
    {"-location", "use --show location"},
    {"-probe", "use --show error"},
    {"-td", SERVER},
    {"-tech-detect", SERVER},
    {"-path", "a path is part of its target, HOST/PATH"},
    {"-random-agent", "use -A STRING"},
    {"-http2", HTTP1},
    {"-title", "no body is read, and so no title"},
    {"-csv", "use --csv"},
};

static bool is_same(struct span written, const char *habit)
{
    return written.len == strlen(habit) &&
           memcmp(written.at, habit, written.len) == 0;
}

static const char *find_habit(
    const struct habit *all, size_t count, struct span written)
{
    for (size_t i = 0; i < count; i++)
        if (is_same(written, all[i].written))
            return all[i].hint;
    return NULL;
}

const char *option_word_hint(const char *word)
{
    return find_habit(
        words, sizeof words / sizeof *words, (struct span){word, strlen(word)});
}

/* "--expct": did you mean --expect? */
static void find_nearest(struct span name, char hint[OPTION_HINT_MAX])
{
    struct nearest nearest = {.word = name};
    for (size_t i = 0; i < option_row_count; i++)
        if (option_rows[i].help)
            nearest_try(&nearest, option_rows[i].name);
    if (nearest.best && nearest.distance <= 2)
        snprintf(hint, OPTION_HINT_MAX, "did you mean --%s?", nearest.best);
}

const char *option_hint(struct span written, char hint[OPTION_HINT_MAX])
{
    const char *habit =
        find_habit(habits, sizeof habits / sizeof *habits, written);
    hint[0] = '\0';
    if (habit)
        snprintf(hint, OPTION_HINT_MAX, "%s", habit);
    else if (span_has_prefix(written, "--"))
        find_nearest((struct span){written.at + 2, written.len - 2}, hint);
    return hint;
}

/* --- targets --- */

static bool byte_is_address(char c)
{
    return byte_is_hex(c) || c == '.' || c == ':';
}

/* "192.0.2.0/24" */
static bool is_block(struct span text)
{
    struct span address = span_take(&text, span_of(text, byte_is_address));
    if (address.len == 0 || text.len < 2 || *text.at != '/' ||
        !(span_has(address, '.') || span_has(address, ':')))
        return false;
    span_take(&text, 1);
    return text.len <= 3 && span_is(text, byte_is_digit) &&
           byte_is_digit(address.at[0]);
}

/* A path or a list; or a name that is there: hosts have dots, too. */
static bool is_file(const char *argument)
{
    const char *end = strrchr(argument, '.');
    bool is_path = *argument == '/' || strncmp(argument, "./", 2) == 0 ||
                   strncmp(argument, "../", 3) == 0;
    bool is_list = end && (!strcmp(end, ".txt") || !strcmp(end, ".lst") ||
                              !strcmp(end, ".csv") || !strcmp(end, ".list"));
    struct stat status;
    if (stat(argument, &status))
        return false;
    return is_path || is_list ||
           (S_ISREG(status.st_mode) && status.st_size > 0);
}

/* "a.test:443", without "https://" */
static bool is_plain_443(struct span text)
{
    static const char port[] = ":443";
    size_t len = sizeof port - 1;
    return text.len > len && !memmem(text.at, text.len, "://", 3) &&
           !memcmp(text.at + text.len - len, port, len);
}

const char *target_hint(const char *argument)
{
    struct span text = {argument, strlen(argument)};
    if (*argument == '@')
        return "to read targets from a file, use -i FILE";
    if (is_file(argument))
        return "that is a file; to read targets from it, use -i FILE";
    if (is_block(text))
        return "blocks of addresses are not expanded; list the addresses";
    if (span_has_prefix(text, "http//") || span_has_prefix(text, "https//"))
        return "a colon is missing; write http://HOST or https://HOST";
    if (is_plain_443(text))
        return "plain HTTP would be sent to port 443; write https://HOST";
    return NULL;
}
