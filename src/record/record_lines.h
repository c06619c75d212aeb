/*
 * record_lines - the lines of a file of records, and where each of them begins.
 */
#ifndef AFETCH_RECORD_LINES_H
#define AFETCH_RECORD_LINES_H

#include "text/span.h"

#include <stddef.h>
#include <stdint.h>

/* Zero but for fd, which stays the caller's, and `at`, where to begin. */
struct record_lines {
    int fd;
    uint64_t at; /* of the line that was given out last, in the file */
    char *buffer;
    size_t room, used;
    size_t from, len; /* of that line, with its LF, in the buffer */
};

/* Opens a regular file; mode: flags of open(2).  The descriptor; or -errno:
 * -ESPIPE if it is not a regular file. */
int record_lines_open(const char *file, int mode);

/* Goes to the next line; *line, without its LF, is valid until the next call.
 * 1; 0: the end; -ENOMEM; -EFBIG: a line is longer than 160 MiB, as no record
 * is; or -errno. */
int record_lines_next(struct record_lines *lines, struct span *line);
/* At the end: the last line, if it has no LF. */
struct span record_lines_rest(const struct record_lines *lines);

void record_lines_fini(struct record_lines *lines);

#endif
