/*
 * backpressure: who waits while a pipe is full, for how long, and on which
 * clock.
 */
#include "crawl/backpressure.h"

#include "async/core/task.h"
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOT = 300 * 1000, LINE = 100, SMALL = 4096 /* a pipe of one page */ };

enum { OUT, ERR, COUNT };

struct pipes {
    int out[2], err[2];
    struct output *outputs[COUNT];
    struct backpressure backpressure;
    int passed; /* waits that are over */
};

static void small_pipe(int fds[2])
{
    ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
    ck_assert_int_ge(fcntl(fds[1], F_SETPIPE_SZ, SMALL), SMALL);
}

static void backpressure_begin(struct pipes *p)
{
    const struct outputs outputs = {p->outputs, COUNT};
    output_share(p->outputs[OUT], p->outputs[ERR]);
    ck_assert_int_eq(
        backpressure_open(&p->backpressure, loop_running(), &outputs), 0);
}

static void pipes_open(struct pipes *p)
{
    small_pipe(p->out);
    small_pipe(p->err);
    p->outputs[OUT] = output_create(p->out[1]);
    p->outputs[ERR] = output_create(p->err[1]);
    p->passed = 0;
    backpressure_begin(p);
}

static void pipes_close(struct pipes *p)
{
    backpressure_close(&p->backpressure);
    for (int i = 0; i < COUNT; i++)
        output_destroy(p->outputs[i]);
    for (int i = 0; i < 2; i++) {
        close(p->out[i]);
        close(p->err[i]);
    }
}

static void put_lines(struct output *out, size_t len)
{
    char line[LINE];
    memset(line, 'x', LINE - 1);
    line[LINE - 1] = '\n';
    for (size_t put = 0; put < len; put += LINE)
        output_put(out, line, LINE);
}

/* Takes all that comes, with passes of the loop in between. */
static void drain(struct pipes *p, int fd, size_t len)
{
    static char bytes[SMALL];
    while (len > 0) {
        ssize_t n = read(fd, bytes, sizeof bytes);
        ck_assert_int_gt(n, 0);
        len -= (size_t)n;
        backpressure_advance(&p->backpressure);
        ck_assert_int_eq(task_sleep(0), 0);
    }
}

static int wait_once(void *arg)
{
    struct pipes *p = arg;
    int error = backpressure_wait(&p->backpressure);
    p->passed++;
    return error;
}

static int wait_thrice(struct pipes *p, int which)
{
    struct task *tasks[3];
    put_lines(p->outputs[which], LOT);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(task_spawn(&tasks[i], wait_once, p), 0);
    ck_assert_int_eq(task_sleep(20 * LOOP_MILLISECOND), 0);
    ck_assert_int_eq(p->passed, 0);
    drain(p, which == OUT ? p->out[0] : p->err[0], LOT);
    return task_gather(tasks, 3);
}

static int full_pipe(void *arg)
{
    struct pipes p;
    (void)arg;
    for (int which = 0; which < COUNT; which++) {
        pipes_open(&p);
        ck_assert_int_eq(backpressure_wait(&p.backpressure), 0); /* at once */
        ck_assert_int_eq(wait_thrice(&p, which), 0);
        ck_assert_int_eq(p.passed, 3);
        pipes_close(&p);
    }
    return 0;
}

/* The reader goes on while nobody but the loop is there to write. */
static int drain_later(void *arg)
{
    struct pipes *p = arg;
    ck_assert_int_eq(task_sleep(50 * LOOP_MILLISECOND), 0);
    drain(p, p->out[0], LOT);
    return 0;
}

static int clock_stands_still(void *arg)
{
    struct pipes p;
    struct task *reader;
    struct wait_for scope;
    (void)arg;
    pipes_open(&p);
    put_lines(p.outputs[OUT], LOT);
    ck_assert_int_eq(task_spawn(&reader, drain_later, &p), 0);
    wait_for_enter(&scope, 20 * LOOP_MILLISECOND);
    int64_t before = task_time();
    backpressure_wait_timeless(&p.backpressure);
    ck_assert_int_lt(task_time() - before, 20 * LOOP_MILLISECOND);
    ck_assert_int_eq(wait_for_leave(&scope, task_sleep(0)), 0);
    ck_assert_int_eq(task_join(reader), 0);
    pipes_close(&p);
    return 0;
}

/* A deadline holds for who goes by the ordinary clock, and so does cancel. */
static int interrupted(void *arg)
{
    struct pipes p;
    struct task *waiter;
    struct wait_for scope;
    (void)arg;
    pipes_open(&p);
    put_lines(p.outputs[OUT], LOT);
    wait_for_enter(&scope, LOOP_MILLISECOND);
    int result = backpressure_wait(&p.backpressure);
    ck_assert_int_eq(wait_for_leave(&scope, result), -ETIMEDOUT);
    ck_assert_int_eq(task_spawn(&waiter, wait_once, &p), 0);
    ck_assert_int_eq(task_sleep(0), 0);
    task_cancel(waiter);
    ck_assert_int_eq(task_join(waiter), -ECANCELED);
    pipes_close(&p);
    return 0;
}

/* Nobody waits for a reader that has gone. */
static int reader_gone(void *arg)
{
    struct pipes p;
    struct task *waiter;
    (void)arg;
    pipes_open(&p);
    put_lines(p.outputs[OUT], LOT);
    ck_assert_int_eq(task_spawn(&waiter, wait_once, &p), 0);
    ck_assert_int_eq(task_sleep(0), 0);
    close(p.out[0]);
    ck_assert_int_eq(task_join(waiter), 0);
    ck_assert_int_eq(output_error(p.outputs[OUT]), -EPIPE);
    p.out[0] = dup(p.err[0]);
    pipes_close(&p);
    return 0;
}

/* Both are one pipe: a long line of the one is never cut by the other. */
static int one_pipe(void *arg)
{
    static char line[5 * SMALL], got[7 * SMALL];
    struct pipes p;
    size_t len = 0;
    (void)arg;
    pipes_open(&p);
    output_destroy(p.outputs[ERR]);
    p.outputs[ERR] = output_create(p.out[1]);
    backpressure_close(&p.backpressure);
    backpressure_begin(&p);
    memset(line, 'o', sizeof line);
    line[sizeof line - 1] = '\n';
    output_put(p.outputs[OUT], line, sizeof line);
    output_puts(p.outputs[ERR], "error\n");
    while (len < sizeof line + 6) {
        backpressure_advance(&p.backpressure);
        len += (size_t)read(p.out[0], got + len, sizeof got - len);
        ck_assert_int_eq(task_sleep(0), 0);
    }
    ck_assert_mem_eq(got, line, sizeof line);
    ck_assert_mem_eq(got + sizeof line, "error\n", 6);
    pipes_close(&p);
    return 0;
}

/* So it is, too, when there is no room to put more. */
static int one_pipe_full(void *arg)
{
    static char line[3 * SMALL], got[SMALL];
    struct pipes p;
    (void)arg;
    pipes_open(&p);
    output_destroy(p.outputs[ERR]);
    p.outputs[ERR] = output_create(p.out[1]);
    backpressure_close(&p.backpressure);
    backpressure_begin(&p);
    memset(line, 'e', sizeof line);
    line[sizeof line - 1] = '\n';
    output_put(p.outputs[ERR], line, sizeof line);
    backpressure_advance(&p.backpressure);
    for (size_t len = 0; len < sizeof line; len += SMALL) {
        ck_assert_int_eq(read(p.out[0], got, SMALL), SMALL);
        ck_assert_mem_eq(got, line + len, SMALL);
        put_lines(p.outputs[OUT], LOT);
        ck_assert_int_eq(task_sleep(0), 0);
        backpressure_advance(&p.backpressure);
    }
    pipes_close(&p);
    return 0;
}

/* Of two pipes each has its own reader. */
static int two_pipes(void *arg)
{
    static char line[3 * SMALL];
    struct pipes p;
    (void)arg;
    pipes_open(&p);
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\n';
    for (int i = 0; i < COUNT; i++)
        output_put(p.outputs[i], line, sizeof line);
    backpressure_advance(&p.backpressure);
    drain(&p, p.err[0], sizeof line);
    drain(&p, p.out[0], sizeof line);
    pipes_close(&p);
    return 0;
}

static void on_loop(task_fn *body)
{
    struct loop *loop;
    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(task_run(loop, body, NULL), 0);
    loop_destroy(loop);
}

START_TEST(a_full_pipe_is_waited_for)
{
    on_loop(full_pipe);
}
END_TEST

START_TEST(the_clock_stands_still)
{
    on_loop(clock_stands_still);
}
END_TEST

START_TEST(the_wait_can_be_interrupted)
{
    on_loop(interrupted);
}
END_TEST

START_TEST(a_reader_that_goes_ends_the_wait)
{
    on_loop(reader_gone);
}
END_TEST

START_TEST(lines_in_one_pipe_stay_whole)
{
    on_loop(one_pipe);
}
END_TEST

START_TEST(lines_in_one_pipe_stay_whole_without_room)
{
    on_loop(one_pipe_full);
}
END_TEST

START_TEST(two_pipes_do_not_wait_for_each_other)
{
    on_loop(two_pipes);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_full_pipe_is_waited_for,
        the_clock_stands_still, the_wait_can_be_interrupted,
        a_reader_that_goes_ends_the_wait, lines_in_one_pipe_stay_whole,
        lines_in_one_pipe_stay_whole_without_room,
        two_pipes_do_not_wait_for_each_other, NULL};

    return run_tests("backpressure", tests);
}
