/*
 * retry - see retry.h.
 */
#include "fetch/retry.h"

#include "async/core/task.h"
#include "async/tls/tls_info.h"
#include "fetch/failure.h"
#include "http/date.h"
#include "http/http.h"
#include "text/span.h"

#define NS_PER_SECOND INT64_C(1000000000)

/* After the first try, and at most. */
#define BACKOFF_FIRST (NS_PER_SECOND / 4)
#define BACKOFF_MOST (60 * NS_PER_SECOND)

/* More than any --max-time allows. */
enum { SECONDS_MOST = 100000000 };

/* 522 and 524 are a CDN's words for an origin that did not connect, or did not
 * answer, in time. */
static bool is_transient_status(int status)
{
    return status == 429 || status == 503 || status == 522 || status == 524;
}

bool retry_is_transient(const struct result *result)
{
    switch (result->error) {
    case FETCH_OK:
        return is_transient_status(result->response.status);
    case FETCH_SERVFAIL:
    case FETCH_DNS_REFUSED:
    case FETCH_DNS_UNREACHABLE:
    case FETCH_TIMEOUT:
    case FETCH_REFUSED:
    case FETCH_UNREACHABLE:
    case FETCH_RESET:
    case FETCH_EMPTY_REPLY:
    case FETCH_PROXY_FAILED:
        return true;
    case FETCH_TLS_HANDSHAKE: /* what else it has said, it will say again */
        return result->response.tls && result->response.tls->closed;
    default:
        return false;
    }
}

static int64_t seconds_parse(struct span value)
{
    int64_t seconds = 0;
    for (size_t i = 0; i < value.len && seconds < SECONDS_MOST; i++)
        seconds = seconds * 10 + (value.at[i] - '0');
    return seconds;
}

static int64_t asked_pause(struct span value, time_t now)
{
    int64_t date;
    if (value.len > 0 && span_is(value, byte_is_digit))
        return seconds_parse(value) * NS_PER_SECOND;
    if (!date_parse(value, now, &date))
        return -1;
    if (date <= now)
        return 0;
    if (date - now > SECONDS_MOST)
        return SECONDS_MOST * NS_PER_SECOND;
    return (date - now) * NS_PER_SECOND;
}

int64_t retry_asked(const struct result *result, time_t now)
{
    struct http_field field;
    if (result->error || !http_field_find(result->response.head,
                             result->response.head_len, "Retry-After", &field))
        return -1;
    return asked_pause((struct span){field.value, field.value_len}, now);
}

int64_t retry_backoff(int tries, uint64_t random)
{
    int64_t most = BACKOFF_FIRST;
    while (--tries > 0 && most < BACKOFF_MOST)
        most *= 2;
    if (most > BACKOFF_MOST)
        most = BACKOFF_MOST;
    return most - (int64_t)(random % (uint64_t)(most / 2));
}

int64_t retry_pause(
    const struct result *result, unsigned retries, time_t now, int64_t clock)
{
    if ((unsigned)result->attempts > retries || !retry_is_transient(result))
        return -1;
    int64_t pause = retry_backoff(
        result->attempts, (uint64_t)clock * 0x9e3779b97f4a7c15 >> 16);
    int64_t least = retry_asked(result, now);
    return least > pause ? least : pause;
}

bool retry_await(struct result *result, enum phase phase, unsigned retries,
    const struct wait_for *max_time)
{
    int64_t pause = retry_pause(result, retries, time(NULL), task_time());
    if (pause < 0 || pause >= wait_for_left(max_time))
        return false;
    int error = task_sleep(pause);
    if (error == -ECANCELED)
        failure_tell(result, phase, error);
    return !error;
}
