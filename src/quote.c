/*
 * quote - see quote.h.
 */
#include "quote.h"

#include "async/stream.h"
#include "failure.h"

#include <string.h>

/* One byte beyond what is shown tells that a line end is not to be. */
static bool is_whole(const struct failure_quote *quote)
{
    return quote->size > FAILURE_QUOTED ||
           memchr(quote->bytes, '\n', quote->size);
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
    failure_quote(result, phase, &quote);
    return FAILURE_TOLD;
}
