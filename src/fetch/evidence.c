/*
 * evidence - see evidence.h.
 */
#include "fetch/evidence.h"

#include "fetch/speech.h"
#include "http/http.h"
#include "text/span.h"

#include <string.h>
#include <strings.h>

/* --- first bytes --- */

enum { TLS_ALERT = 0x15 };

/* The reply of a SOCKS 4 server: a version of 0, then 90 to 93. */
static bool is_socks4(const unsigned char *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 0 && bytes[1] >= 90 && bytes[1] <= 93;
}

const char *evidence_speaks(const char *bytes, size_t size)
{
    const unsigned char *at = (const unsigned char *)bytes;
    struct span text = {bytes, size};
    if (size >= 1 && at[0] == 5)
        return "it speaks SOCKS 5, try socks5h://";
    if (span_has_prefix(text, "HTTP/"))
        return "it speaks HTTP, try http://";
    if (size >= 2 && at[0] == TLS_ALERT && at[1] == 3)
        return "it speaks TLS, which is not supported for a proxy";
    if (is_socks4(at, size))
        return "it speaks SOCKS 4, which is not supported";
    if (speech_of(bytes, size) == SPEECH_HTTP2)
        return "it speaks HTTP/2 only, which is not supported for a proxy";
    return NULL;
}

/* --- fields --- */

static struct span value_of(const struct http_field *field)
{
    return (struct span){field->value, field->value_len};
}

static bool is_named(const struct http_field *field, const char *name)
{
    return field->kind == HTTP_FIELD && field->name_len == strlen(name) &&
           strncasecmp(field->name, name, field->name_len) == 0;
}

bool evidence_content(const char *head, size_t len)
{
    struct http_field field;
    if (http_field_find(head, len, "Transfer-Encoding", &field))
        return true;
    if (http_field_find(head, len, "Content-Length", &field))
        return field.value_len != 1 || *field.value != '0';
    return http_field_find(head, len, "Content-Type", &field);
}

/* A field may name several schemes, and stand several times. */
static bool offers_basic(struct span value)
{
    static const char basic[] = "Basic";
    while (value.len >= strlen(basic)) {
        if (strncasecmp(value.at, basic, strlen(basic)) == 0)
            return true;
        span_take(&value, span_until(value, ","));
        while (value.len > 0 && (*value.at == ',' || byte_is_blank(*value.at)))
            span_take(&value, 1);
    }
    return false;
}

bool evidence_no_basic(const char *head, size_t len)
{
    struct http_fields fields;
    struct http_field field;
    bool asks = false;
    http_fields_init(&fields, head, len);
    while (http_fields_next(&fields, &field)) {
        if (!is_named(&field, "Proxy-Authenticate"))
            continue;
        if (offers_basic(value_of(&field)))
            return false;
        asks = true;
    }
    return asks;
}

/* --- Proxy-Status --- */

/* RFC 9209 section 2.3. */
#define STATUS_ERRORS(X)                                                       \
    X(dns_timeout)                                                             \
    X(dns_error)                                                               \
    X(destination_not_found)                                                   \
    X(destination_unavailable)                                                 \
    X(destination_ip_prohibited)                                               \
    X(destination_ip_unroutable)                                               \
    X(connection_refused)                                                      \
    X(connection_terminated)                                                   \
    X(connection_timeout)                                                      \
    X(connection_read_timeout)                                                 \
    X(connection_write_timeout)                                                \
    X(connection_limit_reached)                                                \
    X(tls_protocol_error)                                                      \
    X(tls_certificate_error)                                                   \
    X(tls_alert_received)                                                      \
    X(http_request_error)                                                      \
    X(http_request_denied)                                                     \
    X(http_response_incomplete)                                                \
    X(http_response_header_section_size)                                       \
    X(http_response_header_size)                                               \
    X(http_response_body_size)                                                 \
    X(http_response_trailer_section_size)                                      \
    X(http_response_trailer_size)                                              \
    X(http_response_transfer_coding)                                           \
    X(http_response_content_coding)                                            \
    X(http_response_timeout)                                                   \
    X(http_upgrade_failed)                                                     \
    X(http_protocol_error)                                                     \
    X(proxy_internal_response)                                                 \
    X(proxy_internal_error)                                                    \
    X(proxy_configuration_error)                                               \
    X(proxy_loop_detected)

static const struct {
    const char *name, *words;
} status_errors[] = {
#define X(name) {#name, "a proxy on the way reports " #name " (Proxy-Status)"},
    STATUS_ERRORS(X)
#undef X
};

/* A structured field's string, with its quotes. */
static void skip_string(struct span *text)
{
    span_take(text, 1);
    while (text->len > 0 && *text->at != '"')
        span_take(text, *text->at == '\\' && text->len > 1 ? 2 : 1);
    if (text->len > 0)
        span_take(text, 1);
}

/* The parameter error=TOKEN of the last member that has one: of the proxy
 * that is nearest to us.  Empty: none has. */
static struct span status_error(struct span value)
{
    struct span found = {value.at, 0};
    while (value.len > 0) {
        span_take(&value, span_until(value, ";\""));
        if (span_has_prefix(value, "\"")) {
            skip_string(&value);
            continue;
        }
        span_take(&value, value.len > 0);
        span_take(&value, span_of(value, byte_is_blank));
        if (!span_has_prefix(value, "error="))
            continue;
        span_take(&value, strlen("error="));
        found = span_take(&value, span_until(value, ";, \t\""));
    }
    return found;
}

static const char *status_words(struct span error)
{
    for (size_t i = 0; i < sizeof status_errors / sizeof *status_errors; i++)
        if (error.len == strlen(status_errors[i].name) &&
            memcmp(error.at, status_errors[i].name, error.len) == 0)
            return status_errors[i].words;
    return "a proxy on the way reports an error: see Proxy-Status";
}

/* The last field that tells of an error. */
static bool find_status(const char *head, size_t len, struct http_field *out)
{
    struct http_fields fields;
    struct http_field field;
    bool found = false;
    http_fields_init(&fields, head, len);
    while (http_fields_next(&fields, &field))
        if (is_named(&field, "Proxy-Status") &&
            status_error(value_of(&field)).len > 0) {
            *out = field;
            found = true;
        }
    return found;
}

/* --- error pages --- */

#define GENERATED(name)                                                        \
    "a proxy (" name ") generated this response, not the "                     \
    "target"

static const char squid_error[] = "X-Squid-Error";

static const struct {
    const char *field, *prefix, *words;
} signs[] = {
    {squid_error, "", GENERATED("squid") ": see X-Squid-Error"},
    {"Server", "squid/", GENERATED("squid")},
    {"Server", "tinyproxy/", GENERATED("tinyproxy")},
    {"Server", "Varnish", GENERATED("Varnish")},
    /* Its page of any kind is that old. */
    {"Last-Modified", "Wed, 08 Jun 1955 12:00:00 GMT", GENERATED("Privoxy")},
};

/* RFC 9110 section 7.6.3; commas in comments are of no member. */
static size_t count_members(struct span value)
{
    size_t count = value.len > 0;
    unsigned depth = 0;
    for (size_t i = 0; i < value.len; i++) {
        depth += value.at[i] == '(';
        depth -= value.at[i] == ')' && depth > 0;
        count += value.at[i] == ',' && depth == 0;
    }
    return count;
}

/* Has it come through more than the one proxy? */
static bool is_passed_on(const char *head, size_t len)
{
    struct http_fields fields;
    struct http_field field;
    size_t count = 0;
    http_fields_init(&fields, head, len);
    while (http_fields_next(&fields, &field))
        if (is_named(&field, "Via"))
            count += count_members(value_of(&field));
    return count > 1;
}

bool evidence_field(const char *head, size_t len, struct http_field *out)
{
    return find_status(head, len, out) ||
           http_field_find(head, len, squid_error, out);
}

const char *evidence_generated(const char *head, size_t len)
{
    struct http_field field;
    if (find_status(head, len, &field))
        return status_words(status_error(value_of(&field)));
    if (is_passed_on(head, len))
        return NULL;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (http_field_find(head, len, signs[i].field, &field) &&
            span_has_prefix(value_of(&field), signs[i].prefix))
            return signs[i].words;
    return NULL;
}

/* --- hints --- */

static const char *login_hint(bool with_login, const char *head, size_t len)
{
    if (evidence_no_basic(head, len))
        return "the proxy offers no Basic authentication, the only kind "
               "supported";
    return with_login
               ? "the proxy rejected the user name and password in its URL"
               : "the proxy requires a user name and password, give them in "
                 "its URL";
}

/* tinyproxy answers 401 where 407 is meant. */
const char *evidence_hint(
    bool with_login, int status, const char *head, size_t len)
{
    const char *generated =
        status >= 400 ? evidence_generated(head, len) : NULL;
    if (status == 407 || (status == 401 && generated))
        return login_hint(with_login, head, len);
    return generated;
}
