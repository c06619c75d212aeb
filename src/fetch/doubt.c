/*
 * doubt - see doubt.h.
 */
#include "fetch/doubt.h"

#include "async/core/error.h"
#include "async/net/stream.h"
#include "fetch/evidence.h"
#include "fetch/failure.h"
#include "fetch/timings.h"

#include <errno.h>

static int add_words(
    struct result *result, enum phase phase, int error, const char *words)
{
    if (error != FAILURE_TOLD)
        failure_tell(result, phase, error);
    result_fail(
        result, phase, result->error, "%s; %s", result_message(result), words);
    return FAILURE_TOLD;
}

/* The first bytes are still unread when the result has this code.  Words for
 * them say more than they do. */
static int name_spoken(struct stream *stream, struct result *result,
    enum phase phase, enum fetch_error code)
{
    size_t size;
    const char *bytes = stream_peek(stream, &size);
    const char *words =
        result->error == code ? evidence_speaks(bytes, size) : NULL;
    if (words)
        result_fail(
            result, phase, code, "%s: %s", fetch_error_text(code), words);
    return FAILURE_TOLD;
}

/* Where the target closes without an answer to a request that an http proxy
 * passed on, tinyproxy does so, too. */
int doubt_http(
    struct stream *stream, struct result *result, enum phase phase, int error)
{
    if (error == FAILURE_TOLD)
        return name_spoken(stream, result, phase, FETCH_NOT_HTTP);
    if (error == ASYNC_EOF)
        return add_words(result, phase, error,
            phase == PHASE_CONNECT ? "is it a SOCKS proxy (socks5h://)?"
                                   : "did the target close, or is it a SOCKS "
                                     "proxy (socks5h://)?");
    return error;
}

/* Who speaks HTTP waits for a line, or closes. */
int doubt_socks(
    struct stream *stream, struct result *result, enum phase phase, int error)
{
    if (error == FAILURE_TOLD)
        return name_spoken(stream, result, phase, FETCH_NOT_SOCKS);
    if (error == ASYNC_EOF || error == -ETIMEDOUT || error == -ECONNRESET ||
        error == -EPIPE)
        return add_words(result, phase, error,
            "no reply to the SOCKS greeting, is it an http proxy?");
    return error;
}

int doubt_tunnel(struct result *result, struct phases *phases)
{
    result_forget(result);
    phases_back(phases, PHASE_CONNECT);
    result_fail(result, PHASE_CONNECT, FETCH_PROXY_REFUSED, "%s",
        "it answered CONNECT with content instead of a tunnel; is it an http "
        "proxy?");
    return failure_at_proxy(result, PHASE_CONNECT, FAILURE_TOLD, NULL);
}
