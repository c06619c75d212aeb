/* DNS messages (RFC 1035), as far as a server of made-up names needs them.
 * Pure: bytes in, bytes out. */
#ifndef LAB_DNS_WIRE_H
#define LAB_DNS_WIRE_H

#include "behaviour.h"

enum { QTYPE_A = 1, QTYPE_AAAA = 28, MESSAGE_MAX = 8192 };

struct question {
    uint16_t id;
    uint16_t flags;
    uint16_t type;
    uint16_t limit; /* what the asker takes by UDP: 512, or its EDNS size */
    size_t end; /* of the question section */
    char name[1024]; /* without final dot; odd bytes as \DDD */
    size_t name_length;
};

struct message {
    uint8_t p[MESSAGE_MAX];
    size_t n;
};

/* 0, or -EINVAL if there is not exactly one well-formed question. */
int question_read(struct question *q, const uint8_t *p, size_t n);

/* Writes what `b` says to the question whose bytes are `asked`. */
void answer_write(struct message *m, const struct question *q,
    const uint8_t *asked, const struct behaviour *b);
/* An answer that lies: the address of a closed port. */
void answer_write_false(
    struct message *m, const struct question *q, const uint8_t *asked);
/* Cuts the answer down to its question, TC set, if it is to be truncated
 * or longer than the asker takes. */
void answer_truncate(struct message *m, const struct question *q, bool always);

#endif
