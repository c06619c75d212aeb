/*
 * failure - one table from errors to codes; the rest is wording.
 */
#include "fetch/failure.h"

#include "async/core/error.h"
#include "async/tls/tls_info.h"
#include "text/escape.h"

#include <errno.h>
#include <string.h>

static const struct {
    int error;
    enum fetch_error code;
} codes[] = {
    {-ETIMEDOUT, FETCH_TIMEOUT},
    {ASYNC_DNS_TIMEOUT, FETCH_TIMEOUT},
    {-ECANCELED, FETCH_CANCELED},
    {-ECONNREFUSED, FETCH_REFUSED},
    {-ENETUNREACH, FETCH_UNREACHABLE},
    {-EHOSTUNREACH, FETCH_UNREACHABLE},
    {-ENETDOWN, FETCH_UNREACHABLE},
    {-EHOSTDOWN, FETCH_UNREACHABLE},
    {-EAFNOSUPPORT, FETCH_UNREACHABLE},
    {ASYNC_WRONG_FAMILY, FETCH_UNREACHABLE},
    {ASYNC_NO_SOURCE, FETCH_UNREACHABLE},
    {ASYNC_BLACKHOLE, FETCH_UNREACHABLE},
    {ASYNC_PROHIBITED, FETCH_UNREACHABLE},
    {-ECONNRESET, FETCH_RESET},
    {-ECONNABORTED, FETCH_RESET},
    {-EPIPE, FETCH_RESET},
    {-EADDRNOTAVAIL, FETCH_NO_LOCAL_PORT},
    {-EMFILE, FETCH_NO_DESCRIPTORS},
    {-ENFILE, FETCH_NO_DESCRIPTORS},
    {-ENOMEM, FETCH_NO_MEMORY},
    {-ENOBUFS, FETCH_NO_MEMORY},
    {ASYNC_EOF, FETCH_EMPTY_REPLY},
    {ASYNC_EOF_IN_LINE, FETCH_TRUNCATED},
    {ASYNC_DNS_NXDOMAIN, FETCH_NXDOMAIN},
    {ASYNC_DNS_NODATA, FETCH_NODATA},
    {ASYNC_DNS_SERVFAIL, FETCH_SERVFAIL},
    {ASYNC_DNS_REFUSED, FETCH_DNS_REFUSED},
    {ASYNC_DNS_UNREACHABLE, FETCH_DNS_UNREACHABLE},
    {ASYNC_DNS_NO_TCP, FETCH_DNS_UNREACHABLE},
    {ASYNC_DNS_TCP_TIMEOUT, FETCH_TIMEOUT},
    {ASYNC_DNS_BAD_ANSWER, FETCH_DNS_BAD_ANSWER},
    {ASYNC_DNS_FORMERR, FETCH_DNS_BAD_ANSWER},
    {ASYNC_DNS_NOTIMP, FETCH_DNS_BAD_ANSWER},
    {ASYNC_DNS_NOTAUTH, FETCH_DNS_BAD_ANSWER},
    {ASYNC_DNS_ALIAS, FETCH_DNS_BAD_ANSWER},
    {ASYNC_DNS_REFERRAL, FETCH_DNS_BAD_ANSWER},
    {ASYNC_DNS_UNSPECIFIED, FETCH_NODATA},
    {ASYNC_DNS_BAD_NAME, FETCH_NXDOMAIN},
    {ASYNC_TLS_EXPIRED, FETCH_TLS_EXPIRED},
    {ASYNC_TLS_NOT_YET_VALID, FETCH_TLS_NOT_YET_VALID},
    {ASYNC_TLS_NAME_MISMATCH, FETCH_TLS_NAME_MISMATCH},
    {ASYNC_TLS_SELF_SIGNED, FETCH_TLS_SELF_SIGNED},
    {ASYNC_TLS_UNKNOWN_ISSUER, FETCH_TLS_UNKNOWN_ISSUER},
    {ASYNC_TLS_CERTIFICATE, FETCH_TLS_CERTIFICATE},
    {ASYNC_TLS_NOT_TLS, FETCH_TLS_NOT_TLS},
    {ASYNC_TLS_PROTOCOL, FETCH_TLS_PROTOCOL},
    {ASYNC_TLS_ALERT, FETCH_TLS_ALERT},
    {ASYNC_TLS_HANDSHAKE, FETCH_TLS_HANDSHAKE},
    {ASYNC_TLS_NO_HTTP1, FETCH_NOT_HTTP},
    {ASYNC_TLS_BROKEN, FETCH_TLS_BROKEN},
    {ASYNC_TLS_SETUP, FETCH_SYSTEM},
};

enum fetch_error failure_code(int error)
{
    if (error == 0)
        return FETCH_OK;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].error == error)
            return codes[i].code;
    return FETCH_SYSTEM;
}

/* Do the error's own words say more than the code's? */
static bool has_words(int error)
{
    return error == ASYNC_WRONG_FAMILY || error == ASYNC_NO_SOURCE ||
           error == ASYNC_BLACKHOLE || error == ASYNC_PROHIBITED ||
           error == ASYNC_DNS_FORMERR || error == ASYNC_DNS_NOTIMP ||
           error == ASYNC_DNS_NOTAUTH || error == ASYNC_DNS_NO_TCP ||
           error == ASYNC_DNS_TCP_TIMEOUT || error == ASYNC_DNS_ALIAS ||
           error == ASYNC_DNS_REFERRAL || error == ASYNC_DNS_UNSPECIFIED;
}

/* What says more than the code's own words, as TLS does of an error of its
 * own; or NULL. */
static const char *error_words(const struct result *result, int error)
{
    if (has_words(error))
        return async_strerror(error);
    if (error > ASYNC_TLS_EXPIRED || error < ASYNC_TLS_NO_HTTP1 ||
        !result->response.tls)
        return NULL;
    return *result->response.tls->why ? result->response.tls->why : NULL;
}

int failure_tell(struct result *result, enum phase phase, int error)
{
    if (error == RESULT_FAILED)
        return error;
    if (error == ASYNC_LINE_TOO_LONG)
        return result_fail(result, phase, FETCH_HEADER_TOO_LARGE,
            "a header line is longer than %d bytes", HTTP_LINE_MAX);
    if (error == ASYNC_OTHER_FAMILY)
        return result_fail(result, phase, FETCH_NODATA, "%s",
            "the address given for this name (--resolve or the list) is "
            "excluded by -4/-6");
    enum fetch_error code = failure_code(error);
    const char *why = error_words(result, error);
    if (!why && code == FETCH_SYSTEM)
        why = async_strerror(error);
    return result_fail(result, phase, code, why ? "%s" : NULL, why);
}

int failure_quote(
    struct result *result, enum phase phase, const struct failure_quote *quote)
{
    char text[FAILURE_QUOTED * ESCAPE_LEN + 1];
    const char *lf = memchr(quote->bytes, '\n', quote->size);
    size_t size = lf ? (size_t)(lf - quote->bytes) : quote->size;
    if (lf && size && quote->bytes[size - 1] == '\r')
        size--;
    if (size > FAILURE_QUOTED)
        size = FAILURE_QUOTED;
    escape_quote(text, sizeof text, quote->bytes, size);
    return result_fail(result, phase, quote->code, "%s: \"%s\"",
        fetch_error_text(quote->code), text);
}

/* Not the other side's doing, whoever it is. */
static bool is_own(enum fetch_error error)
{
    return error == FETCH_CANCELED || error == FETCH_NO_LOCAL_PORT ||
           error == FETCH_NO_DESCRIPTORS || error == FETCH_NO_MEMORY;
}

int failure_at_proxy(
    struct result *result, enum phase phase, int error, const char *to)
{
    failure_tell(result, phase, error);
    result->hint = NULL;
    if (is_own(result->error))
        return RESULT_FAILED;
    return result_fail(result, phase, result->error, "the proxy %s: %s%s%s%s",
        result->response.proxy, to ? "connecting to " : "", to ? to : "",
        to ? ": " : "", result_message(result));
}

int failure_head(struct result *result, enum phase phase,
    enum http_head_event event, size_t max_bytes)
{
    if (event == HTTP_HEAD_TOO_MANY)
        return result_fail(result, phase, FETCH_HEADER_TOO_LARGE,
            "more than %d header lines", HTTP_LINES_MAX);
    return result_fail(result, phase, FETCH_HEADER_TOO_LARGE,
        "the headers are larger than %zu bytes", max_bytes);
}

int failure_interim(struct result *result, enum phase phase)
{
    return result_fail(result, phase, FETCH_HEADER_TOO_LARGE,
        "more than %d interim (1xx) responses", HTTP_INTERIM_MAX);
}

int failure_interim_bytes(
    struct result *result, enum phase phase, size_t max_bytes)
{
    return result_fail(result, phase, FETCH_HEADER_TOO_LARGE,
        "the interim (1xx) responses are larger than %zu bytes", max_bytes);
}

int failure_chain(struct result *result, enum phase phase, size_t max_bytes)
{
    return result_fail(result, phase, FETCH_HEADER_TOO_LARGE,
        "the headers and URLs of all redirects exceed %zu bytes in total "
        "(4 x --max-header-size)",
        max_bytes);
}

int failure_lookup(
    struct result *result, enum phase phase, int error, int family)
{
    if (error != ASYNC_DNS_NODATA || family == AF_UNSPEC)
        return failure_tell(result, phase, error);
    return result_fail(result, phase, FETCH_NODATA,
        "the name has no IPv%d address", family == AF_INET6 ? 6 : 4);
}
