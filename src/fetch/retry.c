/*
 * retry - see retry.h.
 */
#include "fetch/retry.h"

#include "async/core/task.h"
#include "async/tls/tls_info.h"
#include "fetch/failure.h"
#include "http/http.h"
#include "text/span.h"

#include <errno.h>
#include <string.h>

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

/* Two digits of a year are the last such year that is not more than 50 years
 * ahead. */
static time_t date_of_century(struct tm tm, time_t now)
{
    struct tm ahead;
    gmtime_r(&now, &ahead);
    ahead.tm_year += 50;
    time_t most = timegm(&ahead);
    tm.tm_year = tm.tm_year % 100 + (ahead.tm_year / 100 + 1) * 100;
    struct tm earlier = tm;
    while (timegm(&tm) > most) {
        earlier.tm_year -= 100;
        tm = earlier;
    }
    return timegm(&tm);
}

/* RFC 9110 section 5.6.7: the form that is sent, and two from long ago. */
static bool date_parse(struct span value, time_t now, time_t *out)
{
    static const struct {
        const char *form;
        bool short_year;
    } forms[] = {
        {"%a, %d %b %Y %H:%M:%S GMT", false},
        {"%A, %d-%b-%y %H:%M:%S GMT", true},
        {"%a %b %d %H:%M:%S %Y", false},
    };
    char text[64];
    if (!span_copy(value, text, sizeof text) || strlen(text) != value.len)
        return false;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct tm tm = {0};
        const char *end = strptime(text, forms[i].form, &tm);
        if (end && !*end) {
            *out = forms[i].short_year ? date_of_century(tm, now) : timegm(&tm);
            return true;
        }
    }
    return false;
}

static int64_t asked_pause(struct span value, time_t now)
{
    time_t date;
    if (value.len > 0 && span_is(value, byte_is_digit))
        return seconds_parse(value) * NS_PER_SECOND;
    if (!date_parse(value, now, &date))
        return -1;
    if (date <= now)
        return 0;
    if (date - now > SECONDS_MOST)
        return SECONDS_MOST * NS_PER_SECOND;
    return (int64_t)(date - now) * NS_PER_SECOND;
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
