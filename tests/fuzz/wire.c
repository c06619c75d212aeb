/*
 * wire - see wire.h.
 *
 * The descriptor is an eventfd: always writable, and each write to it is an
 * edge for epoll, which has the stream read again.
 */
#include "wire.h"

#include "fuzz.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

int __wrap_socket(int domain, int type, int protocol);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags);

static struct wire *current;

void wire_use(struct wire *wire)
{
    current = wire;
}

/* Each connection has the whole wire for itself. */
int __wrap_socket(int domain, int type, int protocol)
{
    (void)domain, (void)type, (void)protocol;
    current->read = current->next_cut = current->segment = 0;
    current->sent_len = 0;
    current->waited = false;
    return eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    (void)fd, (void)address, (void)size;
    return 0;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
    (void)fd, (void)flags;
    fuzz_must(size <= WIRE_SENT_MAX - current->sent_len);
    memcpy(current->sent + current->sent_len, bytes, size);
    current->sent_len += size;
    return (ssize_t)size;
}

/* The next segment; false: not yet. */
static bool next_segment(struct wire *wire)
{
    if (wire->segment > 0)
        return true;
    wire->segment = wire->bytes.len - wire->read;
    if (wire->cuts.len == 0)
        return true;
    unsigned cut = (unsigned char)wire->cuts.at[wire->next_cut];
    if (cut & 0x80 && !wire->waited) {
        wire->waited = true;
        wire->segment = 0;
        return false;
    }
    wire->waited = false;
    wire->next_cut = (wire->next_cut + 1) % wire->cuts.len;
    size_t size = ((cut & 0x7f) + 1) * wire->unit;
    if (size < wire->segment)
        wire->segment = size;
    return true;
}

ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags)
{
    struct wire *wire = current;
    (void)flags;
    if (!next_segment(wire)) {
        eventfd_write(fd, 1);
        errno = EAGAIN;
        return -1;
    }
    if (size > wire->segment)
        size = wire->segment;
    memcpy(bytes, wire->bytes.at + wire->read, size);
    wire->read += size;
    wire->segment -= size;
    errno = wire->ending;
    return size == 0 && errno ? -1 : (ssize_t)size;
}
