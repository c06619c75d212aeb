/*
 * basic: RFC 4648's and RFC 7617's own examples, every length, every byte.
 */
#include "text/base64.h"

#include "run.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *user_pass, *credentials;
} examples[] = {
    {"", "Basic "},
    {"f", "Basic Zg=="},
    {"fo", "Basic Zm8="},
    {"foo", "Basic Zm9v"},
    {"foob", "Basic Zm9vYg=="},
    {"fooba", "Basic Zm9vYmE="},
    {"foobar", "Basic Zm9vYmFy"},
    {"Aladdin:open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
    {"test:123\xc2\xa3", "Basic dGVzdDoxMjPCow=="},
    {"\xff\xff\xff:\xfb\xff", "Basic ////Ovv/"},
};

START_TEST(credentials)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const char *given = examples[i].user_pass;
        size_t len = strlen(given);
        char *exact = malloc(len ? len : 1);
        memcpy(exact, given, len);
        char *text = basic_credentials(exact, len);
        ck_assert_str_eq(text, examples[i].credentials);
        free(text);
        free(exact);
    }
}
END_TEST

/* What was encoded comes back. */
START_TEST(decoded)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const char *digits = examples[i].credentials + strlen("Basic ");
        char out[64];
        long len = base64_decode(digits, strlen(digits), out);
        ck_assert_int_eq(len, (long)strlen(examples[i].user_pass));
        ck_assert_mem_eq(out, examples[i].user_pass, (size_t)len);
    }
}
END_TEST

START_TEST(no_base64)
{
    static const char *const texts[] = {"Z", "Zg", "Zm9", "Zm9vY", "Zm 9",
        "Zg=*", "Z===", "====", "Zm9v\xff===", "Zm8=Zm8=", "Zm-_"};
    char out[64];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_int_eq(base64_decode(texts[i], strlen(texts[i]), out), -1);
}
END_TEST

int main(void)
{
    return run_tests(
        "basic", (const TTest *const[]){credentials, decoded, no_base64, NULL});
}
