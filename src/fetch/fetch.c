/*
 * fetch - the seed's wget: look the name up, connect (and start TLS), send the
 * request, read header lines to the blank one, close.
 */
#include "fetch/fetch.h"

#include "async/net/stream.h"
#include "fetch/doubt.h"
#include "fetch/exchange.h"
#include "fetch/failure.h"
#include "fetch/hint.h"
#include "fetch/redirect.h"
#include "fetch/retry.h"
#include "fetch/timings.h"
#include "http/http.h"
#include "input/target.h"

#include <errno.h>
#include <string.h>

struct fetch {
    const struct fetch_config *config;
    struct result *result;
    struct request_turn turn; /* what is asked now, of which target */
    size_t same_since; /* the first hop asked by the turn's method */
    struct wait_for *max_time;
    size_t room; /* bytes left for what comes with redirects */
    struct stream *stream;
    struct timings phases; /* of this hop */
    struct response saved; /* of the last try that had one, not of this one */
    bool has_saved; /* stays true when that is restored */
    bool has_content; /* a proxy's CONNECT, as in struct connect */
};

/* Look up, connect, start TLS. */
static int open_stream(struct fetch *f)
{
    struct connect server = {
        .config = &f->config->connect,
        .target = f->turn.target,
        .wishes = &f->config->request,
        .max_header_size = f->config->max_header_size,
        .phases = &f->phases,
        .result = f->result,
    };
    if (f->result->attempts == 0)
        f->result->attempts = 1;
    int error = connect_server(&server);
    f->stream = server.stream;
    f->turn.proxy = server.proxy;
    f->turn.tunnel = server.tunnel;
    f->has_content = server.has_content;
    return error;
}

/* --- one request --- */

static bool has_tries(const struct fetch *f)
{
    return (unsigned)f->result->attempts <= f->config->retries;
}

/* Is what comes only shown when it is known to be the last? */
static bool holds_lines(const struct fetch *f)
{
    return has_tries(f) || f->has_saved;
}

static struct response_reader answer_to(const struct fetch *f)
{
    const struct fetch_config *config = f->config;
    size_t most = config->max_header_size;
    bool later = f->result->hop_count > 1;
    return (struct response_reader){
        .stream = f->stream,
        .result = f->result,
        .max_bytes = f->room < most ? f->room : most,
        .chain_bytes = later && f->room < most ? config->max_chain_size : 0,
        .keep = config->keep_head,
        .times = config->times,
        .keep_redirect = config->follow,
        .keep_error = request_proxy(&f->turn),
        .hold = holds_lines(f),
        .apart = later,
        .line = config->line,
        .room = config->room,
        .line_arg = config->line_arg,
    };
}

/* Whose fault it is: a proxy's that is asked in the target's place, or that
 * opened no tunnel to it. */
static int blame_proxy(struct fetch *f, int error)
{
    enum phase now = f->phases.now;
    if (request_proxy(&f->turn)) {
        error = doubt_http(f->stream, f->result, now, error);
        return failure_at_proxy(f->result, now, error, NULL);
    }
    if (f->has_content && f->result->error == FETCH_NOT_HTTP)
        return doubt_tunnel(f->result, &f->phases);
    return error;
}

/* What came with the head is there already. */
static void look_behind(struct fetch *f)
{
    size_t size;
    const char *bytes = stream_peek(f->stream, &size);
    f->result->hint =
        hint_content(&f->turn, f->result->response.status, bytes, size);
}

static int ask_server(struct fetch *f)
{
    struct exchange exchange = {
        .wishes = &f->config->request,
        .turn = &f->turn,
        .phases = &f->phases,
        .answer = answer_to(f),
    };
    int error = exchange_run(&exchange);
    if (error)
        return blame_proxy(f, error);
    look_behind(f);
    return 0;
}

/* What answered was the request itself: nobody listens there.  Only a failure
 * is looked at for this, so that it costs the others no system call. */
static int take_back(struct fetch *f)
{
    result_forget(f->result);
    timings_back(&f->phases, PHASE_CONNECT);
    if (f->result->response.proxy)
        return failure_at_proxy(f->result, f->phases.now, -ECONNREFUSED, NULL);
    return -ECONNREFUSED;
}

static int ask_once(struct fetch *f)
{
    int error = open_stream(f);
    if (!error)
        error = ask_server(f);
    if (error && f->stream && stream_is_looped(f->stream))
        error = take_back(f);
    /* Ignore the body, close the socket. */
    stream_close(f->stream);
    f->stream = NULL;
    timings_end(&f->phases);
    return error;
}

/* --- as many tries as it takes --- */

/* The last try's lines were held when it was not known to be the last, or to
 * be the one that counts. */
static void show_held(struct fetch *f)
{
    if (!holds_lines(f))
        return;
    struct response_reader answer = answer_to(f);
    response_show(&answer);
}

/* An answer is more than that there was no time for another one. */
static bool fall_back(struct fetch *f)
{
    if (!f->has_saved || !f->max_time->expired || !f->result->error ||
        f->result->error == FETCH_CANCELED)
        return false;
    result_restore_response(f->result, &f->saved);
    return true;
}

static int try_once(struct fetch *f)
{
    int error = ask_once(f);
    return error ? failure_tell(f->result, f->phases.now, error) : 0;
}

/* What this try had goes, but for an answer. */
static void prepare_next(struct fetch *f)
{
    if (f->result->error) {
        result_forget(f->result);
    } else {
        result_save_response(f->result, &f->saved);
        f->has_saved = true;
    }
    f->result->attempts++;
}

static int try_often(struct fetch *f)
{
    f->has_saved = false;
    while (!try_once(f) || !fall_back(f)) {
        if (!retry_await(
                f->result, f->phases.now, f->config->retries, f->max_time))
            break;
        prepare_next(f);
    }
    show_held(f);
    result_drop_saved(&f->saved);
    return f->result->error ? RESULT_FAILED : 0;
}

/* --- redirects --- */

static int begin_hop(struct fetch *f, struct target *next)
{
    timings_init(&f->phases, &f->result->now);
    if (!f->config->follow)
        return 0;
    return result_begin_hop(f->result, f->turn.target, next);
}

static void end_hop(struct fetch *f, int64_t took)
{
    const struct response *response = &f->result->response;
    size_t used = response->header_bytes + response->interim_len +
                  strlen(f->turn.target->url);
    result_add_timings(f->result, f->phases.times);
    f->phases.times[PHASE_TOTAL] = took;
    if (f->config->follow)
        result_end_hop(f->result, f->phases.times);
    f->room -= used < f->room ? used : f->room;
}

/* A hop; `next` is its target, but NULL for the first. */
static int visit_hop(struct fetch *f, struct target *next)
{
    int64_t began = task_time();
    int error = begin_hop(f, next);
    if (error)
        return error;
    error = try_often(f);
    end_hop(f, task_time() - began);
    return error;
}

/* Turns to where the answer leads; *next is NULL if it leads nowhere. */
static int turn_to(struct fetch *f, struct target **next)
{
    struct request_turn *turn = &f->turn;
    const char *method =
        redirect_method(turn->method, f->result->response.status);
    if (strcmp(method, turn->method) != 0)
        f->same_since = f->result->hop_count;
    int error =
        redirect_find(f->result, f->config->max_redirs, f->same_since, next);
    if (*next && !f->config->keep_head)
        result_drop_head(f->result);
    if (error || !*next)
        return error;
    turn->without |= HTTP_WITHOUT_HOST;
    if (redirect_is_foreign(turn->target, *next))
        turn->without |= HTTP_WITHOUT_CREDENTIALS;
    turn->method = method;
    turn->target = *next;
    return 0;
}

static int follow_redirects(struct fetch *f)
{
    struct target *next = NULL;
    do {
        int error = visit_hop(f, next);
        if (error || !f->config->follow)
            return error;
        error = turn_to(f, &next);
        if (error)
            return error;
    } while (next);
    return 0;
}

/* --- the whole --- */

void fetch(const struct fetch_config *config, const struct target *target,
    struct result *result)
{
    struct wait_for max_time;
    struct fetch f = {
        .config = config,
        .result = result,
        .turn = {.method = config->request.method, .target = target},
        .max_time = &max_time,
        .room = config->max_chain_size,
    };
    clock_gettime(CLOCK_REALTIME, &result->started_at);
    int64_t began = task_time(), known = loop_time();
    wait_for_enter(&max_time, config->max_time);
    int error = wait_for_leave(&max_time, follow_redirects(&f));
    result->timings[PHASE_TOTAL] = task_time() - began;
    /* What it waited for others' connections to end. */
    result->timings[PHASE_QUEUED] +=
        loop_time() - known - result->timings[PHASE_TOTAL];
    if (error)
        failure_tell(result, f.phases.now, error);
    result->now = PHASE_TOTAL;
    if (!result->hint)
        result->hint = hint_find(&config->request, &f.turn, result);
}
