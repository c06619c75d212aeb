/*
 * signals - see signals.h.
 *
 * Invariant: `told` is readable from the first signal on, for every loop
 * there will be; `asked` from one that ends nothing until it is answered.
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
static volatile sig_atomic_t wants_state, wants_reopen;
static int told = -1, asked = -1; /* eventfds */

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

/* Each one counts, the second, too. */
static void wish_handle(int signum)
{
    int error = errno;
    const uint64_t one = 1;
    if (signum == SIGHUP)
        wants_reopen = 1;
    else
        wants_state = 1;
    (void)!write(asked, &one, sizeof one);
    errno = error;
}

static int serve(int signum)
{
    struct sigaction action = {
        .sa_handler = wish_handle, .sa_flags = (int)SA_RESTART};
    sigfillset(&action.sa_mask);
    if (is_unwanted(signum))
        return 0;
    for (int i = 0; i < SIGNALS; i++)
        watched[i] &= signals[i] != signum;
    return sigaction(signum, &action, NULL) ? -errno : 0;
}

int signals_serve(bool reopens)
{
    asked = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (asked < 0)
        return -errno;
    int error = serve(SIGUSR1);
    if (!error)
        error = serve(SIGQUIT);
    if (!error && reopens)
        error = serve(SIGHUP);
    return error;
}

unsigned signals_wishes(void)
{
    unsigned wishes = 0;
    uint64_t count;
    (void)!read(asked, &count, sizeof count);
    if (wants_state)
        wishes |= SIGNALS_STATE;
    if (wants_reopen)
        wishes |= SIGNALS_REOPEN;
    wants_state = wants_reopen = 0;
    return wishes;
}

static void stop_serving(int signum)
{
    if (asked >= 0 && !is_unwanted(signum))
        signal(signum, SIG_DFL);
}

static void close_event(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void signals_release(void)
{
    restore_all();
    stop_serving(SIGUSR1);
    stop_serving(SIGQUIT);
    stop_serving(SIGHUP);
    close_event(&asked);
    close_event(&told);
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

int signals_wishes_start(struct loop *loop, struct signals_watch *watch,
    event_callback_fn fn, void *arg)
{
    event_assign(
        &watch->event, loop_base(loop), asked, EV_READ | EV_PERSIST, fn, arg);
    return event_add(&watch->event, NULL) ? -ENOMEM : 0;
}

void signals_watch_stop(struct signals_watch *watch)
{
    event_del(&watch->event);
}
