/* Reading a question and writing what the behaviour says of it. Answers use
 * a pointer to the question's name (offset 12) wherever they can. */
#include "dns_wire.h"

#include "door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { HEADER = 12, ADDRESSES_MAX = 64 };
enum { QR = 0x8000, TC = 0x0200, RD = 0x0100, RA = 0x0080 };
enum { TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_OPT = 41, CLASS_IN = 1 };

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static void put16(struct message *m, unsigned value)
{
    if (m->n + 2 > MESSAGE_MAX)
        return;
    m->p[m->n++] = (uint8_t)(value >> 8);
    m->p[m->n++] = (uint8_t)value;
}

static void put(struct message *m, const void *p, size_t n)
{
    if (m->n + n > MESSAGE_MAX)
        return;
    memcpy(m->p + m->n, p, n);
    m->n += n;
}

/* Bumps a count of the header: 6 answers, 8 authority. */
static void count_up(struct message *m, size_t at)
{
    uint16_t count = (uint16_t)(get16(m->p + at) + 1);

    m->p[at] = (uint8_t)(count >> 8);
    m->p[at + 1] = (uint8_t)count;
}

static void name_add(struct question *q, uint8_t byte)
{
    bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                 (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';

    if (plain)
        q->name[q->name_length++] = (char)byte;
    else
        q->name_length +=
            (size_t)sprintf(q->name + q->name_length, "\\%03u", byte);
}

/* Labels without compression; a name is at most 255 bytes on the wire, so
 * its text is at most 4 x 255. */
static int name_read(struct question *q, const uint8_t *p, size_t n)
{
    size_t at = HEADER;

    while (at < n && p[at]) {
        size_t length = p[at];

        if (length > 63 || at + 1 + length >= n ||
            at + 1 + length - HEADER > 254)
            return -EINVAL;
        if (q->name_length)
            q->name[q->name_length++] = '.';
        for (size_t i = 0; i < length; i++)
            name_add(q, p[at + 1 + i]);
        at += 1 + length;
    }
    q->name[q->name_length] = '\0';
    q->end = at + 1 + 4;
    return q->end <= n ? 0 : -EINVAL;
}

/* An OPT record right behind the question tells the asker's UDP size. */
static uint16_t limit_read(const uint8_t *p, size_t n, size_t at)
{
    bool alone = get16(p + 6) == 0 && get16(p + 8) == 0 && get16(p + 10);
    uint16_t size;

    if (!alone || at + 11 > n || p[at] || get16(p + at + 1) != TYPE_OPT)
        return 512;
    size = get16(p + at + 3);
    return size < 512 ? 512 : size;
}

int question_read(struct question *q, const uint8_t *p, size_t n)
{
    q->name_length = 0;
    if (n < HEADER || (p[2] & 0x80) || get16(p + 4) != 1)
        return -EINVAL;
    q->id = get16(p);
    q->flags = get16(p + 2);
    if (name_read(q, p, n))
        return -EINVAL;
    q->type = get16(p + q->end - 4);
    q->limit = limit_read(p, n, q->end);
    return 0;
}

static void reply_begin(struct message *m, const struct question *q,
    const uint8_t *asked, unsigned rcode)
{
    m->n = 0;
    put16(m, q->id);
    put16(m, QR | RA | (q->flags & (0x7800 | RD)) | rcode);
    put16(m, 1);
    put16(m, 0);
    put16(m, 0);
    put16(m, 0);
    put(m, asked + HEADER, q->end - HEADER);
}

/* A record up to its data; `owner` is the offset of a name. */
static void record_begin(
    struct message *m, unsigned owner, unsigned type, unsigned ttl)
{
    put16(m, 0xc000 | owner);
    put16(m, type);
    put16(m, CLASS_IN);
    put16(m, ttl >> 16);
    put16(m, ttl);
}

static void put_address(
    struct message *m, unsigned owner, unsigned ttl, struct text ip)
{
    record_begin(m, owner, ip.n == 4 ? QTYPE_A : QTYPE_AAAA, ttl);
    put16(m, (unsigned)ip.n);
    put(m, ip.p, ip.n);
    count_up(m, 6);
}

static void put_door(struct message *m, unsigned owner,
    const struct question *q, const struct behaviour *b, enum door door,
    unsigned n)
{
    struct in_addr v4 = door_v4(door, n);
    struct in6_addr v6 = door_v6(door, n);

    if (q->type == QTYPE_A)
        put_address(m, owner, b->ttl, (struct text){(char *)&v4, 4});
    else
        put_address(m, owner, b->ttl, (struct text){(char *)&v6, 16});
}

/* `A,B,...` from the script: those of the family that was asked for. */
static void put_given(struct message *m, unsigned owner,
    const struct question *q, const struct behaviour *b, struct text list)
{
    while (list.n) {
        const char *comma = memchr(list.p, ',', list.n);
        size_t n = comma ? (size_t)(comma - list.p) : list.n;
        struct address at;

        if (address_parse((struct text){list.p, n}, &at) == 0) {
            bool v4 = at.sa.sa_family == AF_INET;

            if (v4 && q->type == QTYPE_A)
                put_address(m, owner, b->ttl,
                    (struct text){(char *)&at.v4.sin_addr, 4});
            else if (!v4 && q->type == QTYPE_AAAA)
                put_address(m, owner, b->ttl,
                    (struct text){(char *)&at.v6.sin6_addr, 16});
        }
        n += comma != NULL;
        list = (struct text){list.p + n, list.n - n};
    }
}

/* A CNAME to `cI.<question's name>`; returns the offset of that name. */
static unsigned put_cname(
    struct message *m, unsigned owner, const struct behaviour *b, unsigned i)
{
    char label[16];
    int n = snprintf(label, sizeof label, "%cc%u", 0, i);

    label[0] = (char)(n - 1);
    record_begin(m, owner, TYPE_CNAME, b->ttl);
    put16(m, (unsigned)n + 2);
    owner = (unsigned)m->n;
    put(m, label, (size_t)n);
    put16(m, 0xc000 | HEADER);
    count_up(m, 6);
    return owner;
}

static void put_loop(struct message *m, const struct behaviour *b)
{
    unsigned owner = put_cname(m, HEADER, b, 1);

    record_begin(m, owner, TYPE_CNAME, b->ttl);
    put16(m, 2);
    put16(m, 0xc000 | HEADER);
    count_up(m, 6);
}

/* For answers without records: how long that may be remembered. */
static void put_soa(struct message *m, const struct behaviour *b)
{
    static const uint8_t soa[] = {
        0, 0, 0, 0, 0, 1, 0, 0, 14, 16, 0, 0, 2, 88, 0, 1, 81, 128};

    record_begin(m, HEADER, TYPE_SOA, b->ttl);
    put16(m, sizeof soa + 4);
    put(m, soa, sizeof soa);
    put16(m, b->ttl >> 16);
    put16(m, b->ttl);
    count_up(m, 8);
}

static void put_addresses(struct message *m, const struct question *q,
    const struct behaviour *b, const struct dns_plan *plan)
{
    unsigned owner = HEADER;

    for (unsigned i = 1; i <= b->chain; i++)
        owner = put_cname(m, owner, b, i);
    for (unsigned i = 0; i < b->hole && i < HOLES; i++)
        put_door(m, owner, q, b, DOOR_HOLE, i);
    for (unsigned i = 0; i < b->dead && i < ADDRESSES_MAX; i++)
        put_door(m, owner, q, b, DOOR_DEAD, i);
    if (plan->given.n)
        put_given(m, owner, q, b, plan->given);
    else
        put_door(m, owner, q, b, plan->door, 0);
}

static const struct dns_plan *plan_of(
    const struct question *q, const struct behaviour *b)
{
    static const struct dns_plan none = {.kind = DNS_NODATA};

    if (q->type == QTYPE_A)
        return &b->dns[V4];
    if (q->type == QTYPE_AAAA)
        return &b->dns[V6];
    return b->dns[V4].kind == DNS_NXDOMAIN ? &b->dns[V4] : &none;
}

void answer_write(struct message *m, const struct question *q,
    const uint8_t *asked, const struct behaviour *b)
{
    static const unsigned rcodes[] = {
        [DNS_ADDRESSES] = 0,
        [DNS_NODATA] = 0,
        [DNS_NXDOMAIN] = 3,
        [DNS_SERVFAIL] = 2,
        [DNS_REFUSED] = 5,
        [DNS_FORMERR] = 1,
        [DNS_NOTIMP] = 4,
        [DNS_SILENT] = 0,
    };
    const struct dns_plan *plan = plan_of(q, b);

    reply_begin(m, q, asked, rcodes[plan->kind]);
    if (plan->kind == DNS_NODATA || plan->kind == DNS_NXDOMAIN)
        put_soa(m, b);
    else if (plan->kind != DNS_ADDRESSES)
        return;
    else if (b->chain_loop)
        put_loop(m, b);
    else
        put_addresses(m, q, b, plan);
}

void answer_write_false(
    struct message *m, const struct question *q, const uint8_t *asked)
{
    struct behaviour lie = {.ttl = 60};

    reply_begin(m, q, asked, 0);
    put_door(m, HEADER, q, &lie, DOOR_DEAD, 9);
}

void answer_truncate(struct message *m, const struct question *q, bool always)
{
    if (!always && m->n <= q->limit)
        return;
    m->n = q->end;
    m->p[2] |= TC >> 8;
    memset(m->p + 6, 0, 6);
}
