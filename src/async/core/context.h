/*
 * context - the seam between coro and the machine: how to leave one stack
 * and go on with another.  Two functions; the build chooses who has them
 * (switch.S, or <ucontext.h> where there is no assembly).
 */
#ifndef ASYNC_CONTEXT_H
#define ASYNC_CONTEXT_H

#include <stddef.h>

#ifdef ASYNC_CONTEXT_UCONTEXT
#include <ucontext.h>

struct context {
    ucontext_t saved;
    void (*entry)(void *arg);
    void *arg;
};
#else
struct context {
    void *sp; /* the callee-saved registers lie on the stack, from here up */
};
#endif

/*
 * Makes `context` one that runs entry(arg) on the stack [base, base + size)
 * when it is first switched to.  entry must never return.  size is a
 * multiple of 16, base + size aligned to 16.
 */
void context_init(struct context *context, void *base, size_t size,
    void (*entry)(void *arg), void *arg);

/* Saves where we are in `from` and goes on where `to` was saved. */
void context_switch(struct context *from, struct context *to);

#endif
