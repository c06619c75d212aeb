/*
 * stream: bytes by number, however they arrive.
 */
#include "harness.h"
#include "pair.h"

#include "async/core/error.h"

#include <errno.h>
#include <string.h>

static const char message[] = "\x05\x01three\nl\n12345";

/* Waits for so many bytes, which are those of the message from `at` on. */
static void expect(struct stream *stream, size_t at, size_t size)
{
    size_t unread;
    ck_assert_int_eq(stream_fill_to(stream, size), 0);
    const char *bytes = stream_peek(stream, &unread);
    ck_assert_uint_ge(unread, size);
    ck_assert_mem_eq(bytes, message + at, size);
}

static int read_message(void *arg)
{
    struct stream *stream = arg;
    struct stream_line line;
    expect(stream, 0, 1);
    expect(stream, 0, 2);
    stream_take(stream, 2);
    expect(stream, 2, 0);
    expect(stream, 2, 7);
    stream_take(stream, 5);
    ck_assert_int_eq(stream_readline(stream, 10, &line), 0);
    ck_assert_uint_eq(line.len, 0);
    expect(stream, 8, 4);
    ck_assert_int_eq(stream_readline(stream, 10, &line), 0);
    ck_assert_uint_eq(line.len, 1);
    expect(stream, 10, 5);
    stream_take(stream, 5);
    return stream_fill_to(stream, 1);
}

static int in_two_parts(void *arg)
{
    (void)arg;
    for (size_t cut = 0; cut < sizeof message; cut++) {
        struct pair pair;
        pair_open(&pair);
        struct task *task = spawn(read_message, pair.stream);
        peer_send_bytes(&pair, message, cut);
        settle();
        peer_send_bytes(&pair, message + cut, sizeof message - 1 - cut);
        peer_close(&pair);
        ck_assert_int_eq(task_join(task), ASYNC_EOF);
        pair_close(&pair);
    }
    return 0;
}

START_TEST(a_message_split_anywhere_is_the_same)
{
    run(in_two_parts, NULL);
}
END_TEST

static int byte_by_byte(void *arg)
{
    struct pair pair;
    (void)arg;
    pair_open(&pair);
    struct task *task = spawn(read_message, pair.stream);
    for (size_t i = 0; i + 1 < sizeof message; i++) {
        peer_send_bytes(&pair, message + i, 1);
        settle();
    }
    peer_close(&pair);
    ck_assert_int_eq(task_join(task), ASYNC_EOF);
    pair_close(&pair);
    return 0;
}

START_TEST(a_message_byte_by_byte_is_the_same)
{
    run(byte_by_byte, NULL);
}
END_TEST

static int ends(void *arg)
{
    struct pair pair;
    size_t unread;
    (void)arg;
    pair_open(&pair);
    peer_send(&pair, "abc");
    peer_close(&pair);
    ck_assert_int_eq(stream_fill_to(pair.stream, 4), ASYNC_EOF_IN_LINE);
    ck_assert_mem_eq(stream_peek(pair.stream, &unread), "abc", 3);
    ck_assert_int_eq(stream_fill_to(pair.stream, 3), 0);
    stream_take(pair.stream, 3);
    ck_assert_int_eq(stream_fill_to(pair.stream, 0), 0);
    ck_assert_int_eq(stream_fill_to(pair.stream, 1), ASYNC_EOF);
    pair_close(&pair);
    pair_open(&pair);
    peer_reset(&pair);
    ck_assert_int_eq(stream_fill_to(pair.stream, 1), -ECONNRESET);
    pair_close(&pair);
    return 0;
}

START_TEST(an_end_in_a_message_is_told)
{
    run(ends, NULL);
}
END_TEST

SUITE("stream_bytes", a_message_split_anywhere_is_the_same,
    a_message_byte_by_byte_is_the_same, an_end_in_a_message_is_told)
