/*
 * hint - see hint.h.
 *
 * Invariant: nothing is sent or awaited for a hint, and none is of a fault
 * of the proxy that was asked in the server's place.
 */
#include "fetch/hint.h"

#include "async/tls/tls_info.h"
#include "fetch/evidence.h"
#include "input/target.h"
#include "record/result.h"
#include "route/proxy.h"

#include <stdbool.h>
#include <string.h>

const char HINT_HTTPS[] = "the server speaks TLS here, try https://";

/* Of a request without TLS to a port that is TLS's elsewhere. */
static bool is_odd_port(const struct target *target)
{
    return target->scheme == TARGET_HTTP &&
           (target->port == 443 || target->port == 8443);
}

/* RFC 9110 sections 15.5.22 and 15.6.6: Upgrade Required, HTTP Version Not
 * Supported. */
static bool wants_version(int status)
{
    return status == 426 || status == 505;
}

/* Sections 15.5.6 and 15.6.2: Method Not Allowed, Not Implemented.  Each
 * server is to answer HEAD; not all do. */
static bool refuses_head(const char *method, int status)
{
    return (status == 405 || status == 501) && strcmp(method, "HEAD") == 0;
}

/* By way of a proxy that was asked in the server's place. */
static const char *hint_proxied(
    const struct request_turn *turn, const struct result *result)
{
    const struct proxy *proxy = request_proxy(turn);
    return proxy ? evidence_hint(proxy->authorization, result->response.status,
                       result->response.head, result->response.head_len)
                 : NULL;
}

static const char *hint_answer(const struct request_wishes *wishes,
    const struct request_turn *turn, const struct result *result)
{
    int status = result->response.status;
    const char *proxied = hint_proxied(turn, result);
    if (proxied)
        return proxied;
    if (!wishes->http11 && wants_version(status))
        return "the server does not support HTTP/1.0, try --http1.1";
    if (refuses_head(turn->method, status))
        return "the server does not support HEAD, try without -I";
    if (status == 400 && is_odd_port(turn->target))
        return "the port expects TLS, try https://";
    return NULL;
}

/* After the connection, and not at its beginning: that is no TLS yet. */
static bool is_silent(const struct result *result)
{
    return result->error_phase >= PHASE_SEND &&
           (result->error == FETCH_EMPTY_REPLY || result->error == FETCH_RESET);
}

static const char *hint_failure(
    const struct request_turn *turn, const struct result *result)
{
    if (request_proxy(turn))
        return NULL;
    if (is_silent(result) && is_odd_port(turn->target))
        return "the port expects TLS, try https://";
    if (result->error == FETCH_TLS_NOT_TLS && result->response.tls &&
        result->response.tls->is_http)
        return "the server speaks HTTP without TLS here, try http://";
    return NULL;
}

const char *hint_find(const struct request_wishes *wishes,
    const struct request_turn *turn, const struct result *result)
{
    if (result->error)
        return hint_failure(turn, result);
    return hint_answer(wishes, turn, result);
}

const char *hint_content(
    const struct request_turn *turn, int status, const char *bytes, size_t len)
{
    static const char *const words[] = {
        "plain HTTP request was sent to HTTPS port", /* nginx */
        "speaking plain HTTP to an SSL-enabled server port", /* Apache */
        "sent an HTTP request to an HTTPS server", /* Go */
        "combination of host and port requires TLS", /* Tomcat */
    };
    if (len == 0 || status != 400 || turn->target->scheme != TARGET_HTTP)
        return NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(bytes, len, words[i], strlen(words[i])))
            return HINT_HTTPS;
    return NULL;
}
