/*
 * exchange - see exchange.h.
 *
 * Invariant: the phase that is going on is the one that a failure is told in.
 */
#include "fetch/exchange.h"

#include "async/net/stream.h"
#include "fetch/request.h"
#include "fetch/timings.h"

#include <errno.h>
#include <stdlib.h>

static void begin_phase(struct exchange *x, enum phase phase)
{
    if (x->phases)
        timings_begin(x->phases, phase);
}

static void begin_wait(struct exchange *x)
{
    begin_phase(x, PHASE_WAIT);
    if (x->answer.times)
        x->answer.sent_at = task_time();
}

static int write_request(const struct exchange *x, struct request_bytes *out)
{
    return x->connect_to ? request_write_connect(
                               x->wishes, x->turn->proxy, x->connect_to, out)
                         : request_write(x->wishes, x->turn, out);
}

static int send_request(struct exchange *x)
{
    struct request_bytes bytes;
    begin_phase(x, PHASE_SEND);
    int error = write_request(x, &bytes);
    if (error)
        return error;
    error = stream_write(x->answer.stream, bytes.at, bytes.len);
    free(bytes.at);
    return error ? error : stream_drain(x->answer.stream);
}

static int read_head(struct exchange *x, int send_error)
{
    begin_wait(x);
    int error = stream_fill_to(x->answer.stream, 1);
    if (error)
        return send_error ? send_error : error;
    begin_phase(x, PHASE_RECEIVE);
    return response_read(&x->answer);
}

int exchange_run(struct exchange *x)
{
    int error = send_request(x);
    if (error && error != -EPIPE && error != -ECONNRESET)
        return error;
    return read_head(x, error);
}
