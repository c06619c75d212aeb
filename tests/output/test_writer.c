/*
 * writer over all that a stdout can be: nothing waits unless it is told to,
 * and no flag of the descriptor changes.
 */
#include "output/writer.h"

#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

enum { LOT = 1000 * 1000, LINE = 100 };

int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);

static bool poll_promises; /* that all is writable, as it was just before */

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    if (!poll_promises)
        return __real_poll(fds, count, timeout);
    fds->revents = POLLOUT;
    return 1;
}

/* As where there is no /proc, or the terminal is another user's. */
static void init_without_reopening(struct writer *writer, int fd)
{
    struct rlimit files, none;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
    none = (struct rlimit){0, files.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    writer_init(writer, fd);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
}

static char *lines(void)
{
    char *text = malloc(LOT);

    for (size_t i = 0; i < LOT; i++)
        text[i] = i % LINE == LINE - 1 ? '\n' : (char)('a' + i / LINE % 26);
    return text;
}

/* What is taken until there is no room; each piece ends with a line, if
 * `whole`. */
static size_t fill(struct writer *writer, const char *text, bool whole)
{
    size_t at = 0;
    ssize_t n;

    while ((n = writer_write(writer, text + at, LOT - at, false)) > 0) {
        at += (size_t)n;
        ck_assert(!whole || text[at - 1] == '\n');
        ck_assert_uint_lt(at, LOT);
    }
    ck_assert_int_eq(n, 0);
    return at;
}

/* Fills it again and again; reads it at the other end, where each LF is
 * `end`. */
static void check_order(struct writer *writer, int reader, const char *end)
{
    char *text = lines(), bytes[4096];
    size_t written = 0, seen = 0, in_end = 0;

    while (seen < LOT / 2) {
        ssize_t n;
        while ((n = writer_write(
                    writer, text + written, LOT - written, false)) > 0)
            written += (size_t)n;
        ck_assert_int_eq(n, 0);
        n = read(reader, bytes, sizeof(bytes));
        ck_assert_int_gt(n, 0);
        for (ssize_t i = 0; i < n; i++) {
            char expected = text[seen] == '\n' ? end[in_end] : text[seen];
            ck_assert_int_eq(bytes[i], expected);
            if (text[seen] == '\n' && end[++in_end])
                continue;
            in_end = 0;
            seen++;
        }
    }
    free(text);
}

START_TEST(a_pipe_gets_a_description_of_its_own)
{
    int fds[2];
    struct writer writer;

    ck_assert_int_eq(pipe(fds), 0);
    writer_init(&writer, fds[1]);
    ck_assert_int_ne(writer_fd(&writer), fds[1]);
    ck_assert_int_eq(fcntl(writer_fd(&writer), F_GETFD), FD_CLOEXEC);
    check_order(&writer, fds[0], "\n");
    ck_assert_int_eq(fcntl(fds[1], F_GETFL), O_WRONLY);
    writer_fini(&writer);
    writer_fini(&writer);
    ck_assert_int_eq(writer_fd(&writer), fds[1]);
    close(fds[0]);
    close(fds[1]);
}
END_TEST

/* Another one fills the pipe between poll and write. */
START_TEST(a_pipe_of_several_writers)
{
    char *text = lines();
    struct writer writer, other;
    int fds[2];

    ck_assert_int_eq(pipe(fds), 0);
    writer_init(&writer, fds[1]);
    writer_init(&other, fds[1]);
    fill(&other, text, true);
    poll_promises = true;
    ck_assert_int_eq(writer_write(&writer, text, LINE, false), 0);
    ck_assert_int_eq(writer_write(&writer, text, LINE, false), 0);
    poll_promises = false;
    writer_fini(&other);
    writer_fini(&writer);
    close(fds[0]);
    close(fds[1]);
    free(text);
}
END_TEST

START_TEST(pieces_are_whole_lines)
{
    struct writer writer;
    int fds[2];

    ck_assert_int_eq(pipe(fds), 0);
    for (int own = 0; own < 2; own++) {
        char *text = lines();
        if (own)
            writer_init(&writer, fds[1]);
        else
            init_without_reopening(&writer, fds[1]);
        ck_assert_int_eq(writer_fd(&writer) != fds[1], own);
        ck_assert_int_eq(
            writer_write(&writer, text, LOT, false), PIPE_BUF / LINE * LINE);
        ck_assert_int_eq(writer_write(&writer, text, 150, false), 150);
        memset(text, 'x', 100 * LINE - 1);
        /* With others in the pipe a longer one may stay whole only so. */
        ck_assert_int_eq(writer_write(&writer, text, LOT, false),
            own ? 100 * LINE : PIPE_BUF);
        writer_fini(&writer);
        free(text);
    }
    close(fds[0]);
    close(fds[1]);
}
END_TEST

START_TEST(a_pipe_without_a_reader)
{
    struct writer writer;
    int fds[2];

    signal(SIGPIPE, SIG_IGN);
    for (int before = 0; before < 2; before++) {
        ck_assert_int_eq(pipe(fds), 0);
        if (before)
            close(fds[0]);
        writer_init(&writer, fds[1]);
        if (!before)
            close(fds[0]);
        ck_assert_int_eq(writer_write(&writer, "x\n", 2, true), -EPIPE);
        writer_fini(&writer);
        close(fds[1]);
    }
}
END_TEST

/* /proc would let us. */
START_TEST(what_may_only_be_read_is_not_written)
{
    struct writer writer;
    int fds[2];

    ck_assert_int_eq(pipe(fds), 0);
    writer_init(&writer, fds[0]);
    ck_assert_int_eq(writer_fd(&writer), fds[0]);
    ck_assert_int_eq(writer_write(&writer, "x\n", 2, true), -EBADF);
    writer_init(&writer, -1);
    ck_assert_int_eq(writer_write(&writer, "x\n", 2, true), -EBADF);
    close(fds[0]);
    close(fds[1]);
}
END_TEST

/* Its output is processed: the terminal makes CR LF of each LF. */
static void check_terminal(bool own)
{
    int master, slave, flags;
    struct writer writer;

    ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, NULL), 0);
    flags = fcntl(slave, F_GETFL);
    if (own)
        writer_init(&writer, slave);
    else
        init_without_reopening(&writer, slave);
    ck_assert_int_eq(writer_fd(&writer) != slave, own);
    check_order(&writer, master, "\r\n");
    ck_assert_int_eq(fcntl(slave, F_GETFL), flags);
    writer_fini(&writer);
    close(slave);
    close(master);
}

START_TEST(a_terminal_whose_reader_is_slow)
{
    check_terminal(true);
}
END_TEST

START_TEST(a_terminal_that_cannot_be_opened_again)
{
    check_terminal(false);
}
END_TEST

START_TEST(a_terminal_that_was_stopped)
{
    int master, slave;
    struct writer writer;

    ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, NULL), 0);
    writer_init(&writer, slave);
    ck_assert_int_eq(tcflow(slave, TCOOFF), 0); /* Ctrl-S */
    ck_assert_int_eq(writer_write(&writer, "x\n", 2, false), 0);
    ck_assert_int_eq(tcflow(slave, TCOON), 0);
    ck_assert_int_eq(writer_write(&writer, "x\n", 2, false), 2);
    writer_fini(&writer);
    close(slave);
    close(master);
}
END_TEST

/* Opened again, /dev/ptmx is another terminal. */
START_TEST(the_other_side_of_a_terminal)
{
    int master, slave;
    char bytes[8];
    struct writer writer;

    ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, NULL), 0);
    writer_init(&writer, master);
    ck_assert_int_eq(writer_fd(&writer), master);
    ck_assert_int_eq(writer_write(&writer, "x\n", 2, true), 1);
    ck_assert_int_eq(writer_write(&writer, "\n", 1, true), 1);
    ck_assert_int_eq(read(slave, bytes, sizeof(bytes)), 2);
    writer_fini(&writer);
    close(slave);
    close(master);
}
END_TEST

START_TEST(a_socket)
{
    struct writer writer;
    int fds[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    writer_init(&writer, fds[1]);
    ck_assert_int_eq(writer_fd(&writer), fds[1]);
    check_order(&writer, fds[0], "\n");
    ck_assert_int_eq(fcntl(fds[1], F_GETFL) & O_NONBLOCK, 0);
    close(fds[0]);
    /* SIGPIPE would end the test. */
    ck_assert_int_eq(writer_write(&writer, "x\n", 2, true), -EPIPE);
    writer_fini(&writer);
    close(fds[1]);
}
END_TEST

START_TEST(a_file_takes_all)
{
    char path[] = "/tmp/test_writer_XXXXXX", *text = lines();
    int fd = mkstemp(path);
    struct writer writer;

    ck_assert_int_eq(unlink(path), 0);
    writer_init(&writer, fd);
    ck_assert_int_eq(writer_fd(&writer), fd);
    ck_assert_int_eq(writer_write(&writer, text, LOT, false), LOT);
    ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), LOT);
    writer_fini(&writer);
    close(fd);
    free(text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_pipe_gets_a_description_of_its_own,
        a_pipe_of_several_writers, pieces_are_whole_lines,
        a_pipe_without_a_reader, what_may_only_be_read_is_not_written,
        a_terminal_whose_reader_is_slow, a_terminal_that_cannot_be_opened_again,
        a_terminal_that_was_stopped, the_other_side_of_a_terminal, a_socket,
        a_file_takes_all, NULL};

    return run_tests("writer", tests);
}
