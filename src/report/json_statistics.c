/*
 * json_statistics - see json_statistics.h.
 */
#include "report/json_statistics.h"

#include "output/buffer.h"
#include "record/members.h"
#include "record/statistics.h"
#include "report/json_write.h"

#include <inttypes.h>

static void put_place(struct output *out, const struct host_statistics *host)
{
    JSON_PUT(out, ",\"" MEMBER_LIST_FILE "\":");
    json_put_text(out, host->list_file);
    if (host->list_file)
        output_printf(out, ",\"" MEMBER_LIST_LINE "\":%zu", host->list_line);
    else
        JSON_PUT(out, ",\"" MEMBER_LIST_LINE "\":null");
}

static void put_phase(struct output *out, const struct phase_statistics *phase)
{
    if (phase->count == 0) {
        JSON_PUT(out, "null");
        return;
    }
    JSON_PUT(out, "{\"min\":");
    json_put_ms(out, phase->min);
    JSON_PUT(out, ",\"avg\":");
    json_put_ms(out, phase->sum / (int64_t)phase->count);
    JSON_PUT(out, ",\"max\":");
    json_put_ms(out, phase->max);
    JSON_PUT(out, ",\"p95\":");
    json_put_ms(out, sketch_get(&phase->spread, STATISTICS_PERCENTILE));
    JSON_PUT(out, "}");
}

static void put_phases(struct output *out, const struct host_statistics *host)
{
    JSON_PUT(out, ",\"" MEMBER_TIMINGS "\":{");
    for (int i = PHASE_QUEUED; i < PHASE_COUNT; i++) {
        output_printf(out, "%s\"%s\":", i > PHASE_QUEUED ? "," : "",
            phase_name((enum phase)i));
        put_phase(out, &host->phases[i]);
    }
    JSON_PUT(out, "}");
}

void json_put_statistics(struct output *out, const struct host_statistics *host)
{
    output_printf(out,
        "{\"" MEMBER_TYPE "\":\"" RECORD_STATISTICS "\",\"index\":%" PRIu64
        ",\"input\":",
        host->index);
    json_put_string(out, host->input, host->input_len);
    put_place(out, host);
    output_printf(out,
        ",\"sent\":%" PRIu64 ",\"got\":%" PRIu64 ",\"loss\":%.4g", host->sent,
        host->got, (double)(host->sent - host->got) / (double)host->sent);
    put_phases(out, host);
    JSON_PUT(out, "}\n");
}
