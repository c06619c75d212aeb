/*
 * date by tables: RFC 9110 section 5.6.7.  What two digits of a year mean is
 * in test_retry, too.
 */
#include "http/date.h"

#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

enum { NONE = -1 };

/* Now is Tue, 01 Dec 2026 00:00:00 GMT. */
static const int64_t now = 1796083200;

static const struct {
    const char *text;
    int64_t seconds;
} rows[] = {
    /* The RFC's own. */
    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
    {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
    {"Sun Nov  6 08:49:37 1994", 784111777},
    {"Sun Nov 16 08:49:37 1994", 784975777},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
    {"Fri, 31 Dec 9999 23:59:59 GMT", 253402300799},
    {"Sat, 01 Jan 0000 00:00:00 GMT", -62167219200},
    {"Tue, 29 Feb 2000 00:00:00 GMT", 951782400},
    {"Wed, 01 Mar 2000 00:00:00 GMT", 951868800},
    {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228800},
    /* RFC 9111 section 4.2: names in any case. */
    {"sun, 06 nov 1994 08:49:37 gmt", 784111777},
    /* The day of the week is not compared. */
    {"Mon, 06 Nov 1994 08:49:37 GMT", 784111777},
    {"Saturday, 29-Feb-76 00:00:00 GMT", 3350160000}, /* 2076 */
    /* None. */
    {"", NONE},
    {"0", NONE},
    {"-1", NONE},
    {"Sun, 6 Nov 1994 08:49:37 GMT", NONE},
    {"Sun, 06 Nov 94 08:49:37 GMT", NONE},
    {"Sun, 06-Nov-1994 08:49:37 GMT", NONE},
    {"Sun,06 Nov 1994 08:49:37 GMT", NONE},
    {"Sun,  06 Nov 1994 08:49:37 GMT", NONE},
    {"Sun, 06 Nov 1994 8:49:37 GMT", NONE},
    {"Sun, 06 Nov 1994 08:49:3", NONE},
    {"Sun, 06 Nov 1994 08:49:37", NONE},
    {"Sun, 06 Nov 1994 08:49:37 UTC", NONE},
    {"Sun, 06 Nov 1994 08:49:37 +0000", NONE},
    {"Sun, 06 Nov 1994 08:49:37 GMT ", NONE},
    {"Sun, 06 Nov 1994 24:00:00 GMT", NONE},
    {"Sun, 06 Nov 1994 08:60:37 GMT", NONE},
    {"Sun, 06 Nov 1994 08:49:61 GMT", NONE},
    {"Sun, 00 Nov 1994 08:49:37 GMT", NONE},
    {"Thu, 31 Nov 1994 08:49:37 GMT", NONE},
    {"Thu, 29 Feb 1900 08:49:37 GMT", NONE},
    {"Saturday, 29-Feb-77 00:00:00 GMT", NONE},
    {"Sunday, 06-Nov-1994 08:49:37 GMT", NONE},
    {"Sund, 06-Nov-94 08:49:37 GMT", NONE},
    {"Sun Nov 6 08:49:37 1994", NONE},
    {"Sun Nov  6 08:49:37 1994 GMT", NONE},
    {"Sun, 06 Nox 1994 08:49:37 GMT", NONE},
    {"2026-12-01T00:00:00Z", NONE},
};

START_TEST(date_has_three_forms)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t seconds = NONE;
        struct span text = {rows[i].text, strlen(rows[i].text)};
        bool is_date = date_parse(text, now, &seconds);
        ck_assert_msg(is_date == (rows[i].seconds != NONE), "%s", rows[i].text);
        ck_assert_msg(seconds == rows[i].seconds, "%s: %lld", rows[i].text,
            (long long)seconds);
    }
}
END_TEST

/* Each day of 800 years, as the C library counts them. */
START_TEST(date_of_each_day)
{
    for (int64_t at = -11676096000; at < 13569465600; at += 86400) {
        char text[64];
        struct tm tm;
        time_t time = (time_t)at;
        int64_t seconds = NONE;
        gmtime_r(&time, &tm);
        size_t len =
            strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
        ck_assert(date_parse((struct span){text, len}, now, &seconds));
        ck_assert_msg(seconds == at, "%s", text);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        date_has_three_forms,
        date_of_each_day,
        NULL,
    };
    return run_tests("date", tests);
}
