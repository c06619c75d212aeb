/*
 * connection: which address wins, in which order they are tried, what is
 * left.  The addresses are given; test_resolve has the late ones.
 */
#include "harness.h"
#include "pair.h"

#include "async/core/error.h"
#include "async/net/connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int __real_connect(int fd, const struct sockaddr *address, socklen_t length);
int __real_socket(int domain, int type, int protocol);

static bool recording;
static bool noting; /* say how each attempt ended */
static int last_socket;

/* Says the last byte of each address that is tried. */
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    const union address *to = (const union address *)(const void *)address;
    last_socket = fd;
    if (recording && to->sa.sa_family == AF_INET)
        say("%u", (unsigned)(ntohl(to->in.sin_addr.s_addr) & 0xff));
    else if (recording)
        say("v6");
    return __real_connect(fd, address, length);
}

/* So many sockets are not to be had. */
static int without_descriptor;
/* One can be had at a time. */
static bool one_descriptor;

static bool has_descriptor(void)
{
    if (one_descriptor)
        return fcntl(last_socket, F_GETFD) < 0;
    return without_descriptor <= 0 || without_descriptor-- <= 0;
}

int __wrap_socket(int domain, int type, int protocol)
{
    if (has_descriptor())
        return __real_socket(domain, type, protocol);
    errno = EMFILE;
    return -1;
}

/* Addresses in the order of trying; one may be listening, some deaf, the
 * others refuse.  All have one port. */
struct scene {
    const char *addresses[12];
    const char *listening;
    const char *deaf[3];
    int64_t within; /* ns */
    int without_descriptor;
    bool one_descriptor;
};

enum { ADDRESSES = 12 };

struct stage {
    union address addresses[ADDRESSES], remote;
    size_t count;
    uint16_t port;
    int sockets[ADDRESSES]; /* each address is ours, and so refuses */
    struct deaf deaf[3];
    int deaf_count;
};

static void stage_close(struct stage *stage)
{
    for (int i = 0; i < stage->deaf_count; i++)
        deaf_close(&stage->deaf[i]);
    for (size_t i = 0; i < stage->count; i++)
        if (stage->sockets[i] >= 0)
            close(stage->sockets[i]);
}

/* Binds all addresses to one port; false: somebody else has it. */
static bool stage_bind(struct stage *stage, const struct scene *scene)
{
    *stage = (struct stage){0};
    for (size_t i = 0; scene->addresses[i]; i++) {
        union address *address = &stage->addresses[i];
        address_of(scene->addresses[i], address);
        address_set_port(address, stage->port);
        stage->count++;
        stage->sockets[i] = bind_to(address);
        if (stage->sockets[i] < 0 && errno == EADDRINUSE)
            return false;
        if (i == 0)
            stage->port = ntohs(address->in.sin_port); /* of in6, too */
    }
    return true;
}

static bool is_deaf(const struct scene *scene, const char *ip)
{
    for (int i = 0; i < 3 && scene->deaf[i]; i++)
        if (!strcmp(ip, scene->deaf[i]))
            return true;
    return false;
}

static void stage_open(struct stage *stage, const struct scene *scene)
{
    for (int tries = 0; !stage_bind(stage, scene); tries++) {
        stage_close(stage);
        ck_assert_int_lt(tries, 100);
    }
    for (size_t i = 0; i < stage->count; i++) {
        const char *ip = scene->addresses[i];
        if (scene->listening && !strcmp(ip, scene->listening))
            ck_assert_int_eq(listen(stage->sockets[i], 4), 0);
        if (!is_deaf(scene, ip))
            continue;
        deaf_make(&stage->deaf[stage->deaf_count++], stage->sockets[i],
            &stage->addresses[i]);
        stage->sockets[i] = -1;
    }
}

/* What is noted ends with the race, however that ends. */
static void check_notes(const struct connection_notes *notes, int result)
{
    size_t connected = 0;
    for (size_t i = 0; i < notes->count; i++) {
        const struct connection_attempt *attempt = &notes->attempts[i];
        ck_assert_int_ne(attempt->error, -EINPROGRESS);
        ck_assert_int_ge(attempt->took, 0);
        connected += attempt->error == 0;
        if (noting)
            say("%s", attempt->error ? strerror(-attempt->error) : "ok");
    }
    ck_assert_uint_eq(connected, result == 0 ? 1 : 0);
}

static int open_noted(
    struct stage *stage, struct stream **stream, struct lookup *lookup)
{
    struct connection_notes notes = {.wanted = true};
    int result = open_connection_noted(stream, lookup, stage->port, &notes);
    stage->remote = notes.remote;
    check_notes(&notes, result);
    free(notes.attempts);
    return result;
}

static int open_at(struct stage *stage, int64_t within)
{
    struct lookup lookup;
    struct stream *stream = NULL;
    struct wait_for scope;
    int fds = open_fds();
    lookup_given(&lookup, AF_UNSPEC, stage->addresses, stage->count);
    wait_for_enter(&scope, within ? within : WAIT_FOREVER);
    int result = open_noted(stage, &stream, &lookup);
    result = wait_for_leave(&scope, result);
    lookup_stop(&lookup);
    ck_assert_int_eq(open_fds(), fds + !result);
    ck_assert_int_eq(armed_events(), !result);
    if (!result)
        say("won");
    else
        ck_assert_ptr_null(stream);
    stream_close(stream);
    return result;
}

static int play(void *arg)
{
    const struct scene *scene = arg;
    struct stage stage;
    stage_open(&stage, scene);
    recording = true;
    last_socket = -1;
    without_descriptor = scene->without_descriptor;
    one_descriptor = scene->one_descriptor;
    int result = open_at(&stage, scene->within);
    recording = false;
    without_descriptor = 0;
    one_descriptor = false;
    char remote[INET6_ADDRSTRLEN] = "none";
    if (stage.remote.sa.sa_family == AF_INET)
        inet_ntop(AF_INET, &stage.remote.in.sin_addr, remote, sizeof remote);
    else if (stage.remote.sa.sa_family == AF_INET6)
        inet_ntop(AF_INET6, &stage.remote.in6.sin6_addr, remote, sizeof remote);
    say("%s", remote);
    stage_close(&stage);
    return result;
}

static void assert_scene(
    const struct scene *scene, int result, const char *record)
{
    ck_assert_int_eq(run(play, (void *)(uintptr_t)scene), result);
    said(record);
}

START_TEST(the_first_address_is_enough)
{
    struct scene scene = {{"127.0.0.1", "127.0.0.2"}, .listening = "127.0.0.1"};
    assert_scene(&scene, 0, "1 won 127.0.0.1");
    scene = (struct scene){{"::1", "127.0.0.2"}, .listening = "::1"};
    assert_scene(&scene, 0, "v6 won ::1");
}
END_TEST

START_TEST(the_next_is_tried_when_one_refuses)
{
    struct scene scene = {{"127.0.0.1", "::1", "127.0.0.2", "127.0.0.3"},
        .listening = "127.0.0.2"};
    assert_scene(&scene, 0, "1 v6 2 won 127.0.0.2");
}
END_TEST

START_TEST(what_was_tried_is_noted)
{
    struct scene scene = {{"127.0.0.1", "127.0.0.2", "127.0.0.3"},
        .listening = "127.0.0.3", .deaf = {"127.0.0.1"}};
    noting = true;
    assert_scene(&scene, 0,
        "1 2 3 Operation canceled Connection refused ok won 127.0.0.3");
    scene = (struct scene){
        {"127.0.0.1"}, .deaf = {"127.0.0.1"}, .within = 20 * LOOP_MILLISECOND};
    assert_scene(&scene, -ETIMEDOUT, "1 Connection timed out 127.0.0.1");
    noting = false;
}
END_TEST

START_TEST(nine_dead_addresses_are_passed)
{
    struct scene scene = {
        {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5",
            "127.0.0.6", "127.0.0.7", "127.0.0.8", "127.0.0.9", "127.0.0.10"},
        .listening = "127.0.0.10"};
    assert_scene(&scene, 0, "1 2 3 4 5 6 7 8 9 10 won 127.0.0.10");
}
END_TEST

START_TEST(all_dead_is_the_last_ones_error)
{
    struct scene scene = {.addresses = {"127.0.0.1", "127.0.0.2"}};
    assert_scene(&scene, -ECONNREFUSED, "1 2 127.0.0.2");
    scene = (struct scene){.addresses = {NULL}};
    assert_scene(&scene, ASYNC_DNS_NODATA, "none");
    scene = (struct scene){.addresses = {"127.0.0.1", "255.255.255.255"}};
    ck_assert_int_lt(run(play, &scene), 0);
    said("1 255 255.255.255.255");
}
END_TEST

START_TEST(a_silent_address_does_not_hold_up_the_next)
{
    struct scene scene = {{"127.0.0.1", "127.0.0.2", "127.0.0.3"},
        .listening = "127.0.0.2", .deaf = {"127.0.0.1"}};
    assert_scene(&scene, 0, "1 2 won 127.0.0.2");
    scene = (struct scene){{"127.0.0.1", "127.0.0.2", "127.0.0.3"},
        .listening = "127.0.0.3", .deaf = {"127.0.0.1"}};
    assert_scene(&scene, 0, "1 2 3 won 127.0.0.3");
}
END_TEST

START_TEST(silence_ends_at_the_deadline)
{
    struct scene scene = {{"127.0.0.1", "127.0.0.2"},
        .deaf = {"127.0.0.1", "127.0.0.2"}, .within = 20 * LOOP_MILLISECOND};
    assert_scene(&scene, -ETIMEDOUT, "1 127.0.0.1");
    scene.within = 400 * LOOP_MILLISECOND;
    assert_scene(&scene, -ETIMEDOUT, "1 2 127.0.0.2");
}
END_TEST

START_TEST(only_the_last_attempt_explains_the_end)
{
    struct scene scene = {{"127.0.0.1", "127.0.0.2"}, .deaf = {"127.0.0.1"},
        .within = 500 * LOOP_MILLISECOND};
    assert_scene(&scene, -ECONNREFUSED, "1 2 127.0.0.2");
    scene.deaf[0] = "127.0.0.2";
    assert_scene(&scene, -ETIMEDOUT, "1 2 127.0.0.2");
}
END_TEST

START_TEST(without_a_descriptor_it_tries_again)
{
    struct scene scene = {{"127.0.0.1", "127.0.0.2"}, .listening = "127.0.0.2",
        .without_descriptor = 2};
    assert_scene(&scene, 0, "1 2 won 127.0.0.2");
    scene.without_descriptor = 1000;
    scene.within = 120 * LOOP_MILLISECOND;
    assert_scene(&scene, -EMFILE, "none");
}
END_TEST

START_TEST(the_oldest_gives_its_descriptor_to_the_next)
{
    struct scene scene = {{"127.0.0.1", "127.0.0.2", "127.0.0.3"},
        .listening = "127.0.0.3", .deaf = {"127.0.0.1", "127.0.0.2"},
        .one_descriptor = true, .within = 5 * LOOP_SECOND};
    assert_scene(&scene, 0, "1 2 3 won 127.0.0.3");
}
END_TEST

START_TEST(an_old_lack_of_descriptors_does_not_explain_a_timeout)
{
    struct scene scene = {{"127.0.0.1"}, .deaf = {"127.0.0.1"},
        .without_descriptor = 1, .within = 300 * LOOP_MILLISECOND};
    assert_scene(&scene, -ETIMEDOUT, "1 127.0.0.1");
}
END_TEST

/* On loopback connect(2) itself tells of a refusal.  Elsewhere it comes later,
 * as an event, as it does for a socket that is shut down meanwhile. */
static int play_broken(void *arg)
{
    struct task *task = spawn(play, arg);
    ck_assert_int_eq(task_sleep(5 * LOOP_MILLISECOND), 0);
    said("1");
    shutdown(last_socket, SHUT_RDWR);
    return task_join(task);
}

START_TEST(the_next_is_tried_at_once_when_one_fails_later)
{
    struct scene scene = {{"127.0.0.1", "127.0.0.2"}, .listening = "127.0.0.2",
        .deaf = {"127.0.0.1"}, .within = 150 * LOOP_MILLISECOND};
    ck_assert_int_eq(run(play_broken, &scene), 0);
    said("2 won 127.0.0.2");
}
END_TEST

static int play_canceled(void *arg)
{
    const struct scene *scene = arg;
    struct task *task = spawn(play, arg);
    settle();
    int64_t more = scene->without_descriptor ? 0 : 300 * LOOP_MILLISECOND;
    ck_assert_int_eq(task_sleep(more), 0);
    task_cancel(task);
    return task_join(task);
}

START_TEST(a_canceled_race_leaves_nothing)
{
    struct scene scene = {
        {"127.0.0.1", "127.0.0.2"}, .deaf = {"127.0.0.1", "127.0.0.2"}};
    ck_assert_int_eq(run(play_canceled, &scene), -ECANCELED);
    said("1 2 127.0.0.2");
    scene.without_descriptor = 1000;
    ck_assert_int_eq(run(play_canceled, &scene), -ECANCELED);
    said("none");
}
END_TEST

SUITE("connection", the_first_address_is_enough,
    the_next_is_tried_at_once_when_one_fails_later,
    the_next_is_tried_when_one_refuses, what_was_tried_is_noted,
    nine_dead_addresses_are_passed, all_dead_is_the_last_ones_error,
    a_silent_address_does_not_hold_up_the_next, silence_ends_at_the_deadline,
    only_the_last_attempt_explains_the_end, without_a_descriptor_it_tries_again,
    the_oldest_gives_its_descriptor_to_the_next,
    an_old_lack_of_descriptors_does_not_explain_a_timeout,
    a_canceled_race_leaves_nothing)
