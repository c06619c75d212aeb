/*
 * tunnel_http - a tunnel by CONNECT (RFC 9110 section 9.3.6): a request, and
 * an answer whose status decides.
 */
#include "fetch/tunnel_inside.h"

#include "fetch/doubt.h"
#include "fetch/evidence.h"
#include "fetch/exchange.h"
#include "fetch/failure.h"
#include "fetch/request.h"
#include "http/http.h"
#include "record/result.h"
#include "route/proxy.h"
#include "text/escape.h"

#include <string.h>

/* The second one is a target's to say, but tinyproxy says it of a wrong
 * password. */
static bool wants_login(int status)
{
    return status == 407 || status == 401;
}

static int ask_connect(
    const struct tunnel *t, const char *to, struct result *reply)
{
    struct request_turn turn = {.proxy = t->proxy};
    struct exchange exchange = {
        .wishes = t->wishes,
        .turn = &turn,
        .connect_to = to,
        .answer =
            {
                .stream = t->stream,
                .result = reply,
                .max_bytes = t->max_header_size,
                .keep = true,
            },
    };
    return exchange_run(&exchange);
}

/* RFC 9110 sections 15.6.2 and 15.6.6: Not Implemented, HTTP Version Not
 * Supported.  That will not change. */
static enum fetch_error code_of_status(int status)
{
    if (wants_login(status))
        return FETCH_PROXY_LOGIN;
    if (status == 501 || status == 505)
        return FETCH_PROXY_REFUSED;
    return status >= 500 ? FETCH_PROXY_FAILED : FETCH_PROXY_REFUSED;
}

/* What web servers answer to a CONNECT. */
static bool is_of_no_proxy(const struct result *reply)
{
    int status = reply->response.status;
    return (status == 400 || status == 404 || status == 405 || status == 501) &&
           !evidence_generated(reply->response.head, reply->response.head_len);
}

static const char *find_advice(
    const struct tunnel *t, const struct result *reply)
{
    if (!wants_login(reply->response.status))
        return is_of_no_proxy(reply) ? " (is it an http proxy?)" : "";
    if (evidence_no_basic(reply->response.head, reply->response.head_len))
        return " (it offers no Basic authentication, the only kind supported)";
    return t->proxy->authorization
               ? " (it rejected the credentials in its URL)"
               : " (give a user name and password in its URL)";
}

/* Bytes of the proxy's, as much as a message shows. */
static void quote_bytes(
    char out[FAILURE_QUOTED * ESCAPE_LEN + 1], const char *bytes, size_t len)
{
    escape_quote(out, FAILURE_QUOTED * ESCAPE_LEN + 1, bytes,
        len < FAILURE_QUOTED ? len : FAILURE_QUOTED);
}

/* The status and its reason are quoted, and the field that says more. */
static int refuse_reply(const struct tunnel *t, const struct result *reply)
{
    char reason[FAILURE_QUOTED * ESCAPE_LEN + 1];
    char said[FAILURE_QUOTED * ESCAPE_LEN + 1] = "";
    struct http_status status = {.reason = "", .reason_len = 0};
    struct http_field field;
    const char *lf =
        memchr(reply->response.head, '\n', reply->response.head_len);
    http_status_parse(
        reply->response.head, (size_t)(lf - reply->response.head), &status);
    quote_bytes(reason, status.reason, status.reason_len);
    if (evidence_field(reply->response.head, reply->response.head_len, &field))
        quote_bytes(said, field.value, field.value_len);
    return result_fail(t->result, PHASE_CONNECT,
        code_of_status(reply->response.status), "%d %s%s%s%s%s",
        reply->response.status, reason, *said ? " (" : "", said,
        *said ? ")" : "", find_advice(t, reply));
}

static int judge_reply(const struct tunnel *t, const struct result *reply)
{
    if (reply->response.status / 100 != 2)
        return refuse_reply(t, reply);
    *t->has_content =
        evidence_content(reply->response.head, reply->response.head_len);
    return 0;
}

static int fail_reply(const struct tunnel *t, struct result *reply, int error)
{
    doubt_http(t->stream, reply, PHASE_CONNECT, error);
    return result_fail(
        t->result, PHASE_CONNECT, reply->error, "%s", result_message(reply));
}

int tunnel_http(const struct tunnel *t, const char *to)
{
    struct result reply;
    result_init(&reply);
    int error = ask_connect(t, to, &reply);
    error = error ? fail_reply(t, &reply, error) : judge_reply(t, &reply);
    result_fini(&reply);
    return error;
}
