/*
 * work - a little of all that the runtime does, as a program would: names
 * looked up, a connection written to and read from, children gathered, lines
 * read from a pipe.  For tests that disturb it at every point.
 */
#ifndef TESTS_ASYNC_WORK_H
#define TESTS_ASYNC_WORK_H

#include "dns.h"

#include <stdint.h>

/* A name server and a server that swallows WORK_SENT bytes, then says two
 * lines; on the loop. */
struct work {
    struct dns dns;
    int listener, client, pipe[2];
    uint16_t port;
    size_t swallowed;
    struct event accepting, swallowing;
};

enum { WORK_SENT = 6 * 1024 * 1024 };

/* The caller's storage, in a task. */
void work_open(struct work *work);
/* The servers drop those who are connected. */
void work_hang_up(struct work *work);
void work_close(struct work *work);

/* task_fn, of struct work: 0 or the first thing that went wrong, which is
 * never an assertion of the test. */
int work_do(void *arg);

#endif
