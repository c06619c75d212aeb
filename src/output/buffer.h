/*
 * buffer - a buffer in front of a descriptor, for reports.
 *
 * Lines are put together in memory and written whole, in order.  What a pipe
 * does not take yet waits in the buffer, which grows: callers that put much
 * check output_is_full() and wait.  Whether the descriptor is non-blocking
 * does not matter.  The first error sticks: from then on output is dropped
 * and output_error() returns it.  After an error of write(2) the buffer is
 * dropped, too; after -ENOMEM its whole lines can still be written.
 */
#ifndef AFETCH_OUTPUT_H
#define AFETCH_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output;
struct standing;

/* Several of them, all that a run writes to. */
struct outputs {
    struct output *const *items;
    size_t count;
};

/* fd stays the caller's, and its flags are not changed: a pipe or terminal is
 * opened once more.  NULL when there is no memory. */
struct output *output_create(int fd);
/* Does not flush.  NULL-safe. */
void output_destroy(struct output *out);

/* If both write to the same place, neither goes on within a line of the
 * other from now on, until one is destroyed. */
void output_share(struct output *a, struct output *b);

/* Sets the line that is cleared before this output writes to the same terminal.
 * NULL: none. */
void output_stand(struct output *out, struct standing *standing);
/* Whether part of a line was written, and its rest is still buffered. */
bool output_is_within_line(const struct output *out);

/* Writes what is buffered and closes the descriptor; later bytes are written to
 * fd, which is the caller's.  0; or -errno, and nothing has changed. */
int output_move(struct output *out, int fd);

/* What to watch until it is writable. */
int output_fd(const struct output *out);

/* Copies the bytes, as they are, behind what is buffered. */
void output_put(struct output *out, const char *bytes, size_t len);
/* The same of a string, without its NUL. */
void output_puts(struct output *out, const char *text);
/* The same of what printf makes of it; in the C locale. */
void output_printf(struct output *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/*
 * As output_put, but C0 controls except TAB, DEL, bytes 0x80-0x9f that are
 * not part of valid UTF-8, and U+0080-U+009F come out as \xNN, lower-case.
 * Backslash is not escaped.  Other bytes as they are.
 */
void output_put_escaped(struct output *out, const char *bytes, size_t len);
/* A whole line: name and line escaped, `between` as it is. */
void output_put_line(struct output *out, const char *name, const char *between,
    const char *line, size_t len);

/* Writes the whole lines that are buffered, as far as that needs no waiting.
 * True: none is left. */
bool output_advance(struct output *out);
/* More is buffered than should be: put less until it has advanced. */
bool output_is_full(const struct output *out);
/* The other one that writes to the same place is within a line: until that
 * ends, this one does not advance. */
bool output_is_held(const struct output *out);

/* Writes all that is buffered, and waits for the reader.  0 or the sticky
 * -errno (-EPIPE: the reader has gone). */
int output_flush(struct output *out);
/* Flushes, then closes the descriptor: what the system had yet to write may
 * fail only there.  As output_flush; only output_destroy may follow, and
 * what tells something. */
int output_close(struct output *out);
/* Lines that were written whole. */
uint64_t output_lines(const struct output *out);
/* 0, or the sticky -errno. */
int output_error(const struct output *out);

#endif
