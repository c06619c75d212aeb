/*
 * pair - a stream and the plain blocking socket at its other end, both in
 * this process.  The kernel connects and carries bytes on loopback without
 * anybody's help, so a test plays the server in between.
 */
#ifndef TESTS_ASYNC_PAIR_H
#define TESTS_ASYNC_PAIR_H

#include "async/net/stream.h"

/* An IPv4 or IPv6 address, port 0. */
void address_of(const char *ip, union address *address);
/* A socket bound to the address, its port filled in; -1: in use. */
int bind_to(union address *address);
/* A socket bound to a free port of `ip`, whose address is filled in. */
int bound_to(const char *ip, union address *address);
/* … and listening. */
int listen_on(const char *ip, union address *address);
/*
 * … and dropping every SYN: its queue is full of the `fillers`.  Closed by
 * deaf_close.
 */
struct deaf {
    union address address;
    int listener, fillers[4];
};
void deaf_open(struct deaf *deaf, const char *ip);
/* … of a bound socket, which it then owns. */
void deaf_make(struct deaf *deaf, int fd, const union address *address);
void deaf_close(struct deaf *deaf);

struct pair {
    struct stream *stream;
    int peer;
};

/* Awaits. */
void pair_open(struct pair *pair);
void pair_close(struct pair *pair);

/* The whole text goes to the stream. */
void peer_send(const struct pair *pair, const char *text);
void peer_send_bytes(const struct pair *pair, const void *bytes, size_t size);
/* Closes the peer's side: with a FIN … */
void peer_close(struct pair *pair);
/* … or with an RST. */
void peer_reset(struct pair *pair);

#endif
