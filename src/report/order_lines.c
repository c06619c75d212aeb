/*
 * order_lines - the lines of a target that has ended, told as those of one
 * that is under way are.
 *
 * Invariant: what is told of a response is what was kept of it, each line
 * once, interim heads first.
 */
#include "report/order.h"

#include "record/result.h"
#include "report/report.h"

#include <string.h>

/* What is told of, and how far it is. */
struct telling {
    struct report *report;
    const struct response *response;
    struct report_line line;
    size_t told; /* lines of this response */
};

static void tell_line(struct telling *t, const char *bytes, size_t len)
{
    t->line.bytes = bytes;
    t->line.len = len;
    t->line.at = response_time(t->response, t->told);
    t->report->ops->line(t->report, &t->line);
}

/* Of interim heads the empty lines are left out, as when they arrive. */
static void tell_head(
    struct telling *t, enum report_kind kind, const char *head, size_t head_len)
{
    const char *line = head, *end = head + head_len;
    t->line.kind = kind;
    while (line < end) {
        size_t len =
            (size_t)((const char *)memchr(line, '\n', (size_t)(end - line)) -
                     line);
        if (len > 0 || kind == REPORT_LINE_FINAL) {
            tell_line(t, line, len);
            t->told++;
        }
        line += len + 1;
    }
}

static void tell_response(struct telling *t, const struct response *response)
{
    t->response = response;
    t->told = 0;
    if (response->interim)
        tell_head(
            t, REPORT_LINE_INTERIM, response->interim, response->interim_len);
    if (!response->head)
        return;
    t->line.kind = REPORT_LINE_FINAL;
    if (t->line.hop > 0)
        tell_line(t, "", 0);
    tell_head(t, REPORT_LINE_FINAL, response->head, response->head_len);
}

static void tell_outcome(struct report *report, const struct result *result)
{
    struct telling t = {.report = report, .line.result = result};
    if (result->hop_count == 0)
        tell_response(&t, &result->response);
    for (size_t i = 0; i < result->hop_count; i++) {
        t.line.hop = i;
        tell_response(&t, &result->hops[i].response);
    }
}

static void tell_lines(struct report *report, const struct result *result)
{
    if (!result->addresses)
        tell_outcome(report, result);
    for (size_t i = 0; i < result->address_count; i++)
        tell_outcome(report, &result->addresses[i]);
}

void order_report(struct report *report, const struct result *result)
{
    if (report->wants & REPORT_WANTS_LINES)
        tell_lines(report, result);
    report->ops->result(report, result);
}
