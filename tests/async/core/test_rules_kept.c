/*
 * The runtime's rules, 5 to 8: what is put away again, and what a busy peer
 * cannot do.
 */
#include "harness.h"
#include "pair.h"

#include "async/dns/resolve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct coro;
struct coro_pool;

int __real_coro_create(
    struct coro_pool *, struct coro **, void (*)(struct coro *));
void __real_coro_destroy(struct coro *);
ssize_t __real_recv(int fd, void *bytes, size_t size, int flags);

/* Tasks that are not joined yet. */
static int live_tasks;

int __wrap_coro_create(
    struct coro_pool *pool, struct coro **out, void (*fn)(struct coro *))
{
    int result = __real_coro_create(pool, out, fn);
    live_tasks += result == 0;
    return result;
}

void __wrap_coro_destroy(struct coro *coro)
{
    live_tasks--;
    __real_coro_destroy(coro);
}

/* A peer faster than any real one: as many lines as there is room for. */
static long flood_left;

ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags)
{
    if (flood_left == 0)
        return __real_recv(fd, bytes, size, flags);
    if (--flood_left == 0)
        return 0;
    memset(bytes, '\n', size);
    return (ssize_t)size;
}

/* --- 5. who arms disarms, on every path --- */

static int sleep_a_while(void *arg)
{
    (void)arg;
    return task_sleep(1000 * LOOP_SECOND);
}

static int sleep_in_scope(void *arg)
{
    struct wait_for scope;
    wait_for_enter(&scope, 1000 * LOOP_SECOND);
    return wait_for_leave(&scope, sleep_a_while(arg));
}

static int read_stream(void *arg)
{
    struct pair pair;
    struct stream_line line;
    (void)arg;
    pair_open(&pair);
    int result = stream_readline(pair.stream, 100, &line);
    pair_close(&pair);
    return result;
}

static int drain_stream(void *arg)
{
    static char bytes[8 * 1024 * 1024];
    struct pair pair;
    (void)arg;
    pair_open(&pair);
    ck_assert_int_eq(stream_write(pair.stream, bytes, sizeof bytes), 0);
    int result = stream_drain(pair.stream);
    pair_close(&pair);
    return result;
}

static int connect_deaf(void *arg)
{
    struct stream *stream;
    struct deaf *deaf = arg;
    return stream_connect(&stream, &deaf->address);
}

static int cancel_each(void *arg)
{
    task_fn *awaiting[] = {
        sleep_a_while, sleep_in_scope, read_stream, drain_stream, connect_deaf};
    for (size_t i = 0; i < sizeof awaiting / sizeof *awaiting; i++) {
        int events = armed_events(), fds = open_fds();
        struct task *task = spawn(awaiting[i], arg);
        for (int k = 0; k < 3; k++)
            task_sleep(LOOP_MILLISECOND);
        ck_assert_int_gt(armed_events(), events);
        task_cancel(task);
        ck_assert_int_eq(task_join(task), -ECANCELED);
        ck_assert_int_eq(armed_events(), events);
        ck_assert_int_eq(open_fds(), fds);
    }
    return 0;
}

START_TEST(rule_5_what_was_armed_is_disarmed_when_canceled)
{
    struct deaf deaf;
    deaf_open(&deaf, "127.0.0.1");
    run(cancel_each, &deaf);
    deaf_close(&deaf);
}
END_TEST

static int end_each(void *arg)
{
    (void)arg;
    struct wait_for scope, expired;
    ck_assert_int_eq(task_sleep(LOOP_MILLISECOND), 0);
    ck_assert_int_eq(armed_events(), 0);
    wait_for_enter(&scope, 1000 * LOOP_SECOND);
    ck_assert_int_eq(armed_events(), 1);
    wait_for_enter(&expired, 1);
    sleep_a_while(NULL);
    ck_assert_int_eq(wait_for_leave(&expired, 0), 0);
    ck_assert_int_eq(armed_events(), 1);
    ck_assert_int_eq(wait_for_leave(&scope, 0), 0);
    ck_assert_int_eq(armed_events(), 0);
    return 0;
}

START_TEST(rule_5_what_was_armed_is_disarmed_in_the_end)
{
    run(end_each, NULL);
}
END_TEST

/* --- 6. clean-up never awaits --- */

struct pass_counter {
    struct loop_call call;
    int passes;
};

static void count_pass(void *arg)
{
    struct pass_counter *counter = arg;
    counter->passes++;
    loop_call_soon(loop_running(), &counter->call);
}

struct things {
    struct pair unread, unsent;
    struct resolver *resolver;
    struct lookup lookup;
    struct semaphore held;
    struct wait_for scope;
};

static void things_make(struct things *t, const struct resolver_config *config)
{
    static char bytes[8 * 1024 * 1024];
    pair_open(&t->unread);
    peer_send(&t->unread, "something unread");
    ck_assert_int_eq(stream_fill(t->unread.stream), 0);
    pair_open(&t->unsent);
    ck_assert_int_eq(stream_write(t->unsent.stream, bytes, sizeof bytes), 0);
    ck_assert_int_eq(resolver_create(&t->resolver, loop_running(), config), 0);
    struct lookup_name name = {"nobody.test", AF_UNSPEC, true};
    ck_assert_int_eq(lookup_start(&t->lookup, t->resolver, &name), 0);
    semaphore_init(&t->held, 0);
    wait_for_enter(&t->scope, 1000 * LOOP_SECOND);
    settle();
}

static void things_put_away(struct things *t)
{
    wait_for_leave(&t->scope, 0);
    semaphore_release(&t->held);
    lookup_stop(&t->lookup);
    resolver_destroy(t->resolver);
    pair_close(&t->unsent);
    pair_close(&t->unread);
}

static int make_and_put_away(void *arg)
{
    struct pass_counter counter = {0};
    struct things things;
    things_make(&things, arg);
    loop_call_init(&counter.call, count_pass, &counter);
    loop_call_soon(loop_running(), &counter.call);
    things_put_away(&things);
    ck_assert_int_eq(counter.passes, 0);
    task_sleep(0);
    ck_assert_int_eq(counter.passes, 1);
    loop_call_cancel(loop_running(), &counter.call);
    return 0;
}

START_TEST(rule_6_clean_up_never_awaits)
{
    struct sockaddr_in silent = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof silent;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&silent, size), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&silent, &size), 0);
    char server[40];
    snprintf(server, sizeof server, "127.0.0.1:%u", ntohs(silent.sin_port));
    struct resolver_config config = {
        .servers = server, .hosts_file = "/dev/null"};
    run(make_and_put_away, &config);
    close(fd);
}
END_TEST

/* --- 7. every task is joined by whoever spawned it --- */

/* Ends some passes after it is canceled, having joined a child first. */
static int end_slowly(void *arg)
{
    int *ended = arg;
    int result = task_join(spawn(sleep_a_while, NULL));
    ++*ended;
    return result;
}

static int join_one(void *arg)
{
    return task_join(spawn(end_slowly, arg));
}

static int gather_three(void *arg)
{
    struct task *tasks[3];
    for (int i = 0; i < 3; i++)
        tasks[i] = spawn(end_slowly, arg);
    return task_gather(tasks, 3);
}

static int join_group(void *arg)
{
    struct task_group group;
    task_group_init(&group);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(task_group_spawn(&group, end_slowly, arg), 0);
    return task_group_join(&group);
}

static int interrupt_joiners(void *arg)
{
    (void)arg;
    task_fn *joiners[] = {join_one, gather_three, join_group};
    for (size_t i = 0; i < 3; i++) {
        int ended = 0, children = i == 0 ? 1 : 3, alone = live_tasks;
        struct task *task = spawn(joiners[i], &ended);
        settle();
        ck_assert_int_eq(live_tasks, alone + 1 + 2 * children);
        task_cancel(task);
        ck_assert_int_eq(task_join(task), -ECANCELED);
        ck_assert_int_eq(ended, children);
        ck_assert_int_eq(live_tasks, alone);

        struct wait_for scope;
        wait_for_enter(&scope, LOOP_MILLISECOND);
        int result = joiners[i](&ended);
        ck_assert_int_eq(wait_for_leave(&scope, result), -ETIMEDOUT);
        ck_assert_int_eq(ended, 2 * children);
        ck_assert_int_eq(live_tasks, alone);
    }
    return 0;
}

START_TEST(rule_7_an_interrupted_join_still_joins)
{
    run(interrupt_joiners, NULL);
    ck_assert_int_eq(live_tasks, 0);
}
END_TEST

/* --- 8. a peer that always has data ready still meets its deadline and lets
 * others run --- */

enum { FLOOD = 10 * 1000 * 1000 };

static int read_for_ever(void *arg)
{
    struct stream *stream = arg;
    struct stream_line line;
    int result;
    while (!(result = stream_readline(stream, 100, &line)))
        continue;
    return result;
}

static int read_until_deadline(void *arg)
{
    struct pair pair;
    struct wait_for scope;
    (void)arg;
    pair_open(&pair);
    peer_send(&pair, "\n");
    flood_left = FLOOD;
    wait_for_enter(&scope, LOOP_MILLISECOND);
    int result = wait_for_leave(&scope, read_for_ever(pair.stream));
    flood_left = 0;
    pair_close(&pair);
    return result;
}

START_TEST(rule_8_a_flood_meets_its_deadline)
{
    ck_assert_int_eq(run(read_until_deadline, NULL), -ETIMEDOUT);
}
END_TEST

static int let_others_run(void *arg)
{
    struct pair pair;
    (void)arg;
    pair_open(&pair);
    peer_send(&pair, "\n");
    struct task *reader = spawn(read_for_ever, pair.stream);
    settle();
    flood_left = FLOOD;
    peer_send(&pair, "\n");
    for (int i = 0; i < 100; i++) {
        ck_assert_int_eq(task_sleep(0), 0);
        ck_assert_int_gt(flood_left, 0);
    }
    ck_assert_int_eq(task_sleep(LOOP_MILLISECOND), 0);
    ck_assert_int_gt(flood_left, 0);
    ck_assert_int_lt(flood_left, FLOOD - 50);
    task_cancel(reader);
    int result = task_join(reader);
    flood_left = 0;
    pair_close(&pair);
    return result;
}

START_TEST(rule_8_a_flood_lets_others_run)
{
    ck_assert_int_eq(run(let_others_run, NULL), -ECANCELED);
}
END_TEST

SUITE("rules kept", rule_5_what_was_armed_is_disarmed_when_canceled,
    rule_5_what_was_armed_is_disarmed_in_the_end, rule_6_clean_up_never_awaits,
    rule_7_an_interrupted_join_still_joins, rule_8_a_flood_meets_its_deadline,
    rule_8_a_flood_lets_others_run)
