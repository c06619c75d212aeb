/*
 * recipes: each expression that the man page recommends, on a response of
 * which it holds, on one of which it does not, and on a dead host.
 */
#include "judge/expression.h"

#include "async/tls/tls_info.h"
#include "input/target.h"
#include "record/check.h"
#include "record/result.h"
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define HSTS "Strict-Transport-Security: "

enum { NOW = 1795340412, DAY = 24 * 60 * 60 };

/* In the order of the man page: heads without the status line's version. */
static const struct {
    const char *expr, *good, *bad;
    const char *url; /* NULL: https://www.a.test/ */
} recipes[] = {
    {"hsts.max-age >= 26w", "200\n" HSTS "max-age=31536000\n",
        "200\n" HSTS "max-age=300\n", NULL},
    {"hsts.max-age >= 31536000 and hsts.include-subdomains and hsts.preload",
        "200\n" HSTS "max-age=63072000; includeSubDomains; preload\n",
        "200\n" HSTS "max-age=63072000; preload\n", NULL},
    {"first: location.scheme == https and first: location.host == host",
        "301\nLocation: https://www.a.test/\n",
        "301\nLocation: https://a.test/\n", "http://www.a.test/"},
    {"server !~ '/[0-9]'", "200\n", "200\nServer: nginx/1.2\n", NULL},
    {"content-security-policy and not csp.inline-script",
        "200\nContent-Security-Policy: default-src 'self'\n",
        "200\nContent-Security-Policy: script-src 'unsafe-inline'\n", NULL},
    {"framing in nobody, self", "200\nX-Frame-Options: deny\n",
        "200\nX-Frame-Options: allow-from https://b.test\n", NULL},
    {"cookie.secure and cookie.httponly",
        "200\nSet-Cookie: a=1; secure; HttpOnly\nSet-Cookie: "
        "b=1;HTTPONLY;Secure\n",
        "200\nSet-Cookie: a=1; Secure; HttpOnly\nSet-Cookie: b=Secure; "
        "HttpOnly\n",
        NULL},
    {"count(set-cookie) == 0", "200\n", "200\nSet-Cookie: a=1\n", NULL},
    {"cache-control.public and cache.shared-lifetime >= 1d",
        "200\nCache-Control: public, s-maxage=86400\n",
        "200\nCache-Control: public, max-age=60\n", NULL},
    {"not cache.stored", "200\nCache-Control: No-Store\n",
        "200\nCache-Control: private=\"no-store\", max-age=60\n", NULL},
    {"cache-status.hit or x-cache =~ /hit/i",
        "200\nX-Cache: Hit from cloudfront\n", "200\nX-Cache: MISS\n", NULL},
    {"cors.origin == none", "200\n", "200\nAccess-Control-Allow-Origin: *\n",
        NULL},
    {"x-robots-tag =~ noindex when host =~ '^staging'",
        "200\nX-Robots-Tag: noindex\n", "200\n", "https://staging.a.test/"},
    {"content-encoding in gzip, br, zstd", "200\nContent-Encoding: GZIP\n",
        "200\n", NULL},
    {"content-type == 'text/html; charset=utf-8'",
        "200\nContent-Type: Text/HTML;charset=\"UTF-8\"\n",
        "200\nContent-Type: text/html\n", NULL},
    {"tls.days_left >= 14", "200\n", NULL, NULL},
    {"count(strict-transport-security) == 1", "200\n" HSTS "max-age=1\n",
        "200\n" HSTS "max-age=1\n" HSTS "max-age=2\n", NULL},
    {"x-version == 2.1", "200\nX-Version: 2.1\n", "200\nX-Version: 2.10\n",
        NULL},
    {"nosniff when status >= 400", "404\nX-Content-Type-Options: NoSniff\n",
        "404\nX-Content-Type-Options: nosniff;\n", NULL},
    {"every: url =~ '^https:'", "200\n", "200\n", "http://www.a.test/"},
};

static struct tls_info tls = {
    .has_certificate = true, .not_after = NOW + 20 * DAY, .verified = true};

static void check(const char *expr, const char *url, const char *head,
    enum check_outcome expected)
{
    static const struct expression_about about = {NULL, 0, true};
    struct expression_fault fault;
    struct expression *expression;
    struct result result;
    struct target *target;
    struct check found = {.expr = expr};
    const char *reason;
    char text[1000];
    result_init(&result);
    snprintf(text, sizeof text, "HTTP/1.1 %s", head ? head : "");
    ck_assert_int_eq(target_parse(url, strlen(url), &target, &reason), 0);
    result.target = target;
    result.started_at.tv_sec = NOW;
    if (head) {
        result.response.status = atoi(head);
        result.response.head = text;
        result.response.head_len = strlen(text);
        result.response.tls = &tls;
    } else {
        result.error = FETCH_NXDOMAIN;
        result.error_phase = PHASE_DNS;
    }
    ck_assert_int_eq(expression_parse((struct span){expr, strlen(expr)},
                         &expression, &fault),
        0);
    expression_judge(expression, &result, &about, &found);
    ck_assert_msg(found.outcome == expected, "%s: %s: %s (%s)", expr,
        head ? head : "dead", check_outcome_name(found.outcome), found.why);
    check_fini(&found);
    expression_destroy(expression);
    target_destroy(target);
}

START_TEST(each_good_and_bad)
{
    for (size_t i = 0; i < COUNT(recipes); i++) {
        const char *expr = recipes[i].expr;
        const char *url =
            recipes[i].url ? recipes[i].url : "https://www.a.test/";
        bool by_url = strstr(expr, "every: url") != NULL;
        check(expr, by_url ? "https://www.a.test/" : url, recipes[i].good,
            CHECK_OK);
        if (recipes[i].bad)
            check(expr, url, recipes[i].bad, CHECK_FAILED);
        check(expr, url, NULL, CHECK_NO_ANSWER);
    }
    tls.not_after = NOW + 10 * DAY;
    check("tls.days_left >= 14", "https://www.a.test/", "200\n", CHECK_FAILED);
}
END_TEST

/* All of them, in their order. */
START_TEST(those_of_the_man_page)
{
    const char *path = getenv("AFETCH_MAN");
    char line[300];
    size_t count = 0;
    bool here = false;
    ck_assert_msg(path != NULL, "AFETCH_MAN is not set");
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (here && strncmp(line, ".Li ", 4) == 0) {
            ck_assert_uint_lt(count, COUNT(recipes));
            ck_assert_str_eq(line + 4, recipes[count++].expr);
        }
        here = strcmp(line, ".Ss Recipes") == 0 ||
               (here && strncmp(line, ".Sh", 3) != 0);
    }
    fclose(file);
    ck_assert_uint_eq(count, COUNT(recipes));
}
END_TEST

int main(void)
{
    return run_tests("recipes",
        (const TTest *const[]){each_good_and_bad, those_of_the_man_page, NULL});
}
