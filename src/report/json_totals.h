/*
 * json_totals - a run's totals as the last line of JSON Lines.
 */
#ifndef AFETCH_JSON_TOTALS_H
#define AFETCH_JSON_TOTALS_H

struct output;
struct json_groups;
struct run_totals;

/* {"type":"summary",…} and its LF. */
void json_put_totals(struct output *out, const struct run_totals *totals,
    const struct json_groups *groups);

#endif
