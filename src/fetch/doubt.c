/*
 * doubt - see doubt.h.
 */
#include "fetch/doubt.h"

#include "async/net/stream.h"
#include "fetch/evidence.h"
#include "fetch/failure.h"
#include "fetch/timings.h"

static int add_words(struct result *result, const char *words)
{
    return result_fail(result, result->error_phase, result->error, "%s; %s",
        result_message(result), words);
}

/* The first bytes are still unread.  Words for them say more than they do. */
static int name_spoken(struct stream *stream, struct result *result)
{
    size_t size;
    const char *bytes = stream_peek(stream, &size);
    const char *words = evidence_speaks(bytes, size);
    if (!words)
        return RESULT_FAILED;
    return result_fail(result, result->error_phase, result->error, "%s: %s",
        fetch_error_text(result->error), words);
}

/* Where the target closes without an answer to a request that an http proxy
 * passed on, tinyproxy does so, too. */
int doubt_http(
    struct stream *stream, struct result *result, enum phase phase, int error)
{
    failure_tell(result, phase, error);
    if (result->response.header_bytes > 0)
        return RESULT_FAILED;
    if (result->error == FETCH_NOT_HTTP)
        return name_spoken(stream, result);
    if (result->error == FETCH_EMPTY_REPLY)
        return add_words(result, phase == PHASE_CONNECT
                                     ? "is it a SOCKS proxy (socks5h://)?"
                                     : "did the target close, or is it a SOCKS "
                                       "proxy (socks5h://)?");
    return RESULT_FAILED;
}

/* Who speaks HTTP waits for a line, or closes. */
int doubt_socks(
    struct stream *stream, struct result *result, enum phase phase, int error)
{
    failure_tell(result, phase, error);
    switch (result->error) {
    case FETCH_NOT_SOCKS:
        return name_spoken(stream, result);
    case FETCH_EMPTY_REPLY:
    case FETCH_TIMEOUT:
    case FETCH_RESET:
        return add_words(
            result, "no reply to the SOCKS greeting, is it an http proxy?");
    default:
        return RESULT_FAILED;
    }
}

int doubt_tunnel(struct result *result, struct timings *phases)
{
    result_forget(result);
    timings_back(phases, PHASE_CONNECT);
    int error = result_fail(result, PHASE_CONNECT, FETCH_PROXY_REFUSED, "%s",
        "it answered CONNECT with content instead of a tunnel; is it an http "
        "proxy?");
    return failure_at_proxy(result, PHASE_CONNECT, error, NULL);
}
