/*
 * context_ucontext - the seam on POSIX's ucontext, for machines without
 * assembly of ours.  Each switch makes two system calls (signal masks).
 */
#include "async/core/context.h"

#include <stdint.h>

/* makecontext passes ints only: a pointer travels in two halves. */
static void context_main(unsigned high, unsigned low)
{
    uintptr_t bits = (uintptr_t)((uint64_t)high << 32 | low);
    struct context *context = (struct context *)bits;
    context->entry(context->arg);
}

void context_init(struct context *context, void *base, size_t size,
    void (*entry)(void *arg), void *arg)
{
    getcontext(&context->saved);
    context->saved.uc_stack.ss_sp = base;
    context->saved.uc_stack.ss_size = size;
    context->saved.uc_link = NULL;
    context->entry = entry;
    context->arg = arg;
    uint64_t bits = (uint64_t)(uintptr_t)context;
    makecontext(&context->saved, (void (*)(void))(uintptr_t)context_main, 2,
        (unsigned)(bits >> 32), (unsigned)bits);
}

void context_switch(struct context *from, struct context *to)
{
    swapcontext(&from->saved, &to->saved);
}
