/* One connection of the HTTP server, for the rooms that share its life:
 * conn.c reads, conn_send.c answers, conn_hello.c shakes hands,
 * conn_note.c counts. */
#ifndef LAB_CONN_H
#define LAB_CONN_H

#include "http.h"
#include "pace.h"
#include "stats.h"

enum stage {
    READING, /* the request; before it, the handshake */
    WAITING, /* for the time of the answer */
    SENDING,
    HOLDING, /* until the client leaves */
};

struct conn {
    TAILQ_ENTRY(conn) link;
    struct http *http;
    struct wire wire;
    struct event readable, writable, timer;
    enum stage stage;
    bool counted, tls, head_only, has_body;
    bool greeted; /* the ClientHello's own delay is over */
    struct behaviour behaviour;
    struct buf in; /* a request that came in pieces */
    char *host, *name; /* as sent, and as the language takes it */
    char *path; /* of the lab's own pages, else NULL */
    struct answer answer;
    struct pace pace;
    struct name_stats *counts;
    uint64_t record, sent;
};

/* Each of these four ends the connection; it must not be used after. */
void conn_close(struct conn *c, const char *end);
void conn_reset(struct conn *c);
/* The peer left (0), or the wire broke (-errno). */
void conn_lost(struct conn *c, ssize_t err);
/* Builds and sends the answer; comes back before it is out. */
void conn_answer(struct conn *c);

/* Goes on sending; the end may come. */
void conn_send(struct conn *c);
/* Arms the timer. */
void conn_wait(struct conn *c, unsigned ms);
/* The handshake is where the behaviour wants it to be other than shaken. */
void conn_handshake(struct conn *c);

/* Counts the connection under its name, and finds what that asks for. */
void conn_name(struct conn *c, struct text name);
/* The behaviour's `first` requests, or hellos, are over. */
bool conn_outlived(const struct conn *c, uint64_t seen);
void conn_note_open(struct conn *c);
void conn_note_request(
    struct conn *c, const struct request *r, struct text raw);
void conn_note_sent(struct conn *c, size_t n);
void conn_note_end(struct conn *c, const char *end);

#endif
