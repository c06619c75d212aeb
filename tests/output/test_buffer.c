/*
 * output over real descriptors: pipes that are full, slow, non-blocking or
 * without a reader, a full disk, no descriptor at all.
 */
#include "output/buffer.h"

#include "capture.h"
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024 };

void *__real_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size);
int __real_close(int fd);
int __wrap_close(int fd);

static int close_fails; /* with this, having closed */

int __wrap_close(int fd)
{
    int result = __real_close(fd);

    if (!close_fails)
        return result;
    errno = close_fails;
    return -1;
}

static bool memory_ends;

void *__wrap_realloc(void *block, size_t size)
{
    return memory_ends ? NULL : __real_realloc(block, size);
}

static struct output *create(int fd)
{
    struct output *out = output_create(fd);

    ck_assert_ptr_nonnull(out);
    return out;
}

START_TEST(nothing_is_written_before_the_flush)
{
    struct capture capture;
    char c;

    capture_init(&capture);
    output_puts(capture.out, "one ");
    output_put(capture.out, "two\0three\n", 10);
    output_put(capture.out, NULL, 0);
    output_printf(capture.out, "%s=%d\n", "four", 4);
    ck_assert_int_eq(pread(capture.fd, &c, 1, 0), 0);
    capture_read(&capture);
    ck_assert_uint_eq(capture.len, 21);
    ck_assert_mem_eq(capture.text, "one two\0three\nfour=4\n", 21);
    ck_assert_str_eq(capture_read(&capture), "");
    capture_fini(&capture);
}
END_TEST

START_TEST(printf_of_every_length)
{
    struct capture capture;

    capture_init(&capture);
    for (int width = 500; width < 530; width++) {
        output_printf(capture.out, "<%*d>", width, 7);
        capture_read(&capture);
        ck_assert_uint_eq(capture.len, (size_t)width + 2);
        ck_assert_str_eq(capture.text + width, "7>");
    }
    output_printf(capture.out, "<%*d>", 3 * BUFFER, 7);
    ck_assert_uint_eq(strlen(capture_read(&capture)), 3 * BUFFER + 2);
    capture_fini(&capture);
}
END_TEST

START_TEST(a_full_buffer_writes_whole_lines)
{
    struct capture capture;
    off_t written;
    char last;

    capture_init(&capture);
    for (int i = 0; i < 7000; i++) {
        output_printf(capture.out, "line %d, ", i);
        output_puts(capture.out, "put in pieces\n");
        written = lseek(capture.fd, 0, SEEK_END);
        if (written == 0)
            continue;
        ck_assert_int_eq(pread(capture.fd, &last, 1, written - 1), 1);
        ck_assert_int_eq(last, '\n');
    }
    ck_assert_int_gt(lseek(capture.fd, 0, SEEK_END), BUFFER / 2);
    capture_read(&capture);
    for (char *line = capture.text, *end; *line; line = end) {
        static int i = 0;
        char expected[64];
        int len = sprintf(expected, "line %d, put in pieces\n", i++);
        end = line + len;
        ck_assert_mem_eq(line, expected, (size_t)len);
    }
    capture_fini(&capture);
}
END_TEST

START_TEST(a_line_longer_than_the_buffer_stays_whole)
{
    struct capture capture;
    char *piece = malloc(BUFFER);

    memset(piece, 'x', BUFFER);
    capture_init(&capture);
    output_puts(capture.out, "before\n");
    for (int i = 0; i < 5; i++)
        output_put(capture.out, piece, BUFFER - 1);
    ck_assert_int_eq(lseek(capture.fd, 0, SEEK_END), 7);
    output_puts(capture.out, "\nafter");
    capture_read(&capture);
    ck_assert_uint_eq(capture.len, 7 + 5 * (BUFFER - 1) + 6);
    ck_assert_str_eq(capture.text + capture.len - 7, "x\nafter");
    capture_fini(&capture);
    free(piece);
}
END_TEST

START_TEST(escapes_at_the_buffers_end)
{
    struct capture capture;

    capture_init(&capture);
    for (int before = BUFFER - 8; before <= BUFFER; before++) {
        output_printf(capture.out, "%*s", before, "\n");
        output_put_escaped(capture.out, "\x1b\0a\xc2\x9b\xe9", 6);
        capture_read(&capture);
        ck_assert_uint_eq(capture.len, (size_t)before + 18);
        ck_assert_str_eq(capture.text + before, "\\x1b\\x00a\\xc2\\x9b\xe9");
    }
    capture_fini(&capture);
}
END_TEST

/* A reader that begins late, reads in odd pieces and checks all it gets. */
struct reader {
    int fd;
    size_t received;
    bool wrong;
};

static char pattern(size_t at)
{
    return at % 61 == 60 ? '\n' : (char)('!' + at % 89);
}

static ssize_t read_once(struct reader *reader)
{
    char bytes[7919];
    ssize_t n = read(reader->fd, bytes, sizeof(bytes));

    for (ssize_t i = 0; i < n; i++)
        if (bytes[i] != pattern(reader->received++))
            reader->wrong = true;
    return n;
}

static void *read_slowly(void *arg)
{
    struct reader *reader = arg;
    sigset_t alarms;

    sigemptyset(&alarms); /* they are for the writer */
    sigaddset(&alarms, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarms, NULL);
    usleep(50000);
    while (read_once(reader) > 0)
        if (reader->received < BUFFER)
            usleep(10000);
    return NULL;
}

static void write_pattern(struct output *out, size_t len)
{
    char piece[1000];

    for (size_t at = 0; at < len; at += sizeof(piece)) {
        for (size_t i = 0; i < sizeof(piece); i++)
            piece[i] = pattern(at + i);
        output_put(out, piece, sizeof(piece));
    }
}

static void write_past_a_slow_reader(int flags)
{
    enum { LEN = 2000 * 1000 };
    int fds[2];
    pthread_t thread;
    struct reader reader = {.wrong = false};
    struct output *out;

    ck_assert_int_eq(pipe2(fds, flags), 0);
    ck_assert_int_eq(fcntl(fds[0], F_SETFL, 0), 0); /* the reader blocks */
    reader.fd = fds[0];
    ck_assert_int_eq(pthread_create(&thread, NULL, read_slowly, &reader), 0);
    out = create(fds[1]);
    write_pattern(out, LEN);
    ck_assert_int_eq(output_flush(out), 0);
    ck_assert_int_eq(output_error(out), 0);
    output_destroy(out);
    close(fds[1]);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    close(fds[0]);
    ck_assert_uint_eq(reader.received, LEN);
    ck_assert(!reader.wrong);
}

START_TEST(a_slow_reader_gets_all)
{
    write_past_a_slow_reader(0);
}
END_TEST

START_TEST(a_slow_reader_of_a_nonblocking_pipe_gets_all)
{
    write_past_a_slow_reader(O_NONBLOCK);
}
END_TEST

/* As much as a pipe takes, in whole lines; the rest waits, in order. */
START_TEST(advance_waits_for_nobody)
{
    enum { LEN = 610 * 1000 };
    struct reader reader = {.wrong = false};
    struct output *out, *beside;
    int fds[2];

    ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
    out = create(fds[1]);
    beside = create(fds[1]);
    output_share(out, beside);
    ck_assert(!output_is_full(out));
    write_pattern(out, LEN);
    ck_assert(output_is_full(out));
    ck_assert(!output_advance(out));
    ck_assert(!output_is_held(beside));
    /* With nobody else in the pipe, each piece is full but for a line. */
    ck_assert_uint_ge(output_lines(out) * 61, BUFFER - BUFFER / 64 * 2);
    ck_assert_uint_le(output_lines(out) * 61, BUFFER);
    reader.fd = fds[0];
    while (reader.received < LEN) {
        read_once(&reader);
        ck_assert_int_eq(output_advance(out), output_lines(out) == LEN / 61);
    }
    ck_assert(!output_is_full(out));
    ck_assert(!reader.wrong);
    output_destroy(out);
    output_destroy(beside);
    close(fds[0]);
    close(fds[1]);
}
END_TEST

START_TEST(a_long_line_is_written_in_pieces)
{
    struct output *out, *beside;
    char *line = malloc(2 * BUFFER), bytes[BUFFER];
    int fds[2];
    size_t got = 0;

    memset(line, 'x', 2 * BUFFER);
    line[2 * BUFFER - 1] = '\n';
    ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
    out = create(fds[1]);
    beside = create(fds[1]);
    output_share(out, beside);
    output_put(out, line, 2 * BUFFER);
    ck_assert(!output_advance(out));
    ck_assert(output_is_held(beside));
    ck_assert(!output_is_held(out));
    ck_assert_uint_eq(output_lines(out), 0);
    while (!output_advance(out))
        got += (size_t)read(fds[0], bytes, sizeof(bytes));
    ck_assert(!output_is_held(beside));
    ck_assert_uint_eq(output_lines(out), 1);
    while (got < 2 * BUFFER)
        got += (size_t)read(fds[0], bytes, sizeof(bytes));
    output_destroy(beside);
    output_destroy(out);
    close(fds[0]);
    close(fds[1]);
    free(line);
}
END_TEST

static void ignore(int signal)
{
    (void)signal;
}

/* A signal each millisecond, without SA_RESTART: write and poll end with
 * EINTR all the time. */
START_TEST(signals_lose_nothing)
{
    struct sigaction action = {.sa_handler = ignore};
    struct itimerval often = {{0, 1000}, {0, 1000}};
    struct itimerval never = {{0, 0}, {0, 0}};

    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
    write_past_a_slow_reader(0);
    write_past_a_slow_reader(O_NONBLOCK);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
}
END_TEST

/* The error is told, stays, and more output costs nothing. */
static void check_sticks(struct output *out, int error)
{
    output_puts(out, "some line\n");
    ck_assert_int_eq(output_error(out), 0);
    ck_assert_int_eq(output_flush(out), error);
    ck_assert_int_eq(output_error(out), error);
    write_pattern(out, 200 * 1000);
    output_put_escaped(out, "\x01z", 2);
    output_printf(out, "%d", 1);
    output_printf(out, "%2000d", 1);
    ck_assert_int_eq(output_flush(out), error);
    output_destroy(out);
}

START_TEST(a_full_disk_sticks)
{
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    check_sticks(create(fd), -ENOSPC);
    close(fd);
}
END_TEST

START_TEST(a_full_disk_is_met_before_the_flush)
{
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    struct output *out = create(fd);

    write_pattern(out, 2 * BUFFER);
    ck_assert_int_eq(output_error(out), -ENOSPC);
    output_destroy(out);
    close(fd);
}
END_TEST

static void write_without_reader(int flags)
{
    int fds[2];

    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe2(fds, flags), 0);
    close(fds[0]);
    check_sticks(create(fds[1]), -EPIPE);
    close(fds[1]);
}

START_TEST(a_reader_that_has_gone_sticks)
{
    write_without_reader(0);
    write_without_reader(O_NONBLOCK);
}
END_TEST

/* The reader goes while the writer waits for a full pipe. */
static void *close_soon(void *arg)
{
    usleep(50000);
    close(*(int *)arg);
    return NULL;
}

static void lose_reader_while_waiting(int flags)
{
    int fds[2];
    pthread_t thread;
    struct output *out;

    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe2(fds, flags), 0);
    out = create(fds[1]);
    ck_assert_int_eq(pthread_create(&thread, NULL, close_soon, &fds[0]), 0);
    write_pattern(out, 1000 * 1000);
    ck_assert_int_eq(output_flush(out), -EPIPE);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    output_destroy(out);
    close(fds[1]);
}

START_TEST(a_reader_that_goes_ends_the_wait)
{
    lose_reader_while_waiting(0);
    lose_reader_while_waiting(O_NONBLOCK);
}
END_TEST

/* Even when the descriptor works again: what follows a gap is no output. */
START_TEST(a_closed_descriptor_sticks)
{
    struct capture capture;
    struct output *out;
    int fd;

    capture_init(&capture);
    fd = dup(capture.fd);
    out = create(fd);
    close(fd);
    output_puts(out, "lost\n");
    ck_assert_int_eq(output_flush(out), -EBADF);
    ck_assert_int_eq(dup2(capture.fd, fd), fd);
    output_puts(out, "after the gap\n");
    write_pattern(out, 200 * 1000);
    ck_assert_int_eq(output_flush(out), -EBADF);
    ck_assert_int_eq(lseek(fd, 0, SEEK_END), 0);
    output_destroy(out);
    output_destroy(NULL);
    close(fd);
    capture_fini(&capture);
}
END_TEST

START_TEST(closing_may_fail_alone)
{
    char path[] = "/tmp/test_output_XXXXXX";
    int fd = mkstemp(path);
    struct output *out = create(fd);

    ck_assert_int_eq(unlink(path), 0);
    output_puts(out, "line\n");
    close_fails = ENOSPC;
    ck_assert_int_eq(output_close(out), -ENOSPC);
    close_fails = 0;
    ck_assert_int_eq(output_error(out), -ENOSPC);
    ck_assert_uint_eq(output_lines(out), 1);
    output_destroy(out);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
    fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    out = create(fd);
    output_puts(out, "line\n");
    close_fails = EIO;
    ck_assert_int_eq(output_close(out), -ENOSPC);
    close_fails = 0;
    output_destroy(out);
}
END_TEST

/* What the reader gets until nothing is left to write. */
static size_t read_rest(struct output *out, int fd, char *bytes, size_t size)
{
    size_t len = 0;
    bool whole;

    do {
        ssize_t n = read(fd, bytes + len, size - len);
        ck_assert_int_gt(n, 0);
        len += (size_t)n;
        whole = output_advance(out);
    } while (!whole);
    ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    for (ssize_t n; (n = read(fd, bytes + len, size - len)) > 0;)
        len += (size_t)n;
    return len;
}

/* A line has been begun, another one waits, a third one is being put. */
START_TEST(a_flush_ends_the_line_that_has_begun)
{
    static char line[2 * BUFFER], got[2 * BUFFER];
    struct output *out, *beside;
    int fds[2];

    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\n';
    ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
    out = create(fds[1]);
    beside = create(fds[1]);
    output_share(out, beside);
    output_put(out, line, sizeof line);
    output_puts(out, "next\n");
    ck_assert(!output_advance(out));
    output_puts(beside, "beside\n");
    ck_assert(output_is_held(beside));
    ck_assert_int_ge(fcntl(fds[1], F_SETPIPE_SZ, 4 * BUFFER), 0);
    ck_assert_int_eq(output_flush(beside), 0);
    ck_assert_int_eq(output_flush(out), 0);
    for (size_t len = 0; len < sizeof line;)
        len += (size_t)read(fds[0], got + len, sizeof line - len);
    ck_assert_mem_eq(got, line, sizeof line);
    ck_assert_int_eq(read(fds[0], got, sizeof got), 12);
    ck_assert_mem_eq(got, "beside\nnext\n", 12);
    output_destroy(beside);
    output_destroy(out);
    close(fds[0]);
    close(fds[1]);
}
END_TEST

START_TEST(without_memory_lines_that_were_whole_stay_so)
{
    enum { LONG = 3 * BUFFER };
    static char line[LONG], got[2 * LONG];
    struct output *out, *beside;
    int fds[2];

    memset(line, 'x', LONG);
    line[LONG - 1] = '\n';
    ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
    out = create(fds[1]);
    beside = create(fds[1]);
    output_share(out, beside);
    output_put(out, line, LONG);
    ck_assert(!output_advance(out));
    output_puts(out, "next\nhalf");
    output_puts(beside, "beside\n");
    memory_ends = true;
    output_put(out, line, LONG);
    memory_ends = false;
    ck_assert_int_eq(output_error(out), -ENOMEM);
    output_puts(out, "more\n");
    ck_assert(output_is_held(beside));
    ck_assert_uint_eq(read_rest(out, fds[0], got, sizeof got), LONG + 5);
    ck_assert_mem_eq(got, line, LONG);
    ck_assert_mem_eq(got + LONG, "next\n", 5);
    ck_assert_uint_eq(output_lines(out), 2);
    ck_assert_int_eq(output_flush(out), -ENOMEM);
    ck_assert(!output_is_held(beside));
    output_destroy(beside);
    output_destroy(out);
    close(fds[0]);
    close(fds[1]);
}
END_TEST

START_TEST(without_memory_nothing_is_left_of_half_a_line)
{
    static char line[2 * BUFFER];
    struct capture capture;

    memset(line, 'x', sizeof line);
    capture_init(&capture);
    output_puts(capture.out, "half");
    memory_ends = true;
    output_put(capture.out, line, sizeof line);
    memory_ends = false;
    ck_assert_int_eq(output_flush(capture.out), -ENOMEM);
    ck_assert_int_eq(lseek(capture.fd, 0, SEEK_END), 0);
    capture_fini(&capture);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_is_written_before_the_flush,
        printf_of_every_length, a_full_buffer_writes_whole_lines,
        a_line_longer_than_the_buffer_stays_whole, escapes_at_the_buffers_end,
        a_slow_reader_gets_all, a_slow_reader_of_a_nonblocking_pipe_gets_all,
        advance_waits_for_nobody, a_long_line_is_written_in_pieces,
        signals_lose_nothing, a_full_disk_sticks,
        a_full_disk_is_met_before_the_flush, a_reader_that_has_gone_sticks,
        a_reader_that_goes_ends_the_wait, a_closed_descriptor_sticks,
        closing_may_fail_alone, a_flush_ends_the_line_that_has_begun,
        without_memory_lines_that_were_whole_stay_so,
        without_memory_nothing_is_left_of_half_a_line, NULL};

    return run_tests("output", tests);
}
