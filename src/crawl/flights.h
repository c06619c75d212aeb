/*
 * flights - the targets of a crawl that are under way, in the order in which
 * they began.
 */
#ifndef AFETCH_FLIGHTS_H
#define AFETCH_FLIGHTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct result;

struct flight {
    const struct result *result;
    int64_t began; /* loop_time */
    TAILQ_ENTRY(flight) link;
};

/* Zeroed, there is none yet. */
struct flights {
    TAILQ_HEAD(, flight) all; /* the oldest first */
    unsigned count;
};

static inline void flights_init(struct flights *flights)
{
    TAILQ_INIT(&flights->all);
    flights->count = 0;
}

static inline void flight_begin(struct flights *flights, struct flight *flight)
{
    TAILQ_INSERT_TAIL(&flights->all, flight, link);
    flights->count++;
}

static inline void flight_end(struct flights *flights, struct flight *flight)
{
    TAILQ_REMOVE(&flights->all, flight, link);
    flights->count--;
}

#endif
