/* Pauses stand before bytes: at the start of each line, at a cut, before
 * each trickled piece. A pause of 0 ms still ends a piece: what follows goes
 * out in a segment of its own, a turn of the loop later. */
#include "pace.h"

#include <string.h>

static bool line_starts(const struct answer *a, uint64_t at)
{
    return at == 0 ||
           (at < a->head_end && at < a->length && a->bytes[at - 1] == '\n');
}

bool pace_pause(struct pace *p, const struct behaviour *b,
    const struct answer *a, uint64_t at, unsigned *ms)
{
    bool pause = false;

    if (p->paused == at + 1)
        return false;
    *ms = 0;
    if (b->trickle && at > 0) {
        *ms += b->trickle_ms;
        pause = true;
    }
    if (b->line_ms && line_starts(a, at)) {
        *ms += b->line_ms;
        pause = true;
    }
    for (unsigned i = 0; i < b->cut_count; i++)
        if (b->cuts[i].at == at) {
            *ms += b->cuts[i].ms == UINT32_MAX ? b->gap_ms : b->cuts[i].ms;
            pause = true;
        }
    if (pause)
        p->paused = at + 1;
    return pause;
}

/* The rest of the line, in the head. */
static size_t line_rest(const struct answer *a, uint64_t at, size_t n)
{
    const char *lf = at < a->head_end ? memchr(a->bytes + at, '\n', n) : NULL;

    return lf ? (size_t)(lf - (a->bytes + at)) + 1 : n;
}

struct text pace_piece(
    const struct behaviour *b, const struct answer *a, uint64_t at)
{
    struct text piece = answer_at(a, at);

    if (b->trickle && piece.n > b->trickle)
        piece.n = b->trickle;
    if (b->line_ms)
        piece.n = line_rest(a, at, piece.n);
    for (unsigned i = 0; i < b->cut_count; i++)
        if (b->cuts[i].at > at && b->cuts[i].at < at + piece.n)
            piece.n = (size_t)(b->cuts[i].at - at);
    return piece;
}
