/*
 * quote - see quote.h.
 */
#include "fetch/quote.h"

#include "async/net/stream.h"
#include "fetch/failure.h"
#include "fetch/hint.h"
#include "fetch/speech.h"

#include <string.h>

static bool quote_is_http2(const struct failure_quote *quote)
{
    return quote->code == FETCH_NOT_HTTP &&
           speech_of(quote->bytes, quote->size) == SPEECH_HTTP2;
}

/* One byte beyond what is shown tells that a line end is not to be.  A line
 * end may be a byte of what is no text. */
static bool is_whole(const struct failure_quote *quote)
{
    if (quote->size > FAILURE_QUOTED || quote_is_http2(quote))
        return true;
    return memchr(quote->bytes, '\n', quote->size) &&
           (*quote->bytes || quote->size >= SPEECH_BYTES);
}

static int fail_quoting(
    struct result *result, enum phase phase, const struct failure_quote *quote)
{
    if (speech_of(quote->bytes, quote->size) == SPEECH_TLS)
        result->hint = HINT_HTTPS;
    if (quote_is_http2(quote))
        return result_fail(result, phase, FETCH_NOT_HTTP, "%s",
            "not HTTP/1: speaks HTTP/2 only");
    return failure_quote(result, phase, quote);
}

int quote_peer(struct stream *stream, struct result *result, enum phase phase,
    enum fetch_error code)
{
    struct failure_quote quote = {.code = code};
    struct wait_for a_second;
    int error = 0;
    wait_for_enter(&a_second, LOOP_SECOND);
    quote.bytes = stream_peek(stream, &quote.size);
    while (!error && !is_whole(&quote)) {
        error = stream_fill(stream);
        /* Even a failure moves them. */
        quote.bytes = stream_peek(stream, &quote.size);
    }
    wait_for_leave(&a_second, 0);
    return fail_quoting(result, phase, &quote);
}
