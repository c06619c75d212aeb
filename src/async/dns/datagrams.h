/*
 * datagrams - a UDP socket that sends and receives in batches: one system call
 * for many messages.  Only nameserver uses this.
 */
#ifndef ASYNC_DATAGRAMS_H
#define ASYNC_DATAGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

struct datagrams;

/* fd stays the caller's.  0 or -ENOMEM. */
int datagrams_create(struct datagrams **out, int fd);
/* Drops unsent messages.  NULL-safe. */
void datagrams_destroy(struct datagrams *datagrams);

/* Keeps a message for datagrams_flush.  Its size, or -1 with errno:
 * EMSGSIZE, or the error of sending a full batch. */
ssize_t datagrams_send(
    struct datagrams *datagrams, const struct iovec *parts, int count);
/* Sends what is kept.  0, or the -errno of the first message that could not
 * be sent; what is left of the batch is dropped, as the net might do. */
int datagrams_flush(struct datagrams *datagrams);

/* Takes in what has come, at most a batch, for datagrams_receive; all of the
 * last one must have been received.  0 or -errno, -EAGAIN when nothing has. */
int datagrams_fetch(struct datagrams *datagrams);
/* Has all that was fetched been received? */
bool datagrams_received(const struct datagrams *datagrams);
/* The next message fetched, cut to `size`, and who sent it.  Its size, or -1
 * with EAGAIN.  Empty messages are skipped. */
ssize_t datagrams_receive(struct datagrams *datagrams, void *bytes, size_t size,
    struct sockaddr *from, socklen_t *length);

#endif
