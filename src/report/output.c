/*
 * output - a buffer in front of a descriptor, for reports.
 *
 * Invariant: what has been put and not yet written is buf[0..len), in order;
 * after the first error nothing is kept and nothing more is written.
 */
#include "report/output.h"

#include "escape.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OUTPUT_SIZE = 64 * 1024 }; /* to begin with; one longer line grows it */

struct output {
    int fd;
    int error; /* sticky, 0 or -errno */
    char *buf;
    size_t len, size;
};

struct output *output_create(int fd)
{
    struct output *out = calloc(1, sizeof(*out));

    if (!out)
        return NULL;
    out->buf = malloc(OUTPUT_SIZE);
    if (!out->buf) {
        free(out);
        return NULL;
    }
    out->fd = fd;
    out->size = OUTPUT_SIZE;
    return out;
}

void output_destroy(struct output *out)
{
    if (!out)
        return;
    free(out->buf);
    free(out);
}

int output_error(const struct output *out)
{
    return out->error;
}

static void fail(struct output *out, int error)
{
    out->error = error;
    out->len = 0;
}

/* A full pipe whose descriptor does not block: wait for its reader. */
static int wait_writable(int fd)
{
    struct pollfd pollfd = {.fd = fd, .events = POLLOUT};

    if (poll(&pollfd, 1, -1) < 0 && errno != EINTR)
        return -errno;
    return 0;
}

/* The one place that writes, and the one that may block: what is to
 * interrupt a blocked run looks here.  Bytes written, 0 to try again, or
 * -errno. */
static ssize_t write_some(int fd, const char *bytes, size_t len)
{
    ssize_t n = write(fd, bytes, len);

    if (n >= 0)
        return n;
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return wait_writable(fd);
    return errno == EINTR ? 0 : -errno;
}

/* Writes the first n bytes of the buffer and moves the others down. */
static void write_out(struct output *out, size_t n)
{
    size_t done = 0;

    while (done < n) {
        ssize_t written = write_some(out->fd, out->buf + done, n - done);
        if (written < 0) {
            fail(out, (int)written);
            return;
        }
        done += (size_t)written;
    }
    out->len -= n;
    memmove(out->buf, out->buf + n, out->len);
}

static size_t whole_lines(const struct output *out)
{
    const char *last = memrchr(out->buf, '\n', out->len);

    return last ? (size_t)(last - out->buf) + 1 : 0;
}

/* Room for n more bytes behind the line that has been begun. */
static void grow(struct output *out, size_t n)
{
    size_t size = out->size;
    char *buf;

    while (size - out->len < n && size <= SIZE_MAX / 2)
        size *= 2;
    buf = size - out->len < n ? NULL : realloc(out->buf, size);
    if (!buf) {
        fail(out, -ENOMEM);
        return;
    }
    out->buf = buf;
    out->size = size;
}

static void make_room(struct output *out, size_t n)
{
    if (!out->error)
        write_out(out, whole_lines(out));
    if (!out->error && out->size - out->len < n)
        grow(out, n);
}

/* Where to put n more bytes, whole lines written out and memory taken as
 * needed; NULL after an error.  The caller adds what it put to len. */
static inline char *room_for(struct output *out, size_t n)
{
    if (out->size - out->len < n)
        make_room(out, n);
    return out->error ? NULL : out->buf + out->len;
}

void output_put(struct output *out, const char *bytes, size_t len)
{
    char *to = room_for(out, len);

    if (!to || len == 0)
        return;
    memcpy(to, bytes, len);
    out->len += len;
}

void output_puts(struct output *out, const char *text)
{
    output_put(out, text, strlen(text));
}

void output_printf(struct output *out, const char *format, ...)
{
    char text[512];
    va_list args, again;
    int len;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(text, sizeof(text), format, args);
    if (len >= 0 && (size_t)len < sizeof(text)) {
        output_put(out, text, (size_t)len);
    } else if (len >= 0) {
        char *to = room_for(out, (size_t)len + 1);
        if (to)
            out->len += (size_t)vsnprintf(to, (size_t)len + 1, format, again);
    } else if (!out->error) {
        fail(out, -errno);
    }
    va_end(again);
    va_end(args);
}

void output_put_escaped(struct output *out, const char *bytes, size_t len)
{
    for (;;) {
        size_t plain = escape_plain(bytes, len);
        char *to;

        output_put(out, bytes, plain);
        if (plain == len)
            return;
        to = room_for(out, ESCAPE_LEN);
        if (!to)
            return;
        escape_byte(to, bytes[plain]);
        out->len += ESCAPE_LEN;
        bytes += plain + 1;
        len -= plain + 1;
    }
}

int output_flush(struct output *out)
{
    write_out(out, out->len);
    return out->error;
}
