/*
 * connection - several streams opening, one wins.
 *
 * Invariant: every stream in `opening` completes `changed`; when the race is
 * over, all but the winner are closed.
 */
#include "async/net/connection.h"

#include "async/core/error.h"
#include "async/net/address_limit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Without a descriptor: how long until the next try. */
#define DESCRIPTOR_DELAY (50 * LOOP_MILLISECOND)

struct race {
    struct lookup *lookup;
    uint16_t port;
    union address *remote; /* the caller's */
    struct connection_notes *notes; /* likewise; or NULL */
    union address next; /* taken from the lookup, not begun */
    SLIST_HEAD(, stream) opening;
    struct future changed;
    int64_t due; /* loop_time from which the next may begin; 0: now */
    int error; /* of the last attempt begun, or that could not be; 0: it
                  goes on */
    struct address_limits *limits; /* or NULL */
    struct address_limit_place
        place; /* of `next`, perhaps in the queue still */
};

static bool out_of_descriptors(int error)
{
    return error == -EMFILE || error == -ENFILE;
}

static bool race_queues(const struct race *race)
{
    return race->place.limit && !race->place.granted;
}

static bool race_has_next(const struct race *race)
{
    return race->next.sa.sa_family != AF_UNSPEC ||
           lookup_has_next(race->lookup);
}

/* A place within the limit of the next address, or in its queue. */
static int race_enter(struct race *race)
{
    if (!race->limits || race->place.limit)
        return 0;
    race->place.changed = &race->changed;
    return address_limit_enter(race->limits, &race->next, &race->place);
}

/* --- what is noted of them --- */

/* Makes room for one more each time: there are few. */
static void note_begin(struct race *race)
{
    struct connection_notes *notes = race->notes;
    if (!notes || notes->count == CONNECTION_ATTEMPTS_MAX)
        return;
    struct connection_attempt *attempts =
        reallocarray(notes->attempts, notes->count + 1, sizeof *attempts);
    if (!attempts)
        return;
    attempts[notes->count++] =
        (struct connection_attempt){.address = race->next,
            .began = loop_time(),
            .took = -1,
            .error = -EINPROGRESS};
    notes->attempts = attempts;
}

/* The last of this address that goes on has ended. */
static void note_end(struct race *race, const union address *address, int error)
{
    for (size_t i = race->notes ? race->notes->count : 0; i-- > 0;) {
        struct connection_attempt *attempt = &race->notes->attempts[i];
        if (attempt->error != -EINPROGRESS ||
            memcmp(&attempt->address, address, sizeof *address) != 0)
            continue;
        attempt->error = error;
        attempt->took = loop_time() - attempt->began;
        return;
    }
}

/* --- the attempts --- */

/* The oldest attempt, which has had its time, leaves its descriptor to the
 * next one: all races together may hold every descriptor there is, and none
 * would ever be free.  False if there is no attempt. */
static bool race_give_way(struct race *race)
{
    struct stream *oldest = SLIST_FIRST(&race->opening);
    if (!oldest)
        return false;
    while (SLIST_NEXT(oldest, link))
        oldest = SLIST_NEXT(oldest, link);
    SLIST_REMOVE(&race->opening, oldest, stream, link);
    note_end(race, &oldest->address, -EMFILE);
    stream_close(oldest);
    return true;
}

/* Begins the next attempt, or queues for it. */
static void race_start(struct race *race)
{
    if (race->next.sa.sa_family == AF_UNSPEC) {
        lookup_next(race->lookup, &race->next);
        address_set_port(&race->next, race->port);
    }
    struct stream *stream;
    int result = race_enter(race);
    if (!result && race_queues(race))
        return;
    if (!result)
        result = stream_open(&stream, &race->next, &race->changed);
    if (out_of_descriptors(result) && race_give_way(race))
        result = stream_open(&stream, &race->next, &race->changed);
    if (out_of_descriptors(result)) {
        race->due = loop_time() + DESCRIPTOR_DELAY;
        race->error = result;
        return;
    }
    *race->remote = race->next;
    note_begin(race);
    race->next.sa.sa_family = AF_UNSPEC;
    race->error = result;
    if (result) {
        note_end(race, race->remote, result);
        address_limit_give_up(&race->place);
        return;
    }
    stream->limit = race->place.limit;
    race->place.limit = NULL;
    SLIST_INSERT_HEAD(&race->opening, stream, link);
    race->due = loop_time() + CONNECTION_ATTEMPT_DELAY;
}

/* Is this the attempt that was begun last? */
static bool race_is_last(const struct race *race, const struct stream *stream)
{
    return !memcmp(&stream->address, race->remote, sizeof stream->address);
}

/* Drops the attempts that have failed; returns one that is connected. */
static struct stream *race_winner(struct race *race)
{
    struct stream *stream = SLIST_FIRST(&race->opening);
    while (stream) {
        struct stream *other = SLIST_NEXT(stream, link);
        int result = stream_opened(stream);
        if (result != -EINPROGRESS) {
            SLIST_REMOVE(&race->opening, stream, stream, link);
            note_end(race, &stream->address, result);
        }
        if (result == 0)
            return stream;
        if (result != -EINPROGRESS) {
            if (race_is_last(race, stream))
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
    bool queues = race_queues(race);
    bool timed = race_has_next(race) && !queues;
    bool only_queues =
        SLIST_EMPTY(&race->opening) &&
        (queues || (!race_has_next(race) && lookup_queues(race->lookup)));
    if (timed)
        wait_for_enter(&until_due, race->due - loop_time());
    if (only_queues)
        task_clock_stop();
    int result = await(&race->changed);
    if (only_queues)
        task_clock_start();
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
    return race_has_next(race) && !race_queues(race) &&
           (race->due == 0 || race->due <= loop_time());
}

/* Time may have run out after the last attempt, waiting for an answer with
 * more addresses or for a descriptor: then it is not what was missing. */
static int race_interrupted(const struct race *race, int result)
{
    return result == -ETIMEDOUT && race->error ? race->error : result;
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
            return race->error ? race->error : ASYNC_DNS_NODATA;
        int result = race_wait(race);
        if (result)
            return race_interrupted(race, result);
    }
}

/* What has not ended ends so. */
static void race_end(struct race *race, int result)
{
    struct stream *loser;
    while ((loser = SLIST_FIRST(&race->opening))) {
        SLIST_REMOVE_HEAD(&race->opening, link);
        note_end(race, &loser->address,
            result == -ETIMEDOUT ? -ETIMEDOUT : -ECANCELED);
        stream_close(loser);
    }
}

static int race_open(struct race *race, struct stream **out)
{
    struct stream *winner;
    race->limits = address_limits_of(loop_running());
    lookup_notify(race->lookup, &race->changed);
    int result = race_run(race, &winner);
    lookup_notify(race->lookup, NULL);
    address_limit_give_up(&race->place);
    race_end(race, result);
    if (result)
        return result;
    stream_adopt(winner);
    *race->remote = winner->address;
    *out = winner;
    return 0;
}

int open_connection(struct stream **out, struct lookup *lookup, uint16_t port,
    union address *remote)
{
    struct race race = {.lookup = lookup, .port = port, .remote = remote};
    return race_open(&race, out);
}

int open_connection_noted(struct stream **out, struct lookup *lookup,
    uint16_t port, struct connection_notes *notes)
{
    struct race race = {
        .lookup = lookup,
        .port = port,
        .remote = &notes->remote,
        .notes = notes->wanted ? notes : NULL,
    };
    return race_open(&race, out);
}
