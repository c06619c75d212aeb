/*
 * tunnel_http - a tunnel by CONNECT (RFC 9110 section 9.3.6): a request, and
 * an answer whose status decides.
 */
#include "proxy/tunnel_inside.h"

#include "answer.h"
#include "async/stream.h"
#include "escape.h"
#include "failure.h"
#include "http/http.h"
#include "proxy/proxy.h"
#include "request.h"
#include "result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The second one is a target's to say, but tinyproxy says it of a wrong
 * password. */
static bool wants_login(int status)
{
    return status == 407 || status == 401;
}

static int send_connect(const struct tunnel *t, const char *to)
{
    struct request_bytes bytes;
    int error = request_write_connect(t->wishes, t->proxy, to, &bytes);
    if (error)
        return error;
    error = stream_write(t->stream, bytes.at, bytes.len);
    free(bytes.at);
    return error ? error : stream_drain(t->stream);
}

static int read_reply(const struct tunnel *t, struct result *reply)
{
    struct answer answer = {
        .stream = t->stream,
        .result = reply,
        .max_bytes = t->max_header_size,
        .keep = true,
    };
    int error = stream_fill(t->stream);
    return error ? error : answer_read(&answer);
}

static enum fetch_error code_of(int status)
{
    if (wants_login(status))
        return FETCH_PROXY_LOGIN;
    return status >= 500 ? FETCH_PROXY_FAILED : FETCH_PROXY_REFUSED;
}

static const char *advice(const struct tunnel *t, int status)
{
    if (!wants_login(status))
        return "";
    return t->proxy->authorization
               ? " (not those in the proxy's URL)"
               : " (the proxy's URL can have a user name and password)";
}

/* The status and its reason are quoted. */
static int refuse(const struct tunnel *t, const struct result *reply)
{
    char quote[FAILURE_QUOTED * ESCAPE_LEN + 1];
    struct http_status status = {.reason = "", .reason_len = 0};
    const char *lf = memchr(reply->head, '\n', reply->head_len);
    http_status_parse(reply->head, (size_t)(lf - reply->head), &status);
    escape_write(quote, sizeof quote, status.reason,
        status.reason_len < FAILURE_QUOTED ? status.reason_len
                                           : FAILURE_QUOTED);
    result_fail(t->result, PHASE_CONNECT, code_of(reply->status), "%d %s%s",
        reply->status, quote, advice(t, reply->status));
    return FAILURE_TOLD;
}

static int take_over(const struct tunnel *t, const struct result *reply)
{
    result_fail(
        t->result, PHASE_CONNECT, reply->error, "%s", result_message(reply));
    return FAILURE_TOLD;
}

int tunnel_http(const struct tunnel *t, const char *to)
{
    struct result reply;
    int error = send_connect(t, to);
    if (error)
        return error;
    result_init(&reply);
    error = read_reply(t, &reply);
    if (error == FAILURE_TOLD)
        take_over(t, &reply);
    else if (!error && reply.status / 100 != 2)
        error = refuse(t, &reply);
    result_fini(&reply);
    return error;
}
