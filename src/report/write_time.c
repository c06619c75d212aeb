/*
 * write_time - see write_time.h.
 */
#include "report/write_time.h"

#include "record/result.h"
#include "report/write_out.h"

static int64_t sum_phases(const struct write_source *source, enum phase last)
{
    int64_t sum = 0;
    for (int phase = PHASE_DNS; phase <= (int)last; phase++)
        if (source->result->timings[phase] > 0)
            sum += source->result->timings[phase];
    return sum;
}

/* 0 when the phase was not reached. */
static int64_t get_until(const struct write_source *source, enum phase phase)
{
    return source->result->timings[phase] == PHASE_NONE
               ? 0
               : sum_phases(source, phase);
}

int64_t write_time_dns(const struct write_source *source)
{
    return get_until(source, PHASE_DNS);
}

int64_t write_time_connect(const struct write_source *source)
{
    return get_until(source, PHASE_CONNECT);
}

int64_t write_time_tls(const struct write_source *source)
{
    return get_until(source, PHASE_TLS);
}

int64_t write_time_pretransfer(const struct write_source *source)
{
    return source->result->timings[PHASE_SEND] == PHASE_NONE
               ? 0
               : sum_phases(source, PHASE_TLS);
}

int64_t write_time_starttransfer(const struct write_source *source)
{
    return source->result->response.status ? get_until(source, PHASE_WAIT) : 0;
}

int64_t write_time_total(const struct write_source *source)
{
    int64_t total = source->result->timings[PHASE_TOTAL];
    return total == PHASE_NONE ? 0 : total;
}
