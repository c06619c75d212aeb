/* What the lab saw: totals, names, the last requests; and a log of events. */
#ifndef LAB_STATS_H
#define LAB_STATS_H

#include "text.h"

#include <stdio.h>

enum { RECORDS = 128, RAW_MAX = 16384 };

/* Questions by type; everything but A and AAAA is "other". */
enum { ASK_A, ASK_AAAA, ASK_OTHER, ASKS };

/* Counts of one name; lives as long as the statistics. */
struct name_stats {
    struct name_stats *next;
    char *name;
    uint64_t asked[ASKS];
    uint64_t hellos, requests, sent, most_sent;
    unsigned open, max_open;
};

/* Totals; all of them only rise, but `open`. */
struct totals {
    uint64_t asked[ASKS], dns_tcp, dns_malformed;
    uint64_t accepted, requests, malformed, sent;
    uint64_t tls_hellos, tls_failures;
    uint64_t resets_seen, resets_sent;
    unsigned open, max_open;
};

/* One request, or one TLS hello that never became one. */
struct record {
    uint64_t id; /* 0: unused */
    char *name;
    char *sni;
    struct text raw;
    uint64_t sent;
    const char *end; /* NULL while open */
    bool tls;
};

struct stats {
    struct totals totals;
    struct name_stats *slots[8192];
    size_t names, names_max;
    uint64_t names_left_out;
    struct record records[RECORDS];
    uint64_t last_id;
    FILE *log;
};

struct stats *stats_create(size_t names_max);
void stats_destroy(struct stats *s);
/* Zeroes all counts but what is open now. */
void stats_clear(struct stats *s);

/* The name's counts, made at first sight; NULL past the bound. */
struct name_stats *stats_name(struct stats *s, struct text name);
/* The name's counts, if there are any. */
struct name_stats *stats_find(const struct stats *s, struct text name);

/* A connection began to be, or stopped being, this name's. */
void name_enter(struct name_stats *n);
void name_leave(struct name_stats *n);
/* It sent `more` bytes more, `all` by now. */
void name_sent(struct name_stats *n, size_t more, uint64_t all);

/* Notes a request; the id finds its record while it is among the last. */
uint64_t record_add(struct stats *s, const struct record *r);
struct record *record_find(struct stats *s, uint64_t id);

/* The whole of it, or one name, as JSON. */
void stats_json(const struct stats *s, struct buf *out);
void stats_totals_json(const struct stats *s, struct buf *out);
void stats_name_json(const struct name_stats *n, struct buf *out);

/* One JSON line to --log, if there is one: `event`, then name and raw bytes
 * where they have any, then a number. */
void stats_log(struct stats *s, const char *event, struct text name,
    struct text detail, uint64_t number);

#endif
