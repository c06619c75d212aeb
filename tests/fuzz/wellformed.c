/*
 * wellformed - see wellformed.h.  None of the program's own checks are used:
 * what they let through is what is asked here.
 */
#include "wellformed.h"

#include "escape.h"
#include "request.h"
#include "target/target.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void check_visible(const char *text)
{
    assert(*text);
    for (; *text; text++)
        assert(*text > ' ' && *text <= '~');
}

void check_same_target(const struct target *a, const struct target *b)
{
    assert(a->scheme == b->scheme && a->port == b->port);
    assert(strcmp(a->host, b->host) == 0);
    assert(strcmp(a->path, b->path) == 0);
    assert(strcmp(a->url, b->url) == 0);
    assert(a->literal == b->literal);
}

static void check_literal(const struct target *a, const struct target *b)
{
    assert(a->address.sa.sa_family == b->address.sa.sa_family);
    if (a->address.sa.sa_family == AF_INET)
        assert(a->address.in.sin_addr.s_addr == b->address.in.sin_addr.s_addr);
    else
        assert(!memcmp(&a->address.in6.sin6_addr, &b->address.in6.sin6_addr,
            sizeof a->address.in6.sin6_addr));
    assert(a->address.in.sin_port == htons(a->port));
}

static void check_again(const struct target *target)
{
    struct target *again = NULL;
    const char *reason;
    size_t len = strlen(target->url);
    assert(target_parse(target->url, len, &again, &reason) == 0);
    check_same_target(target, again);
    assert(!again->absolute && again->has_address == target->literal);
    target_destroy(again);
}

static void check_input(const struct target *target)
{
    struct target *again = NULL;
    const char *reason;
    size_t len = strlen(target->input);
    assert(target_parse(target->input, len, &again, &reason) == 0);
    check_same_target(target, again);
    assert(strcmp(target->input, again->input) == 0);
    assert(target->absolute == again->absolute);
    if (target->literal)
        check_literal(again, again);
    target_destroy(again);
}

/* The bytes up to `end`, which is passed over, in *at. */
static size_t part(const char **at, const char *end)
{
    const char *found = strstr(*at, end);
    assert(found);
    size_t len = (size_t)(found - *at);
    *at = found + strlen(end);
    return len;
}

static void check_token(const char *text, size_t len)
{
    assert(len > 0);
    for (size_t i = 0; i < len; i++)
        assert(text[i] > ' ' && text[i] <= '~' &&
               !strchr("\"(),/:;<=>?@[\\]{}", text[i]));
}

static void check_value(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        assert((c >= ' ' && c != 0x7f) || c == '\t');
    }
}

static const char *check_request_line(const char *at)
{
    const char *begin = at;
    check_token(begin, part(&at, " "));
    begin = at;
    size_t len = part(&at, " ");
    assert(len > 0);
    for (size_t i = 0; i < len; i++)
        assert(begin[i] > ' ' && begin[i] <= '~');
    assert(
        !strncmp(at, "HTTP/1.0\r\n", 10) || !strncmp(at, "HTTP/1.1\r\n", 10));
    return at + 10;
}

/* One field line; true if it is Host. */
static bool check_field(const char **at)
{
    const char *line = *at, *value = line;
    size_t len = part(at, "\r\n"), name_len = part(&value, ":");
    assert(name_len < len);
    check_token(line, name_len);
    check_value(value, len - name_len - 1);
    return name_len == 4 && strncasecmp(line, "Host", 4) == 0;
}

void check_request(const char *bytes, size_t len)
{
    char *text = strndup(bytes, len);
    int hosts = 0;
    assert(text && strlen(text) == len);
    const char *at = check_request_line(text);
    while (strncmp(at, "\r\n", 2) != 0)
        hosts += check_field(&at);
    assert(at + 2 == text + len);
    assert(hosts <= 1);
    free(text);
}

void check_wishes(
    const struct request_wishes *wishes, const struct target *target)
{
    struct request_turn turn = {.target = target, .method = wishes->method};
    size_t len;
    char *bytes = request_write(wishes, &turn, &len);
    assert(bytes);
    check_request(bytes, len);
    free(bytes);
}

/* "GET /path HTTP/1.0", "Host: host[:port]" and no more, byte for byte. */
static void check_plain_request(const struct target *target)
{
    struct request_wishes wishes = {.method = "GET", .user_agent = ""};
    struct request_turn turn = {.target = target, .method = "GET"};
    bool brackets = strchr(target->host, ':');
    char port[16] = "", *expected;
    size_t len;
    if (target->port != (target->scheme == TARGET_HTTP ? 80 : 443))
        snprintf(port, sizeof port, ":%u", (unsigned)target->port);
    int size = asprintf(&expected,
        "GET %s HTTP/1.0\r\nHost: %s%s%s%s\r\nAccept: */*\r\n\r\n",
        target->path, brackets ? "[" : "", target->host, brackets ? "]" : "",
        port);
    char *bytes = request_write(&wishes, &turn, &len);
    assert(bytes && len == (size_t)size && !memcmp(bytes, expected, len));
    check_request(bytes, len);
    free(bytes);
    free(expected);
}

void check_target(const struct target *target)
{
    check_visible(target->host);
    check_visible(target->path);
    check_visible(target->url);
    assert(*target->path == '/' && !strchr(target->path, '#'));
    assert(!strpbrk(target->host, "/?#@[]%"));
    assert(target->port != 0);
    check_again(target);
    check_input(target);
    check_plain_request(target);
}

void check_message(const char *text)
{
    size_t len = strlen(text);
    assert(len > 0);
    assert(escape_plain(text, len) == len);
}
