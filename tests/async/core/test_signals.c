/*
 * signals: kept, told to each loop, and only the first of them.
 */
#include "harness.h"

#include "async/core/signals.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    say("told");
    future_set(arg, 0);
}

static int hear(void *arg)
{
    struct signals_watch watch;
    struct future heard;
    int signum = *(int *)arg;
    future_init(&heard);
    ck_assert_int_eq(
        signals_watch_start(loop_running(), &watch, tell, &heard), 0);
    settle();
    if (signum) {
        ck_assert(!heard.done && !signals_caught());
        raise(signum);
    }
    ck_assert_int_eq(await(&heard), 0);
    signals_watch_stop(&watch);
    return 0;
}

START_TEST(a_signal_is_told_to_each_loop)
{
    int signum = SIGTERM, none = 0;
    int fds = open_fds();
    ck_assert_int_eq(signals_catch(), 0);
    ck_assert_int_eq(signals_caught(), 0);
    run(hear, &signum);
    run(hear, &none);
    said("told told");
    ck_assert_int_eq(signals_caught(), SIGTERM);
    signals_release();
    ck_assert_int_eq(open_fds(), fds);
}
END_TEST

static void serve(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    unsigned wishes = signals_wishes();
    say(wishes & SIGNALS_STATE ? "state" : "-");
    say(wishes & SIGNALS_REOPEN ? "reopen" : "-");
    if (wishes & SIGNALS_REOPEN)
        future_set(arg, 0);
}

static int hear_wishes(void *arg)
{
    struct signals_watch watch;
    struct future heard;
    (void)arg;
    future_init(&heard);
    ck_assert_int_eq(
        signals_wishes_start(loop_running(), &watch, serve, &heard), 0);
    raise(SIGUSR1);
    settle();
    raise(SIGQUIT);
    settle();
    raise(SIGUSR1);
    raise(SIGHUP);
    ck_assert_int_eq(await(&heard), 0);
    signals_watch_stop(&watch);
    return 0;
}

/* They end nothing, however often they come. */
START_TEST(wishes)
{
    int fds = open_fds();
    ck_assert_int_eq(signals_catch(), 0);
    ck_assert_int_eq(signals_serve(true), 0);
    run(hear_wishes, NULL);
    said("state - state - state reopen");
    ck_assert_int_eq(signals_caught(), 0);
    ck_assert_uint_eq(signals_wishes(), 0);
    signals_release();
    ck_assert_int_eq(open_fds(), fds);
}
END_TEST

/* Without a log SIGHUP ends; one that is ignored does nothing. */
START_TEST(wishes_that_are_none)
{
    signal(SIGUSR1, SIG_IGN);
    ck_assert_int_eq(signals_catch(), 0);
    ck_assert_int_eq(signals_serve(false), 0);
    raise(SIGUSR1);
    ck_assert_uint_eq(signals_wishes(), 0);
    raise(SIGHUP);
    ck_assert_uint_eq(signals_wishes(), 0);
    ck_assert_int_eq(signals_caught(), SIGHUP);
    signals_release();
    ck_assert_ptr_eq(signal(SIGUSR1, SIG_DFL), SIG_IGN);
}
END_TEST

START_TEST(one_between_loops_is_kept)
{
    int none = 0;
    ck_assert_int_eq(signals_catch(), 0);
    raise(SIGINT);
    ck_assert_int_eq(signals_caught(), SIGINT);
    run(hear, &none);
    said("told");
    signals_release();
}
END_TEST

/* How a process ends that gets these two: its signal, 0 if it lives. */
static int end_by(int first, int second)
{
    int status;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        int error = signals_catch();
        raise(first);
        raise(second);
        signals_release();
        _exit(error != 0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

START_TEST(the_second_has_the_systems_own_effect)
{
    ck_assert_int_eq(end_by(SIGINT, SIGINT), SIGINT);
    ck_assert_int_eq(end_by(SIGINT, SIGTERM), SIGTERM);
    ck_assert_int_eq(end_by(SIGHUP, SIGINT), SIGINT);
}
END_TEST

START_TEST(one_that_is_ignored_stays_so)
{
    static const int all[] = {SIGHUP, SIGINT, SIGTERM};
    for (int i = 0; i < 3; i++) {
        int ignored = all[i], other = all[(i + 1) % 3];
        signal(ignored, SIG_IGN);
        ck_assert_int_eq(end_by(ignored, ignored), 0);
        ck_assert_int_eq(end_by(ignored, other), 0);
        ck_assert_int_eq(end_by(other, ignored), 0);
        ck_assert_int_eq(end_by(other, other), other);
        signal(ignored, SIG_DFL);
    }
}
END_TEST

START_TEST(released_they_are_the_systems_again)
{
    struct sigaction now;
    ck_assert_int_eq(signals_catch(), 0);
    signals_release();
    ck_assert_int_eq(sigaction(SIGTERM, NULL, &now), 0);
    ck_assert_ptr_eq(now.sa_handler, SIG_DFL);
    signals_release();
}
END_TEST

SUITE("signals", a_signal_is_told_to_each_loop, one_between_loops_is_kept,
    the_second_has_the_systems_own_effect, one_that_is_ignored_stays_so,
    released_they_are_the_systems_again, wishes, wishes_that_are_none)
