/*
 * semaphore - so many at once, first come, first served; see task.h.
 *
 * Invariant: somebody waits only while the value is 0.
 */
#include "async/core/task.h"

struct semaphore_waiter {
    struct future granted;
    TAILQ_ENTRY(semaphore_waiter) link;
};

void semaphore_init(struct semaphore *semaphore, unsigned value)
{
    semaphore->value = value;
    TAILQ_INIT(&semaphore->waiters);
}

int semaphore_acquire(struct semaphore *semaphore)
{
    if (semaphore->value > 0) {
        semaphore->value--;
        return 0;
    }
    struct semaphore_waiter waiter;
    future_init(&waiter.granted);
    TAILQ_INSERT_TAIL(&semaphore->waiters, &waiter, link);
    int result = await(&waiter.granted);
    if (!waiter.granted.done)
        TAILQ_REMOVE(&semaphore->waiters, &waiter, link);
    return result;
}

void semaphore_release(struct semaphore *semaphore)
{
    struct semaphore_waiter *first = TAILQ_FIRST(&semaphore->waiters);
    if (!first) {
        semaphore->value++;
        return;
    }
    TAILQ_REMOVE(&semaphore->waiters, first, link);
    future_set(&first->granted, 0);
}
