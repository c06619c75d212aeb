/*
 * http_request by tables: the bytes of requests, the user's wishes.
 */
#include "http/http.h"

#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct {
    const char *text;
    const char *told; /* "name|value", "-name" for none; NULL: refused */
} wishes[] = {
    {"A: b", "A|b"},
    {"A:b", "A|b"},
    {"A: \t b c \t", "A|b c"},
    {"A: b: c;", "A|b: c;"},
    {"A;", "A|"},
    {"A; \t", "A|"},
    {"A:", "-A"},
    {"A: \t", "-A"},
    {"!#$%&'*+-.^_`|~09azAZ: x", "!#$%&'*+-.^_`|~09azAZ|x"},
    {"A: \x80\xff\xc3\xbc", "A|\x80\xff\xc3\xbc"},
    {"A;B: c", NULL},
    {"A; b", NULL},
    {"A", NULL},
    {"", NULL},
    {":", NULL},
    {";", NULL},
    {": b", NULL},
    {" A: b", NULL},
    {"A : b", NULL},
    {"A B: c", NULL},
    {"@file: c", NULL},
    {"A\xc3\xbc: c", NULL},
    {"GET / HTTP/1.0", NULL},
};

static const char *tell(const struct http_field *field)
{
    static char told[100];
    if (field->kind == HTTP_BARE)
        snprintf(told, sizeof told, "-%.*s", (int)field->name_len, field->name);
    else
        snprintf(told, sizeof told, "%.*s|%.*s", (int)field->name_len,
            field->name, (int)field->value_len, field->value);
    return told;
}

START_TEST(wish_table)
{
    for (size_t i = 0; i < COUNT(wishes); i++) {
        struct http_field field;
        size_t len = strlen(wishes[i].text);
        char *text = malloc(len + 1);
        memcpy(text, wishes[i].text, len);
        const char *wrong = http_wish_parse(text, len, &field);
        ck_assert_msg(
            !wrong == !!wishes[i].told, "%s: %s", wishes[i].text, wrong);
        if (!wrong)
            ck_assert_str_eq(tell(&field), wishes[i].told);
        free(text);
    }
}
END_TEST

/* Wherever it stands, a control byte but HTAB is refused. */
START_TEST(wish_any_byte_anywhere)
{
    for (size_t at = 0; at < 6; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[] = "AB: cd";
            struct http_field field;
            text[at] = (char)byte;
            bool control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
            const char *wrong = http_wish_parse(text, 6, &field);
            if (control)
                ck_assert_str_eq(wrong, "contains a control character");
            else if (at > 2)
                ck_assert_ptr_null(wrong);
        }
    }
}
END_TEST

START_TEST(tokens)
{
    ck_assert(!http_token_valid("", 0));
    ck_assert(http_value_valid("", 0));
    for (int byte = 0; byte < 256; byte++) {
        char c = (char)byte;
        bool token = byte && byte < 0x80 &&
                     !strchr("\"(),/:;<=>?@[\\]{} ", byte) && byte > 0x20 &&
                     byte != 0x7f;
        ck_assert_int_eq(http_token_valid(&c, 1), token);
        ck_assert_int_eq(http_value_valid(&c, 1),
            byte == '\t' || (byte >= 0x20 && byte != 0x7f));
    }
}
END_TEST

#define REST "Accept: */*\r\n\r\n"

static const struct {
    struct http_request request;
    const char *wishes[5];
    const char *text;
} requests[] = {
    {{.method = "GET",
         .target = "/",
         .host = "www.example.com",
         .port = 80,
         .default_port = 80,
         .user_agent = "afetch/0.1.0"},
        {0},
        "GET / HTTP/1.0\r\nHost: www.example.com\r\n"
        "User-Agent: afetch/0.1.0\r\n" REST},
    {{.method = "HEAD",
         .target = "/a?b=%0d%0a",
         .host = "h",
         .port = 8080,
         .default_port = 80,
         .user_agent = "x"},
        {0},
        "HEAD /a?b=%0d%0a HTTP/1.0\r\nHost: h:8080\r\n"
        "User-Agent: x\r\n" REST},
    {{.method = "GET",
         .target = "/",
         .host = "::1",
         .host_is_v6 = true,
         .port = 443,
         .default_port = 443},
        {0}, "GET / HTTP/1.0\r\nHost: [::1]\r\n" REST},
    {{.method = "GET",
         .target = "/",
         .host = "::1",
         .host_is_v6 = true,
         .port = 65535,
         .default_port = 443,
         .user_agent = ""},
        {0}, "GET / HTTP/1.0\r\nHost: [::1]:65535\r\n" REST},
    {{.method = "GET",
         .target = "/",
         .host = "127.0.0.1",
         .port = 1,
         .default_port = 80,
         .http11 = true},
        {0},
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\nAccept: */*\r\n"
        "Connection: close\r\n\r\n"},
    {{.method = "GET",
         .target = "http://h/",
         .host = "h",
         .authorization = "Basic YTpi",
         .proxy_authorization = "Basic Yzpk",
         .user_agent = "x"},
        {0},
        "GET http://h/ HTTP/1.0\r\nHost: h\r\n"
        "Proxy-Authorization: Basic Yzpk\r\nAuthorization: Basic YTpi\r\n"
        "User-Agent: x\r\n" REST},
    /* Wishes. */
    {{.method = "GET", .target = "/", .host = "h", .user_agent = "x"},
        {"X-B: c", "X-E;", "x-b: d", "X-N:"},
        "GET / HTTP/1.0\r\nHost: h\r\nUser-Agent: x\r\nAccept: */*\r\n"
        "X-B: c\r\nX-E:\r\nx-b: d\r\n\r\n"},
    {{.method = "GET",
         .target = "/",
         .host = "h",
         .user_agent = "x",
         .authorization = "Basic YTpi",
         .http11 = true},
        {"host: other", "accept: a/b", "USER-AGENT: me", "authorization: no",
            "connection: x"},
        "GET / HTTP/1.1\r\nhost: other\r\naccept: a/b\r\nUSER-AGENT: me\r\n"
        "authorization: no\r\nconnection: x\r\n\r\n"},
    {{.method = "GET",
         .target = "/",
         .host = "h",
         .user_agent = "x",
         .authorization = "Basic YTpi",
         .http11 = true},
        {"Host:", "Accept:", "User-Agent:", "Authorization:", "Connection:"},
        "GET / HTTP/1.1\r\n\r\n"},
    {{.method = "GET", .target = "/", .host = "h"},
        {"Accept;", "Host: a", "Host: b"},
        "GET / HTTP/1.0\r\nHost: a\r\nAccept:\r\n\r\n"},
    /* To somebody else. */
    {{.method = "GET",
         .target = "/",
         .host = "h",
         .port = 80,
         .default_port = 80,
         .without = HTTP_WITHOUT_HOST,
         .authorization = "Basic YTpi"},
        {"Host: a", "Cookie: c=d"},
        "GET / HTTP/1.0\r\nHost: h\r\nAuthorization: Basic YTpi\r\n"
        "Accept: */*\r\nCookie: c=d\r\n\r\n"},
    {{.method = "GET",
         .target = "/",
         .host = "h",
         .without = HTTP_WITHOUT_HOST | HTTP_WITHOUT_CREDENTIALS,
         .authorization = "Basic YTpi"},
        {"HOST: a", "COOKIE: c=d", "aUTHORIZATION: e", "X: y",
            "Proxy-authorization: f"},
        "GET / HTTP/1.0\r\nHost: h\r\nAccept: */*\r\nX: y\r\n\r\n"},
    {{.method = "GET",
         .target = "/",
         .host = "h",
         .without = HTTP_WITHOUT_PROXY_CREDENTIALS},
        {"PROXY-authorization: f", "Cookie: c=d", "Host:"},
        "GET / HTTP/1.0\r\nAccept: */*\r\nCookie: c=d\r\n\r\n"},
    {{.method = "GET",
         .target = "/",
         .host = "h",
         .without = HTTP_WITHOUT_CREDENTIALS,
         .proxy_authorization = "Basic Yzpk"},
        {"Host:"},
        "GET / HTTP/1.0\r\nProxy-Authorization: Basic Yzpk\r\n" REST},
};

/* In room of every size: whole and without a NUL, or not at all. */
static void check_request(const struct http_request *request, const char *text)
{
    size_t len = strlen(text);
    ck_assert_uint_eq(http_request_size(request), len);
    ck_assert_int_eq(http_request_write(NULL, 0, request), -ENOSPC);
    for (size_t size = 1; size < len + 3; size++) {
        char *buf = malloc(size);
        long rc = http_request_write(buf, size, request);
        ck_assert_int_eq(rc, size < len ? -ENOSPC : (long)len);
        if (rc > 0)
            ck_assert_msg(memcmp(buf, text, len) == 0, "%.*s\nnot\n%s",
                (int)len, buf, text);
        free(buf);
    }
}

START_TEST(request_table)
{
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct http_request request = requests[i].request;
        struct http_field fields[COUNT(requests[i].wishes)];
        request.fields = fields;
        for (size_t k = 0; k < COUNT(fields) && requests[i].wishes[k]; k++) {
            const char *wish = requests[i].wishes[k];
            ck_assert_ptr_null(http_wish_parse(wish, strlen(wish), &fields[k]));
            request.field_count = k + 1;
        }
        check_request(&request, requests[i].text);
    }
}
END_TEST

START_TEST(connect_in_room_of_every_size)
{
    static const char text[] =
        "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n";
    const struct http_connect connect = {"[::1]:443", "", NULL};
    char buf[sizeof text + 2];
    ck_assert_uint_eq(http_connect_size(&connect), sizeof text - 1);
    for (size_t size = 0; size < sizeof buf; size++) {
        long rc = http_connect_write(buf, size, &connect);
        ck_assert_int_eq(
            rc, size < sizeof text - 1 ? -ENOSPC : (long)sizeof text - 1);
    }
    ck_assert_mem_eq(buf, text, sizeof text - 1);
}
END_TEST

/* What options and targets refuse does not go out either if it comes so far:
 * it would begin a field or a request of its own. */
START_TEST(no_line_end_of_others)
{
    static const char *const ends[] = {"\r\n", "\n", "\r"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char text[100], buf[1000];
        snprintf(text, sizeof text, "a%sX: y", ends[i]);
        const struct http_field name = {HTTP_FIELD, text, strlen(text), "v", 1},
                                value = {
                                    HTTP_FIELD, "N", 1, text, strlen(text)};
        const struct http_request split[] = {
            {.method = text, .target = "/", .host = "h"},
            {.method = "GET", .target = text, .host = "h"},
            {.method = "GET", .target = "/", .host = text},
            {"GET", "/", "h", .user_agent = text},
            {"GET", "/", "h", .authorization = text},
            {"GET", "/", "h", .proxy_authorization = text},
            {"GET", "/", "h", .fields = &name, .field_count = 1},
            {"GET", "/", "h", .fields = &value, .field_count = 1},
        };
        for (size_t k = 0; k < COUNT(split); k++)
            ck_assert_int_eq(
                http_request_write(buf, sizeof buf, &split[k]), -EINVAL);
        const struct http_connect connects[] = {
            {text, NULL, NULL}, {"h:1", text, NULL}, {"h:1", NULL, text}};
        for (size_t k = 0; k < COUNT(connects); k++)
            ck_assert_int_eq(
                http_connect_write(buf, sizeof buf, &connects[k]), -EINVAL);
    }
}
END_TEST

int main(void)
{
    return run_tests("http_request",
        (const TTest *const[]){wish_table, wish_any_byte_anywhere, tokens,
            request_table, connect_in_room_of_every_size, no_line_end_of_others,
            NULL});
}
