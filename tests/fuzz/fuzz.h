/*
 * fuzz - what each fuzz target stands on.  A target is a file fuzz_NAME.c
 * with libFuzzer's LLVMFuzzerTestOneInput; what must hold it says by fuzz_must.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "async/core/task.h"
#include "text/span.h"

#include <stddef.h>
#include <stdint.h>

/* Ends the process, as libFuzzer wants a finding told, where the condition is
 * false; it is looked at once, in every kind of build (as assert is not). */
#define fuzz_must(condition)                                                   \
    ((condition) ? (void)0 : fuzz_found(#condition, __FILE__, __LINE__))

_Noreturn void fuzz_found(const char *condition, const char *file, int line);

/* Called with each input.  Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What is before the first `byte` of the input, which is taken off, too; all
 * of it if there is none. */
struct span fuzz_take(struct span *input, char byte);

/* The i-th byte, 0 past the end. */
unsigned fuzz_byte(struct span plan, size_t i);

/* A heap copy of exactly these bytes, so that one read past them shows.  The
 * caller frees it. */
char *fuzz_copy(struct span span);
/* … with a NUL behind them. */
char *fuzz_string(struct span span);

/* The loop of all runs of this process. */
struct loop *fuzz_loop(void);

/* Runs fn(arg) as a task on it; nothing may stay armed. */
void fuzz_run(task_fn *fn, void *arg);

#endif
