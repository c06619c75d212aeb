/*
 * signals - see signals.h.
 *
 * Invariant: `told` is readable from the first signal on, for every loop
 * there will be.
 */
#include "async/core/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof signals / sizeof *signals };

/* A handler has nothing but globals. */
static volatile sig_atomic_t caught;
static bool watched[SIGNALS];
static int told = -1; /* an eventfd */

static void restore_all(void)
{
    for (int i = 0; i < SIGNALS; i++)
        if (watched[i])
            signal(signals[i], SIG_DFL);
}

static void signal_handle(int signum)
{
    int error = errno;
    const uint64_t one = 1;
    caught = signum;
    restore_all();
    (void)!write(told, &one, sizeof one);
    errno = error;
}

static bool is_unwanted(int signum)
{
    struct sigaction action;
    return !sigaction(signum, NULL, &action) && action.sa_handler == SIG_IGN;
}

int signals_catch(void)
{
    struct sigaction action = {
        .sa_handler = signal_handle,
        .sa_flags = (int)SA_RESTART,
    };
    told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (told < 0)
        return -errno;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < SIGNALS; i++)
        sigaddset(&action.sa_mask, signals[i]);
    for (int i = 0; i < SIGNALS; i++)
        watched[i] = !is_unwanted(signals[i]);
    for (int i = 0; i < SIGNALS; i++)
        if (watched[i] && sigaction(signals[i], &action, NULL))
            return -errno;
    return 0;
}

void signals_release(void)
{
    restore_all();
    if (told >= 0)
        close(told);
    told = -1;
}

int signals_caught(void)
{
    return caught;
}

int signals_watch_start(struct loop *loop, struct signals_watch *watch,
    event_callback_fn fn, void *arg)
{
    event_assign(&watch->event, loop_base(loop), told, EV_READ, fn, arg);
    return event_add(&watch->event, NULL) ? -ENOMEM : 0;
}

void signals_watch_stop(struct signals_watch *watch)
{
    event_del(&watch->event);
}
