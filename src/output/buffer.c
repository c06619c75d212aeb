/*
 * buffer - a buffer in front of a descriptor, for reports.
 *
 * Invariant: what has been put and not yet written is buf[start..len), in
 * order; after the first error nothing more is put, and nothing is written
 * but, if it was not write(2) that failed, the lines that were whole.
 * Of two that write to the same place one at most is within a line.
 */
#include "output/buffer.h"

#include "output/standing.h"
#include "output/writer.h"
#include "text/escape.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUTPUT_SIZE = 64 * 1024 }; /* to begin with, and when it is full */

struct output {
    struct writer writer;
    bool in_line; /* the last byte written was no LF, and the rest is here */
    struct output *beside; /* writes to the same place, or NULL */
    struct standing *standing; /* below, or NULL */
    int error; /* sticky, 0 or -errno */
    uint64_t lines; /* written */
    char *buf;
    size_t start, len, size;
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
    writer_init(&out->writer, fd);
    out->size = OUTPUT_SIZE;
    return out;
}

void output_destroy(struct output *out)
{
    if (!out)
        return;
    if (out->beside)
        out->beside->beside = NULL;
    writer_fini(&out->writer);
    free(out->buf);
    free(out);
}

static bool is_same_place(int a, int b)
{
    struct stat of_a, of_b;

    return !fstat(a, &of_a) && !fstat(b, &of_b) && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

void output_share(struct output *a, struct output *b)
{
    if (!is_same_place(a->writer.fd, b->writer.fd))
        return;
    a->beside = b;
    b->beside = a;
}

void output_stand(struct output *out, struct standing *standing)
{
    out->standing = standing;
}

bool output_is_within_line(const struct output *out)
{
    return out->in_line;
}

int output_fd(const struct output *out)
{
    return writer_fd(&out->writer);
}

int output_error(const struct output *out)
{
    return out->error;
}

bool output_is_full(const struct output *out)
{
    return out->len - out->start >= OUTPUT_SIZE;
}

bool output_is_held(const struct output *out)
{
    return out->beside && out->beside->in_line;
}

uint64_t output_lines(const struct output *out)
{
    return out->lines;
}

static size_t whole_lines(const struct output *out)
{
    const char *begin = out->buf + out->start;
    const char *last = memrchr(begin, '\n', out->len - out->start);

    return last ? (size_t)(last - begin) + 1 : 0;
}

/* Nothing more can be put.  A line that has been begun is written to its
 * end, and so are those behind it. */
static void output_stop(struct output *out, int error)
{
    out->error = error;
    out->len = out->start + whole_lines(out);
    if (out->start == out->len)
        out->in_line = false;
}

/* Nor can anything be written. */
static void output_fail(struct output *out, int error)
{
    if (!out->error)
        out->error = error;
    out->start = out->len = 0;
    out->in_line = false;
}

/* The first n of the buffered bytes are written. */
static void output_take(struct output *out, size_t n)
{
    const char *at = out->buf + out->start, *end = at + n, *lf;

    if (n == 0)
        return;
    out->in_line = end[-1] != '\n';
    for (; (lf = memchr(at, '\n', (size_t)(end - at))); at = lf + 1)
        out->lines++;
    out->start += n;
    if (out->start == out->len)
        out->start = out->len = 0;
}

/* Writes the first n buffered bytes; without `wait`, as many as can be.  The
 * one place that may block: what is to interrupt a blocked run looks here. */
static void write_out(struct output *out, size_t n, bool wait)
{
    if (n > 0 && out->standing && !standing_clear(out->standing, wait))
        return;
    while (n > 0) {
        ssize_t written =
            writer_write(&out->writer, out->buf + out->start, n, wait);
        if (written < 0) {
            output_fail(out, (int)written);
            return;
        }
        if (written == 0 && !wait)
            return;
        output_take(out, (size_t)written);
        n -= (size_t)written;
    }
}

bool output_advance(struct output *out)
{
    if (!output_is_held(out))
        write_out(out, whole_lines(out), false);
    return whole_lines(out) == 0;
}

static void move_down(struct output *out)
{
    out->len -= out->start;
    memmove(out->buf, out->buf + out->start, out->len);
    out->start = 0;
}

/* Room for n more bytes behind the line that has been begun. */
static void output_grow(struct output *out, size_t n)
{
    size_t size = out->size;
    char *buf;

    while (size - out->len < n && size <= SIZE_MAX / 2)
        size *= 2;
    buf = size - out->len < n ? NULL : realloc(out->buf, size);
    if (!buf) {
        output_stop(out, -ENOMEM);
        return;
    }
    out->buf = buf;
    out->size = size;
}

static void output_make_room(struct output *out, size_t n)
{
    output_advance(out);
    move_down(out);
    if (!out->error && out->size - out->len < n)
        output_grow(out, n);
}

/* Where to put n more bytes; whole lines are written and memory is taken as
 * needed; NULL after an error.  The caller adds what it put to len. */
static inline char *room_for(struct output *out, size_t n)
{
    if (out->size - out->len < n)
        output_make_room(out, n);
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
        output_stop(out, -errno);
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

static bool is_plain(const char *bytes, size_t len)
{
    return escape_plain(bytes, len) == len;
}

void output_put_line(struct output *out, const char *name, const char *between,
    const char *line, size_t len)
{
    size_t name_len = strlen(name), between_len = strlen(between);

    if (is_plain(name, name_len) && is_plain(line, len)) { /* as nearly all */
        char *to = room_for(out, name_len + between_len + len + 1);
        if (!to)
            return;
        to = mempcpy(to, name, name_len);
        to = mempcpy(to, between, between_len);
        to = mempcpy(to, line, len);
        *to++ = '\n';
        out->len = (size_t)(to - out->buf);
        return;
    }
    output_put_escaped(out, name, name_len);
    output_put(out, between, between_len);
    output_put_escaped(out, line, len);
    output_put(out, "\n", 1);
}

/* The rest of the line that has been begun. */
static void end_line(struct output *out)
{
    const char *begin = out->buf + out->start;
    const char *lf = memchr(begin, '\n', out->len - out->start);

    if (lf)
        write_out(out, (size_t)(lf - begin) + 1, true);
}

int output_flush(struct output *out)
{
    if (output_is_held(out))
        end_line(out->beside);
    write_out(out, out->len - out->start, true);
    return out->error;
}

int output_move(struct output *out, int fd)
{
    int error = output_flush(out);

    if (error)
        return error;
    writer_fini(&out->writer);
    if (close(out->writer.fd))
        output_fail(out, -errno);
    writer_init(&out->writer, fd);
    return 0;
}

int output_close(struct output *out)
{
    output_flush(out);
    writer_fini(&out->writer);
    if (close(out->writer.fd) && !out->error)
        output_fail(out, -errno);
    out->writer.fd = -1;
    return out->error;
}
