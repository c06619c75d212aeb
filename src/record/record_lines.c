/*
 * record_lines - see record_lines.h.
 */
#include "record/record_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };
/* As of --summarize. */
#define LINE_MAX_BYTES ((size_t)160 * 1024 * 1024)

int record_lines_open(const char *file, int mode)
{
    struct stat stat;
    int fd = open(file, mode | O_CLOEXEC | O_NONBLOCK, 0666);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &stat) || !S_ISREG(stat.st_mode)) {
        close(fd);
        return S_ISDIR(stat.st_mode) ? -EISDIR : -ESPIPE;
    }
    return fd;
}

/* The line that has begun moves to the front. */
static void make_front(struct record_lines *lines)
{
    lines->used -= lines->from;
    if (lines->from)
        memmove(lines->buffer, lines->buffer + lines->from, lines->used);
    lines->from = 0;
}

static int grow_buffer(struct record_lines *lines)
{
    size_t room = lines->room ? 2 * lines->room : CHUNK;
    if (room > LINE_MAX_BYTES)
        return -EFBIG;
    char *buffer = realloc(lines->buffer, room);
    if (!buffer)
        return -ENOMEM;
    lines->buffer = buffer;
    lines->room = room;
    return 0;
}

/* 1; 0: the end of the file; or as record_lines_next. */
static int fill_buffer(struct record_lines *lines)
{
    make_front(lines);
    int error = lines->used == lines->room ? grow_buffer(lines) : 0;
    if (error)
        return error;
    ssize_t len = pread(lines->fd, lines->buffer + lines->used,
        lines->room - lines->used, (off_t)(lines->at + lines->used));
    if (len < 0)
        return -errno;
    lines->used += (size_t)len;
    return len > 0;
}

/* The LF behind `seen` bytes of the line; NULL: it is not in the buffer. */
static const char *find_end(const struct record_lines *lines, size_t seen)
{
    size_t from = lines->from + seen;
    return lines->used > from
               ? memchr(lines->buffer + from, '\n', lines->used - from)
               : NULL;
}

int record_lines_next(struct record_lines *lines, struct span *line)
{
    lines->at += lines->len;
    lines->from += lines->len;
    lines->len = 0;
    const char *end = find_end(lines, 0);
    while (!end) {
        size_t seen = lines->used - lines->from;
        int more = fill_buffer(lines);
        if (more <= 0)
            return more;
        end = find_end(lines, seen);
    }
    *line = (struct span){lines->buffer + lines->from, 0};
    line->len = (size_t)(end - line->at);
    lines->len = line->len + 1;
    return 1;
}

struct span record_lines_rest(const struct record_lines *lines)
{
    return (struct span){
        lines->buffer + lines->from, lines->used - lines->from};
}

void record_lines_fini(struct record_lines *lines)
{
    free(lines->buffer);
    *lines = (struct record_lines){.fd = -1};
}
