/*
 * writer - writes to a descriptor without waiting for its reader.
 *
 * The descriptor may be shared with other processes, and its flags with it:
 * they are never changed.
 */
#ifndef AFETCH_WRITER_H
#define AFETCH_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum writer_way {
    WRITER_FILE, /* a write never waits for a reader */
    WRITER_SOCKET, /* each call says that it must not wait */
    WRITER_OWN, /* non-blocking */
    WRITER_SHARED, /* it waits, if there is no room for all of it, */
    WRITER_TERMINAL /* and so it does here */
};

/* The fields are writer's own. */
struct writer {
    int fd; /* the caller's */
    int own; /* what is written to instead of it, or negative */
    enum writer_way way;
    size_t most; /* bytes for one write, but for a long line of WRITER_OWN */
    bool refused; /* the last write: there was no room */
};

/* fd stays the caller's. */
void writer_init(struct writer *writer, int fd);
/* Twice is fine. */
void writer_fini(struct writer *writer);

/* What to watch until it is writable. */
int writer_fd(const struct writer *writer);

/*
 * Writes some of n > 0 bytes.  Of pieces in a pipe each is whole lines, as
 * far as that can be, so that what others write there is between lines.
 * With `wait` it waits for room first.  The number written; 0: there is no
 * room, or a signal came; or -errno.
 */
ssize_t writer_write(
    struct writer *writer, const char *bytes, size_t n, bool wait);

#endif
