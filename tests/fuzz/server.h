/*
 * server - a name server on the running loop, UDP and TCP on one port of
 * 127.0.0.1, whose answers are the fuzz target's.
 */
#ifndef TESTS_FUZZ_SERVER_H
#define TESTS_FUZZ_SERVER_H

#include "async/core/address.h"
#include "async/core/loop.h"

#include <stdbool.h>
#include <stddef.h>

enum { SERVER_MESSAGE_MAX = 2048, SERVER_CLIENTS_MAX = 8 };

struct server;

struct server_question {
    int fd;
    bool tcp;
    union address from;
    unsigned char bytes[SERVER_MESSAGE_MAX];
    size_t size;
    size_t name_len; /* of the name in wire format, its end included */
};

typedef void server_answer(const struct server_question *question);

struct server {
    char address[32]; /* "127.0.0.1:PORT" */
    server_answer *answer;
    int udp, tcp;
    struct event udp_event, tcp_event;
    struct server_client {
        struct server *server;
        struct event event;
        int fd; /* -1: free */
    } clients[SERVER_CLIENTS_MAX];
};

/* The caller's storage; `answer` is called with each question. */
void server_open(struct server *server, server_answer *answer);
void server_close(struct server *server);

/* `bare`: by TCP, no length ahead of it. */
void server_send(const struct server_question *question, const void *bytes,
    size_t size, bool bare);

#endif
