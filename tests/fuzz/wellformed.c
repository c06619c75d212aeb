/*
 * wellformed - see wellformed.h.  None of the program's own checks are used:
 * what they let through is what is asked here.
 */
#include "wellformed.h"

#include "fuzz.h"

#include "fetch/request.h"
#include "input/target.h"
#include "text/escape.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void check_visible(const char *text)
{
    fuzz_must(*text);
    for (; *text; text++)
        fuzz_must(*text > ' ' && *text <= '~');
}

void check_same_target(const struct target *a, const struct target *b)
{
    fuzz_must(a->scheme == b->scheme && a->port == b->port);
    fuzz_must(strcmp(a->host, b->host) == 0);
    fuzz_must(strcmp(a->path, b->path) == 0);
    fuzz_must(strcmp(a->url, b->url) == 0);
    fuzz_must(a->literal == b->literal);
}

static void check_literal(const struct target *a, const struct target *b)
{
    fuzz_must(a->address.sa.sa_family == b->address.sa.sa_family);
    if (a->address.sa.sa_family == AF_INET)
        fuzz_must(
            a->address.in.sin_addr.s_addr == b->address.in.sin_addr.s_addr);
    else
        fuzz_must(!memcmp(&a->address.in6.sin6_addr, &b->address.in6.sin6_addr,
            sizeof a->address.in6.sin6_addr));
    fuzz_must(a->address.in.sin_port == htons(a->port));
}

static void check_again(const struct target *target)
{
    struct target *again = NULL;
    const char *reason;
    size_t len = strlen(target->url);
    fuzz_must(target_parse(target->url, len, &again, &reason) == 0);
    check_same_target(target, again);
    fuzz_must(!again->absolute && again->has_address == target->literal);
    target_destroy(again);
}

static void check_input(const struct target *target)
{
    struct target *again = NULL;
    const char *reason;
    size_t len = strlen(target->input);
    fuzz_must(target_parse(target->input, len, &again, &reason) == 0);
    check_same_target(target, again);
    fuzz_must(strcmp(target->input, again->input) == 0);
    fuzz_must(target->absolute == again->absolute);
    if (target->literal)
        check_literal(again, again);
    target_destroy(again);
}

/* The bytes up to `end`, which is passed over, in *at. */
static size_t part(const char **at, const char *end)
{
    const char *found = strstr(*at, end);
    fuzz_must(found);
    size_t len = (size_t)(found - *at);
    *at = found + strlen(end);
    return len;
}

static void check_token(const char *text, size_t len)
{
    fuzz_must(len > 0);
    for (size_t i = 0; i < len; i++)
        fuzz_must(text[i] > ' ' && text[i] <= '~' &&
                  !strchr("\"(),/:;<=>?@[\\]{}", text[i]));
}

static void check_value(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        fuzz_must((c >= ' ' && c != 0x7f) || c == '\t');
    }
}

static const char *check_request_line(const char *at)
{
    const char *begin = at;
    check_token(begin, part(&at, " "));
    begin = at;
    size_t len = part(&at, " ");
    fuzz_must(len > 0);
    for (size_t i = 0; i < len; i++)
        fuzz_must(begin[i] > ' ' && begin[i] <= '~');
    fuzz_must(
        !strncmp(at, "HTTP/1.0\r\n", 10) || !strncmp(at, "HTTP/1.1\r\n", 10));
    return at + 10;
}

/* One field line; true if it is Host. */
static bool check_field(const char **at)
{
    const char *line = *at, *value = line;
    size_t len = part(at, "\r\n"), name_len = part(&value, ":");
    fuzz_must(name_len < len);
    check_token(line, name_len);
    check_value(value, len - name_len - 1);
    return name_len == 4 && strncasecmp(line, "Host", 4) == 0;
}

void check_request(const char *bytes, size_t len)
{
    char *text = strndup(bytes, len);
    int hosts = 0;
    fuzz_must(text && strlen(text) == len);
    const char *at = check_request_line(text);
    while (strncmp(at, "\r\n", 2) != 0)
        hosts += check_field(&at);
    fuzz_must(at + 2 == text + len);
    fuzz_must(hosts <= 1);
    free(text);
}

void check_wishes(
    const struct request_wishes *wishes, const struct target *target)
{
    struct request_turn turn = {.target = target, .method = wishes->method};
    struct request_bytes bytes;
    fuzz_must(request_write(wishes, &turn, &bytes) == 0);
    check_request(bytes.at, bytes.len);
    free(bytes.at);
}

/* "GET /path HTTP/1.0", "Host: host[:port]" and no more, byte for byte. */
static void check_plain_request(const struct target *target)
{
    struct request_wishes wishes = {.method = "GET", .user_agent = ""};
    struct request_turn turn = {.target = target, .method = "GET"};
    bool brackets = strchr(target->host, ':');
    char port[16] = "", *expected;
    struct request_bytes bytes;
    if (target->port != (target->scheme == TARGET_HTTP ? 80 : 443))
        snprintf(port, sizeof port, ":%u", (unsigned)target->port);
    int size = asprintf(&expected,
        "GET %s HTTP/1.0\r\nHost: %s%s%s%s\r\nAccept: */*\r\n\r\n",
        target->path, brackets ? "[" : "", target->host, brackets ? "]" : "",
        port);
    fuzz_must(request_write(&wishes, &turn, &bytes) == 0);
    fuzz_must(bytes.len == (size_t)size);
    fuzz_must(memcmp(bytes.at, expected, bytes.len) == 0);
    check_request(bytes.at, bytes.len);
    free(bytes.at);
    free(expected);
}

void check_target(const struct target *target)
{
    check_visible(target->host);
    check_visible(target->path);
    check_visible(target->url);
    fuzz_must(*target->path == '/' && !strchr(target->path, '#'));
    fuzz_must(!strpbrk(target->host, "/?#@[]%"));
    fuzz_must(target->port != 0);
    check_again(target);
    check_input(target);
    check_plain_request(target);
}

void check_message(const char *text)
{
    size_t len = strlen(text);
    fuzz_must(len > 0);
    fuzz_must(escape_plain(text, len) == len);
}
