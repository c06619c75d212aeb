/* The HTTP and HTTPS server: listeners (listen.c), the life of a connection
 * (conn.c), the lab's own pages (control.c). */
#ifndef LAB_HTTP_H
#define LAB_HTTP_H

#include "answer.h"
#include "door.h"
#include "lab.h"
#include "request.h"
#include "wire.h"

#include <event2/event_struct.h>
#include <sys/queue.h>

enum { LISTENERS_MAX = 12 };

struct listener {
    struct http *http;
    struct event *acceptable;
    struct event *pause; /* after a lack of descriptors */
    int fd;
    enum door door;
    bool tls;
    bool counted; /* connections show in the statistics */
};

/* Ports are 0 to be chosen; told after http_open. */
struct http_ports {
    uint16_t http, https, stats;
    bool v6;
};

struct http {
    struct lab *lab;
    struct listener listeners[LISTENERS_MAX];
    unsigned listener_count;
    int holes[2][2 * HOLES];
    TAILQ_HEAD(conns, conn) conns;
    struct buf scratch; /* the answer being written */
    char input[16384]; /* the bytes just read */
    char date[32];
    time_t date_of;
};

/* 0 or -errno. */
int http_open(struct lab *lab, struct http_ports *ports);
void http_close(struct http *http);

/* Takes an accepted socket over. */
void conn_open(struct listener *from, int fd);
/* Closes all there are. */
void conns_close(struct http *http);

/* Answers a /lab/ path; false if there is no such page. */
bool control_answer(struct http *http, struct text path, struct answer *answer);

#endif
