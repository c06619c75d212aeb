/*
 * loop_ten_times - a new event loop for each round, as a timed job would
 * want it; the old one is the current one again afterwards.
 *
 *     async def doAsync():
 *         await asyncio.sleep(0)
 *
 *     def runEventLoop():
 *         loop = asyncio.new_event_loop()
 *         asyncio.set_event_loop(loop)
 *         loop.run_until_complete(doAsync())
 *         loop.close()
 *
 *     oldloop = asyncio.get_event_loop()
 *     for i in range(10):
 *         runEventLoop()
 *     asyncio.set_event_loop(oldloop)
 */
#include "async/core/task.h"
#include "async/print.h"

static int do_async(void *arg)
{
    int *round = arg;
    print("round %d", *round);
    return task_sleep(0);
}

static int run_event_loop(int round)
{
    struct loop *loop;
    if (loop_create(&loop))
        return 1;
    int result = task_run(loop, do_async, &round);
    loop_destroy(loop);
    return result;
}

int main(void)
{
    struct loop *old_loop = loop_running();
    for (int i = 0; i < 10; i++)
        if (run_event_loop(i))
            return 1;

    return loop_running() != old_loop ||
           PRINTED("round 0", "round 1", "round 2", "round 3", "round 4",
               "round 5", "round 6", "round 7", "round 8", "round 9");
}
