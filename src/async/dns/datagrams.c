/*
 * datagrams - messages kept until there are enough of them.
 *
 * Invariant: out[0..out_count) are to be sent, in order; in[in_next..in_count)
 * have been received and not been taken.
 */
#include "async/dns/datagrams.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* A question has at most 12 + 255 + 4 bytes and the EDNS record's some 20;
 * an answer what EDNS allows it. */
enum { OUT_BATCH = 32, OUT_SIZE = 512, IN_BATCH = 16, IN_SIZE = 4096 };

struct datagrams {
    int fd;
    unsigned out_count, in_count, in_next;
    struct mmsghdr out[OUT_BATCH], in[IN_BATCH];
    struct iovec out_part[OUT_BATCH], in_part[IN_BATCH];
    struct sockaddr_in6 from[IN_BATCH];
    char out_bytes[OUT_BATCH][OUT_SIZE], in_bytes[IN_BATCH][IN_SIZE];
};

int datagrams_create(struct datagrams **out, int fd)
{
    struct datagrams *d = calloc(1, sizeof *d);
    if (!d)
        return -ENOMEM;
    d->fd = fd;
    for (int i = 0; i < OUT_BATCH; i++) {
        d->out_part[i].iov_base = d->out_bytes[i];
        d->out[i].msg_hdr.msg_iov = &d->out_part[i];
        d->out[i].msg_hdr.msg_iovlen = 1;
    }
    for (int i = 0; i < IN_BATCH; i++) {
        d->in_part[i] = (struct iovec){d->in_bytes[i], IN_SIZE};
        d->in[i].msg_hdr.msg_iov = &d->in_part[i];
        d->in[i].msg_hdr.msg_iovlen = 1;
        d->in[i].msg_hdr.msg_name = &d->from[i];
    }
    *out = d;
    return 0;
}

void datagrams_destroy(struct datagrams *d)
{
    free(d);
}

/* --- sending --- */

int datagrams_flush(struct datagrams *d)
{
    unsigned sent = 0;
    int error = 0;
    while (sent < d->out_count && !error) {
        int n =
            sendmmsg(d->fd, d->out + sent, d->out_count - sent, MSG_NOSIGNAL);
        if (n >= 0)
            sent += (unsigned)n;
        else if (errno != EINTR)
            error = -errno;
    }
    d->out_count = 0;
    return error;
}

ssize_t datagrams_send(
    struct datagrams *d, const struct iovec *parts, int count)
{
    char *bytes = d->out_bytes[d->out_count];
    size_t size = 0;
    for (int i = 0; i < count; i++) {
        if (parts[i].iov_len > OUT_SIZE - size) {
            errno = EMSGSIZE;
            return -1;
        }
        memcpy(bytes + size, parts[i].iov_base, parts[i].iov_len);
        size += parts[i].iov_len;
    }
    d->out_part[d->out_count++].iov_len = size;
    int error = d->out_count == OUT_BATCH ? datagrams_flush(d) : 0;
    errno = -error;
    return error ? -1 : (ssize_t)size;
}

/* --- receiving --- */

int datagrams_fetch(struct datagrams *d)
{
    int n;
    for (int i = 0; i < IN_BATCH; i++)
        d->in[i].msg_hdr.msg_namelen = sizeof d->from[i];
    do
        n = recvmmsg(d->fd, d->in, IN_BATCH, MSG_DONTWAIT, NULL);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    d->in_next = 0;
    d->in_count = (unsigned)n;
    return 0;
}

bool datagrams_received(const struct datagrams *d)
{
    return d->in_next == d->in_count;
}

ssize_t datagrams_receive(struct datagrams *d, void *bytes, size_t size,
    struct sockaddr *from, socklen_t *length)
{
    const struct mmsghdr *message;
    do {
        if (datagrams_received(d)) {
            errno = EAGAIN;
            return -1;
        }
        message = &d->in[d->in_next++];
    } while (message->msg_len == 0);
    size_t taken = message->msg_len < size ? message->msg_len : size;
    memcpy(bytes, message->msg_hdr.msg_iov->iov_base, taken);
    if (from && length) {
        socklen_t known = message->msg_hdr.msg_namelen;
        memcpy(
            from, message->msg_hdr.msg_name, known < *length ? known : *length);
        *length = known;
    }
    return (ssize_t)taken;
}
