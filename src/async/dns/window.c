/*
 * window - see window.h.
 *
 * Invariant: `level` is the sum of `taken`, none of which is older than
 * WINDOW_HOLD; a limit is 1 or more.
 */
#include "async/dns/window.h"

enum { PATIENCE_MAX = 32, STRETCH_MAX = 64 };

/* The latest one is not over: the others hold as long as it takes. */
#define SPAN (WINDOW_HOLD / (WINDOW_SPANS - 1))

void window_init(struct window *window)
{
    *window = (struct window){.limit = WINDOW_NO_LIMIT, .patience = 1};
}

void window_forget(struct window *window)
{
    window->limit = WINDOW_NO_LIMIT;
    window->patience = 1;
    window->highest = 0;
    window->grown = false;
}

static unsigned *taken_in(struct window *window, int64_t span)
{
    return &window->taken[span % WINDOW_SPANS];
}

void window_pass(struct window *window, int64_t now)
{
    int64_t span = now / SPAN;
    for (int i = 0; window->span < span && i < WINDOW_SPANS; i++) {
        unsigned *oldest = taken_in(window, ++window->span);
        window->level -= *oldest;
        *oldest = 0;
    }
    window->span = span;
}

unsigned window_take(struct window *window, int64_t now)
{
    window_pass(window, now);
    ++*taken_in(window, window->span);
    return ++window->level;
}

void window_give_back(struct window *window, int64_t taken)
{
    int64_t span = taken / SPAN;
    if (window->span - span >= WINDOW_SPANS)
        return;
    --*taken_in(window, span);
    window->level--;
}

bool window_has_room(const struct window *window)
{
    return window->level < window->limit + window->stretch;
}

void window_stretch(struct window *window)
{
    window->stretch = window->stretch ? window->stretch * 2 : 1;
    if (window->stretch > STRETCH_MAX)
        window->stretch = STRETCH_MAX;
}

void window_refused(struct window *window)
{
    window->stretch = 0;
}

static void limit_grow(struct window *window)
{
    window->limit++;
    window->answers = 0;
    if (window->grown && window->patience > 1)
        window->patience /= 2;
    window->grown = true;
}

/* Only answers near the limit say that more may be borne. */
void window_bore(struct window *window, unsigned level)
{
    if (level > window->level)
        level = window->level;
    if (level > window->highest)
        window->highest = level;
    if (window->limit == WINDOW_NO_LIMIT || level < window->limit / 4 * 3)
        return;
    if (level > window->limit) {
        window->limit = level;
        window->answers = 0;
    }
    if (++window->answers >= window->limit * window->patience)
        limit_grow(window);
}

void window_exceeded(struct window *window, unsigned level)
{
    unsigned limit = level > 1 ? level - 1 : 1;
    if (limit >= window->limit)
        return;
    window->limit = limit;
    window->answers = 0;
    if (window->grown && window->patience < PATIENCE_MAX)
        window->patience *= 2;
    window->grown = false;
}
