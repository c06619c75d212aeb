/*
 * reader - a buffer of one chunk in front of a descriptor.
 *
 * Invariant: unread bytes are [start, end); those before `scanned` hold no
 * LF.  The buffer is larger than the longest line, so a full one without LF
 * is a line too long.
 */
#include "async/net/reader.h"

#include "async/core/error.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

struct reader {
    int fd;
    bool regular; /* a regular file: a read never waits */
    bool ended;
    bool skipping; /* the rest of a line too long */
    size_t max, capacity, start, end, scanned;
    int64_t read_at;
    char bytes[];
};

int reader_create(struct reader **out, int fd, size_t max)
{
    struct stat status;
    struct reader *reader = malloc(sizeof *reader + max + CHUNK);
    if (!reader)
        return -ENOMEM;
    *reader = (struct reader){.fd = fd, .max = max, .capacity = max + CHUNK};
    reader->regular = !fstat(fd, &status) && S_ISREG(status.st_mode);
    *out = reader;
    return 0;
}

void reader_destroy(struct reader *reader)
{
    free(reader);
}

static void reader_readable(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    future_set(arg, 0);
}

static bool readable_now(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    return poll(&poll_fd, 1, 0) > 0;
}

/* What is not readable now can be waited for: epoll refuses only what
 * always is, such as regular files. */
static int wait_readable(int fd)
{
    if (readable_now(fd))
        return task_sleep(0);
    struct future ready;
    struct event event;
    future_init(&ready);
    event_assign(&event, loop_base(loop_running()), fd, EV_READ,
        reader_readable, &ready);
    if (event_add(&event, NULL))
        return -ENOMEM;
    int result = await(&ready);
    event_del(&event);
    return result;
}

static void reader_make_room(struct reader *reader)
{
    size_t unread = reader->end - reader->start;
    if (reader->capacity - reader->end >= CHUNK && reader->start < CHUNK)
        return;
    memmove(reader->bytes, reader->bytes + reader->start, unread);
    reader->start = 0;
    reader->end = unread;
}

static int read_chunk(struct reader *reader)
{
    reader_make_room(reader);
    ssize_t n = read(reader->fd, reader->bytes + reader->end, CHUNK);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    if (n == 0)
        reader->ended = true;
    reader->end += (size_t)n;
    /* The lines of a regular file were all there from the beginning. */
    if (!reader->regular)
        reader->read_at = loop_time();
    return 0;
}

static void reader_take(struct reader *reader, size_t wire)
{
    reader->start += wire;
    reader->scanned = 0;
}

/* The end of the line too long; true when it is found. */
static bool reader_skip(struct reader *reader)
{
    char *start = reader->bytes + reader->start;
    size_t unread = reader->end - reader->start;
    char *lf = memchr(start, '\n', unread);
    reader_take(reader, lf ? (size_t)(lf - start) + 1 : unread);
    reader->skipping = !lf;
    return lf;
}

static void line_is(struct reader *reader, struct reader_line *line, size_t len)
{
    line->bytes = reader->bytes + reader->start;
    line->too_long = len > reader->max;
    line->len = line->too_long ? reader->max : len;
    line->read_at = reader->read_at;
}

/* A line among the unread bytes; false when more must be read. */
static bool reader_take_line(struct reader *reader, struct reader_line *line)
{
    if (reader->skipping && !reader_skip(reader))
        return false;
    char *start = reader->bytes + reader->start;
    size_t unread = reader->end - reader->start;
    char *lf = unread > reader->scanned ? memchr(start + reader->scanned, '\n',
                                              unread - reader->scanned)
                                        : NULL;
    reader->scanned = unread;
    if (!lf && unread <= reader->max && !(reader->ended && unread))
        return false;
    line_is(reader, line, lf ? (size_t)(lf - start) : unread);
    reader->skipping = !lf && !reader->ended;
    reader_take(reader, lf ? (size_t)(lf - start) + 1 : unread);
    return true;
}

int reader_readline(struct reader *reader, struct reader_line *line)
{
    while (!reader_take_line(reader, line)) {
        if (reader->ended)
            return ASYNC_EOF;
        int result = wait_readable(reader->fd);
        if (!result)
            result = read_chunk(reader);
        if (result)
            return result;
    }
    return 0;
}

int reader_readline_now(struct reader *reader, struct reader_line *line)
{
    while (!reader_take_line(reader, line)) {
        if (reader->ended || !reader->regular)
            return ASYNC_EOF;
        int result = read_chunk(reader);
        if (result)
            return result;
    }
    return 0;
}

int reader_readline_blocking(struct reader *reader, struct reader_line *line)
{
    struct pollfd poll_fd = {.fd = reader->fd, .events = POLLIN};
    while (!reader_take_line(reader, line)) {
        if (reader->ended)
            return ASYNC_EOF;
        int result = poll(&poll_fd, 1, -1) < 0 && errno != EINTR
                         ? -errno
                         : read_chunk(reader);
        if (result)
            return result;
    }
    return 0;
}
