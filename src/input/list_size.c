/*
 * list_size - see list_size.h.
 *
 * Invariant: no file position is changed, not even that of stdin.
 */
#include "input/list_size.h"

#include "text/span.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

/* Where a count is within its file. */
struct counting {
    int64_t count;
    bool is_decided; /* this line has been counted, or is a comment */
};

static void count_piece(struct counting *counting, const char *at, size_t len)
{
    for (const char *end = at + len; at < end; at++) {
        const char *lf =
            counting->is_decided ? memchr(at, '\n', (size_t)(end - at)) : at;
        if (!lf)
            return;
        at = lf;
        if (*at == '\n')
            counting->is_decided = false;
        else if (!byte_is_blank(*at) && *at != '\r') {
            counting->count += *at != '#';
            counting->is_decided = true;
        }
    }
}

/* From here to its end. */
static int64_t count_from(int fd, off_t at, char *piece)
{
    struct counting counting = {0};
    for (;;) {
        ssize_t size = pread(fd, piece, PIECE, at);
        if (size < 0)
            return -1;
        if (size == 0)
            return counting.count;
        count_piece(&counting, piece, (size_t)size);
        at += size;
    }
}

static int64_t count_file(int fd, char *piece)
{
    struct stat status;
    if (fd < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode))
        return -1;
    off_t at = fd == STDIN_FILENO ? lseek(fd, 0, SEEK_CUR) : 0;
    return at < 0 ? -1 : count_from(fd, at, piece);
}

static int64_t count_name(const char *name, char *piece)
{
    if (!strcmp(name, "-"))
        return count_file(STDIN_FILENO, piece);
    int fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    int64_t count = count_file(fd, piece);
    if (fd >= 0)
        close(fd);
    return count;
}

static int64_t count_files(const struct list_sources *sources, char *piece)
{
    int64_t total = 0;
    for (size_t i = 0; i < sources->file_count; i++) {
        int64_t count = count_name(sources->files[i], piece);
        if (count < 0)
            return -1;
        total += count;
    }
    return total;
}

int64_t list_size(const struct list_sources *sources)
{
    char *piece = malloc(PIECE);
    int64_t total = piece ? count_files(sources, piece) : -1;
    free(piece);
    return total < 0 ? -1 : total + (int64_t)sources->argument_count;
}
