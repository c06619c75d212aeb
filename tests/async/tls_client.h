/*
 * tls_client - one connection to a tls_server, and what came of it.
 */
#ifndef TESTS_ASYNC_TLS_CLIENT_H
#define TESTS_ASYNC_TLS_CLIENT_H

#include "async/tls/tls.h"
#include "tls_server.h"

struct tls_client {
    const char *name; /* that the server should be */
    struct tls_config config;
    struct tls *tls; /* NULL: one of its own, by config */
    bool mute; /* says nothing, reads at once */
    int times; /* connections, one after the other; 0: 1 */
    /* After each of them, so many being left; may change name and tls, which
     * then is not NULL.  Or NULL. */
    void (*met)(struct tls_client *client, int left);

    /* what came of the last one */
    int handshake, read; /* results */
    char text[256]; /* the first line, if read is 0 */
    struct tls_info info;
    int resumed; /* of all of them */
};

/* Runs both on a loop of its own, to the end of both; nothing is left.  The
 * CA is trusted unless config has a ca_file. */
void tls_meet(struct tls_server *server, struct tls_client *client);

#endif
