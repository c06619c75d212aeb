/*
 * dns_message - the names and records of a DNS message (RFC 1035 section 4).
 * Pure; whatever the bytes are, each call ends soon.
 *
 * A name is identified by its offset; it may contain any byte (RFC 2181 section
 * 11), and is compared without regard to case.
 */
#ifndef ASYNC_DNS_MESSAGE_H
#define ASYNC_DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct dns_message {
    const unsigned char *bytes;
    size_t size;
};

static inline unsigned dns_read_16(const unsigned char *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* ASCII alone, whatever the locale says. */
static inline unsigned char dns_lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}

/* Where what follows a name stands; 0: it is broken. */
size_t dns_name_end(const struct dns_message *message, size_t at);
/* Of two that are not broken. */
bool dns_name_is_same(const struct dns_message *message, size_t a, size_t b);
/* Is a name the zone's own, or below it? */
bool dns_name_is_in(const struct dns_message *message, size_t at, size_t zone);

struct dns_record {
    size_t owner; /* the name */
    unsigned type, class;
    uint32_t ttl; /* s */
    size_t data, length;
};

/* The one at *at, which is then the next one's place; false: it is broken.
 * dns_question_end has found the message's question to be whole. */
bool dns_record_read(
    const struct dns_message *message, size_t *at, struct dns_record *record);

/* Where the first record stands; 0: there is not one question, or no such
 * place.  The question's name stands at NS_HFIXEDSZ, its type and class are
 * the last four bytes. */
size_t dns_question_end(const struct dns_message *message);

enum { DNS_QUESTION_MAX = 255 + 4 };

/* So much at most is written of this name. */
static inline size_t dns_question_room(const char *name)
{
    return 1 + strlen(name) + 1 + 4;
}

/* Writes a question of class IN for a name of ordinary labels; returns its
 * size, at most DNS_QUESTION_MAX, 0: no name. */
size_t dns_question_write(unsigned char *to, const char *name, int type);

enum { DNS_ADDRESS_HEADER = 12 };

/* Writes a record of the name asked: DNS_ADDRESS_HEADER bytes and the
 * address, of ns_t_a or ns_t_aaaa; ttl: s. */
void dns_address_write(
    unsigned char *to, int type, const unsigned char *address, uint32_t ttl);

#endif
