/*
 * agree: heads in tables, and what they differ in.
 */
#include "judge/diff.h"

#include "async/core/address.h"
#include "input/target.h"
#include "record/result.h"
#include "run.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESSES_MAX = 64 };

static struct target *site;

/* One more address: its head without the status line, NULL: it failed. */
static void answer(
    struct result *result, size_t i, int status, const char *fields)
{
    struct result *one = &result->addresses[i];
    union address address = {.sa.sa_family = AF_INET};
    address.in.sin_addr.s_addr = htonl(0xc0000200 + (uint32_t)i + 1);
    one->owned = target_at(site, &address.sa);
    one->target = one->owned;
    one->response.status = status;
    if (fields) {
        int len =
            asprintf(&one->response.head, "HTTP/1.1 %d X\n%s", status, fields);
        ck_assert_int_gt(len, 0);
        one->response.head_len = (size_t)len;
    } else {
        result_fail(one, PHASE_CONNECT, FETCH_REFUSED, NULL);
    }
}

static void begin(struct result *result, size_t count)
{
    const char *reason;
    ck_assert_int_eq(target_parse("a.test", 6, &site, &reason), 0);
    result_init(result);
    ck_assert_int_eq(result_begin_addresses(result, count), 0);
}

static void end(struct result *result)
{
    result_fini(result);
    target_destroy(site);
}

#define TWENTY "abcdefghijklmnopqrst"
#define SIXTY TWENTY TWENTY TWENTY

static const struct {
    const char *heads[4]; /* "-": it failed; NULL: no more */
    int statuses[4]; /* 0: 200 */
    bool agree;
    const char *difference;
} cases[] = {
    {{"A: b\n", "A: b\n"}, {0}, true, NULL},
    {{"A: b\n"}, {0}, true, NULL},
    {{""}, {0}, true, NULL},
    {{"-"}, {0}, false, NULL},
    {{"-", "-"}, {0}, false, NULL},
    {{"A: b\n", "-", "A: b\n"}, {0}, false, NULL},
    /* Not in value, order or case of names, folds, blanks. */
    {{"A: b\nC: d\n", "c:d\na: b \n"}, {0}, true, NULL},
    {{"A: b\n c\n", "A: b c\n"}, {0}, true, NULL},
    {{"A: b\nA: c\n", "A: c\nA: b\n"}, {0}, false, "A (192.0.2.1 | 192.0.2.2)"},
    {{"A: b\n", "A: B\n"}, {0}, false, "A (192.0.2.1 | 192.0.2.2)"},
    {{"A: b\n", "A: bc\n"}, {0}, false, "A (192.0.2.1 | 192.0.2.2)"},
    {{"A: \n", "A: b\n"}, {0}, false, "A (192.0.2.1 | 192.0.2.2)"},
    {{"A: b\n", "A: b\nA: b\n"}, {0}, false, "A (192.0.2.1 | 192.0.2.2)"},
    {{"A: b\n", ""}, {0}, false, "A (192.0.2.1 | none: 192.0.2.2)"},
    {{"", "A: b\n", "", "A: b\n"}, {0}, false,
        "A (none: 192.0.2.1, 192.0.2.3 | 192.0.2.2, 192.0.2.4)"},
    {{"A: b\n", "A: c\n", "-", "A: d\n"}, {0}, false,
        "A (192.0.2.1 | 192.0.2.2 | 192.0.2.4)"},
    {{"-", "A: b\n", "A: c\n"}, {0}, false, "A (192.0.2.2 | 192.0.2.3)"},
    /* Lines that are no fields. */
    {{"A\n", "A\n"}, {0}, true, NULL},
    {{"A\n", "A:\n"}, {0}, false, "A (192.0.2.1 | 192.0.2.2)"},
    {{"A_: b\n", "A\x7f: b\n"}, {0}, false,
        "A_ (192.0.2.1 | none: 192.0.2.2), \"A\\x7f\" (none: 192.0.2.1 |"
        " 192.0.2.2)"},
    {{"status (404: 192.0.2.9 | 200: 192.0.2.1)\n", ""}, {0}, false,
        "\"status (404\" (192.0.2.1 | none: 192.0.2.2)"},
    {{"\", \"\"B\n", ""}, {0}, false,
        "\"\\x22, \\x22\\x22B\" (192.0.2.1 | none: 192.0.2.2)"},
    {{SIXTY ": b\n", ""}, {0}, false, SIXTY " (192.0.2.1 | none: 192.0.2.2)"},
    {{SIXTY "A: b\n", ""}, {0}, false,
        SIXTY "... (192.0.2.1 | none: 192.0.2.2)"},
    {{SIXTY "\x9b\n", ""}, {0}, false,
        "\"" SIXTY "\"... (192.0.2.1 | none: 192.0.2.2)"},
    {{"A: b\n", "AA: b\n"}, {0}, false,
        "A (192.0.2.1 | none: 192.0.2.2), AA (none: 192.0.2.1 |"
        " 192.0.2.2)"},
    /* The status. */
    {{"", "", ""}, {200, 503, 200}, false,
        "status (200: 192.0.2.1, 192.0.2.3 | 503: 192.0.2.2)"},
    {{"A: b\n", ""}, {301, 302}, false,
        "status (301: 192.0.2.1 | 302: 192.0.2.2),"
        " A (192.0.2.1 | none: 192.0.2.2)"},
    /* What is different by nature. */
    {{"Date: a\nage: 1\nEXPIRES: x\nX-Request-ID: 1\nCF-RAY: 2\n", "Date: b\n"},
        {0}, true, NULL},
    {{"Set-Cookie: a=1; Path=/\nSet-Cookie: b=2\n",
         "Set-Cookie: a=2\nSet-Cookie: b=\n"},
        {0}, true, NULL},
    {{"Set-Cookie: a=1\n", "Set-Cookie: ab=1\n"}, {0}, false,
        "Set-Cookie (192.0.2.1 | 192.0.2.2)"},
    {{"Set-Cookie: a=1\n", ""}, {0}, false,
        "Set-Cookie (192.0.2.1 | none: 192.0.2.2)"},
    {{"ETag: \"1\"\n", "ETag: \"2\"\n"}, {0}, false,
        "ETag (192.0.2.1 | 192.0.2.2)"},
    {{"Dates: a\n", "Dates: b\n"}, {0}, false, "Dates (192.0.2.1 | 192.0.2.2)"},
};

START_TEST(table)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result result;
        size_t count = 0;
        while (count < 4 && cases[i].heads[count])
            count++;
        begin(&result, count);
        for (size_t k = 0; k < count; k++) {
            const char *head = cases[i].heads[k];
            int status = cases[i].statuses[k];
            answer(
                &result, k, status ? status : 200, *head == '-' ? NULL : head);
        }
        ck_assert_int_eq(diff_addresses(&result), 0);
        ck_assert_msg(
            result.agree == cases[i].agree, "case %zu: %d", i, result.agree);
        ck_assert_pstr_eq(result.difference, cases[i].difference);
        end(&result);
    }
}
END_TEST

/* Redirects that ended elsewhere. */
START_TEST(where_they_led)
{
    struct result result;
    struct target first = {.url = "http://a.test/1"};
    struct target other = {.url = "http://a.test/2"};
    begin(&result, 3);
    for (size_t i = 0; i < 3; i++) {
        answer(&result, i, 200, NULL);
        result_forget(&result.addresses[i]);
        ck_assert_int_eq(result_begin_hop(&result.addresses[i],
                             i == 1 ? &other : &first, NULL),
            0);
        result.addresses[i].response.status = 200;
    }
    ck_assert_int_eq(diff_addresses(&result), 0);
    ck_assert(!result.agree);
    ck_assert_str_eq(result.difference,
        "final URL (http://a.test/1: 192.0.2.1, 192.0.2.3 |"
        " http://a.test/2: 192.0.2.2)");
    end(&result);
}
END_TEST

/* In a name, and in a line that is none. */
START_TEST(nuls)
{
    struct result result;
    begin(&result, 2);
    answer(&result, 0, 200, "A B: c\nD E\nF: g\n");
    answer(&result, 1, 200, "");
    *strstr(result.addresses[0].response.head, " B:") = '\0';
    *(char *)memmem(result.addresses[0].response.head,
        result.addresses[0].response.head_len, " E", 2) = '\0';
    ck_assert_int_eq(diff_addresses(&result), 0);
    ck_assert_str_eq(result.difference,
        "\"A\\x00B\" (192.0.2.1 | none: 192.0.2.2), "
        "\"D\\x00E\" (192.0.2.1 | none: 192.0.2.2), "
        "F (192.0.2.1 | none: 192.0.2.2)");
    end(&result);
}
END_TEST

START_TEST(a_long_url)
{
    struct result result;
    char url[300] = "http://a.test/";
    struct target first = {.url = url}, other = {.url = "http://a.test/"};
    memset(url + strlen(url), 'x', sizeof url - 1 - strlen(url));
    begin(&result, 2);
    for (size_t i = 0; i < 2; i++) {
        answer(&result, i, 200, NULL);
        result_forget(&result.addresses[i]);
        ck_assert_int_eq(
            result_begin_hop(&result.addresses[i], i ? &other : &first, NULL),
            0);
        result.addresses[i].response.status = 200;
    }
    ck_assert_int_eq(diff_addresses(&result), 0);
    strcpy(url + 255, "...: 192.0.2.1 |");
    ck_assert_ptr_eq(strstr(result.difference, url), result.difference + 11);
    end(&result);
}
END_TEST

/* However many there are, the line stays one to read. */
START_TEST(many)
{
    struct result result;
    char fields[ADDRESSES_MAX * 16] = "";
    for (int i = 0; i < 40; i++)
        sprintf(fields + strlen(fields), "N%02d: x\n", i);
    begin(&result, ADDRESSES_MAX);
    for (size_t i = 0; i < ADDRESSES_MAX; i++)
        answer(&result, i, 200, i ? "" : fields);
    ck_assert_int_eq(diff_addresses(&result), 0);
    ck_assert_ptr_nonnull(strstr(result.difference, "N00 (192.0.2.1 | none"));
    ck_assert_ptr_nonnull(strstr(result.difference, "N09 (192.0.2.1 | none"));
    ck_assert_ptr_null(strstr(result.difference, "N10"));
    ck_assert_str_eq(strrchr(result.difference, ')'), "), and 30 more");
    end(&result);
}
END_TEST

int main(void)
{
    return run_tests("agree", (const TTest *const[]){table, where_they_led,
                                  nuls, a_long_url, many, NULL});
}
