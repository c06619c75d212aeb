/*
 * cache by tables: RFC 9111, RFC 9213.
 */
#include "fields/cache.h"

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define SECOND INT64_C(1000000000)

enum { NONE = -1 };

#define NOW "Tue, 01 Dec 2026 00:00:00 GMT"
#define MINUTE_AGO "Mon, 30 Nov 2026 23:59:00 GMT"
#define HOUR_ON "Tue, 01 Dec 2026 01:00:00 GMT"

static struct field_head head_of(
    char *text, size_t size, int status, const char *fields)
{
    int len = snprintf(text, size, "HTTP/1.1 %d X\n%s\n", status, fields);
    return (struct field_head){
        .head = text, .head_len = (size_t)len, .received_at = 1796083200};
}

/* JUDGING's cases first, by their names. */
static const struct {
    int status;
    const char *fields;
    bool is_stored;
} stored[] = {
    {200, "Cache-Control: No-Store", false}, /* cc-1 */
    {200, "Cache-Control: private=\"no-store\"", true}, /* cc-3 */
    {200, "Cache-Control: x-no-store=1", true}, /* cc-5 */
    {200, "Cache-Control: no-store;max-age=0", true}, /* cc-7 */
    {200, "Cache-Control: public, max-age=60, no-store", false}, /* cc-9 */
    /* RFC 9111 section 5.2.2.5. */
    {200, "cache-control: ,no-store,", false},
    {200, "Cache-Control: public\nCache-Control: no-store", false},
    {200, "Cache-Control: a b, no-store", false},
    {200, "Cache-Control: a=\"x, no-store\"", true},
    {200, "Cache-Control: a=\"x\", no-store", false},
    {200, "Cache-Control: a=\"\\\", no-store\"", true},
    {200, "Cache-Control: no-store=1", true},
    {200, "Cache-Control: no-store=\"\"", true},
    {200, "Cache-Control: \"no-store\"", true},
    {200, "Cache-Control: no-stored", true},
    {200, "Cache-Control: no store", true},
    {200, "Cache-Control: no_store", true},
    {200, "X-Cache-Control: no-store", true},
    {200, "Pragma: no-store", true},
    {200, "Cache-Control: max-age=0", true},
    {200, "Cache-Control: no-cache", true},
    {200, "Cache-Control:\n no-store", false},
    /* Section 5.2.2.3. */
    {200, "Cache-Control: must-understand, no-store", true},
    /* Section 3: what is explicit, and RFC 9110 section 15.1. */
    {200, "", true},
    {404, "", true},
    {302, "", false},
    {302, "Cache-Control: max-age=60", true},
    {302, "Expires: 0", true},
    {500, "Cache-Control: public", true},
    {500, "Cache-Control: private", true},
    {500, "Cache-Control: private=\"x\"", false},
    {500, "Cache-Control: no-cache", false},
    {200, "CDN-Cache-Control: no-store", true},
    {200, "Cache-Control: no-store\nCDN-Cache-Control: max-age=60", false},
};

START_TEST(stored_by_any_cache)
{
    for (size_t i = 0; i < COUNT(stored); i++) {
        char text[500];
        struct field_head head =
            head_of(text, sizeof text, stored[i].status, stored[i].fields);
        struct field_value value = {0};
        cache_get_stored(&head, &value);
        ck_assert_int_eq(value.type, FIELD_BOOL);
        ck_assert_msg(
            value.number == stored[i].is_stored, "%s", stored[i].fields);
        ck_assert(value.number || value.why);
    }
}
END_TEST

static const struct {
    const char *fields;
    int64_t lifetime, shared; /* seconds */
} lifetimes[] = {
    /* RFC 9111 section 4.2.1. */
    {"Cache-Control: max-age=60", 60, 60},
    {"Cache-Control: MAX-AGE=\"60\"", 60, 60},
    {"Cache-Control: max-age = 60", NONE, NONE},
    {"Cache-Control: max-age=060", 60, 60},
    {"Cache-Control: max-age=60, s-maxage=600", 60, 600},
    {"Cache-Control: s-maxage=600", NONE, 600},
    {"Cache-Control: s-maxage=600\nExpires: " HOUR_ON "\nDate: " NOW, 3600,
        600},
    {"Cache-Control: max-age=60\nExpires: " HOUR_ON "\nDate: " NOW, 60, 60},
    {"Expires: " HOUR_ON "\nDate: " NOW, 3600, 3600},
    {"Expires: " HOUR_ON "\nDate: " MINUTE_AGO, 3660, 3660},
    {"Expires: " HOUR_ON, 3600, 3600},
    {"Expires: " HOUR_ON "\nDate: soon", 3600, 3600},
    {"Expires: " NOW "\nDate: " NOW, 0, 0},
    {"Expires: " MINUTE_AGO "\nDate: " NOW, 0, 0},
    {"Expires: Tuesday, 01-Dec-26 01:00:00 GMT\nDate: " NOW, 3600, 3600},
    {"Expires: Tue Dec  1 01:00:00 2026\nDate: " NOW, 3600, 3600},
    {"Expires:\n " HOUR_ON "\nDate: " NOW, 3600, 3600},
    {"", NONE, NONE},
    {"Date: " NOW, NONE, NONE},
    {"Last-Modified: " MINUTE_AGO, NONE, NONE},
    /* Section 5.3: no date has passed. */
    {"Expires: 0", 0, 0},
    {"Expires: " NOW " and a text that is longer than any date of HTTP is", 0,
        0},
    {"Expires: -1", 0, 0},
    {"Expires:", 0, 0},
    {"Expires: 2026-12-01T01:00:00Z", 0, 0},
    {"Expires: Tue, 01 Dec 2026 01:00:00 CET", 0, 0},
    /* More than one. */
    {"Cache-Control: max-age=60, max-age=60", 60, 60},
    {"Cache-Control: max-age=60\nCache-Control: max-age=060", 60, 60},
    {"Cache-Control: max-age=60, max-age=61", 0, 0},
    {"Cache-Control: max-age=60, max-age=61, s-maxage=9", 0, 9},
    {"Expires: " HOUR_ON "\nExpires: " HOUR_ON "\nDate: " NOW, 3600, 3600},
    {"Expires: " HOUR_ON "\nExpires: " NOW "\nDate: " NOW, 0, 0},
    /* No number. */
    {"Cache-Control: max-age", 0, 0},
    {"Cache-Control: max-age=-1", 0, 0},
    {"Cache-Control: max-age=60s", 0, 0},
    {"Cache-Control: max-age=1.5", 0, 0},
    {"Cache-Control: max-age=\"\"", 0, 0},
    {"Cache-Control: max-age=x\nExpires: " HOUR_ON, 0, 0},
    {"Cache-Control: max-age=60, s-maxage=x", 60, 0},
    /* Does not conform, so is not there. */
    {"Cache-Control: max-age=60;s-maxage=1", NONE, NONE},
    {"Cache-Control: max-age=, s-maxage=5", NONE, 5},
    {"Cache-Control: max-age: 60", NONE, NONE},
    {"Cache-Control: a=\"max-age=60\"", NONE, NONE},
    {"Cache-Control: max-age='60'", 0, 0},
    /* Section 1.2.2. */
    {"Cache-Control: max-age=2147483647", 2147483647, 2147483647},
    {"Cache-Control: max-age=2147483648", 2147483648, 2147483648},
    {"Cache-Control: max-age=99999999999999999999999", 2147483648, 2147483648},
    {"Expires: Fri, 31 Dec 9999 23:59:59 GMT", 2147483648, 2147483648},
    /* Section 5.2.2. */
    {"Cache-Control: max-age=60, no-cache", 0, 0},
    {"Cache-Control: max-age=60, no-cache=\"set-cookie\"", 60, 60},
    {"Cache-Control: no-cache=\"a\", max-age=60, no-cache", 0, 0},
    {"Cache-Control: no-cache=\"\", max-age=60", 60, 60},
    {"Cache-Control: max-age=60, private", 60, 0},
    {"Cache-Control: max-age=60, private=\"x\"", 60, 60},
    {"Cache-Control: max-age=60, no-store", 0, 0},
    {"Cache-Control: max-age=60, must-revalidate, immutable", 60, 60},
    {"Cache-Control: max-age=60\nPragma: no-cache", 60, 60},
    {"Cache-Control: max-age=60\nVary: *", 0, 0},
    {"Cache-Control: max-age=60\nVary: a, *", 0, 0},
    {"Cache-Control: max-age=60\nVary: a", 60, 60},
    /* Section 5.1: Age. */
    {"Cache-Control: max-age=60\nAge: 20", 40, 40},
    {"Cache-Control: max-age=60\nAge: 60", 0, 0},
    {"Cache-Control: max-age=60\nAge: 9999999999999", 0, 0},
    {"Cache-Control: max-age=60\nAge: 20, 50", 40, 40},
    {"Cache-Control: max-age=60\nAge: 20\nAge: 50", 40, 40},
    {"Cache-Control: max-age=60\nAge: -20", 60, 60},
    {"Cache-Control: max-age=60\nAge: 20s", 60, 60},
    {"Cache-Control: max-age=60\nAge: \"20\"", 60, 60},
    {"Expires: " HOUR_ON "\nDate: " NOW "\nAge: 600", 3000, 3000},
    {"Age: 5", NONE, NONE},
    /* RFC 9213 sections 2.1 and 2.2. */
    {"Cache-Control: max-age=60\nCDN-Cache-Control: max-age=600", 60, 600},
    {"Cache-Control: no-store\nCDN-Cache-Control: max-age=600", 0, 600},
    {"Cache-Control: max-age=60\nCDN-Cache-Control: max-age=600,", 60, 60},
    {"Cache-Control: max-age=60\nCDN-Cache-Control: Max-Age=600", 60, 60},
    {"Cache-Control: max-age=60\nCDN-Cache-Control:", 60, 60},
    {"Cache-Control: max-age=60\nCDN-Cache-Control: no-store", 60, 0},
    {"Cache-Control: max-age=60\nCDN-Cache-Control: private", 60, 0},
    {"Cache-Control: max-age=60\nCDN-Cache-Control: no-cache=\"a\"", 60, NONE},
    {"Cache-Control: max-age=60\nCDN-Cache-Control: max-age=\"9\"", 60, NONE},
    {"CDN-Cache-Control: max-age=-5", NONE, NONE},
    {"CDN-Cache-Control: max-age=1, max-age=600", NONE, 600},
    {"CDN-Cache-Control: max-age=600;x", NONE, 600},
    {"CDN-Cache-Control: max-age=600\nCDN-Cache-Control: s-maxage=7", NONE, 7},
    {"CDN-Cache-Control: max-age=600\nAge: 100", NONE, 500},
    {"CDN-Cache-Control: max-age=999999999999999", NONE, 2147483648},
};

static void check_lifetime(
    const char *fields, int64_t seconds, const struct field_value *value)
{
    bool is_none = value->type == FIELD_NONE;
    ck_assert_msg(is_none == (seconds == NONE), "%s", fields);
    if (is_none) {
        ck_assert_ptr_nonnull(value->why);
        return;
    }
    ck_assert_int_eq(value->type, FIELD_DURATION);
    ck_assert_msg(value->number == seconds * SECOND, "%s: %lld", fields,
        (long long)value->number);
}

START_TEST(lifetime_of_caches)
{
    for (size_t i = 0; i < COUNT(lifetimes); i++) {
        char text[500];
        struct field_head head =
            head_of(text, sizeof text, 200, lifetimes[i].fields);
        struct field_value value = {0}, shared = {0};
        cache_get_lifetime(&head, &value);
        check_lifetime(lifetimes[i].fields, lifetimes[i].lifetime, &value);
        cache_get_shared_lifetime(&head, &shared);
        check_lifetime(lifetimes[i].fields, lifetimes[i].shared, &shared);
    }
}
END_TEST

/* A head always begins with a status line; whatever else, it is none. */
START_TEST(stored_without_a_status)
{
    struct field_value value = {0};
    struct field_head head = {.head = "X\n", .head_len = 2};
    cache_get_stored(&head, &value);
    ck_assert_int_eq(value.type, FIELD_BOOL);
    ck_assert_int_eq(value.number, 0);
}
END_TEST

START_TEST(no_head_is_none)
{
    struct field_value value = {0};
    struct field_head head = {0};
    cache_get_stored(&head, &value);
    cache_get_lifetime(&head, &value);
    cache_get_shared_lifetime(&head, &value);
    cache_get_shared_lifetime(NULL, &value);
    ck_assert_int_eq(value.type, FIELD_NONE);
    ck_assert_ptr_null(value.why);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        stored_by_any_cache,
        lifetime_of_caches,
        stored_without_a_status,
        no_head_is_none,
        NULL,
    };
    return run_tests("cache", tests);
}
