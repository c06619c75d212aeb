/*
 * server - one that follows a script, a connection a line of it, in a thread
 * of its own.
 */
#ifndef TESTS_SERVER_H
#define TESTS_SERVER_H

#include <pthread.h>
#include <stdint.h>

enum { SERVER_TURNS_MAX = 8, SERVER_ASKED_MAX = 200 };

/* The caller's storage.  What has been asked is whole after server_close. */
struct server {
    int listener;
    uint16_t port;
    const char *const *says; /* one a connection; NULL ends them */
    char asked[SERVER_TURNS_MAX][SERVER_ASKED_MAX]; /* each first line */
    int count;
    pthread_t thread;
};

/* Listens at a free port of this IPv4 address; what it says must live. */
void server_open(
    struct server *server, const char *ip, const char *const *says);
/* The same, at a port. */

void server_open_at(struct server *server, const char *ip, uint16_t port,
    const char *const *says);
/* Waits for no more connections than have come. */
void server_close(struct server *server);

/* A port of 127.0.0.1 at which nobody listens. */
uint16_t server_closed_port(void);

#endif
