/*
 * window - how many questions a name server bears at once: pure arithmetic.
 *
 * A place at the server is taken from the question to its answer; one without
 * an answer holds it until the server has surely given up.  A limit is only
 * known once the server has refused a question that it answered later, with
 * fewer places taken.  From then on it grows by one as long as the server
 * bears that, and the more slowly the more often it did not.
 */
#ifndef ASYNC_WINDOW_H
#define ASYNC_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

/* How long a server may work on a question: 10 s in dnsmasq and BIND. */
#define WINDOW_HOLD ((int64_t)10000000000) /* ns */

enum {
    WINDOW_SPANS = 64, /* WINDOW_HOLD is counted in so many pieces */
    WINDOW_NO_LIMIT = 1 << 30,
};

struct window {
    unsigned taken[WINDOW_SPANS]; /* places, by when taken */
    int64_t span; /* number of the latest piece */
    unsigned level; /* places taken: the sum of these */
    unsigned limit; /* or WINDOW_NO_LIMIT */
    unsigned highest; /* level that the server has borne */
    unsigned answers; /* near the limit, since it changed */
    unsigned patience; /* times the limit: answers before it grows */
    unsigned stretch; /* so many more may be tried */
    bool grown; /* and not contradicted since */
};

void window_init(struct window *window);
/* Of another server from now on: no limit is known; places stay taken. */
void window_forget(struct window *window);
/* Time passes: what was taken WINDOW_HOLD ago is free.  now: ns, never less
 * than before. */
void window_pass(struct window *window, int64_t now);
/* Takes a place; returns the level with it. */
unsigned window_take(struct window *window, int64_t now);
/* Gives back the place that was taken then, if it is not free yet. */
void window_give_back(struct window *window, int64_t taken);
/* May another place be taken? */
bool window_has_room(const struct window *window);

/* Nothing happens at the limit, perhaps because the server gives up sooner
 * than is counted here: one place more may be tried, then twice as many, as
 * long as none is refused. */
void window_stretch(struct window *window);
void window_refused(struct window *window);

/* The server has answered a question that was asked at this level; its place
 * is not given back yet. */
void window_bore(struct window *window, unsigned level);
/* This level was too much for the server. */
void window_exceeded(struct window *window, unsigned level);

#endif
