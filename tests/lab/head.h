/* The head of an ordinary answer. Pure. */
#ifndef LAB_HEAD_H
#define LAB_HEAD_H

#include "behaviour.h"

/* For whom an answer is written. */
struct asker {
    struct text host; /* as sent, with port */
    struct text name;
    bool head_only;
    bool tls;
    const char *date; /* as HTTP writes it */
};

/* Adds interim answers, the status line and the fields; with `whole` also
 * the padding and the blank line. `size` is Content-Length's value;
 * SIZE_ORDINARY leaves that field out. */
void head_write(struct buf *out, const struct behaviour *b,
    const struct asker *to, uint64_t size, bool whole);

/* Whether the behaviour's status goes with a body. */
bool head_has_body(const struct behaviour *b);
const char *head_reason(unsigned status);
/* Adds bytes of a Host header as far as they are fit to be sent back. */
void head_add_safely(struct buf *out, struct text t);

#endif
