/*
 * relay - see relay.h.
 *
 * Invariant: a piece is free, filled by the worker, or the owner's until it
 * comes back.
 */
#include "crawl/relay.h"

#include "async/core/task.h"
#include "crawl/arrivals.h"
#include "crawl/workers.h"
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Any line fits into one that is empty. */
enum { PIECE_BYTES = HTTP_LINE_MAX + 32 * 1024, PIECES_MOST = 4 };

struct piece {
    struct relay *relay;
    struct letter letter;
    struct arrival arrival;
    SLIST_ENTRY(piece) link; /* while it is free */
    size_t len;
    char bytes[PIECE_BYTES]; /* a struct report_line before those of each */
};

struct relay_waiter {
    struct future room;
    TAILQ_ENTRY(relay_waiter) link;
};

struct relay {
    struct relay_config config;
    SLIST_HEAD(, piece) free; /* the worker's, as the next ones */
    struct piece *filled; /* NULL: none */
    unsigned under_way;
    TAILQ_HEAD(, relay_waiter) waiters;
    struct bell bell; /* `held` has changed */
    atomic_bool held;
};

void relay_line_of(struct report_line *line, const struct result *result,
    const struct response_line *shown)
{
    *line = (struct report_line){
        .result = result,
        .at = shown->at,
        .hop = result->hop_count ? result->hop_count - 1 : 0,
        .kind = shown->interim ? REPORT_LINE_INTERIM : REPORT_LINE_FINAL,
        .bytes = shown->bytes,
        .len = shown->len,
    };
}

/* --- on the worker's loop --- */

static bool relay_has_room(struct relay *relay)
{
    return relay->under_way < PIECES_MOST && !atomic_load(&relay->held);
}

static void tell_room(struct relay *relay)
{
    struct relay_waiter *waiter;
    TAILQ_FOREACH (waiter, &relay->waiters, link)
        if (relay_has_room(relay))
            future_set(&waiter->room, 0);
}

static void relay_told(struct letter *letter)
{
    struct relay *relay = LETTER_OF(letter, struct relay, bell.letter);
    bell_heard(&relay->bell);
    tell_room(relay);
}

static void piece_back(struct letter *letter)
{
    struct piece *piece = LETTER_OF(letter, struct piece, letter);
    struct relay *relay = piece->relay;
    SLIST_INSERT_HEAD(&relay->free, piece, link);
    relay->under_way--;
    tell_room(relay);
}

static void piece_leaves(struct letter *letter)
{
    struct piece *piece = LETTER_OF(letter, struct piece, letter);
    if (piece->relay->filled == piece)
        piece->relay->filled = NULL;
}

static void piece_arrived(struct letter *letter);

static struct piece *piece_get(struct relay *relay)
{
    struct piece *piece = SLIST_FIRST(&relay->free);
    if (piece)
        SLIST_REMOVE_HEAD(&relay->free, link);
    else if (!(piece = malloc(sizeof *piece)))
        return NULL;
    piece->relay = relay;
    piece->letter = (struct letter){piece_arrived, .leaves = piece_leaves};
    piece->len = 0;
    relay->under_way++;
    return piece;
}

/* It is posted at once, and leaves at the end of the pass. */
static struct piece *piece_for(struct relay *relay, size_t size)
{
    if (relay->filled && relay->filled->len + size <= PIECE_BYTES)
        return relay->filled;
    struct piece *piece = piece_get(relay);
    if (!piece)
        return NULL;
    relay->filled = piece;
    mailbox_post(worker_owner(relay->config.worker), &piece->letter);
    return piece;
}

void relay_line(
    void *arg, const struct result *result, const struct response_line *shown)
{
    struct relay *relay = arg;
    struct report_line line;
    struct piece *piece = piece_for(relay, sizeof line + shown->len);
    if (!piece) {
        worker_give_up(relay->config.worker, -ENOMEM);
        return;
    }
    relay_line_of(&line, result, shown);
    char *at = piece->bytes + piece->len;
    memcpy(at, &line, sizeof line);
    memcpy(at + sizeof line, shown->bytes, shown->len);
    piece->len += sizeof line + shown->len;
}

static void relay_wait(struct relay *relay)
{
    struct relay_waiter waiter;
    future_init(&waiter.room);
    TAILQ_INSERT_TAIL(&relay->waiters, &waiter, link);
    (void)await(&waiter.room);
    TAILQ_REMOVE(&relay->waiters, &waiter, link);
}

/* Interrupted, it returns, and so does the next await. */
void relay_room(void *arg)
{
    struct relay *relay = arg;
    if (relay_has_room(relay))
        return;
    task_clock_stop();
    relay_wait(relay);
    task_clock_start();
}

/* --- on the owner's --- */

static void piece_take(struct arrival *arrival)
{
    struct piece *piece = LETTER_OF(arrival, struct piece, arrival);
    const struct relay_config *config = &piece->relay->config;
    for (size_t at = 0; at < piece->len;) {
        struct report_line line;
        memcpy(&line, piece->bytes + at, sizeof line);
        line.bytes = piece->bytes + at + sizeof line;
        at += sizeof line + line.len;
        config->line(config->arg, &line);
    }
    piece->letter = (struct letter){.fn = piece_back};
    mailbox_post(worker_mailbox(config->worker), &piece->letter);
}

static void piece_arrived(struct letter *letter)
{
    struct piece *piece = LETTER_OF(letter, struct piece, letter);
    piece->arrival.take = piece_take;
    arrivals_add(piece->relay->config.arrivals, &piece->arrival);
}

void relay_hold(struct relay *relay, bool held)
{
    atomic_store(&relay->held, held);
    if (!held)
        bell_ring(worker_mailbox(relay->config.worker), &relay->bell);
}

int relay_create(struct relay **out, const struct relay_config *config)
{
    struct relay *relay = calloc(1, sizeof *relay);
    if (!relay)
        return -ENOMEM;
    relay->config = *config;
    relay->bell.letter.fn = relay_told;
    SLIST_INIT(&relay->free);
    TAILQ_INIT(&relay->waiters);
    *out = relay;
    return 0;
}

void relay_destroy(struct relay *relay)
{
    struct piece *piece;
    while (relay && (piece = SLIST_FIRST(&relay->free))) {
        SLIST_REMOVE_HEAD(&relay->free, link);
        free(piece);
    }
    free(relay);
}
