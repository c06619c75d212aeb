/* The bytes of an answer: a written part, then a unit that repeats. Pure. */
#ifndef LAB_ANSWER_H
#define LAB_ANSWER_H

#include "head.h"

struct answer {
    const char *bytes; /* the caller's scratch, until answer_keep */
    size_t length;
    size_t head_end; /* first byte after the blank line */
    char *unit; /* repeats behind `bytes`; owned */
    size_t unit_length;
    uint64_t total; /* where the sending stops */
    char *kept; /* owned copy of bytes */
};

/* Writes the answer into `scratch`, whose old content is lost. */
void answer_build(struct answer *a, struct buf *scratch,
    const struct behaviour *b, const struct asker *to);
/* A finished body of the lab's own, with a plain head. */
void answer_page(struct answer *a, struct buf *scratch, unsigned status,
    const char *type, struct text body);
/* Makes the answer independent of the scratch buffer. */
void answer_keep(struct answer *a);
/* The bytes that stand at `at`, as many as lie together. */
struct text answer_at(const struct answer *a, uint64_t at);
void answer_fini(struct answer *a);

#endif
