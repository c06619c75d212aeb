/*
 * request: wishes and a target in the bytes of one request, and hints.
 */
#include "request.h"

#include "http.h"
#include "run.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

static struct http_field field = {HTTP_FIELD, "X", 1, "y", 1};

static const struct {
    const char *target, *text;
    struct request_wishes wishes;
} rows[] = {
    {"a.test", "GET / HTTP/1.0\r\nHost: a.test\r\nAccept: */*\r\n\r\n",
        {.method = "GET", .user_agent = ""}},
    {"https://a.test:80/b?c",
        "PUT /b?c HTTP/1.1\r\nHost: a.test:80\r\nAuthorization: Z\r\n"
        "User-Agent: u\r\nAccept: */*\r\nConnection: close\r\nX: y\r\n\r\n",
        {.method = "PUT",
            .user_agent = "u",
            .authorization = "Z",
            .fields = &field,
            .field_count = 1,
            .http11 = true}},
    {"https://[::1]:443",
        "GET / HTTP/1.0\r\nHost: [::1]\r\nAccept: */*\r\n\r\n",
        {.method = "GET"}},
};

START_TEST(bytes)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct target *target;
        const char *reason;
        size_t len;
        ck_assert_int_eq(target_parse(rows[i].target, strlen(rows[i].target),
                             &target, &reason),
            0);
        struct request_turn turn = {
            .target = target, .method = rows[i].wishes.method};
        char *text = request_write(&rows[i].wishes, &turn, &len);
        ck_assert_uint_eq(len, strlen(rows[i].text));
        ck_assert_mem_eq(text, rows[i].text, len);
        free(text);
        target_destroy(target);
    }
}
END_TEST

START_TEST(hints)
{
    const struct request_wishes http10 = {.http11 = false},
                                http11 = {.http11 = true};
    for (int status = 100; status <= 999; status++) {
        const char *hint = request_hint(&http10, status);
        ck_assert_int_eq(hint != NULL, status == 426 || status == 505);
        ck_assert(!hint || strstr(hint, "--http1.1"));
        ck_assert_ptr_null(request_hint(&http11, status));
    }
}
END_TEST

int main(void)
{
    return run_tests("request", (const TTest *const[]){bytes, hints, NULL});
}
