/*
 * context_asm - the first frame of a context for switch.S: registers as
 * context_switch would have pushed them, so that its first switch "returns"
 * into context_start, which calls entry(arg).
 *
 * Invariant: the number and order of slots here is that of switch.S.
 */
#include "async/core/context.h"

#include <stdint.h>

extern void context_start(void); /* in switch.S; never called from C */

#if defined(__x86_64__)
/* From sp up: mxcsr and x87 control word, r15, r14, r13, r12, rbx, rbp, rip. */
enum { SLOTS = 8, SLOT_FPU = 0, SLOT_ARG = 3, SLOT_ENTRY = 4, SLOT_PC = 7 };
#define FPU_DEFAULT (0x1f80u | (uint64_t)0x037f << 32)
#elif defined(__aarch64__)
/* From sp up: d8-d15, x19-x28, x29, x30. */
enum { SLOTS = 20, SLOT_ARG = 8, SLOT_ENTRY = 9, SLOT_PC = 19 };
#else
#error "no context switch for this machine: use -DAFETCH_CONTEXT=ucontext"
#endif

void context_init(struct context *context, void *base, size_t size,
    void (*entry)(void *arg), void *arg)
{
    /* Two empty slots above keep the stack aligned as at a call, and end
     * the chain of frames for a debugger. */
    uint64_t *frame = (uint64_t *)((char *)base + size) - SLOTS - 2;
    for (int i = 0; i < SLOTS + 2; i++)
        frame[i] = 0;
#if defined(__x86_64__)
    frame[SLOT_FPU] = FPU_DEFAULT;
#endif
    frame[SLOT_ARG] = (uint64_t)(uintptr_t)arg;
    frame[SLOT_ENTRY] = (uint64_t)(uintptr_t)entry;
    frame[SLOT_PC] = (uint64_t)(uintptr_t)context_start;
    context->sp = frame;
}
