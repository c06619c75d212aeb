/*
 * json_tls: what is known and what is not, days, strangers' bytes.
 */
#include "report/json_tls.h"

#include "async/tls/tls_info.h"
#include "capture.h"
#include "record/selector.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 24 * 60 * 60, NOW = 1795340412 }; /* 2026-11-22T09:40:12Z */

/* In a result and in one of its hops alike. */
static const char *put(struct capture *capture, const struct tls_info *tls)
{
    struct tls_info copy = tls ? *tls : (struct tls_info){.version = NULL};
    struct response response = {.tls = tls ? &copy : NULL};
    struct result result = {.started_at.tv_sec = NOW, .response = response};
    struct hop hop = {.response = response};
    struct result other = {.started_at.tv_sec = NOW};
    char *first;

    json_put_tls(capture->out, &(struct selector_scope){.result = &result});
    first = strdup(capture_read(capture));
    ck_assert_ptr_nonnull(first);
    json_put_tls(capture->out, &(struct selector_scope){&other, &hop});
    ck_assert_str_eq(capture_read(capture), first);
    free(first);
    return capture->text;
}

static void check(const struct tls_info *tls, const char *expected)
{
    struct capture capture;

    capture_init(&capture);
    ck_assert_str_eq(put(&capture, tls), expected);
    capture_fini(&capture);
}

static struct tls_info known(const char *subject, int64_t not_after)
{
    struct tls_info info = {.version = "TLSv1.3",
        .cipher = "TLS_AES_256_GCM_SHA384",
        .has_certificate = true,
        .issuer = "CN=CA,O=x",
        .not_after = not_after,
        .verified = true};

    strcpy(info.subject, subject);
    return info;
}

START_TEST(all_is_known)
{
    struct tls_info info = known("CN=a.test", NOW + 30 * DAY);

    check(&info,
        "{\"version\":\"TLSv1.3\",\"cipher\":\"TLS_AES_256_GCM_SHA384\","
        "\"subject\":\"CN=a.test\",\"issuer\":\"CN=CA,O=x\","
        "\"not_after\":\"2026-12-22T09:40:12Z\",\"days_left\":30,"
        "\"verified\":true}");
}
END_TEST

START_TEST(something_is_not_known)
{
    struct tls_info info = {.version = NULL};

    check(NULL, "null");
    check(&info, "null");
    info.version = "TLSv1.2";
    check(&info, "{\"version\":\"TLSv1.2\",\"cipher\":null,\"subject\":null,"
                 "\"issuer\":null,\"not_after\":null,\"days_left\":null,"
                 "\"verified\":null}");
    info = known("", INT64_MIN);
    info.version = info.cipher = NULL;
    info.verified = false;
    check(&info, "{\"version\":null,\"cipher\":null,\"subject\":\"\","
                 "\"issuer\":\"CN=CA,O=x\",\"not_after\":null,"
                 "\"days_left\":null,\"verified\":false}");
    info.not_after = INT64_MAX; /* in a year that no calendar has */
    check(&info, "{\"version\":null,\"cipher\":null,\"subject\":\"\","
                 "\"issuer\":\"CN=CA,O=x\",\"not_after\":null,"
                 "\"days_left\":106751991146521,\"verified\":false}");
}
END_TEST

static void check_days(int64_t left, const char *days)
{
    struct tls_info info = known("", NOW + left);
    struct capture capture;

    capture_init(&capture);
    const char *found = strstr(put(&capture, &info), "days_left\":");
    ck_assert_ptr_nonnull(found);
    found += strlen("days_left\":");
    ck_assert_msg(strncmp(found, days, strlen(days)) == 0, "%s", found);
    capture_fini(&capture);
}

START_TEST(days_are_whole)
{
    check_days(DAY, "1,");
    check_days(DAY - 1, "0,");
    check_days(0, "0,");
    check_days(-1, "-1,");
    check_days(-DAY, "-1,");
    check_days(-DAY - 1, "-2,");
}
END_TEST

START_TEST(strangers_bytes)
{
    struct tls_info info = known("CN=\"b\xc3\xbc\xff\x1b", NOW);

    check(&info,
        "{\"version\":\"TLSv1.3\",\"cipher\":\"TLS_AES_256_GCM_SHA384\","
        "\"subject\":\"CN=\\\"b\xc3\x83\xc2\xbc\xc3\xbf\\u001b\","
        "\"issuer\":\"CN=CA,O=x\","
        "\"not_after\":\"2026-11-22T09:40:12Z\",\"days_left\":0,"
        "\"verified\":true}");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {all_is_known, something_is_not_known,
        days_are_whole, strangers_bytes, NULL};

    return run_tests("json_tls", tests);
}
