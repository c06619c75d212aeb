/*
 * evidence: tables of first bytes and of heads, cut at every length.
 */
#include "fetch/evidence.h"

#include "http/http.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define BYTES(text) (text), sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t size;
    const char *has; /* of the words; NULL: there are none */
    size_t enough; /* bytes that tell */
} spoken[] = {
    {BYTES("\5\xff"), "SOCKS 5", 1},
    {BYTES("\0\x5b\0\0\0\0\0\0"), "SOCKS 4", 2},
    {BYTES("\0\x59\0\0\0\0\0\0"), NULL, 0},
    {BYTES("\x15\3\1\0\2\2\x46"), "TLS", 2},
    {BYTES("\x15\4"), NULL, 0},
    {BYTES("HTTP/1.1 400 Bad Request"), "http://", 5},
    {BYTES("\0\0\x12\4\0\0\0\0\0\0\3"), "HTTP/2", 9},
    {BYTES("\0\0\x12\4\1\0\0\0\0\0\3"), NULL, 0},
    {BYTES("\0\0\x12\4\0\0\0\0\1\0\3"), NULL, 0},
    {BYTES("SSH-2.0-x\r\n"), NULL, 0},
};

START_TEST(first_bytes)
{
    for (size_t i = 0; i < COUNT(spoken); i++)
        for (size_t size = 0; size <= spoken[i].size; size++) {
            char *copy = malloc(size ? size : 1);
            memcpy(copy, spoken[i].bytes, size);
            const char *words = evidence_speaks(copy, size);
            bool tells = spoken[i].has && size >= spoken[i].enough;
            ck_assert_msg(
                (words != NULL) == tells, "row %zu, %zu bytes", i, size);
            ck_assert(!words || strstr(words, spoken[i].has));
            free(copy);
        }
}
END_TEST

#define OK "HTTP/1.1 200 OK\n"

static const struct {
    const char *head;
    bool content, no_basic;
} heads[] = {
    {"", false, false},
    {OK, false, false},
    {OK "Content-Length: 0\n", false, false},
    {OK "Content-Length: 0\nContent-Type: text/html\n", false, false},
    {OK "Content-Length: 00\n", true, false},
    {OK "Content-Length:\n", true, false},
    {OK "content-length: 1\n", true, false},
    {OK "Content-Length: 0\nTransfer-Encoding: chunked\n", true, false},
    {OK "Content-Type: text/html\n", true, false},
    {OK "Proxy-Authenticate: Basic realm=\"x\"\n", false, false},
    {OK "Proxy-Authenticate: NTLM\n", false, true},
    {OK "Proxy-Authenticate:\n", false, true},
    {OK "Proxy-Authenticate: NTLM,\tbAsIc\n", false, false},
    {OK "Proxy-Authenticate: NTLM\nproxy-authenticate: Basic\n", false, false},
    {OK "WWW-Authenticate: NTLM\n", false, false},
};

START_TEST(fields)
{
    for (size_t i = 0; i < COUNT(heads); i++) {
        const char *head = *heads[i].head ? heads[i].head : NULL;
        size_t len = strlen(heads[i].head);
        ck_assert_msg(
            evidence_content(head, len) == heads[i].content, "row %zu", i);
        ck_assert_msg(
            evidence_no_basic(head, len) == heads[i].no_basic, "row %zu", i);
    }
}
END_TEST

#define STATUS "HTTP/1.1 502 X\nProxy-Status: "

static const struct {
    const char *head, *has;
} generated[] = {
    {OK, NULL},
    {STATUS "a; error=dns_error\n", "reports dns_error ("},
    {STATUS "a;error=dns_error;next-hop=x\n", "reports dns_error ("},
    {STATUS "a;  error=dns_error, b\n", "reports dns_error ("},
    {STATUS "a; error=dns_error, b; error=proxy_loop_detected\n",
        "reports proxy_loop_detected"},
    {STATUS "a; error=dns_error\nProxy-Status: b; error=dns_timeout\n",
        "reports dns_timeout"},
    {STATUS "a; error=dns_timeout\nProxy-Status: b; fwd=x\n",
        "reports dns_timeout"},
    {STATUS "\"a;error=dns_error\"; details=\"; error=dns_error\\\"\"\n", NULL},
    {STATUS "a; details=\"\\\n", NULL},
    {STATUS "a; details=\"x\n", NULL},
    {STATUS "a; error=dns_errors\n", "an error: see"},
    {STATUS "a; error=\"dns_error\"\n", NULL},
    {STATUS "a; error=\n", NULL},
    {STATUS "a; xerror=dns_error\n", NULL},
    {STATUS ";\n", NULL},
    {STATUS "\n", NULL},
    {"HTTP/1.1 503 X\nX-Squid-Error: ERR_DNS_FAIL 0\nVia: 1.1 a (squid/5)\n",
        "see X-Squid-Error"},
    {"HTTP/1.1 503 X\nX-Squid-Error: ERR_DNS_FAIL 0\nVia: 1.1 a\nVia: 1.1 b\n",
        NULL},
    {"HTTP/1.1 503 X\nServer: tinyproxy/1\nVia: 1.0 a (b, (c), d)\n",
        "tinyproxy"},
    {"HTTP/1.1 503 X\nServer: tinyproxy/1\nVia: 1.0 a )), 1.0 b\n", NULL},
    {"HTTP/1.1 503 X\nServer: not tinyproxy/1\n", NULL},
    {"HTTP/1.1 404 X\nLast-Modified: Wed, 08 Jun 1955 12:00:00 GMT\n",
        "Privoxy"},
};

START_TEST(responses)
{
    for (size_t i = 0; i < COUNT(generated); i++) {
        const char *head = generated[i].head;
        const char *words = evidence_generated(head, strlen(head));
        ck_assert_msg((words != NULL) == (generated[i].has != NULL),
            "row %zu: %s", i, words ? words : "none");
        ck_assert_msg(
            !words || strstr(words, generated[i].has), "row %zu: %s", i, words);
    }
}
END_TEST

/* Whatever is cut off, nothing beyond it is looked at. */
START_TEST(cut_anywhere)
{
    for (size_t i = 0; i < COUNT(generated); i++)
        for (size_t len = strlen(generated[i].head); len > 0; len--) {
            struct http_field field;
            char *copy = malloc(len);
            memcpy(copy, generated[i].head, len);
            evidence_generated(copy, len);
            evidence_content(copy, len);
            evidence_no_basic(copy, len);
            evidence_field(copy, len, &field);
            free(copy);
        }
}
END_TEST

START_TEST(hints)
{
    static const char page[] = "HTTP/1.1 401 X\nServer: tinyproxy/1\n";
    for (int status = 100; status <= 999; status++) {
        const char *hint = evidence_hint(false, status, NULL, 0);
        ck_assert_int_eq(hint != NULL, status == 407);
        hint = evidence_hint(true, status, page, strlen(page));
        ck_assert_int_eq(hint != NULL, status >= 400);
        if (status == 401 || status == 407)
            ck_assert_ptr_nonnull(strstr(hint, "rejected"));
        else
            ck_assert(!hint || strstr(hint, "tinyproxy"));
    }
}
END_TEST

int main(void)
{
    return run_tests("evidence", (const TTest *const[]){first_bytes, fields,
                                     responses, cut_anywhere, hints, NULL});
}
