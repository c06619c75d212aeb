/*
 * stream: lines however they arrive, ends, limits, the shared buffer.
 * test_stream_socket has connecting, writing and being interrupted.
 */
#include "harness.h"
#include "pair.h"

#include "async/core/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 1000 };

/* Reads a line and says it: "a+2" is "a" with a line end of two bytes. */
static int say_line(struct stream *stream, size_t max)
{
    struct stream_line line;
    int result = stream_readline(stream, max, &line);
    if (!result)
        say("%.*s+%zu", (int)line.len, line.bytes, line.wire - line.len);
    return result;
}

static int say_lines(struct stream *stream)
{
    int result;
    while (!(result = say_line(stream, LIMIT)))
        continue;
    return result;
}

/* --- line ends --- */

static int read_text(void *arg)
{
    struct pair pair;
    pair_open(&pair);
    peer_send(&pair, arg);
    peer_close(&pair);
    int result = say_lines(pair.stream);
    ck_assert_int_eq(say_line(pair.stream, LIMIT), result); /* it stays so */
    pair_close(&pair);
    return result;
}

START_TEST(lines_end_with_lf_or_crlf)
{
    static const struct {
        const char *text, *lines;
        int result;
    } table[] = {
        {"", "", ASYNC_EOF},
        {"a\nb\n", "a+1 b+1", ASYNC_EOF},
        {"a\r\nb\r\n\r\n", "a+2 b+2 +2", ASYNC_EOF},
        {"a\r\nb\n\r\n\n", "a+2 b+1 +2 +1", ASYNC_EOF},
        {"a\rb\r\r\nc\n", "a\rb\r+2 c+1", ASYNC_EOF},
        {"\n", "+1", ASYNC_EOF},
        {"a", "", ASYNC_EOF_IN_LINE},
        {"a\nb", "a+1", ASYNC_EOF_IN_LINE},
        {"a\r\nb\r", "a+2", ASYNC_EOF_IN_LINE},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int result = run(read_text, (void *)(uintptr_t)table[i].text);
        ck_assert_int_eq(result, table[i].result);
        said(table[i].lines);
    }
}
END_TEST

static int read_nul(void *arg)
{
    static const char text[] = "a\0b\0\r\n\0\n";
    struct pair pair;
    struct stream_line line;
    (void)arg;
    pair_open(&pair);
    peer_send_bytes(&pair, text, sizeof text - 1);
    ck_assert_int_eq(stream_readline(pair.stream, LIMIT, &line), 0);
    ck_assert_uint_eq(line.len, 4);
    ck_assert_mem_eq(line.bytes, "a\0b\0", 4);
    ck_assert_int_eq(stream_readline(pair.stream, LIMIT, &line), 0);
    ck_assert_uint_eq(line.len, 1);
    ck_assert_mem_eq(line.bytes, "\0", 1);
    pair_close(&pair);
    return 0;
}

START_TEST(a_line_holds_nul_bytes)
{
    run(read_nul, NULL);
}
END_TEST

/* --- how the bytes are cut --- */

/* 300 bytes or so, and what say_lines makes of them. */
static char head[400], head_said[400];

static void head_make(void)
{
    head[0] = head_said[0] = '\0';
    for (int i = 0; strlen(head) < 300; i++) {
        char line[40];
        snprintf(
            line, sizeof line, "Field-%d:%.*s", i, i % 17, "xxxxxxxxxxxxxxxxx");
        snprintf(head + strlen(head), 60, "%s%s", line, i % 3 ? "\r\n" : "\n");
        snprintf(head_said + strlen(head_said), 60, "%s%s+%d", i ? " " : "",
            line, i % 3 ? 2 : 1);
    }
}

static int read_all_of(void *arg)
{
    return say_lines(arg);
}

/* Sends `text` in pieces of `size` bytes, the first one of `first`; the
 * reader has seen each before the next. */
static void send_pieces(
    const struct pair *pair, const char *text, size_t first, size_t size)
{
    size_t len = strlen(text);
    for (size_t at = 0, n = first; at < len; at += n, n = size) {
        n = n < len - at ? n : len - at;
        peer_send_bytes(pair, text + at, n);
        settle();
    }
}

static int read_split(void *arg)
{
    (void)arg;
    for (size_t split = 1; split < strlen(head); split++) {
        struct pair pair;
        pair_open(&pair);
        struct task *reader = spawn(read_all_of, pair.stream);
        send_pieces(&pair, head, split, strlen(head));
        peer_close(&pair);
        ck_assert_int_eq(task_join(reader), ASYNC_EOF);
        said(head_said);
        pair_close(&pair);
    }
    return 0;
}

START_TEST(a_head_split_anywhere_is_the_same)
{
    head_make();
    run(read_split, NULL);
}
END_TEST

static int read_bytewise(void *arg)
{
    struct pair pair;
    (void)arg;
    pair_open(&pair);
    struct task *reader = spawn(read_all_of, pair.stream);
    send_pieces(&pair, head, 1, 1);
    peer_close(&pair);
    ck_assert_int_eq(task_join(reader), ASYNC_EOF);
    said(head_said);
    pair_close(&pair);
    return 0;
}

START_TEST(a_head_byte_by_byte_is_the_same)
{
    head_make();
    run(read_bytewise, NULL);
}
END_TEST

/* --- the limit of a line --- */

/* One line of at most LIMIT bytes is read and must be all one letter. */
struct reader {
    struct stream *stream;
    int letter;
    size_t len;
};

static int read_long_line(void *arg)
{
    struct reader *reader = arg;
    struct stream_line line;
    int result = stream_readline(reader->stream, LIMIT, &line);
    if (result)
        return result;
    reader->len = line.len;
    for (size_t i = 0; i < line.len; i++)
        ck_assert_int_eq(line.bytes[i], reader->letter);
    return 0;
}

static int long_line_result(size_t len, const char *end, size_t piece)
{
    struct pair pair;
    pair_open(&pair);
    struct reader reader = {pair.stream, 'x', 0};
    char *text = malloc(len + 3);
    memset(text, 'x', len);
    strcpy(text + len, end);
    struct task *task = spawn(read_long_line, &reader);
    send_pieces(&pair, text, piece, piece);
    free(text);
    int result = task_join(task);
    if (!result)
        ck_assert_uint_eq(reader.len, len);
    pair_close(&pair);
    return result;
}

static int read_around_limit(void *arg)
{
    (void)arg;
    static const size_t pieces[] = {
        1, 7, LIMIT - 1, LIMIT, LIMIT + 1, LIMIT + 2};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        for (size_t len = LIMIT - 1; len <= LIMIT + 2; len++) {
            int result = len <= LIMIT ? 0 : ASYNC_LINE_TOO_LONG;
            ck_assert_int_eq(long_line_result(len, "\n", pieces[i]), result);
            ck_assert_int_eq(long_line_result(len, "\r\n", pieces[i]), result);
        }
    return 0;
}

START_TEST(a_line_at_the_limit_is_whole_and_one_over_is_refused)
{
    run(read_around_limit, NULL);
}
END_TEST

enum { BIG = 64 * 1024, CHUNK = 16 * 1024 };

static int read_endless_line(void *arg)
{
    static char endless[1024 * 1024];
    struct pair pair;
    struct stream_line line;
    size_t unread;
    (void)arg;
    memset(endless, 'x', sizeof endless);
    pair_open(&pair);
    ssize_t n = send(pair.peer, endless, sizeof endless, MSG_DONTWAIT);
    ck_assert_int_gt(n, 3 * BIG);
    ck_assert_int_eq(
        stream_readline(pair.stream, BIG, &line), ASYNC_LINE_TOO_LONG);
    stream_peek(pair.stream, &unread);
    ck_assert_uint_gt(unread, BIG);
    ck_assert_uint_le(unread, BIG + CHUNK + 2);
    pair_close(&pair);
    return 0;
}

START_TEST(of_an_endless_line_little_more_than_the_limit_is_read)
{
    run(read_endless_line, NULL);
}
END_TEST

/* --- ends --- */

static int read_then_reset(void *arg)
{
    struct pair pair;
    (void)arg;
    pair_open(&pair);
    struct task *reader = spawn(read_all_of, pair.stream);
    peer_send(&pair, "a\r\nb\nhalf");
    settle();
    peer_reset(&pair);
    int result = task_join(reader);
    pair_close(&pair);
    return result;
}

START_TEST(a_reset_comes_after_the_lines)
{
    ck_assert_int_eq(run(read_then_reset, NULL), -ECONNRESET);
    said("a+2 b+1");
}
END_TEST

static int read_half_closed(void *arg)
{
    struct pair pair;
    (void)arg;
    pair_open(&pair);
    peer_send(&pair, "a\n");
    shutdown(pair.peer, SHUT_WR);
    int result = say_lines(pair.stream);
    ck_assert_int_eq(stream_write(pair.stream, "still", 5), 0);
    pair_close(&pair);
    return result;
}

START_TEST(a_half_closed_peer_is_at_its_end)
{
    ck_assert_int_eq(run(read_half_closed, NULL), ASYNC_EOF);
    said("a+1");
}
END_TEST

static int peek_and_fill(void *arg)
{
    struct pair pair;
    size_t unread;
    (void)arg;
    pair_open(&pair);
    stream_peek(pair.stream, &unread);
    ck_assert_uint_eq(unread, 0);
    peer_send(&pair, "a\nbc");
    ck_assert_int_eq(say_line(pair.stream, LIMIT), 0);
    ck_assert_mem_eq(stream_peek(pair.stream, &unread), "bc", 2);
    ck_assert_uint_eq(unread, 2);
    peer_send(&pair, "d\n");
    ck_assert_int_eq(stream_fill(pair.stream), 0);
    ck_assert_mem_eq(stream_peek(pair.stream, &unread), "bcd\n", 4);
    ck_assert_uint_eq(unread, 4);
    ck_assert_int_eq(say_line(pair.stream, LIMIT), 0);
    pair_close(&pair);
    said("a+1 bcd+1");
    return 0;
}

START_TEST(what_is_unread_can_be_peeked_at)
{
    run(peek_and_fill, NULL);
}
END_TEST

/* --- the buffer that streams share --- */

enum { STREAMS = 5 };

static void send_letters(const struct pair *pair, int letter, int count)
{
    char letters[100];
    memset(letters, letter, sizeof letters);
    peer_send_bytes(pair, letters, (size_t)count);
}

/* Each stream's bytes are its own letter; a line of it comes in pieces while
 * all the others read, too. */
static int read_interleaved(void *arg)
{
    struct pair pairs[STREAMS];
    struct reader readers[STREAMS];
    struct task *tasks[STREAMS];
    (void)arg;
    for (int i = 0; i < STREAMS; i++)
        pair_open(&pairs[i]);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < STREAMS; i++) {
            readers[i] = (struct reader){pairs[i].stream, 'a' + i, 0};
            tasks[i] = spawn(read_long_line, &readers[i]);
        }
        for (int turn = 0; turn < 12; turn++) {
            for (int i = 0; i < STREAMS; i++)
                send_letters(&pairs[i], 'a' + i, 1 + i + turn + round);
            if (turn % 3 == 0)
                settle();
        }
        for (int i = STREAMS - 1; i >= 0; i--) {
            peer_send(&pairs[i], round % 2 ? "\r\n" : "\n");
            send_letters(&pairs[i], 'a' + i, 1);
        }
        for (int i = 0; i < STREAMS; i++) {
            ck_assert_int_eq(task_join(tasks[i]), 0);
            size_t len = (size_t)(12 * (1 + i + round) + 66 + (round > 0));
            ck_assert_uint_eq(readers[i].len, len);
        }
    }
    for (int i = 0; i < STREAMS; i++)
        pair_close(&pairs[i]);
    return 0;
}

START_TEST(lines_of_many_streams_do_not_mix)
{
    run(read_interleaved, NULL);
}
END_TEST

/* Whole lines wait unread in the shared buffer while another stream reads:
 * they move, and none is lost. */
static int read_in_turns(void *arg)
{
    struct pair a, b;
    (void)arg;
    pair_open(&a);
    pair_open(&b);
    peer_send(&a, "a1\na2\na3\na");
    peer_send(&b, "b1\nb2\nb");
    say_line(a.stream, LIMIT);
    say_line(b.stream, LIMIT);
    say_line(a.stream, LIMIT);
    peer_send(&a, "4\n");
    peer_send(&b, "3\n");
    for (int i = 0; i < 2; i++) {
        say_line(b.stream, LIMIT);
        say_line(a.stream, LIMIT);
    }
    said("a1+1 b1+1 a2+1 b2+1 a3+1 b3+1 a4+1");
    stream_close(a.stream); /* the owner of nothing, or of the buffer … */
    a.stream = NULL;
    peer_send(&b, "b4\n"); /* … and another stream still reads */
    say_line(b.stream, LIMIT);
    said("b4+1");
    pair_close(&b);
    pair_close(&a);
    return 0;
}

START_TEST(unread_lines_outlive_the_shared_buffer)
{
    run(read_in_turns, NULL);
}
END_TEST

SUITE("stream", lines_end_with_lf_or_crlf, a_line_holds_nul_bytes,
    a_head_split_anywhere_is_the_same, a_head_byte_by_byte_is_the_same,
    a_line_at_the_limit_is_whole_and_one_over_is_refused,
    of_an_endless_line_little_more_than_the_limit_is_read,
    a_reset_comes_after_the_lines, a_half_closed_peer_is_at_its_end,
    what_is_unread_can_be_peeked_at, lines_of_many_streams_do_not_mix,
    unread_lines_outlive_the_shared_buffer)
