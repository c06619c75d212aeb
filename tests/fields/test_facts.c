/*
 * facts by tables: what holds for a response, by each specification, where a
 * glance at the text says otherwise.
 */
#include "fields/facts.h"

#include "fields/fields.h"
#include "fields/lines.h"
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* "true", "nobody", "300s" of a duration, "none". */
static void print(const struct field_value *value, char *out, size_t size)
{
    if (value->type == FIELD_TEXT)
        snprintf(out, size, "%.*s", (int)value->len, value->text);
    else if (value->type == FIELD_BOOL)
        snprintf(out, size, "%s", value->number ? "true" : "false");
    else if (value->type == FIELD_DURATION)
        snprintf(out, size, "%" PRId64 "s", value->number / 1000000000);
    else if (value->type == FIELD_NUMBER)
        snprintf(out, size, "%" PRId64, value->number);
    else
        snprintf(out, size, "none");
}

/* The head with these lines behind the status line. */
static struct field_head head_of(char *text, size_t size, const char *lines)
{
    int len = snprintf(text, size, "HTTP/1.1 200 OK\nA: b\n%s\nC: d\n", lines);
    ck_assert_uint_lt((size_t)len, size);
    return (struct field_head){.head = text,
        .head_len = (size_t)len,
        .is_secure = true,
        .host = "www.a.example",
        .received_at = 1796083200};
}

struct row {
    const char *fact, *lines, *want;
};

static void check(const struct row *row, const struct field_head *head)
{
    struct fact fact;
    struct field_value value = {0};
    char got[256];
    ck_assert_int_eq(fact_find(span_of_string(row->fact), &fact), 0);
    fact_get(&fact, head, &value);
    print(&value, got, sizeof got);
    ck_assert_msg(strcmp(got, row->want) == 0, "%s of\n%s\nis %s (%s), not %s",
        row->fact, row->lines, got, value.why ? value.why : "", row->want);
    if (value.type == FIELD_NONE || (value.type == FIELD_BOOL && !value.number))
        ck_assert_msg(value.why != NULL, "%s of\n%s\nsays not why", row->fact,
            row->lines);
}

static void check_rows(const struct row *rows, size_t count)
{
    char text[8192];
    for (size_t i = 0; i < count; i++) {
        struct field_head head = head_of(text, sizeof text, rows[i].lines);
        check(&rows[i], &head);
    }
}

#define S "Strict-Transport-Security: "
#define TEN(x)                                                                 \
    ";" x "0;" x "1;" x "2;" x "3;" x "4;" x "5;" x "6;" x "7;" x "8;" x "9"
#define MANY TEN("a") TEN("b") TEN("c") TEN("d")

/* RFC 6797 sections 6.1, 8.1. */
static const struct row hsts_rows[] = {
    {"hsts", "", "false"},
    {"hsts", S "max-age=31536000", "true"},
    {"hsts", S "MAX-AGE=1", "true"},
    {"hsts", S "max-age=0", "false"},
    {"hsts", S "max-age=\"0\"", "false"},
    {"hsts", S "max-age=\"31536000\"", "true"},
    {"hsts", S "max-age=\"3153\\6000\"", "true"}, /* 6.1.1: unescaped first */
    {"hsts", S "max-age=\"3153\\\\6000\"", "false"},
    {"hsts", S "max-age=\"\\\"", "false"},
    {"hsts", S "max-age=1; ^; ~", "true"},
    {"hsts", S "max-age=1" MANY "; max-age=2", "false"},
    {"hsts", S "includeSubDomains" MANY "; max-age=2; includeSubDomains",
        "false"},
    {"hsts", S "x=0" MANY "; max-age=1; max-age=1", "false"},
    {"hsts", S "max-age=1" MANY, "true"},
    {"hsts", S "max-age = 31536000", "true"},
    {"hsts", S "max-age\t=\t31536000 \t;", "true"},
    {"hsts", S "max-age=31536000; max-age=31536000", "false"},
    {"hsts", S "max-age=1; Max-Age=2", "false"},
    {"hsts", S "max-age=1; x; X", "false"},
    {"hsts", S "max-age=1; includeSubDomains; includesubdomains", "false"},
    {"hsts", S "max-age=1; x; y=z; w=\"a;b\"", "true"},
    {"hsts", S "max-age=1\n" S "max-age=2; includeSubDomains", "true"},
    {"hsts", S "\n" S "max-age=1", "false"},
    {"hsts", S "max-age=31536000\n" S "max-age=31536000; includeSubDomains",
        "true"},
    {"hsts", S "max-age=1; \"x\"", "false"},
    {"hsts", S "max-age=\"1\"x", "false"},
    {"hsts", S "max-age=1; x=\"a\\\";b\"", "true"},
    {"hsts", S "max-age=1; x=\"max-age=2\"; preload", "true"},
    {"hsts", S "max-age=1; x=a b", "false"},
    {"hsts", S "max-age=1; \xc3\xa9", "false"},
    {"hsts", S "\tmax-age=1 ; includeSubDomains ;", "true"},
    {"hsts", S "max-age=0\n" S "max-age=31536000", "false"},
    {"hsts", S "includeSubDomains; preload", "false"},
    {"hsts", S "ext=\"; max-age=0; \"; max-age=31536000", "true"},
    {"hsts", S "max-age=31536000;", "true"},
    {"hsts", S ";;max-age=31536000", "true"},
    {"hsts", S "max-age=31536000;; preload", "true"},
    {"hsts", S "max-age=-31536000", "false"},
    {"hsts", S "max-age=+1", "false"},
    {"hsts", S "max-age=1.5", "false"},
    {"hsts", S "max-age=", "false"},
    {"hsts", S "max-age", "false"},
    {"hsts", S "max-age=\"\"", "false"},
    {"hsts", S "max-age='31536000'", "false"},
    {"hsts", S "max-age=\"31536000", "false"},
    {"hsts", S "max-age=31536000, includeSubDomains", "false"},
    {"hsts", S "max-age=31536000 includeSubDomains", "false"},
    {"hsts", S "max-age:31536000", "false"},
    {"hsts", S "max-age=1; includeSubDomains=1", "false"},
    {"hsts", S "max-age=1; includeSubDomains=\"\"", "false"},
    {"hsts", S "max-age=1; =x", "false"},
    {"hsts", S "max-age=99999999999999999999999", "true"},
    {"hsts", S "max-age=1;\n includeSubDomains", "true"},
    {"hsts", "Strict-Transport-Securit: max-age=1", "false"},
    {"hsts.max-age", S "max-age=63072000; includeSubDomains", "63072000s"},
    {"hsts.max-age", S "max-age=\"300\"", "300s"},
    {"hsts.max-age", S "max-age=\"3\\0\\0\"", "300s"},
    {"hsts.max-age", S "max-age=007", "7s"},
    {"hsts.max-age", S "max-age=99999999999999999999999", "2147483648s"},
    {"hsts.max-age", S "max-age=0", "none"},
    {"hsts.max-age", S "max-age=1; max-age=1", "none"},
    {"hsts.max-age", S "max-age=5\n" S "max-age=6", "5s"},
    {"hsts.include-subdomains", S "max-age=1; includeSubDomains", "true"},
    {"hsts.include-subdomains", S "INCLUDESUBDOMAINS;max-age=1", "true"},
    {"hsts.include-subdomains", S "max-age=1", "false"},
    {"hsts.include-subdomains", S "max-age=1; includeSubDomain", "false"},
    {"hsts.include-subdomains", S "includeSubDomains", "false"},
    {"hsts.include-subdomains",
        S "max-age=1\n" S "max-age=1; includeSubDomains", "false"},
    {"hsts.include-subdomains", S "max-age=1;\n includeSubDomains", "true"},
    {"hsts.preload", S "max-age=1; preload", "true"},
    {"hsts.preload", S "max-age=1; Preload", "true"},
    {"hsts.preload", S "max-age=1", "false"},
    {"hsts.preload", S "max-age=0; preload", "false"},
    {"hsts.preload", S "max-age=1; preload=1", "false"},
    {"HSTS.Max-Age", S "max-age=1", "1s"},
};

START_TEST(hsts)
{
    check_rows(hsts_rows, COUNT(hsts_rows));
}
END_TEST

START_TEST(hsts_only_over_https_and_of_names)
{
    static const struct row row = {"hsts", S "max-age=1", "false"};
    char text[256];
    struct field_head head = head_of(text, sizeof text, row.lines);
    head.is_secure = false;
    check(&row, &head);
    head.is_secure = head.is_literal = true;
    check(&row, &head);
}
END_TEST

#define N "X-Content-Type-Options: "
#define R "Referrer-Policy: "
#define X "X-Frame-Options: "
#define C "Content-Security-Policy: "
#define CR "Content-Security-Policy-Report-Only: "

/* Fetch, determine nosniff; Referrer Policy section 8.1. */
static const struct row simple_rows[] = {
    {"nosniff", "", "false"},
    {"nosniff", N "nosniff", "true"},
    {"nosniff", N "NoSniff", "true"},
    {"nosniff", N "nosniff\n" N "foo", "true"},
    {"nosniff", N "nosniff,foo", "true"},
    {"nosniff", N "foo, nosniff", "false"},
    {"nosniff", N "foo\n" N "nosniff", "false"},
    {"nosniff", N "\n" N "nosniff", "false"},
    {"nosniff", N "nosniff;", "false"},
    {"nosniff", N "nosniff\n" N "", "true"},
    {"nosniff", N "nosniff\xc2\xa0", "false"},
    {"nosniff", N "nosniff\n x", "false"},
    {"nosniff", N ", nosniff", "false"},
    {"nosniff", N "\"nosniff\"", "false"},
    {"nosniff", N "\"nosniff, x\", nosniff", "false"},
    {"nosniff", N "no sniff", "false"},
    {"nosniff", N "nosniff \t", "true"},
    {"referrer", "", "none"},
    {"referrer", R "no-referrer", "no-referrer"},
    {"referrer", R "No-Referrer", "no-referrer"},
    {"referrer", R "no-referrer, strict-origin-when-cross-origin",
        "strict-origin-when-cross-origin"},
    {"referrer", R "no-referrer, unsafe-url", "unsafe-url"},
    {"referrer", R "no-referrer, foo", "no-referrer"},
    {"referrer", R "no-referrer,", "no-referrer"},
    {"referrer", R ",,origin,,", "origin"},
    {"referrer", R "origin,\n" R "bar", "origin"},
    {"referrer", R "STRICT-ORIGIN", "strict-origin"},
    {"referrer", R "default", "none"},
    {"referrer", R "origin-when-crossorigin", "none"},
    {"referrer", R "origin\n" R "same-origin", "same-origin"},
    {"referrer", R "foo", "none"},
    {"referrer", R "", "none"},
    {"referrer", R "'no-referrer'", "none"},
    {"referrer", R "no-referrer; origin", "none"},
    {"referrer", R "never", "none"},
    {"referrer", R "no-referrer strict-origin", "none"},
};

START_TEST(simple)
{
    check_rows(simple_rows, COUNT(simple_rows));
}
END_TEST

/* HTML, check X-Frame-Options; CSP3 section 6.4.2. */
static const struct row framing_rows[] = {
    {"framing", "", "anyone"},
    {"framing", X "DENY", "nobody"},
    {"framing", X "deny", "nobody"},
    {"framing", X "SameOrigin", "self"},
    {"framing", X "DENY\n" X "SAMEORIGIN", "nobody"},
    {"framing", X "SAMEORIGIN\n" X "SAMEORIGIN", "self"},
    {"framing", X "SAMEORIGIN, sameorigin", "self"},
    {"framing", X "DENY, foo", "nobody"},
    {"framing", X "SAMEORIGIN, foo", "nobody"},
    {"framing", X "SAMEORIGIN,", "nobody"},
    {"framing", X ", DENY", "nobody"},
    {"framing", X "\"a\\\",DENY,b\"", "anyone"},
    {"framing", X "DENY\n" X "", "nobody"},
    {"framing", X "deny;", "anyone"},
    {"framing", X "\n" X "", "anyone"},
    {"framing", X "allowall, ALLOWALL", "anyone"},
    {"framing", X "ALLOW-FROM https://a.example, DENY", "nobody"},
    {"framing", X "ALLOWALL", "anyone"},
    {"framing", X "ALLOWALL, foo", "nobody"},
    {"framing", X "foo, bar", "anyone"},
    {"framing", X "SAMEORIGIN;", "anyone"},
    {"framing", X "ALLOW-FROM https://a.example", "anyone"},
    {"framing", X "\"DENY\"", "anyone"},
    {"framing", X "'DENY'", "anyone"},
    {"framing", X "\"DENY, SAMEORIGIN\"", "anyone"},
    {"framing", X "none", "anyone"},
    {"framing", C "Frame-Ancestors 'none'", "nobody"},
    {"framing", C "frame-ancestors 'NONE'", "nobody"},
    {"framing", C "frame-ancestors", "nobody"},
    {"framing", C "frame-ancestors 'self'", "self"},
    {"framing", C "frame-ancestors self", "listed"},
    {"framing", C "frame-ancestors 'self' https://a.example", "listed"},
    {"framing", C "frame-ancestors *", "anyone"},
    {"framing", C "frame-ancestors 'self' *", "anyone"},
    {"framing", C "frame-ancestors https:", "anyone"},
    {"framing", C "frame-ancestors https://*", "anyone"},
    {"framing", C "frame-ancestors https://*/", "anyone"},
    {"framing", C "frame-ancestors *:*", "anyone"},
    {"framing", C "frame-ancestors http:", "anyone"},
    {"framing", C "frame-ancestors HTTPS:", "anyone"},
    {"framing", C "frame-ancestors *.example", "listed"},
    {"framing", C "frame-ancestors 'self' 'none'", "self"},
    {"framing", C "frame-ancestors 'self'; frame-ancestors 'none'", "self"},
    {"framing", C ",frame-ancestors 'self',", "self"},
    {"framing", X "DENY\n" C "frame-ancestors 'self'", "self"},
    {"framing", C "sandbox; default-src 'none'", "anyone"},
    {"framing", C "frame-ancestors https://*.a.example", "listed"},
    {"framing", C "frame-ancestors 'none' https://a.example", "listed"},
    {"framing", C "frame-ancestors 'none' 'self'", "self"},
    {"framing", C "frame-ancestors 'unsafe-inline'", "nobody"},
    {"framing", C "default-src 'none'", "anyone"},
    {"framing", CR "frame-ancestors 'none'", "anyone"},
    {"framing", X "DENY\n" CR "frame-ancestors *", "nobody"},
    {"framing", X "DENY\n" C "frame-ancestors *", "anyone"},
    {"framing", X "ALLOWALL\n" C "frame-ancestors 'none'", "nobody"},
    {"framing", X "DENY\n" C "default-src *", "nobody"},
    {"framing", C "frame-ancestors *; frame-ancestors 'none'", "anyone"},
    {"framing", C "frame-ancestors *, frame-ancestors 'none'", "nobody"},
    {"framing", C "frame-ancestors 'self'\n" C "frame-ancestors *", "self"},
    {"framing", C "frame-ancestors: 'none'", "anyone"},
    {"framing", C "frame-ancestors 'none' \xc3\xa9", "anyone"},
};

START_TEST(framing)
{
    check_rows(framing_rows, COUNT(framing_rows));
}
END_TEST

#define IN "csp.inline-script"

/* CSP3 sections 2.2.1, 6.7.3.2, 6.8.1. */
static const struct row csp_rows[] = {
    {IN, "", "true"},
    {IN, C "default-src 'self'", "false"},
    {IN, C "default-src 'none'", "false"},
    {IN, C "script-src 'unsafe-inline'; script-src 'self'", "true"},
    {IN, C "script-src 'self'; script-src 'unsafe-inline'", "false"},
    {IN, C "script-src 'UNSAFE-INLINE'", "true"},
    {IN, C "SCRIPT-SRC 'self'", "false"},
    {IN, C "default-src 'none'; script-src 'nonce-bm9uY2U=' 'unsafe-inline'",
        "false"},
    {IN, C "script-src 'nonce-' 'unsafe-inline'", "true"},
    {IN, C "script-src 'nonce-a b' 'unsafe-inline'", "true"},
    {IN, C "script-src 'nonce-a!' 'unsafe-inline'", "true"},
    {IN, C "script-src 'nonce-a===' 'unsafe-inline'", "true"},
    {IN, C "script-src nonce-abc 'unsafe-inline'", "true"},
    {IN, C "script-src 'NONCE-abc' 'unsafe-inline'", "false"},
    {IN, C "script-src 'sha256-abc=' 'unsafe-inline'", "false"},
    {IN, C "script-src 'sha1-abc=' 'unsafe-inline'", "true"},
    {IN, C "script-src 'strict-dynamic' 'unsafe-inline'", "false"},
    {IN, C "script-src 'unsafe-hashes'", "false"},
    {IN,
        C "default-src 'none'; "
          "script-src 'nonce-bm9uY2Vub25jZQ==' 'unsafe-inline'",
        "false"},
    {IN, C "script-src 'unsafe-hashes' 'unsafe-inline'", "true"},
    {IN, C "script-src 'unsafe-inline' 'report-sample' https:", "true"},
    {IN, C "script-src 'unsafe-inline' 'Strict-Dynamic'", "false"},
    {IN, C "script-src 'unsafe-inline' 'SHA512-YQ'", "false"},
    {IN, C "script-src 'unsafe-inline' 'nonce-YQ==", "true"},
    {IN, C "script-src 'unsafe-inline' 'nonce-Y=Q'", "true"},
    {IN, C "script-src 'unsafe-inline' 'nonce-_-'", "false"},
    {IN, C "script-src \"'unsafe-inline'\"", "false"},
    {IN, C "script-src 'unsafe-inline", "false"},
    {IN, C ",,default-src 'self',,", "false"},
    {IN, C ";;default-src 'self'", "false"},
    {IN, C "script-src'unsafe-inline'; default-src 'self'", "false"},
    {IN, C "script-src\xc2\xa0'self'", "true"},
    {IN, C "default-src\n 'self'", "false"},
    {IN, C "script-src-attr 'none'; script-src 'unsafe-inline'", "true"},
    {IN,
        C "script-src-elem 'nonce-YQ' 'unsafe-inline'; "
          "script-src-attr 'unsafe-inline'",
        "true"},
    {IN, C "script-src-elem 'none', script-src-attr 'none'; script-src 'none'",
        "false"},
    {IN, C "script-src unsafe-inline", "false"},
    {IN, C "script-src *", "false"},
    {IN, C "script-src", "false"},
    {IN, C "default-src 'self'; style-src 'unsafe-inline'", "false"},
    {IN, C "style-src 'self'", "true"},
    {IN, C "frame-ancestors 'none'", "true"},
    {IN, C "default-src 'self', script-src 'unsafe-inline'", "false"},
    {IN, C "script-src 'unsafe-inline'\n" C "default-src 'self'", "false"},
    {IN, C "script-src 'unsafe-inline'\n" C "img-src 'self'", "true"},
    {IN, C "default-src 'self'; ; img-src *;", "false"},
    {IN, C "default-src 'none' 'unsafe-inline'", "true"},
    {IN, C "default-src: 'self'", "true"},
    {IN, C "default-src 'none'; script-src self", "false"},
    {IN, C "default-src=self", "true"},
    {IN, C "default-src\t'self'", "false"},
    {IN, C "default-src 'self' \xc3\xa9", "true"},
    {IN, C "script-src \xc3\xa9; default-src 'self'", "false"},
    {IN, C "script-src-elem 'self'", "true"},
    {IN, C "script-src-elem 'self'; script-src-attr 'none'", "false"},
    {IN, C "script-src 'self'; script-src-elem 'unsafe-inline'", "true"},
    {IN, C "script-src 'self'; script-src-attr 'unsafe-inline'", "true"},
    {IN,
        C "script-src 'unsafe-inline'; script-src-elem 'self'; "
          "script-src-attr 'self'",
        "false"},
    {IN, C "sandbox", "false"},
    {IN, C "sandbox allow-forms", "false"},
    {IN, C "sandbox allow-SCRIPTS", "true"},
    {IN, C "upgrade-insecure-requests", "true"},
    {IN, CR "default-src 'none'", "true"},
    {IN, "X-Content-Security-Policy: default-src 'none'", "true"},
    {IN, C, "true"},
    {"csp.eval", "", "true"},
    {"csp.eval", C "script-src 'self'", "false"},
    {"csp.eval", C "default-src 'self' 'unsafe-eval'", "true"},
    {"csp.eval", C "default-src 'unsafe-eval'; script-src 'self'", "false"},
    {"csp.eval", C "script-src-elem 'self'", "true"},
    {"csp.eval", C "script-src 'wasm-unsafe-eval'", "false"},
    {"csp.eval", C "img-src 'self'", "true"},
    {"csp.eval", C "script-src 'unsafe-eval', script-src *", "false"},
    {"csp.eval", C "sandbox", "false"},
};

START_TEST(csp)
{
    check_rows(csp_rows, COUNT(csp_rows));
}
END_TEST

#define P "Permissions-Policy: "
#define CAM "permissions.camera"
#define O "Cross-Origin-Opener-Policy: "
#define E "Cross-Origin-Embedder-Policy: "
#define AO "Access-Control-Allow-Origin: "

/* Permissions Policy section 5.2; HTML; Fetch, CORS check. */
static const struct row policy_rows[] = {
    {CAM, "", "none"},
    {CAM, P "camera=()", "nobody"},
    {CAM, P "camera=();geolocation=()", "none"},
    {CAM, P "Camera=()", "none"},
    {CAM, P "camera=()\n" P "geolocation=(self)", "nobody"},
    {CAM, P "camera=*\n" P "camera=()", "nobody"},
    {CAM, P "camera=(), camera=*", "anyone"},
    {CAM, P "x-camera=()", "none"},
    {CAM, P "camera=(\"self\")", "nobody"},
    {CAM, P "camera=(), geolocation=(self 'https://a.example')", "none"},
    {CAM, P "camera=self", "self"},
    {CAM, P "camera=(self)", "self"},
    {CAM, P "camera=*", "anyone"},
    {CAM, P "camera=(*)", "anyone"},
    {CAM, P "camera=(self \"https://a.example\")", "listed"},
    {CAM, P "camera=(self https://a.example)", "self"},
    {CAM, P "camera=(none)", "nobody"},
    {CAM, P "camera=(self *)", "anyone"},
    {CAM, P "camera=(\"*\")", "nobody"},
    {CAM, P "camera=\"https://a.example\"", "listed"},
    {CAM, P "camera=(\"https://a.example\")", "listed"},
    {CAM, P "camera=(SELF)", "nobody"},
    {CAM, P "camera=(), 1=2", "none"},
    {CAM, P "camera=();Report-To=x", "none"},
    {CAM, P "camera=() , geolocation=()", "nobody"},
    {CAM, P "camera=(self,\"https://a.example\")", "none"},
    {CAM, P "camera=( self )", "self"},
    {CAM, P "camera=()\n" P "Camera=*", "none"},
    {CAM, P "camera=none", "nobody"},
    {CAM, P "camera", "nobody"},
    {CAM, P "camera=?0", "nobody"},
    {CAM, P "camera 'none'", "none"},
    {CAM, P "camera=(),", "none"},
    {CAM, P "camera=();report-to=x", "nobody"},
    {CAM, P "camera=(self", "none"},
    {CAM, "Feature-Policy: camera 'none'", "none"},
    {CAM, "Permissions-Policy-Report-Only: camera=()", "none"},
    {"permissions.interest-cohort", P "interest-cohort=()", "nobody"},
    {"isolated", O "same-origin\n" E "require-corp", "true"},
    {"isolated", O "same-origin\n" E "credentialless", "true"},
    {"isolated", O "same-origin; report-to=\"x\"\n" E "require-corp", "true"},
    {"isolated", O "same-origin", "false"},
    {"isolated", E "require-corp", "false"},
    {"isolated", O "same-origin; Report-To=\"x\"\n" E "require-corp", "false"},
    {"isolated", O "same-origin;a;b=?0\n" E "require-corp;x=1.5", "true"},
    {"isolated", O "noopener-allow-popups\n" E "require-corp", "false"},
    {"isolated", O "unsafe-none\n" E "require-corp", "false"},
    {"isolated", O "same-origin\n" E "Require-Corp", "false"},
    {"isolated", O "same-origin\n" E "require-corp\n" E "require-corp",
        "false"},
    {"isolated", O "(same-origin)\n" E "require-corp", "false"},
    {"isolated", O " same-origin  \n" E "require-corp", "true"},
    {"isolated", O "Same-Origin\n" E "require-corp", "false"},
    {"isolated", O "\"same-origin\"\n" E "require-corp", "false"},
    {"isolated", O "same-origin-allow-popups\n" E "require-corp", "false"},
    {"isolated", O "same-origin\n" O "same-origin\n" E "require-corp", "false"},
    {"isolated", O "same-origin,\n" E "require-corp", "false"},
    {"isolated", O "same-origin\n" E "unsafe-none", "false"},
    {"cors.origin", "", "none"},
    {"cors.origin", AO "*", "*"},
    {"cors.origin", AO "https://a.example", "https://a.example"},
    {"cors.origin", AO "https://a.example:8443", "https://a.example:8443"},
    {"cors.origin", AO "http://a.example:443", "http://a.example:443"},
    {"cors.origin", AO "https://a.example:443", "none"},
    {"cors.origin", AO "http://a.example:80", "none"},
    {"cors.origin", AO "https://a.example:", "none"},
    {"cors.origin", AO "https://a:b", "none"},
    {"cors.origin", AO "https://[::1]:8443", "https://[::1]:8443"},
    {"cors.origin", AO "https://[::443]", "https://[::443]"},
    {"cors.origin", AO "moz-extension://a1", "moz-extension://a1"},
    {"cors.origin", AO "null", "null"},
    {"cors.origin", AO "https://a.example/", "none"},
    {"cors.origin", AO "a.example", "none"},
    {"cors.origin", AO "https://a.example, https://b.example", "none"},
    {"cors.origin", AO "*\n" AO "*", "none"},
    {"cors.origin", AO "*\nAccess-Control-Allow-Credentials: true", "*"},
    {"cors.origin", AO "https://*.a.example", "none"},
    {"cors.origin", AO "HTTPS://a.example", "none"},
};

START_TEST(policies)
{
    check_rows(policy_rows, COUNT(policy_rows));
}
END_TEST

#define CC "Cache-Control: "

/* RFC 9111 section 5.2; cache.c has a table of its own. */
static const struct row cache_rows[] = {
    {"cache.stored", CC "No-Store", "false"},
    {"cache.stored", CC "private=\"no-store\"", "true"},
    {"cache.stored", CC "x-no-store=1", "true"},
    {"cache.stored", CC "no-store;max-age=0", "true"},
    {"cache.stored", CC "public, max-age=60, no-store", "false"},
    {"cache.lifetime", CC "max-age=60", "60s"},
    {"cache.shared-lifetime", CC "max-age=60, s-maxage=5", "5s"},
};

START_TEST(cache)
{
    check_rows(cache_rows, COUNT(cache_rows));
}
END_TEST

/* A table row each has a name and help, and is found by it. */
START_TEST(table)
{
    struct fact fact;
    for (size_t i = 0; i < fact_count; i++) {
        ck_assert_int_eq(fact_find(span_of_string(fact_name(i)), &fact), 0);
        ck_assert_uint_eq(fact.row, i);
        ck_assert_ptr_nonnull(fact_help(i));
    }
    static const char *const none[] = {"", "hst", "hsts.", "hsts.x",
        "permissions", "permissions.", "cache", "x.hsts"};
    for (size_t i = 0; i < COUNT(none); i++)
        ck_assert_int_ne(fact_find(span_of_string(none[i]), &fact), 0);
}
END_TEST

/* Whatever a head is cut to, and without one, facts are told or are none. */
START_TEST(cut_at_every_length)
{
    char text[512];
    struct field_head head = head_of(text, sizeof text,
        S "max-age=\"1\"; x\n" C "sandbox 'a\n" X "\"DENY\n" P "a=(\"b\n" CC
          "max-age=\"1");
    size_t len = head.head_len;
    for (size_t cut = 0; cut <= len; cut++) {
        char *copy = malloc(cut + 1);
        ck_assert_ptr_nonnull(copy);
        memcpy(copy, text, cut);
        head.head = copy;
        head.head_len = cut;
        for (size_t i = 0; i < fact_count; i++) {
            struct fact fact = {.row = i, .name = {"camera", 6}};
            struct field_value value = {0};
            fact_get(&fact, &head, &value);
        }
        free(copy);
    }
    struct fact fact = {.row = 0};
    struct field_value value = {0};
    fact_get(&fact, &(struct field_head){.is_secure = true}, &value);
    ck_assert_int_eq(value.type, FIELD_NONE);
}
END_TEST

/* --- fields.h of the same fields --- */

static const struct {
    const char *lines, *name, *member, *want;
} members[] = {
    {S "max-age=1; X=\"a b\"; preload", "strict-transport-security", "max-age",
        "1"},
    {S "max-age=1; X=\"a b\"; preload", "strict-transport-security", "x",
        "a b"},
    {S "max-age=1; X=\"a b\"; preload", "strict-transport-security", "preload",
        "true"},
    {S "max-age=1; max-age=1", "strict-transport-security", "max-age", "none"},
    {C "img-src  a  b ; default-src", "content-security-policy", "img-src",
        "a  b"},
    {C "img-src a, Default-Src", "content-security-policy", "default-src",
        "true"},
    {C "img-src a; img-src b", "content-security-policy", "img-src", "a"},
    {C "img-src a", "content-security-policy", "default-src", "none"},
    {"Set-Cookie: a=1; Secure", "set-cookie", "a", "1"},
};

START_TEST(members_of_fields)
{
    char text[512], got[64];
    for (size_t i = 0; i < COUNT(members); i++) {
        struct field_head head = head_of(text, sizeof text, members[i].lines);
        struct field_value value = {0};
        field_get_member(&head, span_of_string(members[i].name),
            span_of_string(members[i].member), &value);
        print(&value, got, sizeof got);
        ck_assert_msg(strcmp(got, members[i].want) == 0, "row %zu: %s", i, got);
    }
}
END_TEST

static const struct {
    const char *lines, *name, *want;
} valid[] = {
    {"", "strict-transport-security", "none"},
    {S "max-age=1", "strict-transport-security", "true"},
    {S "max-age=0", "strict-transport-security", "true"},
    {S "max-age", "strict-transport-security", "false"},
    {C "default-src \xc3\xa9", "content-security-policy", "false"},
    {C "\xc3\xa9 'self'", "content-security-policy", "false"},
    {C "default-src 'self'", "content-security-policy", "true"},
    {X "DENY", "x-frame-options", "true"},
    {X "ALLOW-FROM x", "x-frame-options", "false"},
    {X "DENY, SAMEORIGIN", "x-frame-options", "false"},
    {N "nosniff", "x-content-type-options", "true"},
    {N "sniff", "x-content-type-options", "false"},
    {R "origin, no-referrer", "referrer-policy", "true"},
    {R "origin, x", "referrer-policy", "false"},
    {AO "*", "access-control-allow-origin", "true"},
    {AO "a, b", "access-control-allow-origin", "false"},
    {"Cross-Origin-Resource-Policy: same-site", "cross-origin-resource-policy",
        "true"},
    {"Cross-Origin-Resource-Policy: Same-Site", "cross-origin-resource-policy",
        "false"},
    {"Set-Cookie: a=1", "set-cookie", "true"},
    {"Set-Cookie: a=1; SameSite=None", "set-cookie", "false"},
};

START_TEST(validity_of_fields)
{
    char text[512], got[64];
    for (size_t i = 0; i < COUNT(valid); i++) {
        struct field_head head = head_of(text, sizeof text, valid[i].lines);
        struct field_value value = {0};
        field_get_valid(&head, span_of_string(valid[i].name), &value);
        print(&value, got, sizeof got);
        ck_assert_msg(strcmp(got, valid[i].want) == 0, "row %zu: %s", i, got);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        hsts,
        hsts_only_over_https_and_of_names,
        simple,
        framing,
        csp,
        policies,
        cache,
        table,
        cut_at_every_length,
        members_of_fields,
        validity_of_fields,
        NULL,
    };
    return run_tests("facts", tests);
}
