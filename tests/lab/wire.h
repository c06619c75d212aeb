/* One connection's bytes, plain or TLS, behind one face. */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct ssl_st;

struct wire {
    int fd;
    struct ssl_st *ssl; /* NULL: plain */
};

/* Bytes, 0 at the end of what the peer sends, -EAGAIN (wait for readable),
 * -EINPROGRESS (the handshake waits for its owner), -EPROTO (TLS failed) or
 * another -errno. A read drives the handshake. */
ssize_t wire_read(struct wire *w, void *p, size_t n);
/* Bytes taken by the kernel, or as above with -EAGAIN for writable. */
ssize_t wire_write(struct wire *w, const void *p, size_t n);
/* No more will be sent; close_notify first if `notify`. */
void wire_shut(struct wire *w, bool notify);
void wire_close(struct wire *w, bool notify);
void wire_reset(struct wire *w);

#endif
