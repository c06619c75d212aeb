/*
 * dns_message - see dns_message.h.
 *
 * Invariant: no byte is read past the message; a pointer in a name leads
 * towards the message's beginning, and there is an end to their number.
 */
#include "async/dns/dns_message.h"

#include <arpa/nameser.h>
#include <string.h>

/* A name has no more labels than that, nor, sensibly, more pointers. */
enum { POINTERS_MAX = 128 };

enum { QUESTIONS = 4 }; /* where they are counted */

/* --- names --- */

/* On its way from label to label. */
struct name {
    const struct dns_message *message;
    size_t at; /* the next label or pointer */
    size_t piece; /* where this piece began: pointers lead before it */
    size_t end; /* where what follows the name stands; 0: not known yet */
    size_t room; /* for the rest of it */
    int pointers;
};

static struct name name_at(const struct dns_message *message, size_t at)
{
    return (struct name){message, at, at, 0, NS_MAXCDNAME, 0};
}

static bool name_jump(struct name *name)
{
    const struct dns_message *m = name->message;
    if (name->at + 1 >= m->size || name->pointers++ == POINTERS_MAX)
        return false;
    size_t to = dns_read_16(m->bytes + name->at) & 0x3fff;
    if (to >= name->piece)
        return false;
    if (!name->end)
        name->end = name->at + 2;
    name->at = name->piece = to;
    return true;
}

static bool is_pointer(unsigned char byte)
{
    return (byte & NS_CMPRSFLGS) == NS_CMPRSFLGS;
}

/* The next label's length, its bytes in *label; 0: the name is at its end;
 * -1: this is no name. */
static int name_label(struct name *name, const unsigned char **label)
{
    const struct dns_message *m = name->message;
    while (name->at < m->size && is_pointer(m->bytes[name->at]))
        if (!name_jump(name))
            return -1;
    if (name->at >= m->size)
        return -1;
    size_t len = m->bytes[name->at], whole = 1 + len;
    if (len > NS_MAXLABEL || whole > m->size - name->at || whole > name->room)
        return -1;
    *label = m->bytes + name->at + 1;
    name->at += whole;
    name->room -= whole;
    if (len == 0 && !name->end)
        name->end = name->at;
    return (int)len;
}

/* Of a name without a pointer; 0: it has one, or is broken. */
static size_t plain_end(const struct dns_message *message, size_t at)
{
    size_t begin = at;
    while (at < message->size && message->bytes[at] <= NS_MAXLABEL) {
        if (!message->bytes[at])
            return ++at - begin <= NS_MAXCDNAME ? at : 0;
        at += 1u + message->bytes[at];
    }
    return 0;
}

size_t dns_name_end(const struct dns_message *message, size_t at)
{
    size_t end = plain_end(message, at);
    if (end)
        return end;
    struct name name = name_at(message, at);
    const unsigned char *label;
    int len;
    do
        len = name_label(&name, &label);
    while (len > 0);
    return len < 0 ? 0 : name.end;
}

static bool is_same_label(
    const unsigned char *a, const unsigned char *b, int len)
{
    for (int i = 0; i < len; i++)
        if (a[i] != b[i] && dns_lower(a[i]) != dns_lower(b[i]))
            return false;
    return true;
}

/* Behind a pointer, if there is one. */
static size_t name_place(const struct dns_message *message, size_t at)
{
    const unsigned char *bytes = message->bytes + at;
    return at + 1 < message->size && is_pointer(*bytes)
               ? dns_read_16(bytes) & 0x3fff
               : at;
}

bool dns_name_is_same(const struct dns_message *message, size_t a, size_t b)
{
    if (name_place(message, a) == b)
        return true; /* as nearly always */
    struct name one = name_at(message, a), other = name_at(message, b);
    const unsigned char *label, *others;
    int len;
    do {
        len = name_label(&one, &label);
        if (len < 0 || len != name_label(&other, &others) ||
            !is_same_label(label, others, len))
            return false;
    } while (len > 0);
    return true;
}

bool dns_name_is_in(const struct dns_message *message, size_t at, size_t zone)
{
    struct name name = name_at(message, at);
    const unsigned char *label;
    do
        if (dns_name_is_same(message, name.at, zone))
            return true;
    while (name_label(&name, &label) > 0);
    return false;
}

/* --- records --- */

/* More than 31 bits are none (RFC 2181 section 8). */
static uint32_t read_ttl(const unsigned char *at)
{
    uint32_t ttl = (uint32_t)dns_read_16(at) << 16 | dns_read_16(at + 2);
    return ttl > INT32_MAX ? 0 : ttl;
}

/* The owner is nearly always the question's name, which is known to be one. */
static size_t owner_end(const struct dns_message *message, size_t at)
{
    const unsigned char *bytes = message->bytes + at;
    return at > NS_HFIXEDSZ && at + 2 <= message->size &&
                   bytes[0] == NS_CMPRSFLGS && bytes[1] == NS_HFIXEDSZ
               ? at + 2
               : dns_name_end(message, at);
}

bool dns_record_read(
    const struct dns_message *message, size_t *at, struct dns_record *record)
{
    size_t fixed = owner_end(message, *at);
    if (!fixed || message->size - fixed < NS_RRFIXEDSZ)
        return false;
    const unsigned char *bytes = message->bytes + fixed;
    *record = (struct dns_record){
        .owner = *at,
        .type = dns_read_16(bytes),
        .class = dns_read_16(bytes + 2),
        .ttl = read_ttl(bytes + 4),
        .data = fixed + NS_RRFIXEDSZ,
        .length = dns_read_16(bytes + 8),
    };
    *at = record->data + record->length;
    return *at <= message->size;
}

/* --- the question --- */

size_t dns_question_end(const struct dns_message *message)
{
    if (message->size < NS_HFIXEDSZ ||
        dns_read_16(message->bytes + QUESTIONS) != 1)
        return 0;
    size_t end = dns_name_end(message, NS_HFIXEDSZ);
    return end && message->size - end >= NS_QFIXEDSZ ? end + NS_QFIXEDSZ : 0;
}

size_t dns_question_write(unsigned char *to, const char *name, int type)
{
    size_t at = 0;
    while (*name) {
        size_t len = strcspn(name, ".");
        if (len == 0 || len > NS_MAXLABEL || at + 1 + len + 1 > NS_MAXCDNAME)
            return 0;
        to[at++] = (unsigned char)len;
        memcpy(to + at, name, len);
        at += len;
        name += len + (name[len] == '.');
    }
    to[at++] = 0;
    to[at++] = (unsigned char)(type >> 8);
    to[at++] = (unsigned char)type;
    to[at++] = 0;
    to[at++] = ns_c_in;
    return at;
}

static void write_16(unsigned char *to, unsigned value)
{
    to[0] = (unsigned char)(value >> 8);
    to[1] = (unsigned char)value;
}

void dns_address_write(
    unsigned char *to, int type, const unsigned char *address, uint32_t ttl)
{
    unsigned size = type == ns_t_a ? NS_INADDRSZ : NS_IN6ADDRSZ;
    write_16(to, NS_CMPRSFLGS << 8 | NS_HFIXEDSZ); /* the question's name */
    write_16(to + 2, (unsigned)type);
    write_16(to + 4, ns_c_in);
    write_16(to + 6, ttl >> 16);
    write_16(to + 8, ttl);
    write_16(to + 10, size);
    memcpy(to + DNS_ADDRESS_HEADER, address, size);
}
