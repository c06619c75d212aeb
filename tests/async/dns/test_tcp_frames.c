/*
 * tcp_frames: streams cut anywhere, either way.
 */
#include "harness.h"

#include "async/dns/tcp_frames.h"

#include <stdlib.h>
#include <string.h>

/* A stream in pieces of `in` bytes becomes messages, each of them changed by
 * its function, and is taken in pieces of `out` bytes. */
struct cut {
    size_t in, out;
    size_t (*change)(unsigned char *message, size_t size);
};

static size_t keep(unsigned char *message, size_t size)
{
    (void)message;
    return size;
}

static size_t put_piece(struct tcp_frames *frames, const unsigned char *from,
    size_t left, size_t piece)
{
    size_t room;
    unsigned char *to = tcp_frames_space(frames, &room);
    ck_assert_ptr_nonnull(to);
    ck_assert_uint_ge(room, 1);
    size_t size = left < piece ? left : piece;
    if (size > room)
        size = room;
    memcpy(to, from, size);
    tcp_frames_put(frames, size);
    return size;
}

static size_t take_all(
    struct tcp_frames *frames, const struct cut *cut, unsigned char *to)
{
    struct tcp_frame frame;
    size_t size = 0, n;
    do {
        while ((n = tcp_frames_take(frames, to + size, cut->out)))
            size += n;
        if (tcp_frames_next(frames, &frame))
            tcp_frames_pass(frames, cut->change(frame.bytes, frame.size));
    } while (tcp_frames_has_message(frames));
    return size;
}

/* What comes out of a stream of whole messages; nothing is held then. */
static size_t run_cut(const struct cut *cut, const unsigned char *stream,
    size_t size, unsigned char *to)
{
    struct tcp_frames frames = {0};
    size_t taken = 0;
    for (size_t at = 0; at < size;) {
        at += put_piece(&frames, stream + at, size - at, cut->in);
        taken += take_all(&frames, cut, to + taken);
    }
    ck_assert_ptr_null(frames.bytes);
    return taken;
}

static const unsigned char three[] = "\0\3abc\0\1d\0\6efghij";
enum { THREE = sizeof three - 1 };

START_TEST(cut_at_every_byte)
{
    for (size_t in = 1; in <= THREE; in++)
        for (size_t out = 1; out <= THREE; out++) {
            struct cut cut = {in, out, keep};
            unsigned char taken[THREE];
            ck_assert_uint_eq(run_cut(&cut, three, THREE, taken), THREE);
            ck_assert_mem_eq(taken, three, THREE);
        }
}
END_TEST

/* The first grows, the second is dropped, the third shrinks. */
static size_t change(unsigned char *message, size_t size)
{
    if (size == 3)
        memcpy(message + 3, "XYZ", 3);
    return size == 3 ? 6 : size == 1 ? 0 : 2;
}

START_TEST(messages_may_change)
{
    static const unsigned char changed[] = "\0\6abcXYZ\0\2ef";
    enum { CHANGED = sizeof changed - 1 };
    for (size_t in = 1; in <= THREE; in++)
        for (size_t out = 1; out <= CHANGED; out++) {
            struct cut cut = {in, out, change};
            unsigned char taken[CHANGED];
            ck_assert_uint_eq(run_cut(&cut, three, THREE, taken), CHANGED);
            ck_assert_mem_eq(taken, changed, CHANGED);
        }
}
END_TEST

/* To the last byte that a message may grow by, where another one follows. */
static size_t grow(unsigned char *message, size_t size)
{
    enum { GROWTH = 259 };
    if (size != 3)
        return size;
    memset(message + size, 'x', GROWTH);
    return size + GROWTH;
}

START_TEST(a_message_grows_by_a_question)
{
    struct cut cut = {THREE, 7, grow};
    unsigned char taken[THREE + 259];
    ck_assert_uint_eq(run_cut(&cut, three, THREE, taken), sizeof taken);
    ck_assert_mem_eq(taken, "\1\6abcx", 6);
    ck_assert_mem_eq(taken + 5 + 259, three + 5, THREE - 5);
}
END_TEST

/* The longest ones there can be, and one without a byte. */
START_TEST(the_longest_and_the_shortest)
{
    enum { LONGEST = 2 + 65535, SIZE = 2 * LONGEST + 2 };
    unsigned char *stream = malloc(SIZE), *taken = malloc(SIZE);
    ck_assert(stream && taken);
    for (size_t i = 0; i < SIZE; i++)
        stream[i] = (unsigned char)(i % 251);
    memset(stream, 0xff, 2);
    memset(stream + LONGEST, 0, 2);
    memset(stream + LONGEST + 2, 0xff, 2);
    for (size_t in = 1; in <= SIZE; in = in * 3 + 1) {
        struct cut cut = {in, 4096, keep};
        size_t size = run_cut(&cut, stream, SIZE, taken);
        ck_assert_uint_eq(size, 2 * LONGEST); /* an empty one is dropped */
        ck_assert_mem_eq(taken, stream, LONGEST);
        ck_assert_mem_eq(taken + LONGEST, stream + LONGEST + 2, LONGEST);
    }
    free(stream);
    free(taken);
}
END_TEST

/* Nothing of an incomplete message comes out, and it is held until the end. */
START_TEST(the_end_in_the_middle)
{
    for (size_t size = 1; size < 5; size++) {
        struct tcp_frames frames = {0};
        struct tcp_frame frame;
        char byte;
        ck_assert_uint_eq(put_piece(&frames, three, size, THREE), size);
        ck_assert(!tcp_frames_has_message(&frames));
        ck_assert(!tcp_frames_next(&frames, &frame));
        ck_assert_uint_eq(tcp_frames_take(&frames, &byte, 1), 0);
        ck_assert_ptr_nonnull(frames.bytes);
        tcp_frames_fini(&frames);
        ck_assert_ptr_null(frames.bytes);
    }
}
END_TEST

/* The room that was asked for may stay empty. */
START_TEST(nothing_came)
{
    struct tcp_frames frames = {0};
    size_t room;
    ck_assert_ptr_nonnull(tcp_frames_space(&frames, &room));
    tcp_frames_put(&frames, 0);
    ck_assert_ptr_null(frames.bytes);
}
END_TEST

SUITE("tcp_frames", cut_at_every_byte, messages_may_change,
    a_message_grows_by_a_question, the_longest_and_the_shortest,
    the_end_in_the_middle, nothing_came)
