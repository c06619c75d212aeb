/*
 * coro_selftest - the context switch under load, without a test framework,
 * so that it can also be compiled for another machine and run by an
 * emulator.  Prints one line per check; exits 1 at the first failure.
 */
#include "async/core/coro.h"

#include <fenv.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int checks;

static void check(bool holds, const char *what)
{
    checks++;
    printf("%s %d - %s\n", holds ? "ok" : "not ok", checks, what);
    if (!holds)
        exit(1);
}

/* Each coroutine keeps a sum in registers, integer and floating point, over
 * many switches; interleaved, any register not kept spoils somebody's. */
struct counter {
    uint64_t seed, sum;
    double real;
    int rounds;
};

static void count(struct coro *self)
{
    struct counter *c = *(struct counter **)coro_storage(self);
    uint64_t a = c->seed, b = a * 3, d = a * 5, e = a * 7, f = a * 11;
    double x = (double)a, y = x * 0.5, z = x * 0.25, w = x * 0.125;
    for (int i = 0; i < c->rounds; i++) {
        a += b, b ^= d, d += e, e ^= f, f += a;
        x += y, y = z - x / 3, z += w, w = x - z / 7;
        if (self && i % 3 == 0)
            coro_suspend(self);
    }
    c->sum = a ^ b ^ d ^ e ^ f;
    c->real = x + y + z + w;
}

static struct counter count_alone(uint64_t seed, int rounds)
{
    struct counter c = {.seed = seed, .rounds = rounds};
    uint64_t a = seed, b = a * 3, d = a * 5, e = a * 7, f = a * 11;
    double x = (double)a, y = x * 0.5, z = x * 0.25, w = x * 0.125;
    for (int i = 0; i < rounds; i++) {
        a += b, b ^= d, d += e, e ^= f, f += a;
        x += y, y = z - x / 3, z += w, w = x - z / 7;
    }
    c.sum = a ^ b ^ d ^ e ^ f;
    c.real = x + y + z + w;
    return c;
}

enum { MANY = 100, ROUNDS = 300 };

static void registers_are_kept(struct coro_pool *pool)
{
    struct coro *coros[MANY];
    struct counter counters[MANY];
    for (int i = 0; i < MANY; i++) {
        counters[i] =
            (struct counter){.seed = (uint64_t)i + 1, .rounds = ROUNDS};
        if (coro_create(pool, &coros[i], count))
            abort();
        *(struct counter **)coro_storage(coros[i]) = &counters[i];
    }
    for (int left = MANY; left;) {
        left = 0;
        for (int i = 0; i < MANY; i++)
            if (!coro_done(coros[i])) {
                coro_resume(coros[i]);
                left += !coro_done(coros[i]);
            }
    }
    bool same = true;
    for (int i = 0; i < MANY; i++) {
        struct counter want = count_alone((uint64_t)i + 1, ROUNDS);
        same &= want.sum == counters[i].sum;
        same &= !memcmp(&want.real, &counters[i].real, sizeof want.real);
        coro_destroy(coros[i]);
    }
    check(same, "registers are kept over 100 interleaved coroutines");
}

static void round_up_then_suspend(struct coro *self)
{
    fesetround(FE_UPWARD);
    coro_suspend(self);
}

static void rounding_is_per_coroutine(struct coro_pool *pool)
{
#if defined(ASYNC_CONTEXT_ASM) && defined(__x86_64__)
    struct coro *coro;
    if (coro_create(pool, &coro, round_up_then_suspend))
        abort();
    coro_resume(coro);
    check(fegetround() == FE_TONEAREST, "the rounding mode stays behind");
    coro_resume(coro);
    coro_destroy(coro);
#else
    (void)pool, (void)round_up_then_suspend;
#endif
}

static void aligned(struct coro *self)
{
    _Alignas(16) char buffer[32];
    volatile uintptr_t where = (uintptr_t)buffer;
    *(bool *)coro_storage(self) = where % 16 == 0;
    (void)snprintf(buffer, sizeof buffer, "%.3f", 1.5); /* uses SSE */
}

static void stacks_are_aligned(struct coro_pool *pool)
{
    struct coro *coro;
    if (coro_create(pool, &coro, aligned))
        abort();
    coro_resume(coro);
    check(coro_done(coro) && *(bool *)coro_storage(coro),
        "a stack is aligned to 16");
    coro_destroy(coro);
}

static void nothing(struct coro *self)
{
    (void)self;
}

static void stacks_are_reused(struct coro_pool *pool)
{
    struct coro *first, *second;
    if (coro_create(pool, &first, nothing))
        abort();
    coro_resume(first);
    coro_destroy(first);
    if (coro_create(pool, &second, nothing))
        abort();
    check(first == second, "the last stack given back is the next one");
    coro_resume(second);
    coro_destroy(second);
}

static void resume_other(struct coro *self)
{
    struct coro *other = *(struct coro **)coro_storage(self);
    while (!coro_done(other))
        coro_resume(other);
}

static void coroutines_nest(struct coro_pool *pool)
{
    struct coro *outer, *inner;
    struct counter c = {.seed = 42, .rounds = ROUNDS};
    if (coro_create(pool, &inner, count) ||
        coro_create(pool, &outer, resume_other))
        abort();
    *(struct counter **)coro_storage(inner) = &c;
    *(struct coro **)coro_storage(outer) = inner;
    coro_resume(outer);
    check(coro_done(outer) && c.sum == count_alone(42, ROUNDS).sum,
        "a coroutine can resume another");
    coro_destroy(inner);
    coro_destroy(outer);
}

/* Touches the stack a page at a time down to the given depth.  Called by a
 * pointer, it cannot become a loop. */
static int deeper(int pages);
static int (*volatile go_deeper)(int) = deeper;

static int deeper(int pages)
{
    volatile char page[4096];
    page[0] = (char)pages;
    int below = pages > 1 ? go_deeper(pages - 1) : 0;
    return below + (page[0] == (char)pages);
}

static void deep_enough(struct coro *self)
{
    int pages = ((int)coro_stack_size() - 16 * 1024) / 4096 * 9 / 10;
    *(int *)coro_storage(self) = deeper(pages) - pages;
}

static void much_of_the_stack_is_there(struct coro_pool *pool)
{
    struct coro *coro;
    if (coro_create(pool, &coro, deep_enough))
        abort();
    *(int *)coro_storage(coro) = -1;
    coro_resume(coro);
    check(*(int *)coro_storage(coro) == 0, "a stack is as deep as promised");
    coro_destroy(coro);
}

static void too_deep(struct coro *self)
{
    *(volatile int *)coro_storage(self) = deeper(1 << 20);
}

static void an_overflow_faults(struct coro_pool *pool)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct coro *coro;
        fclose(stderr);
        if (!coro_create(pool, &coro, too_deep))
            coro_resume(coro);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    bool died = WIFSIGNALED(status) || WEXITSTATUS(status) != 0;
    check(died, "an overflow meets the guard page");
}

static void below_is_guarded(struct coro_pool *pool)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct coro *coro;
        signal(SIGSEGV, SIG_DFL);
        if (!coro_create(pool, &coro, nothing))
            *((volatile char *)coro_stack_base(coro) - 1) = 1;
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV,
        "the byte below a stack is guarded");
}

int main(void)
{
    struct coro_pool *pool;
    if (coro_pool_create(&pool, 2 * sizeof(void *)))
        abort();
    registers_are_kept(pool);
    rounding_is_per_coroutine(pool);
    stacks_are_aligned(pool);
    stacks_are_reused(pool);
    coroutines_nest(pool);
    much_of_the_stack_is_there(pool);
    an_overflow_faults(pool);
    below_is_guarded(pool);
    coro_pool_destroy(pool);
    printf("%d passed, 0 failed\n", checks);
    return 0;
}
