/*
 * target by tables: every form that is taken, every form that is refused
 * with its reason, what is shown of either, and lack of memory.
 */
#include "input/target.h"

#include "run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* The line in a block that ends where it ends: no byte past it is read. */
static int parse(
    const char *line, size_t len, struct target **out, const char **reason)
{
    char *copy = malloc(len);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, line, len);
    int rc = target_parse(copy, len, out, reason);
    memset(copy, '#', len); /* nothing of a target points into its line */
    free(copy);
    return rc;
}

static const char *refusal(const char *line, size_t len)
{
    struct target *target = NULL;
    const char *reason = NULL;
    int rc = parse(line, len, &target, &reason);
    ck_assert_msg(rc == -EINVAL, "%s: %d", line, rc);
    ck_assert_ptr_null(target);
    ck_assert_ptr_nonnull(reason);
    return reason;
}

static struct target *accepted(const char *line, size_t len)
{
    struct target *target = NULL;
    const char *reason = NULL;
    int rc = parse(line, len, &target, &reason);
    ck_assert_msg(rc == 0, "%s: %d %s", line, rc, reason ? reason : "");
    ck_assert_ptr_null(reason);
    return target;
}

/* "192.0.2.7 80", "fe80::1%1 80" or "" */
static void address_text(const struct target *target, char out[80])
{
    char ip[INET6_ADDRSTRLEN];
    out[0] = '\0';
    if (!target->has_address) {
        ck_assert_int_eq(target->address.sa.sa_family, AF_UNSPEC);
    } else if (target->address.sa.sa_family == AF_INET) {
        const struct sockaddr_in *in = &target->address.in;
        inet_ntop(AF_INET, &in->sin_addr, ip, sizeof ip);
        snprintf(out, 80, "%s %d", ip, ntohs(in->sin_port));
    } else {
        const struct sockaddr_in6 *in6 = &target->address.in6;
        ck_assert_int_eq(in6->sin6_family, AF_INET6);
        inet_ntop(AF_INET6, &in6->sin6_addr, ip, sizeof ip);
        snprintf(out, 80, "%s%%%u %d", ip, in6->sin6_scope_id,
            ntohs(in6->sin6_port));
    }
}

#define LITERAL 1
#define ABSOLUTE 2

static const struct {
    const char *line, *host, *url;
    const char *path; /* how long the URL's end is, as text */
    int port, flags;
    const char *address;
} good[] = {
    /* names */
    {"www.example.com", "www.example.com", "http://www.example.com/", "/", 80,
        0, ""},
    {"h", "h", "http://h/", "/", 80, 0, ""},
    {"h:8080", "h", "http://h:8080/", "/", 8080, 0, ""},
    {"h:80", "h", "http://h/", "/", 80, 0, ""},
    {"h:443", "h", "http://h:443/", "/", 443, 0, ""},
    {"h:1", "h", "http://h:1/", "/", 1, 0, ""},
    {"h:65535", "h", "http://h:65535/", "/", 65535, 0, ""},
    {"h/p", "h", "http://h/p", "/p", 80, 0, ""},
    {"h:8080/path", "h", "http://h:8080/path", "/path", 8080, 0, ""},
    {"h?q=1", "h", "http://h/?q=1", "/?q=1", 80, 0, ""},
    {"h#f", "h", "http://h/", "/", 80, 0, ""},
    {"h:81#f", "h", "http://h:81/", "/", 81, 0, ""},
    {"WwW.Example.COM", "WwW.Example.COM", "http://WwW.Example.COM/", "/", 80,
        0, ""},
    {"under_score.example", "under_score.example",
        "http://under_score.example/", "/", 80, 0, ""},
    {"example.com.", "example.com", "http://example.com/", "/", 80, ABSOLUTE,
        ""},
    {"h.:81/p", "h", "http://h:81/p", "/p", 81, ABSOLUTE, ""},
    {"3com.com", "3com.com", "http://3com.com/", "/", 80, 0, ""},
    {"1.2.3.4.in-addr", "1.2.3.4.in-addr", "http://1.2.3.4.in-addr/", "/", 80,
        0, ""},
    {"xn--bcher-kva.example", "xn--bcher-kva.example",
        "http://xn--bcher-kva.example/", "/", 80, 0, ""},
    /* URLs */
    {"http://h", "h", "http://h/", "/", 80, 0, ""},
    {"http://h/", "h", "http://h/", "/", 80, 0, ""},
    {"https://h", "h", "https://h/", "/", 443, 0, ""},
    {"https://h:443/", "h", "https://h/", "/", 443, 0, ""},
    {"https://h:80/", "h", "https://h:80/", "/", 80, 0, ""},
    {"HTTP://h/", "h", "http://h/", "/", 80, 0, ""},
    {"hTTpS://h/", "h", "https://h/", "/", 443, 0, ""},
    {"http://h?q", "h", "http://h/?q", "/?q", 80, 0, ""},
    {"http://h?q/r?s", "h", "http://h/?q/r?s", "/?q/r?s", 80, 0, ""},
    {"http://h#f?no", "h", "http://h/", "/", 80, 0, ""},
    {"http://h/a/b?c=d&e#f", "h", "http://h/a/b?c=d&e", "/a/b?c=d&e", 80, 0,
        ""},
    {"http://h/a#b#c", "h", "http://h/a", "/a", 80, 0, ""},
    {"http://h//x://y", "h", "http://h//x://y", "//x://y", 80, 0, ""},
    {"h/a@b:c@d", "h", "http://h/a@b:c@d", "/a@b:c@d", 80, 0, ""},
    {"h?u=a@b", "h", "http://h/?u=a@b", "/?u=a@b", 80, 0, ""},
    {"h/%0d%0aX-Evil:%201", "h", "http://h/%0d%0aX-Evil:%201",
        "/%0d%0aX-Evil:%201", 80, 0, ""},
    {"h/\"<>\\^`{|}~'", "h", "http://h/\"<>\\^`{|}~'", "/\"<>\\^`{|}~'", 80, 0,
        ""},
    {"h/b\xc3\xbc\x80\xff?\xa0", "h", "http://h/b%C3%BC%80%FF?%A0",
        "/b%C3%BC%80%FF?%A0", 80, 0, ""},
    /* IDNA */
    {"b\303\274cher.example", "xn--bcher-kva.example",
        "http://xn--bcher-kva.example/", "/", 80, 0, ""},
    {"https://stra\303\237e.example:8443/\xc3\xbc", "xn--strae-oqa.example",
        "https://xn--strae-oqa.example:8443/%C3%BC", "/%C3%BC", 8443, 0, ""},
    {"B\303\234CHER.example.", "xn--bcher-kva.example",
        "http://xn--bcher-kva.example/", "/", 80, ABSOLUTE, ""},
    /* literals */
    {"127.0.0.1", "127.0.0.1", "http://127.0.0.1/", "/", 80, LITERAL,
        "127.0.0.1 80"},
    {"192.0.2.7:81/p", "192.0.2.7", "http://192.0.2.7:81/p", "/p", 81, LITERAL,
        "192.0.2.7 81"},
    {"https://192.0.2.7", "192.0.2.7", "https://192.0.2.7/", "/", 443, LITERAL,
        "192.0.2.7 443"},
    {"::1", "::1", "http://[::1]/", "/", 80, LITERAL, "::1%0 80"},
    {"::", "::", "http://[::]/", "/", 80, LITERAL, "::%0 80"},
    {"2001:DB8:0::7", "2001:DB8:0::7", "http://[2001:DB8:0::7]/", "/", 80,
        LITERAL, "2001:db8::7%0 80"},
    {"::ffff:192.0.2.7", "::ffff:192.0.2.7", "http://[::ffff:192.0.2.7]/", "/",
        80, LITERAL, "::ffff:192.0.2.7%0 80"},
    {"[::1]", "::1", "http://[::1]/", "/", 80, LITERAL, "::1%0 80"},
    {"[::1]:8080", "::1", "http://[::1]:8080/", "/", 8080, LITERAL,
        "::1%0 8080"},
    {"[::1]/p?q", "::1", "http://[::1]/p?q", "/p?q", 80, LITERAL, "::1%0 80"},
    {"https://[::1]:8443?q", "::1", "https://[::1]:8443/?q", "/?q", 8443,
        LITERAL, "::1%0 8443"},
    {"fe80::1%1", "fe80::1", "http://[fe80::1]/", "/", 80, LITERAL,
        "fe80::1%1 80"},
    {"[fe80::1%251]:81", "fe80::1", "http://[fe80::1]:81/", "/", 81, LITERAL,
        "fe80::1%1 81"},
    {"http://[fe80::1%7]/x", "fe80::1", "http://[fe80::1]/x", "/x", 80, LITERAL,
        "fe80::1%7 80"},
    /* a second column */
    {"h 192.0.2.7", "h", "http://h/", "/", 80, 0, "192.0.2.7 80"},
    {"https://h/p\t2001:db8::7", "h", "https://h/p", "/p", 443, 0,
        "2001:db8::7%0 443"},
    {"h:81 \t [2001:db8::7]", "h", "http://h:81/", "/", 81, 0,
        "2001:db8::7%0 81"},
    {"h fe80::1%3", "h", "http://h/", "/", 80, 0, "fe80::1%3 80"},
    {"h [fe80::1%253]", "h", "http://h/", "/", 80, 0, "fe80::1%3 80"},
    {"::1 192.0.2.7", "::1", "http://[::1]/", "/", 80, LITERAL, "192.0.2.7 80"},
    {"192.0.2.7 ::1", "192.0.2.7", "http://192.0.2.7/", "/", 80, LITERAL,
        "::1%0 80"},
};

static void assert_target(const struct target *target, size_t row)
{
    char address[80];
    const char *line = good[row].line;
    size_t input = strcspn(line, " \t");
    address_text(target, address);
    ck_assert_uint_eq(strlen(target->input), input);
    ck_assert_mem_eq(target->input, line, input);
    ck_assert_str_eq(target->host, good[row].host);
    ck_assert_str_eq(target->path, good[row].path);
    ck_assert_str_eq(target->url, good[row].url);
    ck_assert_int_eq(target->port, good[row].port);
    ck_assert_int_eq(target->literal, (good[row].flags & LITERAL) != 0);
    ck_assert_int_eq(target->absolute, (good[row].flags & ABSOLUTE) != 0);
    ck_assert_int_eq(target->scheme,
        strncmp(good[row].url, "https:", 6) == 0 ? TARGET_HTTPS : TARGET_HTTP);
    ck_assert_msg(
        strcmp(address, good[row].address) == 0, "%s: %s", line, address);
}

START_TEST(good_table)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        struct target *target = accepted(good[i].line, strlen(good[i].line));
        assert_target(target, i);
        target_destroy(target);
    }
}
END_TEST

/* Blanks around a line are no columns. */
START_TEST(good_table_in_blanks)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        char line[256];
        int len = snprintf(line, sizeof line, " \t%s \t\t ", good[i].line);
        struct target *target = accepted(line, (size_t)len);
        assert_target(target, i);
        target_destroy(target);
    }
}
END_TEST

#define CONTROL "control character in the target"
#define USERINFO "user name or password in the target"
#define NOT_NUMBER "port is not a number"
#define NO_URL NOT_NUMBER " (URLs begin with http:// or https://)"
#define SLASHES "a URL has two slashes, as in http://HOST/"
#define RANGE "port out of range"
#define ZERO "port has a leading zero"
#define EMPTY_PORT "port is empty"
#define LABEL "empty label in host name"
#define BYTE "character not allowed in host name"
#define NUMBER "neither a host name nor an IPv4 address"
#define PORT "second column has a port, which belongs in the first: HOST:PORT"
#define NOT_V6 "not an IPv6 address"
#define COLONS "neither HOST:PORT nor an IPv6 address"
#define BRACKETS "an IPv6 address needs brackets here"
#define NO_ZONE "no such network interface"
#define ADDRESS "second column is not an address"
#define IDNA "host name not allowed by IDNA 2008"
#define UTF8 "host name is not valid UTF-8"
#define SCHEME "only http:// and https:// URLs are fetched"

#define LINE(text) text, sizeof(text) - 1

static const struct {
    const char *line;
    size_t len;
    const char *reason;
} bad[] = {
    {LINE(""), "no host"},
    {LINE(" \t"), "no host"},
    {LINE("http://"), "no host"},
    {LINE("http:///p"), "no host"},
    {LINE("http://?q"), "no host"},
    {LINE("http://:80/"), "no host"},
    {LINE("/p"), "no host"},
    {LINE("//h/p"), "no host"},
    {LINE(":80"), "no host"},
    {LINE("://h"), "no host"},
    {LINE("?q"), "no host"},
    {LINE("#h"), "no host"},
    /* schemes */
    {LINE("ftp://h/"), SCHEME},
    {LINE("httpx://h/"), SCHEME},
    {LINE("htt://h/"), SCHEME},
    {LINE("ws+http://h/"), SCHEME},
    {LINE("h.example://h/"), SCHEME},
    {LINE("file:///etc/passwd"), SCHEME},
    {LINE("http:/h/"), SLASHES},
    {LINE("http:h"), SLASHES},
    {LINE("HTTPS:h/p"), SLASHES},
    {LINE("http:8080x"), SLASHES},
    {LINE("http:080"), ZERO},
    {LINE("http://http:/"), EMPTY_PORT},
    {LINE("mailto:x"), NO_URL},
    {LINE("about:blank"), NO_URL},
    {LINE("mailto:a@b"), USERINFO},
    /* user information */
    {LINE("a@b:80"), USERINFO},
    {LINE("user:pass@h"), USERINFO},
    {LINE("http://user:pass@h/"), USERINFO},
    {LINE("http://@h/"), USERINFO},
    {LINE("https://u@[::1]:443/"), USERINFO},
    {LINE("u:p@::1"), USERINFO},
    {LINE("h@"), USERINFO},
    {LINE("good\\@evil"), USERINFO},
    /* ports */
    {LINE("h:"), EMPTY_PORT},
    {LINE("h:/p"), EMPTY_PORT},
    {LINE("http://h:"), EMPTY_PORT},
    {LINE("[::1]:"), EMPTY_PORT},
    {LINE("h:0"), RANGE},
    {LINE("h:65536"), RANGE},
    {LINE("h:99999"), RANGE},
    {LINE("h:4294967376"), RANGE},
    {LINE("h:18446744073709551696"), RANGE},
    {LINE("h:-1"), NOT_NUMBER},
    {LINE("h:+80"), NOT_NUMBER},
    {LINE("h:8x"), NOT_NUMBER},
    {LINE("h:0x50"), NOT_NUMBER},
    {LINE("h:http"), NO_URL},
    {LINE("h:080"), ZERO},
    {LINE("h:00"), ZERO},
    {LINE("[::1]:080"), ZERO},
    {LINE("127.0.0.1:0"), RANGE},
    /* names; more in test_hostname.c */
    {LINE("a..b"), LABEL},
    {LINE(".x"), LABEL},
    {LINE("."), LABEL},
    {LINE("a.."), LABEL},
    {LINE("-"), "host name of hyphens only"},
    {LINE("---."), "host name of hyphens only"},
    {LINE("*"), BYTE},
    {LINE("*.example"), BYTE},
    {LINE("a%41"), BYTE},
    {LINE("a\\b"), BYTE},
    {LINE("a[::1]"), COLONS},
    {LINE("127.1"), NUMBER},
    {LINE("0x7f.1"), NUMBER},
    {LINE("0x7F000001"), NUMBER},
    {LINE("2130706433"), NUMBER},
    {LINE("2130706433:80/p"), NUMBER},
    {LINE("1.2.3.4.5"), NUMBER},
    {LINE("256.1.1.1"), NUMBER},
    {LINE("127.0.0.01"), NUMBER},
    {LINE("127.0.0.1."), NUMBER},
    {LINE("0"), NUMBER},
    {LINE("a.1"), NUMBER},
    {LINE("http://127.1/"), NUMBER},
    /* IDNA: a snowman, a joiner, ISO 8859-1, a soft hyphen and nothing else,
     * a full-width 1, a full-width slash */
    {LINE("\xe2\x98\x83.example"), IDNA},
    {LINE("a\342\200\215b.example"), IDNA},
    {LINE("b\374cher.example"), UTF8},
    {LINE("\xff"), UTF8},
    {LINE("\xc2\xad"), LABEL},
    {LINE("\xef\xbc\x91.0.0.1"), NUMBER},
    {LINE("\xc3\xbc\xef\xbc\x8fx"), IDNA},
    /* IPv6 */
    {LINE(":::"), NOT_V6},
    {LINE("a:b:c"), NOT_V6},
    {LINE("h:80:90"), COLONS},
    {LINE("x:80:90"), COLONS},
    {LINE("http:x:80"), COLONS},
    {LINE("1:2:3:4:5:6:7:8:9"), NOT_V6},
    {LINE("::1::"), NOT_V6},
    {LINE("::12345"), NOT_V6},
    {LINE("::1]"), COLONS},
    {LINE("::1/p"), BRACKETS},
    {LINE("::1#f"), BRACKETS},
    {LINE("http://::1"), BRACKETS},
    {LINE("http://h:80:90/"), BRACKETS},
    {LINE("[]"), NOT_V6},
    {LINE("[]:80"), NOT_V6},
    {LINE("[h]"), NOT_V6},
    {LINE("[127.0.0.1]"), NOT_V6},
    {LINE("[v1.x]"), NOT_V6},
    {LINE("[[::1]"), NOT_V6},
    {LINE("[[::1]]"), "only a port may follow an address in brackets"},
    {LINE("["), "no closing bracket"},
    {LINE("[::1"), "no closing bracket"},
    {LINE("[::1/]"), "no closing bracket"},
    {LINE("[::1]x"), "only a port may follow an address in brackets"},
    {LINE("[::1]]"), "only a port may follow an address in brackets"},
    {LINE("[::1]80"), "only a port may follow an address in brackets"},
    {LINE("[::1]:80:90"), NOT_NUMBER},
    {LINE("fe80::1%"), NO_ZONE},
    {LINE("fe80::1%0"), NO_ZONE},
    {LINE("fe80::1%nope0"), NO_ZONE},
    {LINE("fe80::1%25lo"), NO_ZONE},
    {LINE("[fe80::1%25nope0]"), NO_ZONE},
    {LINE("[fe80::1%]"), NO_ZONE},
    {LINE("127.0.0.1%lo"), BYTE},
    /* columns */
    {LINE("h 192.0.2.7 x"), "more than two columns"},
    {LINE("h 192.0.2.7 # x"), "more than two columns"},
    {LINE("h 8080"), PORT},
    {LINE("h 192.0.2.7:8080"), PORT},
    {LINE("h [2001:db8::7]:8080"), PORT},
    {LINE("h x"), ADDRESS},
    {LINE("h 127.1"), ADDRESS},
    {LINE("h 192.0.2.7:80"), PORT},
    {LINE("h [192.0.2.7]"), ADDRESS},
    {LINE("h [::1]:80"), PORT},
    {LINE("h [::1"), NOT_V6},
    {LINE("h []"), ADDRESS},
    {LINE("h ["), ADDRESS},
    {LINE("h ::1%nope0"), NO_ZONE},
    {LINE("a b.example"), ADDRESS},
    {LINE("h/a b"), ADDRESS},
    /* what would be a line of a request */
    {LINE("good\r\nX-Evil: 1"), CONTROL},
    {LINE("h\r"), CONTROL},
    {LINE("h/p\r\n"), CONTROL},
    {LINE("h\0"), CONTROL},
    {LINE("\0"), CONTROL},
    {LINE("h/\x1b[31m"), CONTROL},
    {LINE("h 192.0.2.7\x7f"), CONTROL},
};

START_TEST(bad_table)
{
    for (size_t i = 0; i < COUNT(bad); i++)
        ck_assert_msg(
            strcmp(refusal(bad[i].line, bad[i].len), bad[i].reason) == 0,
            "%s: %s", bad[i].line, refusal(bad[i].line, bad[i].len));
}
END_TEST

static bool is_printable(const char *text)
{
    while (*text > ' ' && *text < 0x7f)
        text++;
    return *text == '\0';
}

/* The byte at `at`, whatever it is, never gets into a request raw. */
static void try_every_byte(const char *plain, size_t at)
{
    for (int byte = 0; byte < 256; byte++) {
        char line[32];
        struct target *target = NULL;
        const char *reason = NULL;
        size_t len = strlen(plain);
        memcpy(line, plain, len);
        line[at] = (char)byte;
        int rc = parse(line, len, &target, &reason);
        bool control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
        ck_assert_int_eq(reason && strcmp(reason, CONTROL) == 0, control);
        ck_assert_int_eq(rc, reason ? -EINVAL : 0);
        ck_assert_msg(!target || is_printable(target->url), "%02x", byte);
        target_destroy(target);
    }
}

START_TEST(any_byte_anywhere)
{
    const char *const plain[] = {
        "http://a.b:80/p?q#f 192.0.2.7", "h:80/x", "[::1]:80", "ab"};
    for (size_t i = 0; i < COUNT(plain); i++) {
        for (size_t at = 0; at < strlen(plain[i]); at++)
            try_every_byte(plain[i], at);
    }
}
END_TEST

/* In a name these and no others. */
START_TEST(name_bytes)
{
    for (int byte = 0x21; byte < 0x7f; byte++) {
        char line[] = "a?b";
        line[1] = (char)byte;
        bool name = strchr("-_.", byte) || (byte >= '0' && byte <= '9') ||
                    ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
        if (name)
            target_destroy(accepted(line, 3));
        else if (!strchr("/?#", byte))
            refusal(line, 3);
    }
}
END_TEST

START_TEST(every_port)
{
    for (unsigned port = 1; port < 65536; port++) {
        char line[32];
        struct target *target = NULL;
        const char *reason;
        int len = snprintf(line, sizeof line, "h:%u", port);
        target_parse(line, (size_t)len, &target, &reason);
        if (!target || target->port != port)
            ck_abort_msg("port %u", port);
        target_destroy(target);
    }
}
END_TEST

/* Each cut is a target or is refused; none is read past its end. */
START_TEST(cut_at_every_length)
{
    const char *const whole[] = {"https://www.example.com:8443/p?q#f ::1",
        "[fe80::1%25lo]:80/x [::1]", "b\303\274cher.example"};
    for (size_t i = 0; i < COUNT(whole); i++) {
        for (size_t len = 0; len <= strlen(whole[i]); len++) {
            struct target *target = NULL;
            const char *reason = NULL;
            int rc = parse(whole[i], len, &target, &reason);
            ck_assert_int_eq(rc, target ? 0 : -EINVAL);
            ck_assert((target == NULL) == (reason != NULL));
            target_destroy(target);
        }
    }
}
END_TEST

START_TEST(zone_by_name)
{
    char name[IF_NAMESIZE], line[64];
    const char *const forms[] = {"fe80::1%%%s", "[fe80::1%%%s]",
        "[fe80::1%%25%s]", "h fe80::1%%%s", "h [fe80::1%%25%s]"};
    if (!if_indextoname(1, name))
        return;
    for (size_t i = 0; i < COUNT(forms); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        int len = snprintf(line, sizeof line, forms[i], name);
#pragma GCC diagnostic pop
        struct target *target = accepted(line, (size_t)len);
        ck_assert_uint_eq(target->address.in6.sin6_scope_id, 1);
        ck_assert_ptr_null(strchr(target->host, '%'));
        target_destroy(target);
    }
}
END_TEST

/* Linear time: the square of this length is over the time limit. */
START_TEST(long_lines)
{
    enum { LEN = 256 * 1024 };
    const char bytes[] = "a.:/?#@[]%0 -\xc3";
    char *line = malloc(LEN);
    ck_assert_ptr_nonnull(line);
    for (size_t i = 0; i < sizeof bytes; i++) {
        for (int prefix = 0; prefix < 2; prefix++) {
            struct target *target = NULL;
            const char *reason;
            memset(line, bytes[i], LEN);
            if (prefix)
                memcpy(line, "http://h/", 9);
            target_parse(line, LEN, &target, &reason);
            target_destroy(target);
            size_t len;
            free(target_shown(line, LEN, &len));
        }
    }
    free(line);
}
END_TEST

static const struct {
    const char *line;
    size_t len;
    const char *shown;
    size_t shown_len;
} shown[] = {
    {LINE(""), LINE("")},
    {LINE(" \t "), LINE("")},
    {LINE("h"), LINE("h")},
    {LINE("  h:80/p \t192.0.2.7 x"), LINE("h:80/p")},
    {LINE("http://user:pass@host/"), LINE("http://***@host/")},
    {LINE("user:pass@host"), LINE("***@host")},
    {LINE("user@host:80/p@q?r@s"), LINE("***@host:80/p@q?r@s")},
    {LINE("http://@host/"), LINE("http://***@host/")},
    {LINE("HTTPS://u:p@[::1]:80/"), LINE("HTTPS://***@[::1]:80/")},
    {LINE("ftp://u:p@host/"), LINE("ftp://***@host/")},
    {LINE("http://u:p@q:r@host/"), LINE("http://***@host/")},
    {LINE("u:p@"), LINE("***@")},
    {LINE("user:p@ss@host://x"), LINE("***@host://x")},
    /* a password may have any byte in it */
    {LINE("me:se cret@host"), LINE("***@host")},
    {LINE("me:p/w@host/x"), LINE("***@host/x")},
    {LINE("http://u:p#ss@host/"), LINE("http://***@host/")},
    /* an "@" behind the authority is nobody's name */
    {LINE("host/a@b"), LINE("host/a@b")},
    {LINE("host:80/a@b"), LINE("host:80/a@b")},
    {LINE("host?a@b"), LINE("host?a@b")},
    {LINE("host#a@b"), LINE("host#a@b")},
    {LINE("http://host/u:p@x"), LINE("http://host/u:p@x")},
    {LINE("http://host:99999/a@b"), LINE("http://host:99999/a@b")},
    /* the slashes miscounted */
    {LINE("http:/u:p@host/"), LINE("http:/***@host/")},
    {LINE("http:///u:p@host/"), LINE("http:///***@host/")},
    {LINE("//u:p@host/"), LINE("//***@host/")},
    {LINE("://u:p@host/"), LINE("://***@host/")},
    {LINE("http:u:p@host/"), LINE("***@host/")},
    /* bytes */
    {LINE("a\0b\0"), LINE("a\0b\0")},
    {LINE("u:\0p@a\0b"), LINE("***@a\0b")},
    {LINE("a\x1b\r\x7f\xff"), LINE("a\x1b\r\x7f\xff")},
};

static size_t shown_size; /* of what shown_of gave last */

static char *shown_of(const char *line, size_t len)
{
    char *copy = malloc(len);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, line, len);
    char *text = target_shown(copy, len, &shown_size);
    ck_assert_ptr_nonnull(text);
    ck_assert_int_eq(text[shown_size], '\0');
    free(copy);
    return text;
}

START_TEST(shown_table)
{
    for (size_t i = 0; i < COUNT(shown); i++) {
        char *text = shown_of(shown[i].line, shown[i].len);
        ck_assert_uint_eq(shown_size, shown[i].shown_len);
        ck_assert_mem_eq(text, shown[i].shown, shown_size);
        free(text);
    }
}
END_TEST

/* `count` bytes and a character of `size` bytes: it is whole or not there. */
static size_t shown_len(size_t count, const char *character, size_t size)
{
    char line[TARGET_SHOWN_MAX + 8];
    memset(line, 'a', sizeof line);
    memcpy(line + count, character, size);
    char *text = shown_of(line, count + size);
    size_t len = strlen(text);
    ck_assert_mem_eq(text, line, len);
    free(text);
    return len;
}

START_TEST(shown_cut)
{
    enum { MAX = TARGET_SHOWN_MAX };
    const char *const characters[] = {
        "a", "\xc3\xbc", "\xe2\x98\x83", "\xf0\x9f\x98\x80"};
    for (size_t size = 1; size <= 4; size++) {
        for (size_t count = MAX - 6; count <= MAX + 4; count++) {
            size_t len = shown_len(count, characters[size - 1], size);
            size_t most = count > MAX ? MAX : count;
            ck_assert_uint_eq(len, count + size <= MAX ? count + size : most);
        }
    }
}
END_TEST

/* Continuation bytes without end are cut too, and never before the limit. */
START_TEST(shown_cut_of_no_character)
{
    char line[TARGET_SHOWN_MAX + 100];
    memset(line, 0x80, sizeof line);
    char *text = shown_of(line, sizeof line);
    ck_assert_uint_ge(strlen(text), TARGET_SHOWN_MAX - 3);
    ck_assert_uint_le(strlen(text), TARGET_SHOWN_MAX);
    free(text);
}
END_TEST

START_TEST(shown_masks_before_it_cuts)
{
    char line[2 * TARGET_SHOWN_MAX];
    memset(line, 'x', sizeof line);
    memcpy(line, "http://u:", 9);
    memcpy(line + sizeof line - 6, "@host/", 6);
    char *text = shown_of(line, sizeof line);
    ck_assert_str_eq(text, "http://***@host/");
    free(text);
}
END_TEST

START_TEST(destroy_null)
{
    target_destroy(NULL);
}
END_TEST

/* The n-th allocation from now fails; 0: none does. */
static int failing;

static bool fails(void)
{
    return failing > 0 && --failing == 0;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

char *__real_strndup(const char *text, size_t len);
char *__wrap_strndup(const char *text, size_t len);
char *__wrap_strndup(const char *text, size_t len)
{
    return fails() ? NULL : __real_strndup(text, len);
}

START_TEST(no_memory)
{
    const char *const lines[] = {"h", "b\303\274cher.example"};
    for (int i = 0; i < 2; i++) {
        for (int n = 1; n <= i + 1; n++) {
            struct target *target = NULL;
            const char *reason = NULL;
            failing = n;
            int rc = target_parse(lines[i], strlen(lines[i]), &target, &reason);
            ck_assert_int_eq(failing, 0);
            ck_assert_int_eq(rc, -ENOMEM);
            ck_assert_ptr_null(target);
            ck_assert_ptr_null(reason);
        }
    }
    size_t len;
    failing = 1;
    ck_assert_ptr_null(target_shown("h", 1, &len));
}
END_TEST

int main(void)
{
    return run_tests("target",
        (const TTest *const[]){good_table, good_table_in_blanks, bad_table,
            any_byte_anywhere, name_bytes, every_port, cut_at_every_length,
            zone_by_name, long_lines, shown_table, shown_cut,
            shown_cut_of_no_character, shown_masks_before_it_cuts, destroy_null,
            no_memory, NULL});
}
