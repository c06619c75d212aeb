/*
 * coro - stacks from slabs, and the walk on and off them.
 *
 * Invariant: from the top down, a stack holds the caller's storage, struct
 * coro, then frames; the page below its base is a guard that faults.
 */
#include "async/core/coro.h"

#include "async/core/annotations.h"
#include "async/core/context.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/queue.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* Linux 6.13 */
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

/* Usable bytes of a stack.  Sanitizers make frames several times larger. */
#if defined(NOTES_SANITIZED) || defined(NOTES_FIBERS)
enum { STACK_SIZE = 512 * 1024 };
#else
enum { STACK_SIZE = 64 * 1024 };
#endif

/* Stacks in one mapping.  One page more than STACK_SIZE between two
 * tops keeps them from falling into the same cache sets. */
enum { SLAB_STACKS = 16, ALIGNMENT = 16 };

struct coro {
    struct context own; /* while suspended */
    struct context resumer; /* while running */
    struct coro_pool *pool;
    void (*fn)(struct coro *);
    char *base;
    SLIST_ENTRY(coro) free;
    bool done;
    struct notes notes;
};

struct slab {
    char *bytes;
    SLIST_ENTRY(slab) next;
};

struct coro_pool {
    SLIST_HEAD(, coro) free;
    SLIST_HEAD(, slab) slabs;
    size_t storage; /* rounded up to ALIGNMENT */
    size_t page; /* bytes, of a guard too */
    size_t live;
    bool light_guards, guards_checked;
    int self; /* a descriptor of this process, once it is needed; or -1 */
};

static size_t round_up(size_t n)
{
    return (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* From one stack of a slab to the next. */
static size_t stride(const struct coro_pool *pool)
{
    return pool->page + STACK_SIZE;
}

static size_t slab_size(const struct coro_pool *pool)
{
    return SLAB_STACKS * stride(pool);
}

/* From here up a stack belongs to struct coro and the storage. */
static struct coro *stack_coro(const struct coro_pool *pool, char *base)
{
    char *top = base + STACK_SIZE;
    return (struct coro *)(void *)(top - pool->storage -
                                   round_up(sizeof(struct coro)));
}

/* An emulator or an old valgrind may take the advice and do nothing. */
static bool guard_holds(void *page)
{
    char byte;
    struct iovec here = {&byte, 1}, there = {page, 1};
    return process_vm_readv(getpid(), &here, 1, &there, 1, 0) < 0 &&
           errno == EFAULT;
}

/* Advice on a page of each stack of a slab, `first` and so on, in one call
 * where the kernel takes that of a process on itself (Linux 6.13). */
static bool advise_each(struct coro_pool *pool, char *first, int advice)
{
    struct iovec pages[SLAB_STACKS];
    for (size_t i = 0; i < SLAB_STACKS; i++)
        pages[i] = (struct iovec){first + i * stride(pool), pool->page};
    if (pool->self < 0)
        pool->self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    long advised =
        syscall(SYS_process_madvise, pool->self, pages, SLAB_STACKS, advice, 0);
    return advised == (long)(SLAB_STACKS * pool->page);
}

/* Unlike a protected page, advice makes no mapping of its own, of which a
 * process may have vm.max_map_count. */
static bool guards_advise(struct coro_pool *pool, char *first)
{
    bool advised = advise_each(pool, first, MADV_GUARD_INSTALL);
    for (size_t i = 0; i < SLAB_STACKS && !advised; i++)
        if (madvise(first + i * stride(pool), pool->page, MADV_GUARD_INSTALL))
            return false;
    if (!pool->guards_checked)
        pool->guards_checked = guard_holds(first);
    return pool->guards_checked;
}

static int guards_install(struct coro_pool *pool, char *first)
{
    pool->light_guards = pool->light_guards && guards_advise(pool, first);
    for (size_t i = 0; i < SLAB_STACKS && !pool->light_guards; i++)
        if (mprotect(first + i * stride(pool), pool->page, PROT_NONE))
            return -ENOMEM;
    return 0;
}

static void slab_destroy(struct coro_pool *pool, struct slab *slab)
{
    annotate_memory_free(slab->bytes, slab_size(pool));
    munmap(slab->bytes, slab_size(pool));
    free(slab);
}

static void slab_add_stacks(struct coro_pool *pool, struct slab *slab)
{
    for (int i = SLAB_STACKS - 1; i >= 0; i--) {
        char *base = slab->bytes + pool->page + (size_t)i * stride(pool);
        struct coro *coro = stack_coro(pool, base);
        coro->pool = pool;
        coro->base = base;
        annotate_stack_made(&coro->notes, base, STACK_SIZE);
        SLIST_INSERT_HEAD(&pool->free, coro, free);
    }
}

static int slab_map(struct coro_pool *pool, struct slab *slab)
{
    slab->bytes = mmap(NULL, slab_size(pool), PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (slab->bytes == MAP_FAILED)
        return -ENOMEM;
    /* A huge page would be touched whole.  Advice: it may be refused. */
    (void)madvise(slab->bytes, slab_size(pool), MADV_NOHUGEPAGE);
    if (guards_install(pool, slab->bytes)) {
        munmap(slab->bytes, slab_size(pool));
        return -ENOMEM;
    }
    /* The pages of the tops are written at once: one call, not 16 faults. */
    if (pool->light_guards)
        (void)advise_each(pool, slab->bytes + STACK_SIZE, MADV_POPULATE_WRITE);
    return 0;
}

static int pool_grow(struct coro_pool *pool)
{
    struct slab *slab = malloc(sizeof *slab);
    if (!slab)
        return -ENOMEM;
    if (slab_map(pool, slab)) {
        free(slab);
        return -ENOMEM;
    }
    slab_add_stacks(pool, slab);
    SLIST_INSERT_HEAD(&pool->slabs, slab, next);
    return 0;
}

int coro_pool_create(struct coro_pool **out, size_t storage)
{
    struct coro_pool *pool = malloc(sizeof *pool);
    if (!pool)
        return -ENOMEM;
    SLIST_INIT(&pool->free);
    SLIST_INIT(&pool->slabs);
    pool->storage = round_up(storage);
    pool->page = (size_t)sysconf(_SC_PAGESIZE);
    pool->live = 0;
    pool->light_guards = true;
    pool->guards_checked = false;
    pool->self = -1;
    *out = pool;
    return 0;
}

void coro_pool_destroy(struct coro_pool *pool)
{
    if (!pool)
        return;
    assert(pool->live == 0);
    struct coro *coro;
    SLIST_FOREACH (coro, &pool->free, free)
        annotate_stack_gone(&coro->notes);
    while (!SLIST_EMPTY(&pool->slabs)) {
        struct slab *slab = SLIST_FIRST(&pool->slabs);
        SLIST_REMOVE_HEAD(&pool->slabs, next);
        slab_destroy(pool, slab);
    }
    if (pool->self >= 0)
        close(pool->self);
    free(pool);
}

static void coro_main(void *arg)
{
    struct coro *coro = arg;
    annotate_coro_in(&coro->notes, true);
    coro->fn(coro);
    coro->done = true;
    annotate_suspending(&coro->notes, true);
    context_switch(&coro->own, &coro->resumer);
    abort(); /* a done coroutine was resumed */
}

int coro_create(
    struct coro_pool *pool, struct coro **out, void (*fn)(struct coro *))
{
    if (SLIST_EMPTY(&pool->free) && pool_grow(pool))
        return -ENOMEM;
    struct coro *coro = SLIST_FIRST(&pool->free);
    SLIST_REMOVE_HEAD(&pool->free, free);
    coro->fn = fn;
    coro->done = false;
    size_t size = (size_t)((char *)coro - coro->base);
    annotate_memory_free(coro->base, size);
    context_init(&coro->own, coro->base, size, coro_main, coro);
    annotate_coro_made(&coro->notes);
    pool->live++;
    *out = coro;
    return 0;
}

void coro_destroy(struct coro *coro)
{
    annotate_coro_gone(&coro->notes);
    coro->pool->live--;
    SLIST_INSERT_HEAD(&coro->pool->free, coro, free);
}

void *coro_storage(struct coro *coro)
{
    return (char *)coro + round_up(sizeof *coro);
}

void coro_resume(struct coro *coro)
{
    assert(!coro->done);
    annotate_resuming(&coro->notes, coro->base, STACK_SIZE);
    context_switch(&coro->resumer, &coro->own);
    annotate_resumer_back(&coro->notes);
}

void coro_suspend(struct coro *coro)
{
    annotate_suspending(&coro->notes, false);
    context_switch(&coro->own, &coro->resumer);
    annotate_coro_in(&coro->notes, false);
}

bool coro_done(const struct coro *coro)
{
    return coro->done;
}

void *coro_stack_base(const struct coro *coro)
{
    return coro->base;
}

size_t coro_stack_size(void)
{
    return STACK_SIZE;
}
