/*
 * stream: connecting, writing, and being interrupted in each await.
 */
#include "harness.h"
#include "pair.h"

#include "async/core/error.h"

#include <errno.h>
#include <linux/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIMIT = 1000 };

/* --- connecting --- */

static int connect_to(void *arg)
{
    struct stream *stream = NULL;
    int result = stream_connect(&stream, arg);
    if (result) {
        ck_assert_ptr_null(stream); /* written only on success */
        return result;
    }
    stream_close(stream);
    return 0;
}

START_TEST(connecting_succeeds_or_is_refused)
{
    static const char *const ips[] = {"127.0.0.1", "::1"};
    for (int i = 0; i < 2; i++) {
        union address address;
        int fd = bound_to(ips[i], &address);
        ck_assert_int_eq(run(connect_to, &address), -ECONNREFUSED);
        ck_assert_int_eq(listen(fd, 1), 0);
        ck_assert_int_eq(run(connect_to, &address), 0);
        close(fd);
    }
    union address nowhere = {
        .in = {.sin_family = AF_INET, .sin_addr.s_addr = INADDR_BROADCAST}};
    ck_assert_int_lt(run(connect_to, &nowhere), 0);
}
END_TEST

int __real_connect(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);

static bool from_there; /* the socket gets the address that it looks for */

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    int yes = 1;
    if (from_there) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        ck_assert_int_eq(bind(fd, address, length), 0);
    }
    return __real_connect(fd, address, length);
}

static int connect_looped(void *arg)
{
    struct stream *stream;
    struct stream_line line;
    ck_assert_int_eq(stream_connect(&stream, arg), 0);
    bool looped = stream_is_looped(stream);
    if (looped) {
        ck_assert_int_eq(stream_write(stream, "echo\n", 5), 0);
        ck_assert_int_eq(stream_readline(stream, LIMIT, &line), 0);
        ck_assert_mem_eq(line.bytes, "echo", 4);
    }
    stream_close(stream);
    return looped;
}

START_TEST(a_stream_may_be_its_own_peer)
{
    static const char *const ips[] = {"127.0.0.1", "::1"};
    for (int i = 0; i < 2; i++) {
        union address address;
        close(bound_to(ips[i], &address));
        from_there = true;
        ck_assert_int_eq(run(connect_looped, &address), true);
        from_there = false;
        int fd = listen_on(ips[i], &address);
        ck_assert_int_eq(run(connect_looped, &address), false);
        close(fd);
    }
}
END_TEST

static int connect_to_speaker(void *arg)
{
    union address address;
    struct stream *stream;
    struct stream_line line;
    (void)arg;
    int listener = listen_on("127.0.0.1", &address);
    struct future changed;
    future_init(&changed);
    ck_assert_int_eq(stream_open(&stream, &address, &changed), 0);
    ck_assert_int_eq(stream_opened(stream), -EINPROGRESS);
    int peer = accept(listener, NULL, NULL);
    ck_assert_int_eq(send(peer, "220 hello\r\n", 11, 0), 11);
    ck_assert_int_eq(await(&changed), 0);
    ck_assert_int_eq(stream_opened(stream), 0);
    stream_adopt(stream);
    ck_assert_int_eq(stream_readline(stream, LIMIT, &line), 0);
    ck_assert_uint_eq(line.len, 9);
    stream_close(stream);
    close(peer);
    close(listener);
    return 0;
}

START_TEST(a_peer_may_speak_first)
{
    run(connect_to_speaker, NULL);
}
END_TEST

/* Segments that came to an accepted socket. */
static unsigned segments_in(int fd)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    ck_assert_int_eq(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size), 0);
    return info.tcpi_segs_in;
}

static int speak_first(void *arg)
{
    union address address;
    struct stream *stream;
    struct future changed;
    (void)arg;
    int listener = listen_on("127.0.0.1", &address);
    future_init(&changed);
    ck_assert_int_eq(stream_open(&stream, &address, &changed), 0);
    ck_assert_int_eq(await(&changed), 0);
    ck_assert_int_eq(stream_opened(stream), 0);
    stream_adopt(stream);
    ck_assert_int_eq(stream_write(stream, "x", 1), 0);
    int peer = accept(listener, NULL, NULL);
    unsigned segments = segments_in(peer);
    stream_close(stream);
    close(peer);
    close(listener);
    return (int)segments;
}

START_TEST(the_first_bytes_go_with_the_handshake)
{
    ck_assert_int_eq(run(speak_first, NULL), 2); /* the first is the SYN */
}
END_TEST

static int connect_to_resetter(void *arg)
{
    struct pair pair;
    union address address;
    (void)arg;
    int listener = listen_on("127.0.0.1", &address);
    struct future changed;
    future_init(&changed);
    ck_assert_int_eq(stream_open(&pair.stream, &address, &changed), 0);
    pair.peer = accept(listener, NULL, NULL);
    peer_reset(&pair);
    ck_assert_int_eq(await(&changed), 0);
    ck_assert_int_eq(stream_opened(pair.stream), -ECONNRESET);
    pair_close(&pair);
    close(listener);
    return 0;
}

START_TEST(a_peer_may_reset_at_once)
{
    run(connect_to_resetter, NULL);
}
END_TEST

/* --- writing --- */

enum { BIG = 8 * 1024 * 1024 };

static char *pattern(size_t size)
{
    char *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    return bytes;
}

struct slow_reader {
    int fd;
    size_t size;
};

/* Takes what has come whenever everybody else has had a turn. */
static int read_slowly(void *arg)
{
    struct slow_reader *reader = arg;
    char *expected = pattern(reader->size), chunk[50 * 1000];
    size_t got = 0;
    while (got < reader->size) {
        ck_assert_int_eq(task_sleep(0), 0);
        ssize_t n = recv(reader->fd, chunk, sizeof chunk, MSG_DONTWAIT);
        if (n < 0) {
            ck_assert_int_eq(errno, EAGAIN);
            continue;
        }
        ck_assert_mem_eq(chunk, expected + got, (size_t)n);
        got += (size_t)n;
    }
    free(expected);
    return 0;
}

static int write_much(void *arg)
{
    struct pair pair;
    char *bytes = pattern(BIG);
    (void)arg;
    pair_open(&pair);
    struct slow_reader reader = {pair.peer, BIG};
    ck_assert_int_eq(stream_write(pair.stream, bytes, BIG - 100), 0);
    ck_assert_int_eq(stream_write(pair.stream, bytes + BIG - 100, 60), 0);
    ck_assert_int_eq(stream_write(pair.stream, bytes, 0), 0);
    struct task *task = spawn(read_slowly, &reader);
    settle();
    ck_assert_int_eq(stream_write(pair.stream, bytes + BIG - 40, 40), 0);
    ck_assert_int_eq(stream_drain(pair.stream), 0);
    ck_assert_int_eq(stream_drain(pair.stream), 0);
    ck_assert_int_eq(task_join(task), 0);
    pair_close(&pair);
    free(bytes);
    return 0;
}

START_TEST(much_is_written_to_a_slow_reader)
{
    run(write_much, NULL);
}
END_TEST

static int write_to_closed(void *arg)
{
    struct pair pair;
    char *bytes = pattern(BIG);
    (void)arg;
    pair_open(&pair);
    peer_reset(&pair);
    settle();
    int first = stream_write(pair.stream, "x", 1);
    ck_assert(first == -ECONNRESET || first == -EPIPE);
    ck_assert_int_eq(stream_write(pair.stream, "x", 1), -EPIPE);
    pair_close(&pair);
    pair_open(&pair);
    ck_assert_int_eq(stream_write(pair.stream, bytes, BIG), 0);
    peer_reset(&pair);
    int result = stream_drain(pair.stream);
    ck_assert(result == -ECONNRESET || result == -EPIPE);
    pair_close(&pair);
    free(bytes);
    return 0;
}

START_TEST(writing_to_a_closed_peer_is_an_error_and_no_signal)
{
    run(write_to_closed, NULL);
}
END_TEST

/* --- interruptions --- */

struct interrupted {
    struct pair pair;
    int (*awaiting)(struct interrupted *);
};

static int fill_it(struct interrupted *i)
{
    return stream_fill(i->pair.stream);
}

static int read_it(struct interrupted *i)
{
    struct stream_line line;
    return stream_readline(i->pair.stream, LIMIT, &line);
}

static int drain_it(struct interrupted *i)
{
    return stream_drain(i->pair.stream);
}

static int await_it(void *arg)
{
    struct interrupted *i = arg;
    return i->awaiting(i);
}

static int await_within(struct interrupted *i)
{
    struct wait_for scope;
    wait_for_enter(&scope, LOOP_MILLISECOND);
    return wait_for_leave(&scope, i->awaiting(i));
}

/* Afterwards the stream is as good as before. */
static void read_and_write(struct interrupted *i)
{
    struct stream_line line;
    peer_send(&i->pair, "and then\n");
    ck_assert_int_eq(stream_readline(i->pair.stream, LIMIT, &line), 0);
    ck_assert_mem_eq(line.bytes + line.len - 8, "and then", 8);
    struct slow_reader reader = {i->pair.peer, BIG};
    struct task *task = spawn(read_slowly, &reader);
    ck_assert_int_eq(stream_drain(i->pair.stream), 0);
    ck_assert_int_eq(task_join(task), 0);
}

static int interrupt_each(void *arg)
{
    int (*const awaiting[])(struct interrupted *) = {
        fill_it, read_it, drain_it};
    char *bytes = pattern(BIG);
    (void)arg;
    for (int k = 0; k < 3; k++) {
        struct interrupted i = {.awaiting = awaiting[k]};
        pair_open(&i.pair);
        peer_send(&i.pair, "half a line ");
        ck_assert_int_eq(stream_fill(i.pair.stream), 0);
        ck_assert_int_eq(stream_write(i.pair.stream, bytes, BIG), 0);
        struct task *task = spawn(await_it, &i);
        settle();
        task_cancel(task);
        ck_assert_int_eq(task_join(task), -ECANCELED);
        ck_assert_int_eq(await_within(&i), -ETIMEDOUT);
        read_and_write(&i);
        pair_close(&i.pair);
    }
    free(bytes);
    return 0;
}

START_TEST(an_interrupted_stream_goes_on_afterwards)
{
    run(interrupt_each, NULL);
}
END_TEST

static int connect_deaf_within(void *arg)
{
    struct deaf *deaf = arg;
    struct wait_for scope;
    int fds = open_fds();
    wait_for_enter(&scope, 5 * LOOP_MILLISECOND);
    int result = wait_for_leave(&scope, connect_to(&deaf->address));
    ck_assert_int_eq(open_fds(), fds);
    struct task *task = spawn(connect_to, &deaf->address);
    settle();
    ck_assert_int_eq(open_fds(), fds + 1);
    task_cancel(task);
    ck_assert_int_eq(task_join(task), -ECANCELED);
    ck_assert_int_eq(open_fds(), fds);
    return result;
}

START_TEST(an_interrupted_connect_leaves_no_descriptor)
{
    struct deaf deaf;
    deaf_open(&deaf, "127.0.0.1");
    ck_assert_int_eq(run(connect_deaf_within, &deaf), -ETIMEDOUT);
    deaf_close(&deaf);
}
END_TEST

SUITE("stream_socket", connecting_succeeds_or_is_refused,
    a_stream_may_be_its_own_peer, a_peer_may_speak_first,
    the_first_bytes_go_with_the_handshake, a_peer_may_reset_at_once,
    much_is_written_to_a_slow_reader,
    writing_to_a_closed_peer_is_an_error_and_no_signal,
    an_interrupted_stream_goes_on_afterwards,
    an_interrupted_connect_leaves_no_descriptor)
