/*
 * three_tasks - three coroutines on one loop: they take turns where they
 * await, and together they need as long as the longest sleep, not the sum.
 *
 *     async def foo():
 *         print('Running in foo1')
 *         await asyncio.sleep(2)
 *         print('Running in foo2')
 *
 *     async def bar():            # … sleeps 1
 *     async def func3():          # … sleeps 0
 *
 *     start_time = time.time()
 *     tasks = [foo(), bar(), func3()]
 *     loop.run_until_complete(asyncio.wait(tasks))
 *     end_time = time.time()
 *     print('共花费时间: {}'.format(end_time - start_time))
 */
#include "async/core/task.h"
#include "async/print.h"

/* The notebook's second, made short. */
#define SECOND (200 * LOOP_MILLISECOND)

static int foo(void *arg)
{
    (void)arg;
    print("Running in foo1");
    task_sleep(2 * SECOND);
    print("Running in foo2");
    return 0;
}

static int bar(void *arg)
{
    (void)arg;
    print("Running in bar1");
    task_sleep(1 * SECOND);
    print("Running in bar2");
    return 0;
}

static int func3(void *arg)
{
    (void)arg;
    print("running in func1");
    task_sleep(0);
    print("running in func2");
    return 0;
}

/* asyncio.wait */
static int wait_for_all(void *arg)
{
    (void)arg;
    struct task_group tasks;
    task_group_init(&tasks);
    task_group_spawn(&tasks, foo, NULL);
    task_group_spawn(&tasks, bar, NULL);
    task_group_spawn(&tasks, func3, NULL);
    return task_group_join(&tasks);
}

/* Whole ones; a timer may be some milliseconds early. */
static int seconds(int64_t ns)
{
    return (int)((ns + SECOND / 10) / SECOND);
}

int main(void)
{
    struct loop *loop;
    if (loop_create(&loop))
        return 1;
    int64_t start_time = loop_time();
    int result = task_run(loop, wait_for_all, NULL);
    int64_t end_time = loop_time();
    loop_destroy(loop);
    print("共花费时间: %d", seconds(end_time - start_time));

    return result || PRINTED("Running in foo1", "Running in bar1",
                         "running in func1", "running in func2",
                         "Running in bar2", "Running in foo2", "共花费时间: 2");
}
