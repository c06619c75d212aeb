/* What a connection adds to the statistics. Connections of the statistics'
 * own port add nothing. */
#include "conn.h"

#include "script.h"
#include "tls.h"

#include <stdlib.h>
#include <string.h>

void conn_note_open(struct conn *c)
{
    struct totals *t = &c->http->lab->stats->totals;

    if (!c->counted)
        return;
    t->accepted++;
    if (++t->open > t->max_open)
        t->max_open = t->open;
}

void conn_name(struct conn *c, struct text name)
{
    struct lab *lab = c->http->lab;

    free(c->name);
    c->name = lab_strndup(name.p, name.n);
    if (!c->counts && c->counted && !c->path) {
        c->counts = stats_name(lab->stats, name);
        name_enter(c->counts);
    }
    behaviour_of(&c->behaviour, lab->script, text_of(c->name), NULL);
}

bool conn_outlived(const struct conn *c, uint64_t seen)
{
    return c->behaviour.first && (!c->counts || seen > c->behaviour.first);
}

void conn_note_request(struct conn *c, const struct request *r, struct text raw)
{
    struct stats *s = c->http->lab->stats;
    struct record record = {.tls = c->tls};
    const char *sni = tls_sni(&c->wire);

    if (!c->counted || c->path)
        return;
    record.name = lab_strndup(r->name.p, r->name.n);
    record.sni = sni ? lab_strndup(sni, strlen(sni)) : NULL;
    record.raw = (struct text){lab_strndup(raw.p, raw.n), raw.n};
    c->record = record_add(s, &record);
    s->totals.requests += raw.n > 0;
    stats_log(s, raw.n ? "request" : "handshake", r->name, raw, c->record);
}

void conn_note_sent(struct conn *c, size_t n)
{
    struct stats *s = c->http->lab->stats;
    struct record *r = record_find(s, c->record);

    c->sent += n;
    if (!c->counted)
        return;
    s->totals.sent += n;
    if (r)
        r->sent = c->sent;
    if (c->counts)
        name_sent(c->counts, n, c->sent);
}

void conn_note_end(struct conn *c, const char *end)
{
    struct stats *s = c->http->lab->stats;
    struct request none = {.name = text_of(c->name ? c->name : "")};
    struct record *r;

    if (!c->counted)
        return;
    if (c->tls && c->name && !c->record)
        conn_note_request(c, &none, TEXT(""));
    r = record_find(s, c->record);
    if (r)
        r->end = end;
    name_leave(c->counts);
    s->totals.open--;
    stats_log(s, end, none.name, TEXT(""), c->sent);
}
