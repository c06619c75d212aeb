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
#include <unistd.h>

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

static const struct {
    const char *written, *hint;
} habits[] = {
    {"-S", ERRORS},
    {"--show-error", ERRORS},
    {"-Z", AT_ONCE},
    {"--parallel", AT_ONCE},
    {"--parallel-max", "use -j N"},
    {"-l", LISTS},
    {"-list", LISTS},
    {"--list", LISTS},
    {"--url", "targets are arguments; " LISTS},
    {"-t", TIME},
    {"-T", TIME},
    {"--timeout", TIME},
    {"-r", RETRY},
    {"--retries", RETRY},
    {"-d", NO_BODY},
    {"--data", NO_BODY},
    {"-D", SHOWN},
    {"--dump-header", SHOWN},
    {"--include", SHOWN},
    {"-O", "use -o FILE"},
    {"-p", "a port is part of its target, HOST:PORT"},
    {"-b", COOKIE},
    {"--cookie", COOKIE},
    {"-e", REFERER},
    {"--referer", REFERER},
    {"--compressed", "use -H 'Accept-Encoding: gzip'; no body is read"},
    {"--http2", "only HTTP/1 is spoken; use --http1.1"},
    {"--http1.0", "that is what is sent anyway"},
};

static bool is_same(struct span written, const char *habit)
{
    return written.len == strlen(habit) &&
           memcmp(written.at, habit, written.len) == 0;
}

static const char *find_habit(struct span written)
{
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++)
        if (is_same(written, habits[i].written))
            return habits[i].hint;
    return NULL;
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
    const char *habit = find_habit(written);
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

/* Only what looks like a path, or like a list: hosts have dots, too. */
static bool is_file(const char *argument)
{
    const char *end = strrchr(argument, '.');
    bool is_path = *argument == '/' || strncmp(argument, "./", 2) == 0 ||
                   strncmp(argument, "../", 3) == 0;
    bool is_list = end && (!strcmp(end, ".txt") || !strcmp(end, ".lst") ||
                              !strcmp(end, ".csv") || !strcmp(end, ".list"));
    return (is_path || is_list) && access(argument, F_OK) == 0;
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
    return NULL;
}
