/*
 * writer - see writer.h.
 *
 * O_NONBLOCK belongs to the open file description, which a descriptor that
 * was inherited has in common with other processes.  Where a write may wait
 * for a reader, /proc opens another one, of the same pipe even if that has
 * no name.  Where it does not, poll(2) is asked first: what it calls writable
 * takes PIPE_BUF bytes if it is a pipe that nobody else writes to, and a few
 * without controls, or one control, if it is a terminal.
 */
#include "output/writer.h"

#include "output/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A pseudo-terminal has room for 256 bytes, if any.  They are gone with the
 * first that it takes, and then an LF, which may become two, waits. */
enum { TERMINAL_TAKES = 128 };

static bool is_same_pipe(int a, int b)
{
    struct stat of_a, of_b;

    return !fstat(a, &of_a) && !fstat(b, &of_b) && S_ISFIFO(of_a.st_mode) &&
           S_ISFIFO(of_b.st_mode) && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

/* What may only be read here could perhaps be written by its name. */
static bool is_writable(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/* A non-blocking descriptor for the same pipe or terminal, or negative. */
static int reopen_descriptor(int fd)
{
    char path[32];
    int again;

    if (!is_writable(fd) || !(is_same_pipe(fd, fd) || isatty(fd)))
        return -1;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    /* Non-blocking, it does not wait for a reader either. */
    again = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (again < 0 || is_same_pipe(fd, again) || terminal_is_same(fd, again))
        return again;
    close(again);
    return -1;
}

static enum writer_way find_way(const struct writer *writer)
{
    struct stat status;

    if (writer->own >= 0)
        return WRITER_OWN;
    /* write(2) says so at once, poll(2) would wait for ever. */
    if (!is_writable(writer->fd) || fstat(writer->fd, &status))
        return WRITER_FILE;
    if (S_ISSOCK(status.st_mode))
        return WRITER_SOCKET;
    if (S_ISFIFO(status.st_mode))
        return WRITER_SHARED;
    return isatty(writer->fd) ? WRITER_TERMINAL : WRITER_FILE;
}

void writer_init(struct writer *writer, int fd)
{
    *writer = (struct writer){
        .fd = fd, .own = reopen_descriptor(fd), .most = PIPE_BUF};
    writer->way = find_way(writer);
    if (writer->way == WRITER_FILE)
        writer->most = SIZE_MAX;
}

void writer_fini(struct writer *writer)
{
    if (writer->own >= 0)
        close(writer->own);
    writer->own = -1;
}

int writer_fd(const struct writer *writer)
{
    return writer->own >= 0 ? writer->own : writer->fd;
}

/* 1: a piece can be written; 0: not yet; or -errno. */
static int writable_now(const struct writer *writer, bool wait)
{
    struct pollfd pollfd = {.fd = writer_fd(writer), .events = POLLOUT};
    int n;

    if (writer->way < WRITER_SHARED && !writer->refused)
        return 1;
    n = poll(&pollfd, 1, wait ? -1 : 0);
    return n < 0 && errno != EINTR ? -errno : n > 0;
}

static size_t terminal_piece(const char *bytes, size_t n)
{
    size_t len = 0;

    while (len < n && len < TERMINAL_TAKES && (unsigned char)bytes[len] >= ' ')
        len++;
    return len ? len : 1;
}

/* How much of the n bytes is written at once: whole lines, if that can be.
 * A long line, too, is whole if there is room and it need not wait. */
static size_t piece_size(
    const struct writer *writer, const char *bytes, size_t n)
{
    const char *last;

    if (writer->way == WRITER_TERMINAL)
        return terminal_piece(bytes, n);
    if (n <= writer->most)
        return n;
    last = memrchr(bytes, '\n', writer->most);
    if (!last && writer->way == WRITER_SHARED)
        return writer->most;
    if (!last)
        last = memchr(bytes + writer->most, '\n', n - writer->most);
    return last ? (size_t)(last - bytes) + 1 : n;
}

static ssize_t write_piece(
    const struct writer *writer, const char *bytes, size_t n)
{
    if (writer->way == WRITER_SOCKET)
        return send(writer->fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL);
    return write(writer_fd(writer), bytes, n);
}

ssize_t writer_write(
    struct writer *writer, const char *bytes, size_t n, bool wait)
{
    int ready = writable_now(writer, wait);
    ssize_t written;

    if (ready <= 0)
        return ready;
    written = write_piece(writer, bytes, piece_size(writer, bytes, n));
    writer->refused = false;
    if (written > 0)
        return written;
    if (written == 0 || errno == EAGAIN || errno == EWOULDBLOCK)
        writer->refused = true;
    else if (errno != EINTR)
        return -errno;
    return 0;
}
