/* How the words read their arguments. */
#include "words.h"

#include <errno.h>
#include <string.h>

/* `N`, or `N-M` for a number in between that the name decides. */
static int range_read(
    const struct behaviour *b, struct text t, uint64_t max, uint64_t *out)
{
    const char *dash = memchr(t.p, '-', t.n);
    uint64_t low, high;
    struct text head = t, tail;

    if (!dash)
        return text_number(t, max, out);
    head.n = (size_t)(dash - t.p);
    tail = (struct text){dash + 1, t.n - head.n - 1};
    if (text_number(head, max, &low) || text_number(tail, max, &high) ||
        high < low)
        return -EINVAL;
    *out = low + b->seed % (high - low + 1);
    return 0;
}

static int choice_read(const struct choice *choices, struct text t, int *value)
{
    for (; choices->name; choices++)
        if (text_is(t, choices->name)) {
            *value = choices->value;
            return 0;
        }
    return -EINVAL;
}

int set_number(const struct word *w, struct behaviour *b, const struct arg *a)
{
    uint64_t value = w->preset;
    unsigned narrow;

    if (a->text.n && range_read(b, a->text, w->max, &value))
        return -EINVAL;
    narrow = (unsigned)value;
    memcpy((char *)b + w->at, &narrow, sizeof narrow);
    return 0;
}

int set_size(const struct word *w, struct behaviour *b, const struct arg *a)
{
    return range_read(b, a->text, w->max, &b->size);
}

int set_choice(const struct word *w, struct behaviour *b, const struct arg *a)
{
    int value = (int)w->preset;

    if (a->text.n && choice_read(w->choices, a->text, &value))
        return -EINVAL;
    memcpy((char *)b + w->at, &value, sizeof value);
    return 0;
}

int set_text(const struct word *w, struct behaviour *b, const struct arg *a)
{
    memcpy((char *)b + w->at, &a->text, sizeof a->text);
    return 0;
}

int set_field(const struct word *w, struct behaviour *b, const struct arg *a)
{
    (void)w;
    if (b->field_count == FIELDS_MAX)
        return -EINVAL;
    b->fields[b->field_count++] = a->text;
    return 0;
}

int set_raw(const struct word *w, struct behaviour *b, const struct arg *a)
{
    (void)w;
    b->is_raw = true;
    b->raw = a->text;
    b->cut_count = a->cut_count;
    for (unsigned i = 0; i < a->cut_count; i++)
        b->cuts[i] = a->cuts[i];
    return 0;
}

static const struct choice dns_choices[] = {
    {"nodata", DNS_NODATA},
    {"nxdomain", DNS_NXDOMAIN},
    {"servfail", DNS_SERVFAIL},
    {"refused", DNS_REFUSED},
    {"formerr", DNS_FORMERR},
    {"notimp", DNS_NOTIMP},
    {"silent", DNS_SILENT},
    {NULL, 0},
};

static const struct choice door_choices[] = {
    {"live", DOOR_LIVE},
    {"dead", DOOR_DEAD},
    {"hole", DOOR_HOLE},
    {"reset", DOOR_RESET},
    {"close", DOOR_CLOSE},
    {"mute", DOOR_MUTE},
    {NULL, 0},
};

/* One family's plan: a delay, a failure, a door, or addresses. */
static int plan_set(
    const struct behaviour *b, struct dns_plan *plan, struct text t)
{
    uint64_t ms;
    int value;

    if (t.n && range_read(b, t, 3600000, &ms) == 0) {
        plan->delay_ms = (unsigned)ms;
        return 0;
    }
    if (choice_read(dns_choices, t, &value) == 0) {
        plan->kind = (enum dns_kind)value;
        return 0;
    }
    plan->kind = DNS_ADDRESSES;
    if (t.n == 0)
        return 0;
    if (choice_read(door_choices, t, &value) == 0) {
        plan->door = (enum door)value;
        return 0;
    }
    plan->given = t;
    return memchr(t.p, '.', t.n) || memchr(t.p, ':', t.n) ? 0 : -EINVAL;
}

/* a, aaaa: w->at is the family. */
int set_family(const struct word *w, struct behaviour *b, const struct arg *a)
{
    struct dns_plan plan = b->dns[w->at];

    if (plan_set(b, &plan, a->text))
        return -EINVAL;
    b->dns[w->at] = plan;
    return 0;
}

/* dns: both families, but never makes an address where there was none. */
int set_dns(const struct word *w, struct behaviour *b, const struct arg *a)
{
    struct dns_plan plans[FAMILIES] = {b->dns[V4], b->dns[V6]};

    (void)w;
    for (int f = V4; f < FAMILIES; f++)
        if (a->text.n == 0 || plan_set(b, &plans[f], a->text) ||
            plans[f].given.n || plans[f].door != b->dns[f].door)
            return -EINVAL;
    memcpy(b->dns, plans, sizeof plans);
    return 0;
}

static const struct choice junk_choices[] = {
    {"empty", JUNK_EMPTY},
    {"garbage", JUNK_GARBAGE},
    {"id", JUNK_ID},
    {"source", JUNK_SOURCE},
    {"all", JUNK_ALL},
    {NULL, 0},
};

int set_junk(const struct word *w, struct behaviour *b, const struct arg *a)
{
    int bits = JUNK_ALL;

    (void)w;
    if (a->text.n && choice_read(junk_choices, a->text, &bits))
        return -EINVAL;
    b->junk |= (unsigned)bits;
    return 0;
}

int set_cname(const struct word *w, struct behaviour *b, const struct arg *a)
{
    if (!text_is(a->text, "loop"))
        return set_number(w, b, a);
    b->chain_loop = 1;
    return 0;
}

int set_redirect(const struct word *w, struct behaviour *b, const struct arg *a)
{
    b->status = 302;
    if (!text_is(a->text, "loop"))
        return set_number(w, b, a);
    b->redirect_loop = 1;
    return 0;
}

/* trickle-MS, or trickle-MS-BYTES for larger pieces. */
int set_trickle(const struct word *w, struct behaviour *b, const struct arg *a)
{
    const char *dash = memchr(a->text.p, '-', a->text.n);
    uint64_t ms = w->preset, bytes = 1;
    struct text head = a->text, tail;

    if (dash) {
        head.n = (size_t)(dash - head.p);
        tail = (struct text){dash + 1, a->text.n - head.n - 1};
        if (text_number(tail, 1 << 20, &bytes) || bytes == 0)
            return -EINVAL;
    }
    if (head.n && text_number(head, w->max, &ms))
        return -EINVAL;
    b->trickle = (unsigned)bytes;
    b->trickle_ms = (unsigned)ms;
    return 0;
}

static size_t number_end(struct text t)
{
    size_t n = 0;

    while (n < t.n && t.p[n] != '-' && t.p[n] != ',')
        n++;
    return n;
}

/* split-A-B-C: rising byte offsets; the pause between is gap's. */
int set_split(const struct word *w, struct behaviour *b, const struct arg *a)
{
    struct text rest = a->text;
    uint64_t at, last = 0;

    b->cut_count = 0;
    while (rest.n) {
        size_t n = number_end(rest);

        if (text_number((struct text){rest.p, n}, w->max, &at) || at <= last ||
            b->cut_count == CUTS_MAX)
            return -EINVAL;
        b->cuts[b->cut_count++] = (struct cut){(unsigned)at, UINT32_MAX};
        last = at;
        n += n < rest.n;
        rest = (struct text){rest.p + n, rest.n - n};
    }
    return b->cut_count ? 0 : -EINVAL;
}

static const struct choice places[] = {
    {"now", AT_START},
    {"half", AT_HALF},
    {"head", AT_HEAD},
    {"end", AT_END},
    {NULL, 0},
};

/* close, reset, shut, keep: after the whole answer, or at a place. */
int set_end(const struct word *w, struct behaviour *b, const struct arg *a)
{
    int place = (int)w->preset;
    uint64_t byte = 0;

    if (a->text.n && choice_read(places, a->text, &place)) {
        if (text_number(a->text, UINT32_MAX, &byte))
            return -EINVAL;
        place = AT_BYTE;
    }
    b->end = (enum end)w->max;
    b->place = (enum place)place;
    b->place_byte = (unsigned)byte;
    return 0;
}

int set_tls(const struct word *w, struct behaviour *b, const struct arg *a)
{
    int mode;

    if (a->text.n && choice_read(w->choices, a->text, &mode) == 0) {
        b->tls = (enum tls_mode)mode;
        return 0;
    }
    return a->text.n ? set_number(w, b, a) : -EINVAL;
}
