/*
 * run: when it cannot go on, it says what failed, and only a list that cannot
 * be read leaves that to its caller.
 */
#include "crawl/versus.h"

#include "report/fanout.h"
#include "route/proxies.h"
#include "run.h"

#include "async/dns/resolve.h"
#include "async/net/address_limit.h"
#include "async/tls/tls.h"

#include <errno.h>
#include <unistd.h>

static enum { NOTHING, LOOP, LIMITS, RESOLVER, EVENTS } failing;

int __real_loop_create(struct loop **out);
int __wrap_loop_create(struct loop **out);
int __real_address_limits_create(struct loop *loop, unsigned limit);
int __wrap_address_limits_create(struct loop *loop, unsigned limit);
int __real_resolver_create(struct resolver **out, struct loop *loop,
    const struct resolver_config *config);
int __wrap_resolver_create(struct resolver **out, struct loop *loop,
    const struct resolver_config *config);
int __real_event_base_loop(struct event_base *base, int flags);
int __wrap_event_base_loop(struct event_base *base, int flags);

int __wrap_loop_create(struct loop **out)
{
    return failing == LOOP ? -EMFILE : __real_loop_create(out);
}

int __wrap_address_limits_create(struct loop *loop, unsigned limit)
{
    return failing == LIMITS ? -ENOMEM
                             : __real_address_limits_create(loop, limit);
}

int __wrap_resolver_create(struct resolver **out, struct loop *loop,
    const struct resolver_config *config)
{
    return failing == RESOLVER ? -EIO
                               : __real_resolver_create(out, loop, config);
}

int __wrap_event_base_loop(struct event_base *base, int flags)
{
    if (failing != EVENTS)
        return __real_event_base_loop(base, flags);
    errno = EBADF;
    return -1;
}

static int ticks;

static void tick(struct report *report, int64_t now)
{
    (void)report;
    ck_assert_int_gt(now, 0);
    ticks++;
}

static void destroy(struct report *report)
{
    (void)report;
}

/* With a list that is there, or a file that cannot be read. */
static void check(const char *file, int expected, const char *said)
{
    static const char *const targets[] = {"127.0.0.1:1"};
    struct list_sources sources = {
        targets, file ? 0 : 1, &file, !!file, {0}, false};
    struct tls_config tls_config = {0};
    struct proxies none = {.given = true};
    struct run_totals totals;
    struct output *outputs[] = {output_create(STDOUT_FILENO)};
    static const struct report_ops ops = {.tick = tick, .destroy = destroy};
    struct report ticked = {.ops = &ops};
    struct fanout fanout;
    struct run all = {
        .crawl = {.totals = &totals,
            .report = &fanout.report,
            .concurrency = 1,
            .fetch = {.max_time = LOOP_SECOND,
                .connect = {.timeout = LOOP_SECOND, .proxies = &none}}},
        .per_address = 1,
        .outputs = {outputs, 1},
    };
    const char *what = "?", *failed;
    totals_init(&totals);
    fanout_init(&fanout);
    ck_assert_int_eq(fanout_add(&fanout, &ticked, REPORT_WANTS_TICKS), 0);
    ck_assert_int_eq(list_open(&all.crawl.list, &sources, &failed), 0);
    ck_assert_int_eq(tls_create(&all.crawl.fetch.connect.tls, &tls_config), 0);
    ck_assert_int_eq(run(&all, &what), expected);
    if (said)
        ck_assert_str_eq(what, said);
    else
        ck_assert_ptr_null(what);
    fanout_fini(&fanout);
    tls_destroy(all.crawl.fetch.connect.tls);
    list_close(all.crawl.list);
    output_destroy(outputs[0]);
}

START_TEST(each_failure_has_its_name)
{
    failing = LOOP;
    check(NULL, -EMFILE, "the event loop");
    failing = LIMITS;
    check(NULL, -ENOMEM, "--per-address");
    failing = RESOLVER;
    check(NULL, -EIO, "the resolver");
    failing = EVENTS;
    check(NULL, -EBADF, "the event loop");
    check("/proc/self/mem", -EBADF, "the event loop");
}
END_TEST

START_TEST(a_list_that_cannot_be_read_has_none)
{
    failing = NOTHING;
    check("/proc/self/mem", -EIO, NULL);
    check("/dev/null", 0, NULL);
}
END_TEST

START_TEST(an_idle_loop_ticks)
{
    failing = NOTHING;
    ticks = 0;
    check(NULL, 0, NULL);
    ck_assert_int_gt(ticks, 0);
}
END_TEST

int main(void)
{
    return run_tests("run_errors",
        (const TTest *const[]){each_failure_has_its_name,
            a_list_that_cannot_be_read_has_none, an_idle_loop_ticks, NULL});
}
