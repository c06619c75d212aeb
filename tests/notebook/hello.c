/*
 * hello - the notebook's smallest coroutine.
 *
 *     async def hello():
 *         print('hello,world')
 *         r = await asyncio.sleep(1)
 *         print('hello,again')
 *
 *     loop = asyncio.get_event_loop()
 *     loop.run_until_complete(hello())
 *     loop.close()
 */
#include "async/core/task.h"
#include "async/print.h"

/* The notebook's second, made short. */
#define SECOND (100 * LOOP_MILLISECOND)

static int hello(void *arg)
{
    (void)arg;
    print("hello,world");
    int r = task_sleep(1 * SECOND);
    print("hello,again");
    return r;
}

int main(void)
{
    struct loop *loop;
    if (loop_create(&loop))
        return 1;
    int result = task_run(loop, hello, NULL);
    loop_destroy(loop);

    return result || PRINTED("hello,world", "hello,again");
}
