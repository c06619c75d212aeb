/*
 * error: every result has a text of its own.
 */
#include "harness.h"

#include "async/core/error.h"

#include <errno.h>
#include <string.h>

static bool is_known(int result)
{
    return !strstr(async_strerror(result), "nknown error");
}

START_TEST(every_error_has_a_text_of_its_own)
{
    for (int a = ASYNC_EOF; a >= ASYNC_TLS_NO_HTTP1; a--) {
        ck_assert_str_ne(async_strerror(a), "");
        ck_assert(is_known(a));
        for (int b = ASYNC_EOF; b > a; b--)
            ck_assert_str_ne(async_strerror(a), async_strerror(b));
    }
}
END_TEST

START_TEST(texts_are_plain)
{
    ck_assert_str_eq(async_strerror(ASYNC_EOF), "end of stream");
    ck_assert_str_eq(async_strerror(ASYNC_DNS_NXDOMAIN), "no such name");
    ck_assert_str_eq(
        async_strerror(ASYNC_DNS_TIMEOUT), "no name server answered");
}
END_TEST

START_TEST(errno_has_the_systems_text)
{
    ck_assert_str_eq(async_strerror(-ECONNREFUSED), strerror(ECONNREFUSED));
    ck_assert_str_eq(async_strerror(-ENOMEM), strerror(ENOMEM));
    ck_assert_str_eq(async_strerror(0), strerror(0));
}
END_TEST

SUITE("error", every_error_has_a_text_of_its_own, texts_are_plain,
    errno_has_the_systems_text)
