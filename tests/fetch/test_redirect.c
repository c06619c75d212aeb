/*
 * redirect: methods, who is foreign, where an answer leads.
 */
#include "fetch/redirect.h"

#include "fetch/failure.h"
#include "input/target.h"
#include "record/result.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static struct target *parse(const char *line)
{
    struct target *target;
    const char *reason;
    ck_assert_int_eq(target_parse(line, strlen(line), &target, &reason), 0);
    return target;
}

START_TEST(statuses)
{
    for (int status = 0; status < 1000; status++)
        ck_assert_int_eq(redirect_status(status),
            status == 301 || status == 302 || status == 303 || status == 307 ||
                status == 308);
}
END_TEST

static const struct {
    const char *method;
    int status;
    const char *next;
} methods[] = {
    {"GET", 301, "GET"},
    {"HEAD", 303, "HEAD"},
    {"POST", 301, "GET"},
    {"POST", 302, "GET"},
    {"POST", 303, "GET"},
    {"POST", 307, "POST"},
    {"POST", 308, "POST"},
    {"PUT", 301, "PUT"},
    {"PUT", 302, "PUT"},
    {"PUT", 303, "GET"},
    {"post", 302, "post"},
    {"POST", 200, "POST"},
};

START_TEST(next_method)
{
    for (size_t i = 0; i < COUNT(methods); i++)
        ck_assert_str_eq(redirect_method(methods[i].method, methods[i].status),
            methods[i].next);
}
END_TEST

static const struct {
    const char *from, *to;
    bool foreign;
} pairs[] = {
    {"a.test", "http://A.test:80/x?y", false},
    {"a.test/x", "a.test/y", false},
    {"a.test", "b.test", true},
    {"a.test", "a.test:81", true},
    {"a.test", "https://a.test", true},
    {"https://a.test", "http://a.test:443", true},
    {"a.test", "www.a.test", true},
};

START_TEST(foreign)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct target *from = parse(pairs[i].from), *to = parse(pairs[i].to);
        ck_assert_int_eq(redirect_is_foreign(from, to), pairs[i].foreign);
        ck_assert_int_eq(redirect_is_foreign(to, from), pairs[i].foreign);
        target_destroy(from);
        target_destroy(to);
    }
}
END_TEST

#define HEAD(fields) "HTTP/1.1 301 M\n" fields

static const struct {
    int status;
    const char *head;
    const char *url; /* where it leads, or NULL */
    enum fetch_error error;
    const char *message;
} finds[] = {
    {200, HEAD("Location: /x\n"), NULL, FETCH_OK, ""},
    {301, HEAD("A: b\n"), NULL, FETCH_OK, ""},
    {301, HEAD("Location /x\n"), NULL, FETCH_OK, ""},
    {301, NULL, NULL, FETCH_OK, ""},
    {301, HEAD("A: b\nLOCATION:/x \nLocation: /z\n"), "http://b.test/x",
        FETCH_OK, ""},
    {308, HEAD("Location: /x\n /y\n"), "http://b.test/x%20/y", FETCH_OK, ""},
    {303, HEAD("Location: http://a.test/2\n"), "http://a.test/2", FETCH_OK, ""},
    {302, HEAD("Location: http://a.test/1\n"), "http://a.test/1", FETCH_OK, ""},
    {302, HEAD("Location: #x\n"), "http://b.test/2", FETCH_OK, ""},
    {302, HEAD("Location:\n"), NULL, FETCH_OK, ""},
    {302, HEAD("Location: \t \nA: b\n"), NULL, FETCH_OK, ""},
    {302, HEAD("Location:\n \n\t\n"), NULL, FETCH_OK, ""},
    {302, HEAD("Location:\nLocation: /x\n"), "http://b.test/x", FETCH_OK, ""},
    {302, HEAD("Location:\n /x\n"), "http://b.test/x", FETCH_OK, ""},
    {302, HEAD("Location: mailto:x\n"), NULL, FETCH_BAD_REDIRECT,
        "invalid redirect target \"mailto:x\": scheme is neither http nor "
        "https"},
    {302, HEAD("Location: http://me:secret@c.test/\n"), NULL,
        FETCH_BAD_REDIRECT,
        "invalid redirect target \"http://***@c.test/\": user name or password "
        "in the target"},
};

/* The second hop of a target has answered. */
static void begin(struct result *result, int status, const char *head)
{
    result_init(result);
    for (int i = 0; i < 2; i++) {
        struct target *target = parse(i ? "b.test/2" : "a.test/1");
        ck_assert_int_eq(result_begin_hop(result, target, target), 0);
    }
    result->target = result->hops[0].target;
    result->response.status = status;
    if (head) {
        result->response.head = strdup(head);
        result->response.head_len = strlen(head);
    }
}

START_TEST(find)
{
    for (size_t i = 0; i < COUNT(finds); i++) {
        struct result result;
        struct target *next;
        begin(&result, finds[i].status, finds[i].head);
        int rc = redirect_find(&result, 2, 0, &next);
        ck_assert_int_eq(rc, finds[i].error ? RESULT_FAILED : 0);
        ck_assert_int_eq(result.error, finds[i].error);
        ck_assert_str_eq(result_message(&result), finds[i].message);
        ck_assert_int_eq(next != NULL, finds[i].url != NULL);
        if (next)
            ck_assert_str_eq(next->url, finds[i].url);
        target_destroy(next);
        result_fini(&result);
    }
}
END_TEST

static enum fetch_error find_at(const char *head, unsigned most, size_t since)
{
    struct result result;
    struct target *next;
    begin(&result, 302, head);
    redirect_find(&result, most, since, &next);
    enum fetch_error error = result.error;
    target_destroy(next);
    result_fini(&result);
    return error;
}

START_TEST(how_many)
{
    const char *head = HEAD("Location: /3\n");
    ck_assert_int_eq(find_at(head, 0, 0), FETCH_TOO_MANY_REDIRECTS);
    ck_assert_int_eq(find_at(head, 1, 0), FETCH_TOO_MANY_REDIRECTS);
    ck_assert_int_eq(find_at(head, 2, 0), FETCH_OK);
}
END_TEST

/* Three hops of two sites, and where the last one leads. */
static enum fetch_error third_at(const char *head, size_t since)
{
    static const char *const urls[] = {"a.test/1", "b.test/2", "a.test:80/1#x"};
    struct result result;
    struct target *next;
    result_init(&result);
    for (size_t i = 0; i < COUNT(urls); i++) {
        struct target *target = parse(urls[i]);
        ck_assert_int_eq(result_begin_hop(&result, target, target), 0);
    }
    result.target = result.hops[0].target;
    result.response.status = 302;
    result.response.head = strdup(head);
    result.response.head_len = strlen(head);
    redirect_find(&result, 9, since, &next);
    enum fetch_error error = result.error;
    if (error)
        ck_assert_str_eq(result_message(&result),
            "redirect loop: http://a.test/1 for the third time");
    target_destroy(next);
    result_fini(&result);
    return error;
}

/* Asked by another method, the same URL is no loop. */
START_TEST(loops)
{
    const char *first = HEAD("Location: /1\n");
    const char *second = HEAD("Location: http://b.test/2\n");
    ck_assert_int_eq(third_at(first, 0), FETCH_REDIRECT_LOOP);
    ck_assert_int_eq(third_at(first, 1), FETCH_OK);
    ck_assert_int_eq(third_at(second, 0), FETCH_OK);
    ck_assert_int_eq(third_at(HEAD("Location: #y\n"), 0), FETCH_REDIRECT_LOOP);
    ck_assert_int_eq(third_at(HEAD("Location: ?\n"), 0), FETCH_OK);
}
END_TEST

int main(void)
{
    return run_tests("redirect", (const TTest *const[]){statuses, next_method,
                                     foreign, find, how_many, loops, NULL});
}
