/*
 * coro - a stack and a way on and off it.  Knows neither loop nor tasks.
 *
 * Stacks come from a pool: address space mapped in slabs, each stack with a
 * guard page below, given back for the next coroutine.  Pages are touched
 * lazily, so a coroutine costs what it uses.
 */
#ifndef ASYNC_CORO_H
#define ASYNC_CORO_H

#include <stdbool.h>
#include <stddef.h>

struct coro;
struct coro_pool;

/*
 * A pool whose stacks each have `storage` bytes (aligned to 16) set aside at
 * their upper end for the caller, in the page that is touched anyway.
 * Returns 0 or -ENOMEM.
 */
int coro_pool_create(struct coro_pool **out, size_t storage);
/* No coroutine of the pool may be left.  NULL-safe. */
void coro_pool_destroy(struct coro_pool *pool);

/*
 * A coroutine that runs fn(itself) from its first coro_resume on.  Returns 0 or
 * -ENOMEM.  coro_destroy gives the stack back; it must not be running.
 */
int coro_create(
    struct coro_pool *pool, struct coro **out, void (*fn)(struct coro *));
void coro_destroy(struct coro *coro);

/* The caller's bytes on this stack; content undefined at first. */
void *coro_storage(struct coro *coro);

/* Runs the coroutine until it suspends or its function returns. */
void coro_resume(struct coro *coro);
/* Called on the coroutine's own stack: back to whoever resumed it. */
void coro_suspend(struct coro *coro);
/* Its function has returned. */
bool coro_done(const struct coro *coro);

/* The lowest usable address of its stack, where the guard page ends, and the
 * size of every stack. */
void *coro_stack_base(const struct coro *coro);
size_t coro_stack_size(void);

#endif
