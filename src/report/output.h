/*
 * output - a buffer in front of a descriptor, for reports.
 *
 * Lines are put together in memory and written whole, in order, when the
 * owner flushes or the buffer is full; a pipe that is full or non-blocking
 * is waited for (poll), nothing is lost.  The first error of write(2) sticks:
 * from then on everything is dropped and output_error() says it.
 */
#ifndef AFETCH_OUTPUT_H
#define AFETCH_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output;

/* fd stays the caller's.  NULL when there is no memory. */
struct output *output_create(int fd);
/* Does not flush.  NULL-safe. */
void output_destroy(struct output *out);

void output_put(struct output *out, const char *bytes, size_t len);
void output_puts(struct output *out, const char *text);
void output_printf(struct output *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/*
 * As output_put, but C0 controls except TAB, DEL, bytes 0x80-0x9f that are
 * not part of valid UTF-8, and U+0080-U+009F come out as \xNN, lower-case.
 * Backslash is not escaped.  Other bytes as they are.
 */
void output_put_escaped(struct output *out, const char *bytes, size_t len);

/* Writes all that is buffered.  0 or the sticky -errno (-EPIPE: the reader
 * has gone). */
int output_flush(struct output *out);
/* 0, or the sticky -errno. */
int output_error(const struct output *out);

#endif
