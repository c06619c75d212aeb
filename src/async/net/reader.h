/*
 * reader - lines from a descriptor of any kind: a file, a pipe that stays
 * open, a terminal (asyncio's connect_read_pipe, and files besides).
 *
 * The descriptor's flags are left alone, since it may be shared: it is read
 * when poll(2) says that a read will not block.
 */
#ifndef ASYNC_READER_H
#define ASYNC_READER_H

#include "async/core/task.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader;

/* fd stays the caller's.  A line may have max bytes.  0 or -ENOMEM. */
int reader_create(struct reader **out, int fd, size_t max);
/* NULL-safe. */
void reader_destroy(struct reader *reader);

struct reader_line {
    const char *bytes; /* valid until the next call */
    size_t len; /* without LF; the first max bytes of a line too long */
    bool too_long; /* it was longer: the rest is skipped */
    int64_t read_at; /* loop_time at which it was there; 0: always, it is
                        of a regular file */
};

/* Awaits.  0; ASYNC_EOF; -errno.  A last line without LF is a line. */
int reader_readline(struct reader *reader, struct reader_line *line);

/*
 * The same for what is there without waiting: what was read already, and the
 * rest of a regular file.  For who cannot await any more.
 */
int reader_readline_now(struct reader *reader, struct reader_line *line);

/* The same for who has no loop: the whole process waits. */
int reader_readline_blocking(struct reader *reader, struct reader_line *line);

#endif
