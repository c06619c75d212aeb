/*
 * reader: lines from files and pipes.
 */
#include "harness.h"

#include "async/core/error.h"
#include "async/net/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT = 10 };

ssize_t __real_read(int fd, void *bytes, size_t size);
ssize_t __wrap_read(int fd, void *bytes, size_t size);

static int fails, failure; /* so many reads, with this errno */
static size_t piece; /* at most so many bytes at once, if not 0 */

ssize_t __wrap_read(int fd, void *bytes, size_t size)
{
    if (fails) {
        fails--;
        errno = failure;
        return -1;
    }
    return __real_read(fd, bytes, piece && piece < size ? piece : size);
}

static struct reader *reader_on(int fd)
{
    struct reader *reader = NULL;
    ck_assert_int_eq(reader_create(&reader, fd, LIMIT), 0);
    return reader;
}

/* "[line]", "[first bytes!]" of a line too long; the result at the end. */
static int say_lines(void *arg)
{
    struct reader *reader = arg;
    struct reader_line line;
    int result;
    while (!(result = reader_readline(reader, &line)))
        say("[%.*s%s]", (int)line.len, line.bytes, line.too_long ? "!" : "");
    return result;
}

static const struct {
    const char *text, *lines;
} cases[] = {
    {"", ""},
    {"\n", "[]"},
    {"a", "[a]"},
    {"a\n", "[a]"},
    {"a\nb", "[a] [b]"},
    {"a\n\nb\n", "[a] [] [b]"},
    {"a\r\n", "[a\r]"},
    {"0123456789\nx\n", "[0123456789] [x]"},
    {"0123456789", "[0123456789]"},
    {"0123456789a\nx\n", "[0123456789!] [x]"},
    {"0123456789a", "[0123456789!]"},
    {"0123456789abcdefghijklmnopq\n\nx", "[0123456789!] [] [x]"},
    {"0123456789a\n0123456789a\n", "[0123456789!] [0123456789!]"},
};
enum { CASES = sizeof cases / sizeof *cases };

/* --- files --- */

static int read_files(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < CASES; i++) {
        char path[32];
        int fd = text_file(cases[i].text, path);
        struct reader *reader = reader_on(fd);
        ck_assert_int_eq(say_lines(reader), ASYNC_EOF);
        said(cases[i].lines);
        ck_assert_int_eq(say_lines(reader), ASYNC_EOF);
        said("");
        reader_destroy(reader);
        close(fd);
    }
    return 0;
}

START_TEST(files_are_cut_into_lines)
{
    run(read_files, NULL);
    piece = 1;
    run(read_files, NULL);
    piece = 3;
    run(read_files, NULL);
    reader_destroy(NULL);
}
END_TEST

static int read_large_file(void *arg)
{
    enum { SIZE = 300 * 1000 };
    char path[32], *text = malloc(SIZE + 1);
    struct reader_line line;
    (void)arg;
    memset(text, 'x', SIZE);
    text[SIZE] = '\0';
    for (int i = 9; i < SIZE; i += 10)
        text[i] = '\n';
    memset(text + SIZE / 2, 'y', 150 * 1000 - 1); /* one of 150,000 */
    int fd = text_file(text, path), lines = 0, too_long = 0;
    struct reader *reader = reader_on(fd);
    while (!reader_readline(reader, &line)) {
        ck_assert_uint_eq(line.len, line.too_long ? LIMIT : 9);
        lines++;
        too_long += line.too_long;
    }
    ck_assert_int_eq(lines, SIZE / 2 / 10 + 1);
    ck_assert_int_eq(too_long, 1);
    reader_destroy(reader);
    close(fd);
    free(text);
    return 0;
}

START_TEST(files_may_be_larger_than_the_buffer)
{
    run(read_large_file, NULL);
}
END_TEST

static int say_number(void *arg)
{
    say("%d", *(int *)arg);
    return 0;
}

/* A file that is always readable lets others run. */
static int read_beside_others(void *arg)
{
    int number = 7;
    char path[32];
    (void)arg;
    int fd = text_file("a\nb\n", path);
    struct reader *reader = reader_on(fd);
    struct task *other = spawn(say_number, &number);
    ck_assert_int_eq(say_lines(reader), ASYNC_EOF);
    said("7 [a] [b]");
    ck_assert_int_eq(task_join(other), 0);
    reader_destroy(reader);
    close(fd);
    return 0;
}

START_TEST(a_file_lets_others_run)
{
    run(read_beside_others, NULL);
}
END_TEST

/* --- pipes --- */

static void put(int fd, const char *text)
{
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    settle();
}

static int read_pipe(void *arg)
{
    int fds[2];
    (void)arg;
    ck_assert_int_eq(pipe(fds), 0);
    struct reader *reader = reader_on(fds[0]);
    struct task *task = spawn(say_lines, reader);
    settle();
    ck_assert_int_eq(armed_events(), 1);
    put(fds[1], "a\nb");
    said("[a]");
    put(fds[1], "c");
    said("");
    put(fds[1], "d\ne\n");
    said("[bcd] [e]");
    put(fds[1], "0123456789abc");
    said("[0123456789!]");
    put(fds[1], "def");
    said("");
    put(fds[1], "ghi\nlast");
    said("");
    close(fds[1]);
    ck_assert_int_eq(task_join(task), ASYNC_EOF);
    said("[last]");
    ck_assert_int_eq(fcntl(fds[0], F_GETFL) & O_NONBLOCK, 0);
    reader_destroy(reader);
    close(fds[0]);
    return 0;
}

START_TEST(a_pipes_lines_come_as_they_are_written)
{
    run(read_pipe, NULL);
}
END_TEST

static int cancel_reading(void *arg)
{
    int fds[2];
    (void)arg;
    ck_assert_int_eq(pipe(fds), 0);
    struct reader *reader = reader_on(fds[0]);
    struct task *task = spawn(say_lines, reader);
    put(fds[1], "a\nb");
    task_cancel(task);
    ck_assert_int_eq(task_join(task), -ECANCELED);
    ck_assert_int_eq(armed_events(), 0);
    task = spawn(say_lines, reader); /* nothing is lost */
    put(fds[1], "c\n");
    said("[a] [bc]");
    struct wait_for scope;
    wait_for_enter(&scope, LOOP_MILLISECOND);
    int result = wait_for_leave(&scope, task_join(task));
    ck_assert_int_eq(result, -ETIMEDOUT);
    reader_destroy(reader);
    close(fds[0]);
    close(fds[1]);
    return 0;
}

START_TEST(an_interrupted_reader_goes_on_later)
{
    run(cancel_reading, NULL);
}
END_TEST

/* --- failures --- */

static int read_failing(void *arg)
{
    const int errors[] = {EAGAIN, EINTR, EIO};
    (void)arg;
    for (int i = 0; i < 3; i++) {
        int fds[2];
        ck_assert_int_eq(pipe(fds), 0);
        struct reader *reader = reader_on(fds[0]);
        put(fds[1], "a\nb");
        close(fds[1]);
        fails = 3;
        failure = errors[i];
        int result = say_lines(reader);
        if (errors[i] == EIO) {
            ck_assert_int_eq(result, -EIO);
            said("");
            fails = 0;
            result = say_lines(reader);
        }
        ck_assert_int_eq(result, ASYNC_EOF);
        said("[a] [b]");
        reader_destroy(reader);
        close(fds[0]);
    }
    int fd = open("/", O_RDONLY | O_CLOEXEC);
    struct reader *reader = reader_on(fd);
    ck_assert_int_eq(say_lines(reader), -EISDIR);
    reader_destroy(reader);
    close(fd);
    return 0;
}

START_TEST(a_failing_read_is_told_or_tried_again)
{
    run(read_failing, NULL);
}
END_TEST

/* --- without awaiting --- */

static void say_lines_now(struct reader *reader)
{
    struct reader_line line;
    int result;
    while (!(result = reader_readline_now(reader, &line)))
        say("[%.*s%s]", (int)line.len, line.bytes, line.too_long ? "!" : "");
    ck_assert_int_eq(result, ASYNC_EOF);
}

static int read_rest(void *arg)
{
    char path[32];
    struct reader_line line;
    int fds[2];
    (void)arg;
    int fd = text_file("a\nb\n0123456789ab\nc", path);
    struct reader *reader = reader_on(fd);
    ck_assert_int_eq(reader_readline(reader, &line), 0);
    task_cancel(task_current());
    say_lines_now(reader);
    said("[b] [0123456789!] [c]");
    reader_destroy(reader);
    close(fd);

    ck_assert_int_eq(pipe(fds), 0);
    ck_assert_int_eq(write(fds[1], "a\nb\nc", 5), 5);
    reader = reader_on(fds[0]);
    say_lines_now(reader); /* a pipe might make it wait */
    said("");
    reader_destroy(reader);
    close(fds[0]);
    close(fds[1]);
    return 0;
}

START_TEST(the_rest_of_a_file_needs_no_loop)
{
    run(read_rest, NULL);
}
END_TEST

/* A writer that is late, and a read that has to be tried again. */
START_TEST(without_a_loop_the_process_waits)
{
    struct reader_line line;
    struct reader *reader;
    int fds[2], result;
    ck_assert_int_eq(pipe2(fds, O_NONBLOCK), 0);
    pid_t writer = fork();
    if (writer == 0) {
        usleep(20000);
        result = (int)write(fds[1], "a\n0123456789a\nb", 15);
        close(fds[0]);
        close(fds[1]);
        _exit(result != 15);
    }
    close(fds[1]);
    reader = reader_on(fds[0]);
    fails = 1;
    failure = EAGAIN;
    while (!(result = reader_readline_blocking(reader, &line)))
        say("[%.*s%s]", (int)line.len, line.bytes, line.too_long ? "!" : "");
    ck_assert_int_eq(result, ASYNC_EOF);
    said("[a] [0123456789!] [b]");
    ck_assert_int_eq(waitpid(writer, &result, 0), writer);
    ck_assert_int_eq(result, 0);
    reader_destroy(reader);
    close(fds[0]);
}
END_TEST

SUITE("reader", files_are_cut_into_lines, files_may_be_larger_than_the_buffer,
    a_file_lets_others_run, a_pipes_lines_come_as_they_are_written,
    an_interrupted_reader_goes_on_later, a_failing_read_is_told_or_tried_again,
    the_rest_of_a_file_needs_no_loop, without_a_loop_the_process_waits)
