/*
 * fuzz - see fuzz.h.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_found(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
    abort();
}

struct span fuzz_take(struct span *input, char byte)
{
    const char *found = memchr(input->at, byte, input->len);
    if (!found)
        return span_take(input, input->len);
    struct span taken = span_take(input, (size_t)(found - input->at));
    span_take(input, 1);
    return taken;
}

unsigned fuzz_byte(struct span plan, size_t i)
{
    return i < plan.len ? (unsigned char)plan.at[i] : 0;
}

char *fuzz_copy(struct span span)
{
    char *copy = malloc(span.len);
    fuzz_must(copy || span.len == 0);
    if (span.len > 0)
        memcpy(copy, span.at, span.len);
    return copy;
}

char *fuzz_string(struct span span)
{
    char *copy = malloc(span.len + 1);
    fuzz_must(copy);
    memcpy(copy, span.at, span.len);
    copy[span.len] = '\0';
    return copy;
}

struct loop *fuzz_loop(void)
{
    static struct loop *loop;
    if (!loop)
        fuzz_must(loop_create(&loop) == 0);
    return loop;
}

static int events(void)
{
    return event_base_get_num_events(
        loop_base(fuzz_loop()), EVENT_BASE_COUNT_ADDED);
}

void fuzz_run(task_fn *fn, void *arg)
{
    int before = events();
    fuzz_must(task_run(fuzz_loop(), fn, arg) == 0);
    fuzz_must(events() == before);
}
