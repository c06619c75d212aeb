/*
 * nameservers: a file that changes, and one that cannot be read just then.
 */
#include "dns.h"
#include "harness.h"

#include "async/dns/nameservers.h"
#include "async/dns/resolv_conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- the file, and the clock --- */

static const struct dns *server; /* whom the file says */
static int readings, looks, read_error;
static off_t file_size;
static int64_t later; /* what the clock is ahead */

int __wrap_resolv_conf_read(struct resolv_conf *conf, const char *path);
int __wrap_resolv_conf_read(struct resolv_conf *conf, const char *path)
{
    ck_assert_str_eq(path, "/etc/resolv.conf");
    readings++;
    return read_error ? read_error : resolv_conf_given(conf, server->server);
}

int __wrap_stat(const char *path, struct stat *status);
int __wrap_stat(const char *path, struct stat *status)
{
    ck_assert_str_eq(path, "/etc/resolv.conf");
    looks++;
    memset(status, 0, sizeof *status);
    status->st_size = file_size;
    return 0;
}

int64_t __real_loop_time(void);
int64_t __wrap_loop_time(void);
int64_t __wrap_loop_time(void)
{
    return __real_loop_time() + later;
}

/* --- questions --- */

static void serve(const struct dns_query *query)
{
    if (strcmp(query->name, "silent.test") != 0)
        dns_answer(query, "192.0.2.1", 60);
}

struct asked {
    struct future done;
    struct query query;
};

static struct nameservers *current;
static int returned;

static void query_answered(struct query *query, const struct dns_answer *answer)
{
    struct asked *asked = query->asker;
    future_set(&asked->done, answer->result);
}

static void query_nothing(struct query *query)
{
    (void)query;
}

static void query_returned(struct query *query)
{
    returned++;
    ck_assert(query_leave(query));
    query_begin(query, nameservers_first(current));
}

static const struct query_events events = {
    query_answered, query_nothing, query_nothing, query_returned};

static void ask(struct nameservers *all, struct asked *asked, const char *name)
{
    future_init(&asked->done);
    asked->query.name = name;
    asked->query.family = AF_INET;
    asked->query.asker = asked;
    nameservers_look(all);
    query_begin(&asked->query, nameservers_first(all));
}

static void ask_and_wait(struct nameservers *all)
{
    struct asked asked;
    ask(all, &asked, "a.test");
    ck_assert_int_eq(await(&asked.done), 0);
}

struct world {
    struct dns first, second;
    struct nameservers *all;
};

static void world_open(struct world *world, const char *servers)
{
    dns_open(&world->first, serve);
    dns_open(&world->second, serve);
    server = &world->first;
    readings = looks = read_error = 0;
    file_size = 10;
    ck_assert_int_eq(
        nameservers_create(&world->all, loop_running(), servers, &events), 0);
    current = world->all;
}

static void world_close(struct world *world)
{
    nameservers_destroy(world->all);
    dns_close(&world->first);
    dns_close(&world->second);
}

static void change(struct world *world)
{
    server = &world->second;
    file_size++;
    later += LOOP_SECOND;
}

static int follow(void *arg)
{
    struct world world;
    (void)arg;
    world_open(&world, NULL);
    unsigned before = nameservers_look(world.all);
    for (int i = 0; i < 10; i++)
        ask_and_wait(world.all);
    ck_assert_int_eq(looks, 1); /* when it was made */
    later += LOOP_SECOND;
    ask_and_wait(world.all);
    ck_assert_int_eq(looks, 2);
    ck_assert_uint_eq(nameservers_look(world.all), before);
    ck_assert_int_eq(readings, 1);
    change(&world);
    ck_assert_uint_ne(nameservers_look(world.all), before);
    ask_and_wait(world.all);
    ck_assert_int_eq(readings, 2);
    ck_assert_uint_eq(world.first.asked, 11);
    ck_assert_uint_eq(world.second.asked, 1);
    world_close(&world);
    return 0;
}

START_TEST(later_questions_go_where_the_file_says)
{
    run(follow, NULL);
}
END_TEST

static int keep_open(void *arg)
{
    struct world world;
    struct asked open;
    (void)arg;
    world_open(&world, NULL);
    ask(world.all, &open, "silent.test");
    change(&world);
    ask_and_wait(world.all);
    ask_and_wait(world.all);
    ck_assert(!open.done.done);
    world_close(&world);
    ck_assert_int_eq(await(&open.done), -ECANCELED);
    return 0;
}

START_TEST(open_questions_stay_where_they_are)
{
    run(keep_open, NULL);
}
END_TEST

static int fail_to_read(void *arg)
{
    struct world world;
    (void)arg;
    world_open(&world, NULL);
    change(&world);
    read_error = -EMFILE;
    ask_and_wait(world.all);
    ck_assert_uint_eq(world.first.asked, 1);
    read_error = 0;
    later += LOOP_SECOND;
    ask_and_wait(world.all);
    ck_assert_uint_eq(world.second.asked, 1);
    ck_assert_int_eq(readings, 3);
    world_close(&world);
    return 0;
}

START_TEST(a_shortage_leaves_it_as_it_is)
{
    run(fail_to_read, NULL);
}
END_TEST

static int empty_it(void *arg)
{
    struct world world;
    (void)arg;
    world_open(&world, NULL);
    server = &world.second;
    file_size = 0;
    later += LOOP_SECOND;
    ask_and_wait(world.all);
    ck_assert_uint_eq(world.first.asked, 1);
    later += LOOP_SECOND;
    ask_and_wait(world.all);
    ck_assert_uint_eq(world.second.asked, 1);
    world_close(&world);
    return 0;
}

START_TEST(an_empty_file_is_looked_at_twice)
{
    run(empty_it, NULL);
}
END_TEST

static int give(void *arg)
{
    struct world world;
    (void)arg;
    world_open(&world, NULL);
    nameservers_destroy(world.all);
    looks = readings = 0;
    ck_assert_int_eq(nameservers_create(&world.all, loop_running(),
                         world.first.server, &events),
        0);
    change(&world);
    ask_and_wait(world.all);
    ck_assert_uint_eq(world.first.asked, 1);
    ck_assert_int_eq(readings, 0);
    world_close(&world);
    return 0;
}

START_TEST(servers_that_are_given_stay)
{
    run(give, NULL);
}
END_TEST

/* What waits for a place at a server that is not the file's any more. */
static int queue_up(void *arg)
{
    enum { MANY = QUERIES_OPEN_MAX + 10 };
    static struct asked asked[MANY];
    struct world world;
    (void)arg;
    world_open(&world, NULL);
    returned = 0;
    for (int i = 0; i < MANY; i++)
        ask(world.all, &asked[i], "silent.test");
    while (world.first.asked < QUERIES_OPEN_MAX)
        ck_assert_int_eq(task_sleep(LOOP_MILLISECOND), 0);
    change(&world);
    nameservers_look(world.all);
    ck_assert_int_eq(returned, MANY - QUERIES_OPEN_MAX);
    while (world.second.asked < MANY - QUERIES_OPEN_MAX)
        ck_assert_int_eq(task_sleep(LOOP_MILLISECOND), 0);
    world_close(&world);
    return 0;
}

START_TEST(what_waits_goes_where_the_file_says)
{
    run(queue_up, NULL);
}
END_TEST

SUITE("nameservers", later_questions_go_where_the_file_says,
    open_questions_stay_where_they_are, what_waits_goes_where_the_file_says,
    a_shortage_leaves_it_as_it_is, an_empty_file_is_looked_at_twice,
    servers_that_are_given_stay)
