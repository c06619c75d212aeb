/*
 * hostname by tables: what DNS may be asked, at every length; IDNA 2008.
 */
#include "input/hostname.h"

#include "run.h"

#include <errno.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

#define LABEL "empty label in host name"
#define LONG_LABEL "label in host name longer than 63 bytes"
#define LONG_NAME "host name longer than 253 bytes"
#define BYTE "character not allowed in host name"
#define NUMBER "neither a host name nor an IPv4 address"
#define HYPHENS "host name of hyphens only"
#define IDNA "host name not allowed by IDNA 2008"
#define UTF8 "host name is not valid UTF-8"

static struct span span(const char *text)
{
    return (struct span){text, strlen(text)};
}

static const char *text_of(const char *reason)
{
    return reason ? reason : "good";
}

static const struct {
    const char *name, *wrong;
} names[] = {
    {"a", "good"},
    {"A-b_c.9", NUMBER},
    {"9.A-b_c", "good"},
    {"_dmarc.example", "good"},
    {"_", "good"},
    {"-a.b-", "good"},
    {"-.a", "good"},
    {"3com.com", "good"},
    {"1.2.3.4.example", "good"},
    {"a.0xyz", "good"},
    {"a.x7f", "good"},
    {"a.1b", "good"},
    {"127.1", NUMBER},
    {"0x7f.1", NUMBER},
    {"0x7f000001", NUMBER},
    {"0X7F", NUMBER},
    {"a.0x", NUMBER},
    {"a.0xFf", NUMBER},
    {"2130706433", NUMBER},
    {"1.2.3.4", NUMBER},
    {"256.1.1.1", NUMBER},
    {"0", NUMBER},
    {"a.1", NUMBER},
    {"-", HYPHENS},
    {"--", HYPHENS},
    {"-.-", HYPHENS},
    {"", LABEL},
    {".", LABEL},
    {".x", LABEL},
    {"x.", LABEL},
    {"a..b", LABEL},
    {"*", BYTE},
    {"a b", BYTE},
    {"a.b\r", BYTE},
    {"\303\274", BYTE},
};

START_TEST(name_table)
{
    for (size_t i = 0; i < COUNT(names); i++)
        ck_assert_msg(strcmp(text_of(hostname_check(span(names[i].name))),
                          names[i].wrong) == 0,
            "%s", names[i].name);
}
END_TEST

START_TEST(label_lengths)
{
    char name[140];
    for (size_t len = 1; len < 70; len++) {
        memset(name, 'a', sizeof name);
        const char *wrong = len > 63 ? LONG_LABEL : "good";
        struct span last = {name, len + 2}, first = {name, len + 2};
        name[1] = '.';
        ck_assert_str_eq(text_of(hostname_check(last)), wrong);
        name[1] = 'a';
        name[len] = '.';
        ck_assert_str_eq(text_of(hostname_check(first)), wrong);
    }
}
END_TEST

START_TEST(name_lengths)
{
    char name[300];
    for (size_t i = 0; i < sizeof name; i++)
        name[i] = i % 50 == 49 ? '.' : 'a';
    for (size_t len = 1; len < sizeof name; len++) {
        const char *wrong = len % 50 == 0 ? LABEL : "good";
        struct span prefix = {name, len};
        ck_assert_str_eq(
            text_of(hostname_check(prefix)), len > 253 ? LONG_NAME : wrong);
    }
}
END_TEST

static const struct {
    const char *name, *ascii; /* NULL: refused */
    const char *wrong;
} unicode[] = {
    {"b\303\274cher.example", "xn--bcher-kva.example", NULL},
    {"B\303\234CHER.Example", "xn--bcher-kva.example", NULL},
    {"bu\314\210cher.example", "xn--bcher-kva.example", NULL},
    {"stra\303\237e.example", "xn--strae-oqa.example", NULL},
    {"\346\227\245\346\234\254\350\252\236.jp", "xn--wgv71a119e.jp", NULL},
    {"b\303\274cher\343\200\202example", "xn--bcher-kva.example", NULL},
    {"under_score.\303\274", "under_score.xn--tda", NULL},
    {"\303\274.", "xn--tda.", NULL},
    /* for hostname_check to refuse */
    {"\357\274\221.0.0.1", "1.0.0.1", NULL},
    {"\302\255", "", NULL},
    {"\303\274..a", "xn--tda..a", NULL},
    {"\342\230\203.example", NULL, IDNA},
    {"a\342\200\215b.example", NULL, IDNA},
    {"-\303\274.example", NULL, IDNA},
    {"\314\201a.example", NULL, IDNA},
    {"\303\274\357\274\217x", NULL, IDNA},
    {"\303\274\357\274\240x", NULL, IDNA},
    {"b\374cher.example", NULL, UTF8},
    {"\303", NULL, UTF8},
    {"\300\256", NULL, UTF8},
    {"\355\240\200", NULL, UTF8},
};

START_TEST(convert_table)
{
    for (size_t i = 0; i < COUNT(unicode); i++) {
        char *out = NULL;
        const char *reason = NULL;
        int rc = hostname_convert(span(unicode[i].name), &out, &reason);
        ck_assert_msg(rc == (unicode[i].ascii ? 0 : -EINVAL), "%s: %d",
            unicode[i].name, rc);
        ck_assert_pstr_eq(out, unicode[i].ascii);
        ck_assert_pstr_eq(reason, unicode[i].wrong);
        free(out);
    }
}
END_TEST

static int failing; /* what libidn2 answers; 0: as it does */
static bool asked;

int __real_idn2_to_ascii_8z(const char *name, char **out, int flags);
int __wrap_idn2_to_ascii_8z(const char *name, char **out, int flags);
int __wrap_idn2_to_ascii_8z(const char *name, char **out, int flags)
{
    asked = true;
    return failing ? failing : __real_idn2_to_ascii_8z(name, out, flags);
}

/* However long; libidn2 is not asked about what cannot be a name. */
START_TEST(convert_too_long)
{
    char name[4000];
    for (size_t len = 140; len < sizeof name; len += 20) {
        char *out = NULL;
        const char *reason = NULL;
        for (size_t i = 0; i < len; i++)
            name[i] = i % 2 ? '\274' : '\303';
        asked = false;
        int rc = hostname_convert((struct span){name, len}, &out, &reason);
        ck_assert_int_eq(rc, -EINVAL);
        ck_assert(reason && (len < 1000 || strcmp(reason, LONG_NAME) == 0));
        ck_assert_int_eq(asked, len <= 1016);
    }
}
END_TEST

START_TEST(convert_fails)
{
    char *out = NULL;
    const char *reason = NULL;
    failing = IDN2_MALLOC;
    ck_assert_int_eq(
        hostname_convert(span("\303\274"), &out, &reason), -ENOMEM);
    ck_assert_ptr_null(reason);
    failing = IDN2_TOO_BIG_DOMAIN;
    ck_assert_int_eq(
        hostname_convert(span("\303\274"), &out, &reason), -EINVAL);
    ck_assert_str_eq(reason, LONG_NAME);
    ck_assert_ptr_null(out);
}
END_TEST

int main(void)
{
    return run_tests("hostname",
        (const TTest *const[]){name_table, label_lengths, name_lengths,
            convert_table, convert_too_long, convert_fails, NULL});
}
