/*
 * fields by tables: what members are, which values conform and which are
 * equal, for each grammar of the table.
 */
#include "fields/fields.h"

#include "fields/lines.h"
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

enum { NOTHING = FIELD_NONE, TEXT = FIELD_TEXT, NUMBER = FIELD_NUMBER };
enum { DECIMAL = FIELD_DECIMAL, BOOL = FIELD_BOOL, DATE = FIELD_DATE };

static struct field_head head_of(
    char *text, size_t size, const char *name, const char *value)
{
    int len = snprintf(
        text, size, "HTTP/1.1 200 OK\nA: b\n%s: %s\nC: d\n", name, value);
    return (struct field_head){.head = text,
        .head_len = (size_t)len,
        .is_secure = true,
        .host = "a.example",
        .received_at = 1796083200};
}

static const struct {
    const char *name, *value, *member;
    int type;
    const char *text;
    int64_t number;
} members[] = {
    /* RFC 9111 sections 5.2, 4.2.1. */
    {"Cache-Control", "max-age=60, public", "MAX-AGE", NUMBER, NULL, 60},
    {"Cache-Control", "max-age=60, public", "public", BOOL, NULL, 1},
    {"Cache-Control", "max-age=60, public", "private", NOTHING, NULL, 0},
    {"Cache-Control", "max-age=60, max-age=60", "max-age", NUMBER, NULL, 60},
    {"Cache-Control", "max-age=60, max-age=61", "max-age", NOTHING, NULL, 0},
    {"Cache-Control", "max-age=60s", "max-age", NOTHING, NULL, 0},
    {"Cache-Control", "max-age=99999999999", "max-age", NUMBER, NULL,
        2147483648},
    {"Cache-Control", "private=\"a, b\"", "private", TEXT, "a, b", 0},
    {"Cache-Control", "private=\"a\", private", "private", BOOL, NULL, 1},
    {"Cache-Control", "no-store;max-age=0", "no-store", NOTHING, NULL, 0},
    {"Cache-Control", "no-store=1", "no-store", NOTHING, NULL, 0},
    {"Cache-Control", "no-store=1, No-Store", "no-store", BOOL, NULL, 1},
    {"Cache-Control", "no-store=1, no-store=2", "no-store", NOTHING, NULL, 0},
    {"Cache-Control", "private=\"a\", private=\"b\"", "private", TEXT, "a", 0},
    {"Cache-Control", "public=\"x\"", "public", NOTHING, NULL, 0},
    {"Cache-Control", "no-cache=1", "no-cache", NUMBER, NULL, 1},
    {"Cache-Control", "x=y, x=z", "x", TEXT, "y", 0},
    {"Cache-Control", "x=\"a\\\"b\"", "x", TEXT, "a\"b", 0},
    /* RFC 9213. */
    {"CDN-Cache-Control", "max-age=60, no-store", "max-age", NUMBER, NULL, 60},
    {"CDN-Cache-Control", "max-age=60, no-store", "Max-Age", NOTHING, NULL, 0},
    {"CDN-Cache-Control", "max-age=60,", "max-age", NOTHING, NULL, 0},
    /* RFC 8288 section 3. */
    {"Link", "</a>; rel=next", "next", TEXT, "/a", 0},
    {"Link", "</a>; rel=\"x NEXT\"", "next", TEXT, "/a", 0},
    {"Link", "</a>; rel=x; rel=next", "next", NOTHING, NULL, 0},
    {"Link", "</a,b;c>; title=\"<, ;\"; rel=next", "next", TEXT, "/a,b;c", 0},
    {"Link", "</a>; rel=x, </b>;rel=next, </c>;rel=next", "next", TEXT, "/b",
        0},
    {"Link", "</a>; REL = next", "next", TEXT, "/a", 0},
    {"Link", "/a; rel=next", "next", NOTHING, NULL, 0},
    {"Link", "</a>; rel=nextish", "next", NOTHING, NULL, 0},
    {"Link", "<>; rel=next", "next", TEXT, "", 0},
    /* RFC 7838 section 3. */
    {"Alt-Svc", "h3=\":443\"; ma=86400, h2=\"a:8\"", "h3", TEXT, ":443", 0},
    {"Alt-Svc", "h3=\":443\"; ma=86400, h2=\"a:8\"", "h2", TEXT, "a:8", 0},
    {"Alt-Svc", "H3=\":443\"", "h3", NOTHING, NULL, 0},
    {"Alt-Svc", "h3=443", "h3", NOTHING, NULL, 0},
    {"Alt-Svc", "clear", "clear", BOOL, NULL, 1},
    {"Alt-Svc", "w%3Dx=\":1\"", "w%3Dx", TEXT, ":1", 0},
    /* Server Timing. */
    {"Server-Timing", "db;dur=12.5, cache", "db", DECIMAL, NULL, 12500},
    {"Server-Timing", "db;dur=12.5, cache", "cache", BOOL, NULL, 1},
    {"Server-Timing", "db;dur=\"7\";dur=8", "db", DECIMAL, NULL, 7000},
    {"Server-Timing", "db;desc=\"a, b;dur=1\";dur=.25", "db", DECIMAL, NULL,
        250},
    {"Server-Timing", "db; dur = 2", "db", DECIMAL, NULL, 2000},
    {"Server-Timing", "db=1", "db", NOTHING, NULL, 0},
    {"Server-Timing", "dbs", "db", NOTHING, NULL, 0},
    {"Server-Timing", "db;dur=x", "db", BOOL, NULL, 1},
    {"Server-Timing", "db;dur=1.23456", "db", DECIMAL, NULL, 1234},
    /* Clear Site Data section 3.1. */
    {"Clear-Site-Data", "\"cache\", \"cookies\"", "cookies", BOOL, NULL, 1},
    {"Clear-Site-Data", "\"*\"", "cookies", BOOL, NULL, 1},
    {"Clear-Site-Data", "cookies", "cookies", NOTHING, NULL, 0},
    {"Clear-Site-Data", "\"Cookies\"", "cookies", NOTHING, NULL, 0},
    {"Clear-Site-Data", "cache, \"cookies\"", "cookies", BOOL, NULL, 1},
    /* RFC 8942 section 3.1. */
    {"Accept-CH", "DPR, Width", "dpr", BOOL, NULL, 1},
    {"Accept-CH", "DPR, \"Width\"", "dpr", NOTHING, NULL, 0},
    {"Accept-CH", "DPR,", "dpr", NOTHING, NULL, 0},
    /* RFC 9110 section 12.5.5. */
    {"Vary", "Accept, Origin", "origin", BOOL, NULL, 1},
    {"Vary", "Accept-Encoding", "accept", NOTHING, NULL, 0},
    {"Allow", "GET, HEAD", "get", BOOL, NULL, 1},
    {"Allow", "GET, HEAD", "put", NOTHING, NULL, 0},
    {"Vary", "*", "accept", BOOL, NULL, 1},
    {"Vary", ",,Origin", "origin", BOOL, NULL, 1},
    {"Vary", "Origin=1", "origin", NOTHING, NULL, 0},
    {"Vary", "Accept Origin", "origin", NOTHING, NULL, 0},
    /* RFC 9211 section 2: the last one is nearest to us. */
    {"Cache-Status", "o; hit, \"CDN x\"; fwd=uri-miss; ttl=-5", "fwd", TEXT,
        "uri-miss", 0},
    {"Cache-Status", "o; hit, \"CDN x\"; fwd=uri-miss; ttl=-5", "ttl", NUMBER,
        NULL, -5},
    {"Cache-Status", "o; hit, \"CDN x\"; fwd=miss", "hit", NOTHING, NULL, 0},
    {"Cache-Status", "o; fwd=miss, c; hit", "hit", BOOL, NULL, 1},
    {"Cache-Status", "o; hit, \"CDN x\"; fwd=miss", "CDN x", BOOL, NULL, 1},
    {"Cache-Status", "o; hit,", "hit", NOTHING, NULL, 0},
    {"Cache-Status", "a; hit, (b; hit); x", "hit", NOTHING, NULL, 0},
    {"Proxy-Status", "p; error=dns_timeout", "error", TEXT, "dns_timeout", 0},
    /* RFC 9218 section 4. */
    {"Priority", "u=1, i", "u", NUMBER, NULL, 1},
    {"Priority", "u=1, i", "i", BOOL, NULL, 1},
    {"Priority", "u=8", "u", NOTHING, NULL, 0},
    {"Priority", "u=-1", "u", NOTHING, NULL, 0},
    {"Priority", "u=1.0", "u", NOTHING, NULL, 0},
    {"Priority", "i=1", "i", NOTHING, NULL, 0},
    {"Priority", "u=1, u=7", "u", NUMBER, NULL, 7},
    /* RFC 9110 section 8.3. */
    {"Content-Type", "Text/HTML; Charset=UTF-8", "charset", TEXT, "UTF-8", 0},
    {"Content-Type", "a/b; x=\"1\\\"2\"; x=3", "x", TEXT, "1\"2", 0},
    {"Content-Type", "text/html;charset", "charset", NOTHING, NULL, 0},
    {"Content-Type", "text/html; charset = x", "charset", NOTHING, NULL, 0},
    {"Content-Type", "text/html, text/plain", "text/html", NOTHING, NULL, 0},
    {"Content-Type", "text/html", "text/html", BOOL, NULL, 1},
    /* RFC 9651. */
    {"Permissions-Policy", "camera=(), a=(self \"https://x\");p", "camera",
        TEXT, "()", 0},
    {"Permissions-Policy", "camera=(), a=(self \"https://x)\");p", "a", TEXT,
        "(self \"https://x)\")", 0},
    {"Document-Policy", "a=(%\"\\\" 1), b", "a", TEXT, "(%\"\\\" 1)", 0},
    {"Document-Policy", "a=(1)\nDocument-Policy: b=(2 3)", "b", TEXT, "(2 3)",
        0},
    {"Document-Policy", "a=(1\n 2)\n , b", "a", TEXT, "(1 2)", 0},
    {"Document-Policy", "a=(\"x\nDocument-Policy: y\")\nDocument-Policy: b",
        "a", TEXT, "(\"x, y\")", 0},
    {"Cross-Origin-Opener-Policy", "same-origin; report-to=\"x\"", "report-to",
        TEXT, "x", 0},
    {"Cross-Origin-Opener-Policy",
        "same-origin\nCross-Origin-Opener-Policy: same-origin;a", "a", NOTHING,
        NULL, 0},
    {"Cross-Origin-Opener-Policy", "\"same-origin\"; report-to=\"x\"",
        "report-to", NOTHING, NULL, 0},
    {"Reporting-Endpoints", "a=\"https://x/\", b=\"/y\"", "b", TEXT, "/y", 0},
    {"Content-Digest", "sha-256=:YQ==:", "sha-256", TEXT, "YQ==", 0},
    {"Signature-Input", "s=(\"@method\");created=1", "s", TEXT, "(\"@method\")",
        0},
    {"No-Vary-Search", "key-order, params=?0", "params", BOOL, NULL, 0},
    {"RateLimit", "\"default\";r=50;t=30", "r", NUMBER, NULL, 50},
    {"RateLimit", "limit=9, remaining=5, reset=2", "reset", NUMBER, NULL, 2},
    {"RateLimit", "limit=9; remaining=5; Reset=2", "limit", NOTHING, NULL, 0},
    {"RateLimit-Policy", "10;w=60", "w", NUMBER, NULL, 60},
    /* The general notation: a dictionary, else a list. */
    {"X-Any", "a=1, b", "a", NUMBER, NULL, 1},
    {"X-Any", "a=1; b=x y", "b", TEXT, "x y", 0},
    {"X-Any", "a=1, A=2", "a", NUMBER, NULL, 1},
    {"X-Any", "a=\"x;b=1\"; b=2,", "b", NUMBER, NULL, 2},
    {"X-Any", "a=/; b", "B", BOOL, NULL, 1},
    {"X-Any", "a = x y; b", "a", TEXT, "x y", 0},
    {"X-Any", "a b", "a", NOTHING, NULL, 0},
    {"X-Any", "a=1.5", "a", DECIMAL, NULL, 1500},
    {"Set-Cookie", "a=1, b=2; Path=/\nSet-Cookie: c=x; Secure", "a", TEXT,
        "1, b=2", 0},
    {"Set-Cookie", "a=1\nSet-Cookie: c=x; Secure", "c", TEXT, "x", 0},
    {"Strict-Transport-Security", "max-age=1\nStrict-Transport-Security: a=2",
        "max-age", NUMBER, NULL, 1},
    {"Content-Security-Policy", "default-src 'self'", "default-src", TEXT,
        "'self'", 0},
    {"Date", "Tue, 01 Dec 2026 00:00:00 GMT", "Tue", NOTHING, NULL, 0},
};

START_TEST(members_by_their_grammar)
{
    for (size_t i = 0; i < COUNT(members); i++) {
        char text[500];
        struct field_head head =
            head_of(text, sizeof text, members[i].name, members[i].value);
        struct field_value value = {0};
        field_get_member(&head, span_of_string(members[i].name),
            span_of_string(members[i].member), &value);
        ck_assert_msg((int)value.type == members[i].type, "%s of %s: %s: %d",
            members[i].member, members[i].name, members[i].value, value.type);
        if (members[i].text)
            ck_assert_msg(value.len == strlen(members[i].text) &&
                              !memcmp(value.text, members[i].text, value.len),
                "%s", members[i].value);
        else if (value.type != FIELD_NONE)
            ck_assert_msg(value.number == members[i].number, "%s: %lld",
                members[i].value, (long long)value.number);
    }
}
END_TEST

static const struct {
    const char *name, *value;
    bool is_valid;
} valids[] = {
    {"Cache-Control", "max-age=60, x=\"y\"", true},
    {"Cache-Control", "", true},
    {"Cache-Control", "max-age=60;", false},
    {"Cache-Control", "no-store=1", false},
    {"Cache-Control", "no-cache=\"a\", private=b", true},
    {"Cache-Control", "max-age=60, max-age=6", false},
    {"Cache-Control", "stale-if-error=x", false},
    {"Link", "</a>; rel=next, </b>", true},
    {"Link", "/a", false},
    {"Alt-Svc", "h3=\":443\"; ma=1; persist=1", true},
    {"Alt-Svc", "clear", true},
    {"Alt-Svc", "Clear", false},
    {"Alt-Svc", "clear, h3=\":443\"", false},
    {"Alt-Svc", "h3=\":443\"; ma", false},
    {"Alt-Svc", "h3", false},
    {"Alt-Svc", "", false},
    {"Server-Timing", "a;dur=1;desc, b", true},
    {"Server-Timing", "a=1", false},
    {"Clear-Site-Data", "\"cache\", \"new\"", true},
    {"Clear-Site-Data", "cache", false},
    {"Vary", "*, a", true},
    {"Vary", "a=1", false},
    {"Accept-CH", "", true},
    {"Accept-CH", "\"a\"", false},
    {"Priority", "u=9", true},
    {"Priority", "U=1", false},
    {"Retry-After", "120", true},
    {"Retry-After", "Tue, 01 Dec 2026 00:00:00 GMT", true},
    {"Retry-After", "-1", false},
    {"Retry-After", "1.5", false},
    {"Date", "Tue, 01 Dec 2026 00:00:00 GMT", true},
    {"Date", "0", false},
    {"Date",
        "Tue, 01 Dec 2026 00:00:00 GMT, or as soon as somebody has the time",
        false},
    {"Expires", "Tuesday, 01-Dec-26 00:00:00 GMT", true},
    {"Age", "60", true},
    {"Age", "60\nAge: 60", false},
    {"Content-Type", "text/html;;charset=\"x\"", true},
    {"Content-Type", "text/html; charset", false},
    {"Content-Type", "html", false},
    {"Content-Type", "text/html\nContent-Type: text/html", false},
    {"Content-Type", "", false},
    {"Permissions-Policy", "camera=()", true},
    {"Permissions-Policy", "camera=();geolocation=()", false}, /* pp-3 */
    {"Permissions-Policy", "Camera=()", false}, /* pp-5 */
    {"Permissions-Policy", "camera=(), geolocation=(self 'https://a')",
        false}, /* pp-13 */
    {"Cross-Origin-Embedder-Policy", "require-corp", true},
    {"Cross-Origin-Embedder-Policy", "require-corp, require-corp", false},
    {"Origin-Agent-Cluster", "?1", true},
    {"Origin-Agent-Cluster", "1, 2", false},
    {"Cache-Status", "a; hit, b", true},
    {"Deprecation", "@1659578233", true},
    {"Deprecation", "true", false},
    {"Deprecation", "Tue, 01 Dec 2026 00:00:00 GMT", false},
    {"Origin-Agent-Cluster", "?0;a", true},
    {"Origin-Agent-Cluster", "1", false},
    {"Origin-Agent-Cluster", "true", false},
    {"RateLimit", "\"a\";r=5;t=3", true},
    {"RateLimit", "limit=9, remaining=5", true},
    {"RateLimit", "limit=9, remaining", true},
    {"RateLimit", "limit=9,", false},
    {"Accept-Ranges", "bytes", true},
    {"Accept-Ranges", "none, bytes", true},
    {"Accept-Ranges", "", true},
    {"Accept-Ranges", "bytes=0-1", false},
    {"Accept-Ranges", "\"bytes\"", false},
    {"Accept-Signature", "sig1=(\"@method\");created", true},
    {"Accept-Signature", "sig1=(\"@method\"", false},
    {"Accept-Signature", "Sig1=()", false},
    {"Access-Control-Allow-Origin", "null", true},
    {"Access-Control-Allow-Origin", "https://a.example:8443", true},
    {"Access-Control-Allow-Origin", "https://a.example/", false},
    {"Access-Control-Allow-Origin", "* *", false},
    {"Allow", "GET, HEAD", true},
    {"Allow", "get", true},
    {"Allow", "GET; HEAD", false},
    {"CDN-Cache-Control", "max-age=60", true},
    {"CDN-Cache-Control", "no-store;x=1", true},
    {"CDN-Cache-Control", "max-age=60,", false},
    {"CDN-Cache-Control", "Max-Age=60", false},
    {"Connection", "close", true},
    {"Connection", "keep-alive, Upgrade", true},
    {"Connection", "close;x", false},
    {"Content-Digest", "sha-256=:YQ==:", true},
    {"Content-Digest", "sha-256=YQ==", false},
    {"Content-Digest", "SHA-256=:YQ==:", false},
    {"Content-Encoding", "gzip, br", true},
    {"Content-Encoding", "gzip;q=1", false},
    {"Content-Language", "de, en-GB", true},
    {"Content-Language", "de;q=1", false},
    {"Content-Length", "0", true},
    {"Content-Length", "007", true},
    {"Content-Length", "-1", false},
    {"Content-Length", "1, 1", false},
    {"Content-Length", "1x", false},
    {"Content-Length", "", false},
    {"Content-Security-Policy", "default-src 'self'", true},
    {"Content-Security-Policy", "", true},
    {"Content-Security-Policy", "default-src \xc3\xa9", false},
    {"Critical-CH", "DPR, Width", true},
    {"Critical-CH", "\"DPR\"", false},
    {"Critical-CH", "DPR,", false},
    {"Cross-Origin-Embedder-Policy-Report-Only", "require-corp", true},
    {"Cross-Origin-Embedder-Policy-Report-Only", "\"require-corp\"", false},
    {"Cross-Origin-Opener-Policy", "same-origin;report-to=\"x\"", true},
    {"Cross-Origin-Opener-Policy", "same-origin same-origin", false},
    {"Cross-Origin-Opener-Policy", "\"same-origin\"", false},
    {"Cross-Origin-Opener-Policy-Report-Only", "same-origin", true},
    {"Cross-Origin-Opener-Policy-Report-Only", "same-origin,", false},
    {"Cross-Origin-Resource-Policy", "same-origin", true},
    {"Cross-Origin-Resource-Policy", "cross-origin", true},
    {"Cross-Origin-Resource-Policy", "Same-Origin", false},
    {"Cross-Origin-Resource-Policy", "same-origin, same-origin", false},
    {"Cross-Origin-Resource-Policy", "same-origin;x", false},
    {"Document-Policy", "force-load-at-top", true},
    {"Document-Policy", "document-write=?0", true},
    {"Document-Policy", "Document-Write=?0", false},
    {"Document-Policy", "a=(1", false},
    {"Document-Policy-Report-Only", "a", true},
    {"Document-Policy-Report-Only", "A", false},
    {"Integrity-Policy", "blocked-destinations=(script), endpoints=(a)", true},
    {"Integrity-Policy", "blocked-destinations=(script", false},
    {"Integrity-Policy", "blocked-destinations='script'", false},
    {"Integrity-Policy-Report-Only", "blocked-destinations=(script)", true},
    {"Integrity-Policy-Report-Only", "=(script)", false},
    {"Last-Modified", "Tue Dec  1 00:00:00 2026", true},
    {"Last-Modified", "2026-12-01", false},
    {"Last-Modified", "Tue, 01 Dec 2026 00:00:00 +0000", false},
    {"No-Vary-Search", "key-order", true},
    {"No-Vary-Search", "params=(\"a\" \"b\")", true},
    {"No-Vary-Search", "params=(\"a\", \"b\")", false},
    {"Permissions-Policy-Report-Only", "camera=()", true},
    {"Permissions-Policy-Report-Only", "camera=(),", false},
    {"Proxy-Status", "p;error=dns_timeout, q", true},
    {"Proxy-Status", "p;Error=x", false},
    {"Proxy-Status", "p,", false},
    {"RateLimit-Policy", "\"a\";q=10;w=60", true},
    {"RateLimit-Policy", "\"a", false},
    {"Referrer-Policy", "origin", true},
    {"Referrer-Policy", "orgin", false},
    {"Referrer-Policy", "origin;", false},
    {"Reporting-Endpoints", "a=\"https://x/\"", true},
    {"Reporting-Endpoints", "a='https://x/'", false},
    {"Reporting-Endpoints", "A=\"x\"", false},
    {"Repr-Digest", "sha-512=:YQ==:", true},
    {"Repr-Digest", "sha-512=:Y?==:", false},
    {"Set-Cookie", "a=1; Secure", true},
    {"Set-Cookie", "__Host-a=1", false},
    {"Set-Cookie", "a=1; SameSite=None", false},
    {"Signature", "sig1=:YQ==:", true},
    {"Signature", "sig1=:YQ==", false},
    {"Signature", "sig1:YQ==", false},
    {"Signature-Input", "sig1=(\"@method\" \"@path\");created=1", true},
    {"Signature-Input", "sig1=(@method)", false},
    {"Signature-Input", "sig1=(\"@method\",\"@path\")", false},
    {"Strict-Transport-Security", "max-age=0", true},
    {"Strict-Transport-Security", "max-age=1;;x", true},
    {"Strict-Transport-Security", "max-age=1, x", false},
    {"Strict-Transport-Security", "max-age=1; max-age=1", false},
    {"Sunset", "Tue, 01 Dec 2026 00:00:00 GMT", true},
    {"Sunset", "@1796083200", false},
    {"Sunset", "soon", false},
    {"Trailer", "Expires", true},
    {"Trailer", "Expires: x", false},
    {"Transfer-Encoding", "chunked", true},
    {"Transfer-Encoding", "gzip, chunked", true},
    {"Transfer-Encoding", "\"chunked\"", false},
    {"Want-Content-Digest", "sha-256=1, sha-512=10", true},
    {"Want-Content-Digest", "sha-256=1;", false},
    {"Want-Content-Digest", "sha-256: 1", false},
    {"Want-Repr-Digest", "sha-256=0", true},
    {"Want-Repr-Digest", "sha-256=.5", false},
    {"X-Content-Type-Options", "NOSNIFF", true},
    {"X-Content-Type-Options", "nosniff;", false},
    {"X-Content-Type-Options", "no-sniff", false},
    {"X-Frame-Options", "deny", true},
    {"X-Frame-Options", "SameOrigin", true},
    {"X-Frame-Options", "ALLOW-FROM https://a.example", false},
    {"X-Frame-Options", "DENY;", false},
};

START_TEST(valid_by_their_grammar)
{
    for (size_t i = 0; i < COUNT(valids); i++) {
        char text[500];
        struct field_head head =
            head_of(text, sizeof text, valids[i].name, valids[i].value);
        struct field_value value = {0};
        field_get_valid(&head, span_of_string(valids[i].name), &value);
        ck_assert_int_eq(value.type, FIELD_BOOL);
        ck_assert_msg(value.number == valids[i].is_valid, "%s: %s: %s",
            valids[i].name, valids[i].value, value.why ? value.why : "");
        ck_assert(!value.why == valids[i].is_valid);
    }
}
END_TEST

START_TEST(valid_is_not_known)
{
    char text[100];
    struct field_head head = head_of(text, sizeof text, "X-Any", "a=1");
    struct field_value value = {0}, none = {0};
    field_get_valid(&head, span_of_string("x-any"), &value);
    ck_assert_int_eq(value.type, FIELD_NONE);
    ck_assert_ptr_nonnull(value.why);
    field_get_valid(&head, span_of_string("vary"), &none);
    ck_assert_int_eq(none.type, FIELD_NONE);
    ck_assert_ptr_null(none.why);
}
END_TEST

static const struct {
    const char *name, *value, *text;
    bool is_equal;
} pairs[] = {
    {"content-type", "text/html;charset=UTF-8", "Text/HTML; charset=\"utf-8\"",
        true},
    {"content-type", "text/html", "text/html;charset=utf-8", false},
    {"content-type", "html", "html", true},
    {"content-type", "html", "HTML", false},
    {"content-length", "007", "7", true},
    {"content-length", "7", "8", false},
    {"age", "99999999999999999999", "99999999999999999998", false},
    {"vary", "Accept,Origin", "accept, origin", true},
    {"content-encoding", "GZIP", "gzip", true},
    {"cache-control", "No-Store, max-age=\"060\"", "no-store,max-age=60", true},
    {"cache-control", "no-store", "no-store, public", false},
    {"date", "Tue Dec  1 00:00:00 2026", "Tue, 01 Dec 2026 00:00:00 GMT", true},
    {"date", "Tuesday, 01-Dec-26 00:00:00 GMT", "Tue, 01 Dec 2026 00:00:00 GMT",
        true},
    {"retry-after", "0120", "120", true},
    {"permissions-policy", "a=(), b", "b=?1,a=( )", true},
    {"permissions-policy", "A=()", "A=()", false}, /* void */
    {"cross-origin-opener-policy", "same-origin; report-to=\"x\"",
        "same-origin", true},
    {"cross-origin-opener-policy", "\"same-origin\"", "same-origin", false},
    {"cross-origin-embedder-policy", "require-corp, require-corp",
        "require-corp", false},
    {"cross-origin-opener-policy", "same-origin", "Same-Origin", false},
    {"priority", "u=1,i", "i, u=1", true},
    {"clear-site-data", "\"cache\",\"x\"", " \"cache\" , \"x\"", true},
    {"cache-status", "a;hit , b", "a;hit,b", true},
    {"accept-ch", "a,b", "a, b", true},
    {"ratelimit", "limit=9,reset=2", "reset=2, limit=9", true},
    {"alt-svc", "h3=\":443\";ma=060", "h3=\":443\"; ma=60", true},
    {"alt-svc", "h3=\":443\"", "h3=\":8443\"", false},
    {"server-timing", "a;dur=1, b", "a;dur=1,b", true},
    {"date", "Tue, 01 Dec 2026 00:00:00 GMT",
        "Tue, 01 Dec 2026 00:00:00 GMT, Tue, 01 Dec 2026 00:00:00 GMT, x",
        false},
    {"link", "<a>;rel=x", "<a>; rel=\"x\"", true},
    {"x-frame-options", "deny", "DENY", true},
    {"x-content-type-options", "NoSniff", "nosniff", true},
    {"referrer-policy", "no-referrer,Origin", "no-referrer, origin", true},
    {"strict-transport-security", "max-age=60; includeSubDomains",
        "Max-Age = \"060\";includesubdomains", true},
    {"strict-transport-security", "max-age=60, includeSubDomains",
        "max-age=60; includeSubDomains", false},
    {"access-control-allow-origin", "https://a.example", "https://A.example",
        false},
    {"server", "nginx", "nginx", true},
    {"server", "nginx", "Nginx", false},
    {"x-count", "042", "42", true},
    {"x-count", "1.0", "1", false},
};

START_TEST(equal_by_their_grammar)
{
    for (size_t i = 0; i < COUNT(pairs); i++)
        ck_assert_msg(field_is_equal(span_of_string(pairs[i].name),
                          span_of_string(pairs[i].value),
                          span_of_string(pairs[i].text)) == pairs[i].is_equal,
            "%s: %s and %s", pairs[i].name, pairs[i].value, pairs[i].text);
}
END_TEST

static const struct {
    const char *name, *value, *member;
    bool has;
} lists[] = {
    {"Cache-Control", "No-Store", "no-store", true},
    {"Cache-Control", "no-store=1", "no-store", false},
    {"Cache-Control", "private=\"x\"", "private", false},
    {"Cache-Control", "max-age=0", "max-age", true},
    {"Vary", "Accept-Encoding", "accept-encoding", true},
    {"Vary", "Accept-Encoding", "encoding", false},
    {"Link", "</a>; rel=\"a preload\"", "preload", true},
    {"Link", "</preload>; rel=a", "preload", false},
    {"Content-Type", "text/html; charset=utf-8", "TEXT/html", true},
    {"Content-Type", "text/html", "text", false},
    {"Permissions-Policy", "camera=()", "camera", true},
    {"Permissions-Policy", "a=?0", "a", true},
    {"Permissions-Policy", "x-camera=()", "camera", false}, /* pp-9 */
    {"Cache-Status", "a;hit, \"b\"", "b", true},
    {"Cache-Status", "a;hit, \"b\"", "hit", false},
    {"Cross-Origin-Opener-Policy", "same-origin;a", "same-origin", true},
    {"Cross-Origin-Opener-Policy", "Same-Origin", "same-origin", false},
    {"RateLimit", "limit=9", "limit", true},
    {"RateLimit", "\"a\";r=5", "a", true},
    {"X-Frame-Options", "DENY, foo", "deny", true},
    {"Referrer-Policy", "no-referrer, origin", "no-referrer", true},
    {"Set-Cookie", "sid=1; Secure\nSet-Cookie: b=2", "b", true},
    {"Set-Cookie", "sid=1; Secure", "Secure", false},
    {"Strict-Transport-Security", "max-age=1; Preload", "preload", true},
    {"Allow", "GET, HEAD", "head", true},
    {"Content-Encoding", "gzip", "gzip", true},
    {"X-Any", "a; B=1", "b", true},
    {"X-Any", "abc", "b", false},
    {"X-Any", "x=\"a, b\"", "b", false},
    {"Age", "5", "5", false},
};

START_TEST(lists_have_members)
{
    for (size_t i = 0; i < COUNT(lists); i++) {
        char text[500];
        struct field_head head =
            head_of(text, sizeof text, lists[i].name, lists[i].value);
        ck_assert_msg(field_has_member(&head, span_of_string(lists[i].name),
                          span_of_string(lists[i].member)) == lists[i].has,
            "%s: %s has %s", lists[i].name, lists[i].value, lists[i].member);
        ck_assert(!field_has_member(
            &head, span_of_string("absent"), span_of_string(lists[i].member)));
    }
}
END_TEST

static const struct {
    const char *name, *value;
    int type;
    int64_t date;
} dates[] = {
    {"Date", "Tue, 01 Dec 2026 00:00:00 GMT", DATE, 1796083200},
    {"Expires", "Tue Dec  1 00:00:00 2026", DATE, 1796083200},
    {"Last-Modified", "Tuesday, 01-Dec-26 00:00:00 GMT", DATE, 1796083200},
    {"X-Built", "Tue, 01 Dec 2026 00:00:00 GMT", DATE, 1796083200},
    {"Deprecation", "@1659578233", DATE, 1659578233},
    {"Deprecation", "@1659578233;x", DATE, 1659578233},
    {"Deprecation", "@1659578233, @1", NOTHING, 0},
    {"Deprecation", "true", NOTHING, 0},
    {"Date", "Tue, 01 Dec 2026 00:00:00 GMT\nDate: x", NOTHING, 0},
    {"Date", "x", NOTHING, 0},
    {"Date", "", NOTHING, 0},
    {"Retry-After", "120", NOTHING, 0},
};

START_TEST(dates_in_fields)
{
    for (size_t i = 0; i < COUNT(dates); i++) {
        char text[500];
        struct field_head head =
            head_of(text, sizeof text, dates[i].name, dates[i].value);
        struct field_value value = {0};
        field_get_date(&head, span_of_string(dates[i].name), &value);
        ck_assert_msg((int)value.type == dates[i].type, "%s: %s", dates[i].name,
            dates[i].value);
        ck_assert_int_eq(value.number, dates[i].date);
        ck_assert(!value.why == (value.type == FIELD_DATE));
    }
}
END_TEST

START_TEST(date_of_no_field_is_none)
{
    char text[100];
    struct field_head head = head_of(text, sizeof text, "X-Any", "a");
    struct field_value value = {0};
    field_get_date(&head, span_of_string("date"), &value);
    ck_assert_int_eq(value.type, FIELD_NONE);
    ck_assert_ptr_null(value.why);
}
END_TEST

/* A value in no one piece is copied, as far as it fits. */
START_TEST(member_is_too_long_to_be_copied)
{
    char value[2 * FIELD_TEXT_MAX + 20], text[500];
    struct field_value out = {0};
    memset(value, 'x', sizeof value - 1);
    memcpy(value, "a=\"\\\\", 5);
    strcpy(value + sizeof value - 2, "\"");
    struct field_head head = head_of(text, sizeof text, "X-Any", value);
    field_get_member(&head, span_of_string("x-any"), span_of_string("a"), &out);
    ck_assert_int_eq(out.type, FIELD_NONE);
    ck_assert_ptr_nonnull(out.why);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        members_by_their_grammar,
        valid_by_their_grammar,
        valid_is_not_known,
        equal_by_their_grammar,
        lists_have_members,
        dates_in_fields,
        date_of_no_field_is_none,
        member_is_too_long_to_be_copied,
        NULL,
    };
    return run_tests("fields", tests);
}
