/* Counting. Everything here is bounded: the names by --names, the records by
 * a ring, the bytes kept of a request by RAW_MAX. */
#include "stats.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLOTS = sizeof((struct stats *)0)->slots / sizeof(void *) };

struct stats *stats_create(size_t names_max)
{
    struct stats *s = lab_alloc(sizeof *s);

    s->names_max = names_max;
    return s;
}

static void record_fini(struct record *r)
{
    free(r->name);
    free(r->sni);
    free((char *)r->raw.p);
    *r = (struct record){0};
}

void stats_destroy(struct stats *s)
{
    struct name_stats *n, *next;

    if (!s)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        for (n = s->slots[i]; n; n = next) {
            next = n->next;
            free(n->name);
            free(n);
        }
    for (size_t i = 0; i < RECORDS; i++)
        record_fini(&s->records[i]);
    if (s->log)
        fclose(s->log);
    free(s);
}

static void name_clear(struct name_stats *n)
{
    struct name_stats kept = *n;

    memset(n, 0, sizeof *n);
    n->next = kept.next;
    n->name = kept.name;
    n->open = n->max_open = kept.open;
}

void stats_clear(struct stats *s)
{
    unsigned open = s->totals.open;

    s->totals = (struct totals){.open = open, .max_open = open};
    s->names_left_out = 0;
    for (size_t i = 0; i < SLOTS; i++)
        for (struct name_stats *n = s->slots[i]; n; n = n->next)
            name_clear(n);
    for (size_t i = 0; i < RECORDS; i++)
        record_fini(&s->records[i]);
}

struct name_stats *stats_find(const struct stats *s, struct text name)
{
    struct name_stats *n = s->slots[text_hash(name) % SLOTS];

    while (n && !text_is(name, n->name))
        n = n->next;
    return n;
}

struct name_stats *stats_name(struct stats *s, struct text name)
{
    struct name_stats **slot = &s->slots[text_hash(name) % SLOTS];
    struct name_stats *n = stats_find(s, name);

    if (n)
        return n;
    if (s->names == s->names_max) {
        s->names_left_out++;
        return NULL;
    }
    n = lab_alloc(sizeof *n);
    n->name = lab_strndup(name.p, name.n);
    n->next = *slot;
    *slot = n;
    s->names++;
    return n;
}

void name_enter(struct name_stats *n)
{
    if (n && ++n->open > n->max_open)
        n->max_open = n->open;
}

void name_leave(struct name_stats *n)
{
    if (n)
        n->open--;
}

void name_sent(struct name_stats *n, size_t more, uint64_t all)
{
    n->sent += more;
    if (all > n->most_sent)
        n->most_sent = all;
}

uint64_t record_add(struct stats *s, const struct record *r)
{
    struct record *at = &s->records[++s->last_id % RECORDS];

    record_fini(at);
    *at = *r;
    at->id = s->last_id;
    return at->id;
}

struct record *record_find(struct stats *s, uint64_t id)
{
    struct record *r = &s->records[id % RECORDS];

    return id && r->id == id ? r : NULL;
}

static double now_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void stats_log(struct stats *s, const char *event, struct text name,
    struct text detail, uint64_t number)
{
    struct buf line = {0};

    if (!s->log)
        return;
    buf_printf(
        &line, "{\"at\":%.6f,\"event\":\"%s\",\"name\":", now_seconds(), event);
    buf_json(&line, name);
    if (detail.n) {
        buf_str(&line, ",\"detail\":");
        buf_json(&line, detail);
    }
    buf_printf(&line, ",\"n\":%llu}\n", (unsigned long long)number);
    fwrite(line.p, 1, line.len, s->log);
    fflush(s->log);
    buf_free(&line);
}
