/*
 * prometheus_metrics - see prometheus_metrics.h.
 */
#include "report/prometheus_metrics.h"

#include "record/result.h"
#include "record/selector.h"

#include <assert.h>
#include <stddef.h>

static int64_t get_known(const struct result *result, enum selector_id id)
{
    const struct selector_scope scope = {.result = result};
    struct selector_value value;

    selector_get_known(id, &scope, &value);
    return value.type == SELECTOR_NONE ? METRIC_NONE : value.number;
}

static int64_t get_success(const struct result *result)
{
    return result->error == FETCH_OK;
}

static int64_t get_status(const struct result *result)
{
    return get_known(result, SELECTOR_STATUS);
}

static int64_t get_header_bytes(const struct result *result)
{
    return result->response.status ? get_known(result, SELECTOR_HEADER_BYTES)
                                   : METRIC_NONE;
}

static int64_t get_redirects(const struct result *result)
{
    return result->response.status ? get_known(result, SELECTOR_HOPS) - 1
                                   : METRIC_NONE;
}

static int64_t get_expiry(const struct result *result)
{
    return get_known(result, SELECTOR_TLS_NOT_AFTER);
}

static int64_t get_duration(const struct result *result)
{
    return get_known(result, SELECTOR_TIME_TOTAL);
}

static int64_t get_dns(const struct result *result)
{
    return get_known(result, SELECTOR_TIME_DNS);
}

static int64_t get_connect(const struct result *result)
{
    return get_known(result, SELECTOR_TIME_CONNECT);
}

static int64_t get_tls(const struct result *result)
{
    return get_known(result, SELECTOR_TIME_TLS);
}

/* From the connection to the first byte of the response. */
static int64_t get_processing(const struct result *result)
{
    int64_t send = get_known(result, SELECTOR_TIME_SEND);
    int64_t wait = get_known(result, SELECTOR_TIME_WAIT);

    return wait == METRIC_NONE ? METRIC_NONE
                               : wait + (send == METRIC_NONE ? 0 : send);
}

static int64_t get_transfer(const struct result *result)
{
    return get_known(result, SELECTOR_TIME_RECEIVE);
}

#define PHASE_DURATION                                                         \
    "afetch_phase_duration_seconds", "Time that a phase took."

const struct prometheus_metric prometheus_metrics[PROMETHEUS_METRICS] = {
    {"afetch_success", "Whether the target gave its headers.", NULL,
        METRIC_WHOLE, get_success},
    {"afetch_http_status_code", "Status code of the response.", NULL,
        METRIC_WHOLE, get_status},
    {"afetch_http_redirects", "Redirects that were followed.", NULL,
        METRIC_WHOLE, get_redirects},
    {"afetch_http_header_bytes", "Size of the final head.", NULL, METRIC_WHOLE,
        get_header_bytes},
    {"afetch_tls_certificate_expiry_timestamp_seconds",
        "When the certificate expires, in seconds since 1970.", NULL,
        METRIC_WHOLE, get_expiry},
    {"afetch_duration_seconds", "Time that the target took.", NULL,
        METRIC_SECONDS, get_duration},
    {PHASE_DURATION, "resolve", METRIC_SECONDS, get_dns},
    {PHASE_DURATION, "connect", METRIC_SECONDS, get_connect},
    {PHASE_DURATION, "tls", METRIC_SECONDS, get_tls},
    {PHASE_DURATION, "processing", METRIC_SECONDS, get_processing},
    {PHASE_DURATION, "transfer", METRIC_SECONDS, get_transfer},
};

static_assert(sizeof prometheus_metrics / sizeof *prometheus_metrics ==
                  PROMETHEUS_METRICS,
    "counts its rows");
