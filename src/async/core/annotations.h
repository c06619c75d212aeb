/*
 * annotations - what AddressSanitizer, ThreadSanitizer and valgrind want to be
 * told of a stack and of each walk on and off it, and of what looks like a
 * race. Nothing at all in an ordinary build without valgrind's header.  Only
 * coro and stream include this.
 */
#ifndef ASYNC_ANNOTATIONS_H
#define ASYNC_ANNOTATIONS_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define NOTES_SANITIZED 1
#elif defined(__SANITIZE_THREAD__)
#define NOTES_FIBERS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NOTES_SANITIZED 1
#elif __has_feature(thread_sanitizer)
#define NOTES_FIBERS 1
#endif
#endif
#ifdef NOTES_FIBERS
#include <sanitizer/tsan_interface.h>
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
#endif
#ifdef NOTES_SANITIZED
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#define NOTES_VALGRIND 1
#endif
#endif

struct notes {
#ifdef NOTES_SANITIZED
    void *own_fake_stack, *resumer_fake_stack;
    const void *resumer_base;
    size_t resumer_size;
#endif
#ifdef NOTES_FIBERS
    void *own_fiber, *resumer_fiber;
#endif
    unsigned valgrind_id;
};

static inline void annotate_stack_made(
    struct notes *notes, char *base, size_t size)
{
#ifdef NOTES_VALGRIND
    notes->valgrind_id = (unsigned)VALGRIND_STACK_REGISTER(base, base + size);
#else
    (void)notes, (void)base, (void)size;
#endif
}

static inline void annotate_stack_gone(struct notes *notes)
{
#ifdef NOTES_VALGRIND
    VALGRIND_STACK_DEREGISTER(notes->valgrind_id);
#else
    (void)notes;
#endif
}

/* Frames whose functions never returned may have lain here. */
static inline void annotate_memory_free(char *base, size_t size)
{
#ifdef NOTES_SANITIZED
    __asan_unpoison_memory_region(base, size);
#else
    (void)base, (void)size;
#endif
}

/* ThreadSanitizer takes a coroutine for a thread that runs when it is told so;
 * of a call from here to there it would see but one end, so that there must be
 * none. */
#define NOTES_WALK static inline __attribute__((always_inline)) void

/* A coroutine begins on a stack that others may have had. */
static inline void annotate_coro_made(struct notes *notes)
{
#ifdef NOTES_FIBERS
    notes->own_fiber = __tsan_create_fiber(0);
#else
    (void)notes;
#endif
}

static inline void annotate_coro_gone(struct notes *notes)
{
#ifdef NOTES_FIBERS
    __tsan_destroy_fiber(notes->own_fiber);
#else
    (void)notes;
#endif
}

NOTES_WALK annotate_resuming(struct notes *notes, char *base, size_t size)
{
#ifdef NOTES_SANITIZED
    __sanitizer_start_switch_fiber(&notes->resumer_fake_stack, base, size);
#elif defined(NOTES_FIBERS)
    (void)base, (void)size;
    notes->resumer_fiber = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(notes->own_fiber, 0);
#else
    (void)notes, (void)base, (void)size;
#endif
}

static inline void annotate_resumer_back(struct notes *notes)
{
#ifdef NOTES_SANITIZED
    __sanitizer_finish_switch_fiber(notes->resumer_fake_stack, NULL, NULL);
#else
    (void)notes;
#endif
}

/* `last`: the coroutine never comes back. */
NOTES_WALK annotate_suspending(struct notes *notes, int last)
{
#ifdef NOTES_SANITIZED
    __sanitizer_start_switch_fiber(last ? NULL : &notes->own_fake_stack,
        notes->resumer_base, notes->resumer_size);
#elif defined(NOTES_FIBERS)
    (void)last;
    __tsan_switch_to_fiber(notes->resumer_fiber, 0);
#else
    (void)notes, (void)last;
#endif
}

static inline void annotate_coro_in(struct notes *notes, int first)
{
#ifdef NOTES_SANITIZED
    __sanitizer_finish_switch_fiber(first ? NULL : notes->own_fake_stack,
        &notes->resumer_base, &notes->resumer_size);
#else
    (void)notes, (void)first;
#endif
}

/* Between these two the thread uses a descriptor's number after its close: it
 * may be another thread's by then, and it does not matter. */
static inline void annotate_stale_begin(void)
{
#ifdef NOTES_FIBERS
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
#endif
}

static inline void annotate_stale_end(void)
{
#ifdef NOTES_FIBERS
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
#endif
}

#endif
