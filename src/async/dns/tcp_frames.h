/*
 * tcp_frames - messages out of the bytes of a TCP stream: each has its length
 * ahead of it, in two bytes (RFC 1035 section 4.2.2).  Bytes in, bytes out: no
 * sockets.  Only channel_sockets uses this.
 *
 * The stream may be cut anywhere, and a piece of it have several messages
 * (RFC 7766 section 6.2.1).  A buffer of one size is held while a message is
 * incomplete or not taken yet, else nothing.
 */
#ifndef ASYNC_TCP_FRAMES_H
#define ASYNC_TCP_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: nothing is held. */
struct tcp_frames {
    unsigned char *bytes;
    size_t given, passed; /* between them: what is to be taken */
    size_t next, end; /* between them: the stream as it came */
};

struct tcp_frame {
    unsigned char *bytes; /* the message, without its length */
    size_t size, room; /* it may become so long */
};

void tcp_frames_fini(struct tcp_frames *frames);

/* A message is whole, or has not been taken yet. */
bool tcp_frames_has_message(const struct tcp_frames *frames);

/* Where the stream's next bytes go, and how many (at least one); only without
 * a message.  tcp_frames_put must follow.  NULL: no memory. */
unsigned char *tcp_frames_space(struct tcp_frames *frames, size_t *size);
/* So many, perhaps 0, have been put there. */
void tcp_frames_put(struct tcp_frames *frames, size_t size);

/* The next whole message, which may be changed where it is;
 * tcp_frames_pass must follow.  False: there is none, or the last one has not
 * been taken yet. */
bool tcp_frames_next(struct tcp_frames *frames, struct tcp_frame *frame);
/* It has this size now; 0: it is dropped. */
void tcp_frames_pass(struct tcp_frames *frames, size_t size);

/* The next bytes of the messages that were passed, each with its length ahead
 * of it.  How many; 0: none is left. */
size_t tcp_frames_take(struct tcp_frames *frames, void *bytes, size_t size);

#endif
