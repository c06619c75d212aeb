/*
 * two_hellos - the same coroutine twice: both greet before either is done,
 * and both in one thread.
 *
 *     @asyncio.coroutine
 *     def hello():
 *         print('Hello world! (%s)' % threading.currentThread())
 *         yield from asyncio.sleep(1)
 *         print('Hello again! (%s)' % threading.currentThread())
 *
 *     tasks = [hello(), hello()]
 *     loop.run_until_complete(asyncio.wait(tasks))
 */
#include "async/core/task.h"
#include "async/print.h"

#include <unistd.h>

/* The notebook's second, made short. */
#define SECOND (100 * LOOP_MILLISECOND)

static const char *current_thread(void)
{
    return gettid() == getpid() ? "MainThread" : "another thread";
}

static int hello(void *arg)
{
    (void)arg;
    print("Hello world! (%s)", current_thread());
    task_sleep(1 * SECOND);
    print("Hello again! (%s)", current_thread());
    return 0;
}

/* asyncio.wait */
static int wait_for_both(void *arg)
{
    (void)arg;
    struct task_group tasks;
    task_group_init(&tasks);
    task_group_spawn(&tasks, hello, NULL);
    task_group_spawn(&tasks, hello, NULL);
    return task_group_join(&tasks);
}

int main(void)
{
    struct loop *loop;
    if (loop_create(&loop))
        return 1;
    int result = task_run(loop, wait_for_both, NULL);
    loop_destroy(loop);

    return result ||
           PRINTED("Hello world! (MainThread)", "Hello world! (MainThread)",
               "Hello again! (MainThread)", "Hello again! (MainThread)");
}
