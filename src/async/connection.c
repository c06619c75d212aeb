/*
 * connection - several streams opening, one wins.
 *
 * Invariant: every stream in `opening` completes `changed`; when the race is
 * over, all but the winner are closed.
 */
#include "connection.h"

#include "error.h"

#include <errno.h>

/* Without a descriptor: how long until the next try. */
#define DESCRIPTOR_DELAY (50 * LOOP_MILLISECOND)

struct race {
    struct lookup *lookup;
    uint16_t port;
    union address *remote; /* the caller's */
    union address next; /* taken from the lookup, not begun */
    SLIST_HEAD(, stream) opening;
    struct future changed;
    int64_t due; /* loop_time from which the next may begin */
    int error; /* of the last attempt that ended */
};

static bool out_of_descriptors(int error)
{
    return error == -EMFILE || error == -ENFILE;
}

static bool race_has_next(const struct race *race)
{
    return race->next.sa.sa_family != AF_UNSPEC ||
           lookup_has_next(race->lookup);
}

/* Begins the next attempt. */
static void race_start(struct race *race)
{
    if (race->next.sa.sa_family == AF_UNSPEC) {
        lookup_next(race->lookup, &race->next);
        address_set_port(&race->next, race->port);
    }
    struct stream *stream;
    int result = stream_open(&stream, &race->next, &race->changed);
    if (out_of_descriptors(result)) {
        race->due = loop_time() + DESCRIPTOR_DELAY;
        race->error = result;
        return;
    }
    *race->remote = race->next;
    race->next.sa.sa_family = AF_UNSPEC;
    if (result) {
        race->error = result;
        return;
    }
    SLIST_INSERT_HEAD(&race->opening, stream, link);
    race->due = loop_time() + CONNECTION_ATTEMPT_DELAY;
}

/* Drops the attempts that have failed; returns one that is connected. */
static struct stream *race_winner(struct race *race)
{
    struct stream *stream = SLIST_FIRST(&race->opening);
    while (stream) {
        struct stream *other = SLIST_NEXT(stream, link);
        int result = stream_opened(stream);
        if (result != -EINPROGRESS)
            SLIST_REMOVE(&race->opening, stream, stream, link);
        if (result == 0)
            return stream;
        if (result != -EINPROGRESS) {
            race->error = result;
            race->due = 0;
            stream_close(stream);
        }
        stream = other;
    }
    return NULL;
}

/* Until an attempt or the lookup has news, or the next attempt is due. */
static int race_wait(struct race *race)
{
    struct wait_for until_due;
    bool timed = race_has_next(race);
    if (timed)
        wait_for_enter(&until_due, race->due - loop_time());
    int result = await(&race->changed);
    if (timed) {
        bool due = until_due.expired;
        result = wait_for_leave(&until_due, result);
        if (due && result == -ETIMEDOUT)
            result = 0;
    }
    if (race->changed.done)
        future_init(&race->changed);
    return result;
}

static bool race_may_start(const struct race *race)
{
    return race_has_next(race) && race->due <= loop_time();
}

/* Time has run out while an address could not even be tried. */
static bool race_starved(const struct race *race, int result)
{
    return result == -ETIMEDOUT && race->next.sa.sa_family != AF_UNSPEC &&
           out_of_descriptors(race->error);
}

static int race_run(struct race *race, struct stream **winner)
{
    for (;;) {
        *winner = race_winner(race);
        if (*winner)
            return 0;
        while (race_may_start(race))
            race_start(race);
        if (SLIST_EMPTY(&race->opening) && !race_has_next(race) &&
            !lookup_pending(race->lookup))
            return race->error;
        int result = race_wait(race);
        if (result)
            return race_starved(race, result) ? race->error : result;
    }
}

int open_connection(struct stream **out, struct lookup *lookup, uint16_t port,
    union address *remote)
{
    struct race race = {
        .lookup = lookup,
        .port = port,
        .remote = remote,
        .error = ASYNC_DNS_NODATA,
    };
    struct stream *winner, *loser;
    lookup_notify(lookup, &race.changed);
    int result = race_run(&race, &winner);
    lookup_notify(lookup, NULL);
    while ((loser = SLIST_FIRST(&race.opening))) {
        SLIST_REMOVE_HEAD(&race.opening, link);
        stream_close(loser);
    }
    if (result)
        return result;
    stream_adopt(winner);
    *remote = winner->address;
    *out = winner;
    return 0;
}
