/*
 * json_statistics - what rounds came to for a target, as a line of JSON Lines.
 */
#ifndef AFETCH_JSON_STATISTICS_H
#define AFETCH_JSON_STATISTICS_H

struct host_statistics;
struct output;

void json_put_statistics(
    struct output *out, const struct host_statistics *host);

#endif
