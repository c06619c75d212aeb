/*
 * signals - SIGINT, SIGTERM and SIGHUP, caught from the program's beginning
 * to its end, whether a loop runs or not.
 *
 * The first is kept and told.  The second has the system's own effect: when
 * the process waits for somebody to take its output, no loop hears anything.
 *
 * Other signals end nothing: each one that arrives is a request.
 */
#ifndef ASYNC_SIGNALS_H
#define ASYNC_SIGNALS_H

#include "async/core/loop.h"

/* From now on.  One that is ignored is left alone (nohup(1), trap '' INT).  0
 * or -errno. */
int signals_catch(void);
/* No longer; harmless where they were not. */
void signals_release(void);

/* The requests of signals that end nothing. */
enum signals_wish {
    SIGNALS_STATE = 1, /* SIGUSR1, SIGQUIT: how far is it? */
    SIGNALS_REOPEN = 2, /* SIGHUP: begin a new log */
};

/* Catches those signals, too; call it after signals_catch.  SIGHUP is a request
 * only with `reopens`; else it ends the program.  A signal that is ignored
 * stays ignored.  0 or -errno. */
int signals_serve(bool reopens);
/* The requests since the last call: bits of enum signals_wish. */
unsigned signals_wishes(void);

/* The one that was caught; 0: none so far. */
int signals_caught(void);

/* fn(…) on the loop when one is caught; at once when it was already.  The
 * watch is the caller's storage.  0 or -ENOMEM. */
struct signals_watch {
    struct event event;
};

int signals_watch_start(struct loop *loop, struct signals_watch *watch,
    event_callback_fn fn, void *arg);
/* The same for requests; fn calls signals_wishes. */
int signals_wishes_start(struct loop *loop, struct signals_watch *watch,
    event_callback_fn fn, void *arg);
void signals_watch_stop(struct signals_watch *watch);

#endif
