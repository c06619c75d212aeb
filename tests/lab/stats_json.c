/* The statistics as JSON. */
#include "stats.h"

enum { SLOTS = sizeof((struct stats *)0)->slots / sizeof(void *) };

static void member(struct buf *out, const char *key, uint64_t value)
{
    if (out->len && out->p[out->len - 1] != '{')
        buf_add(out, ",", 1);
    buf_printf(out, "\"%s\":%llu", key, (unsigned long long)value);
}

static void asked_json(const uint64_t asked[ASKS], struct buf *out)
{
    member(out, "a", asked[ASK_A]);
    member(out, "aaaa", asked[ASK_AAAA]);
    member(out, "other", asked[ASK_OTHER]);
}

void stats_totals_json(const struct stats *s, struct buf *out)
{
    const struct totals *t = &s->totals;

    buf_str(out, "{");
    asked_json(t->asked, out);
    member(out, "dns_tcp", t->dns_tcp);
    member(out, "dns_malformed", t->dns_malformed);
    member(out, "accepted", t->accepted);
    member(out, "open", t->open);
    member(out, "max_open", t->max_open);
    member(out, "requests", t->requests);
    member(out, "malformed", t->malformed);
    member(out, "sent", t->sent);
    member(out, "tls_hellos", t->tls_hellos);
    member(out, "tls_failures", t->tls_failures);
    member(out, "resets_seen", t->resets_seen);
    member(out, "resets_sent", t->resets_sent);
    member(out, "names", s->names);
    member(out, "names_left_out", s->names_left_out);
    buf_str(out, "}");
}

void stats_name_json(const struct name_stats *n, struct buf *out)
{
    buf_str(out, "{");
    asked_json(n->asked, out);
    member(out, "hellos", n->hellos);
    member(out, "requests", n->requests);
    member(out, "open", n->open);
    member(out, "max_open", n->max_open);
    member(out, "sent", n->sent);
    member(out, "most_sent", n->most_sent);
    buf_str(out, "}");
}

static void names_json(const struct stats *s, struct buf *out)
{
    bool first = true;

    buf_str(out, "{");
    for (size_t i = 0; i < SLOTS; i++)
        for (const struct name_stats *n = s->slots[i]; n; n = n->next) {
            buf_str(out, first ? "\n" : ",\n");
            buf_json(out, text_of(n->name));
            buf_str(out, ":");
            stats_name_json(n, out);
            first = false;
        }
    buf_str(out, "}");
}

static void string_or_null(struct buf *out, const char *key, const char *value)
{
    buf_printf(out, ",\"%s\":", key);
    if (value)
        buf_json(out, text_of(value));
    else
        buf_str(out, "null");
}

static void record_json(const struct record *r, struct buf *out)
{
    buf_str(out, "{");
    member(out, "id", r->id);
    string_or_null(out, "name", r->name);
    buf_printf(out, ",\"tls\":%s", r->tls ? "true" : "false");
    string_or_null(out, "sni", r->sni);
    buf_str(out, ",\"raw\":");
    buf_json(out, r->raw);
    member(out, "sent", r->sent);
    string_or_null(out, "end", r->end);
    buf_str(out, "}");
}

/* Oldest first. */
static void records_json(const struct stats *s, struct buf *out)
{
    bool first = true;

    buf_str(out, "[");
    for (uint64_t i = 1; i <= RECORDS; i++) {
        const struct record *r = &s->records[(s->last_id + i) % RECORDS];

        if (r->id == 0)
            continue;
        buf_str(out, first ? "\n" : ",\n");
        record_json(r, out);
        first = false;
    }
    buf_str(out, "]");
}

void stats_json(const struct stats *s, struct buf *out)
{
    buf_str(out, "{\"totals\":");
    stats_totals_json(s, out);
    buf_str(out, ",\n\"names\":");
    names_json(s, out);
    buf_str(out, ",\n\"requests\":");
    records_json(s, out);
    buf_str(out, "}\n");
}
