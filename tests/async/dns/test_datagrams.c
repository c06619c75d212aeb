/*
 * datagrams over a pair of local sockets: order, batches, errors.
 */
#include "async/dns/datagrams.h"

#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MANY = 100 }; /* more than a batch, either way */

static int ends[2];
static struct datagrams *here, *there;

static void setup(void)
{
    int type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    ck_assert_int_eq(socketpair(AF_UNIX, type, 0, ends), 0);
    ck_assert_int_eq(datagrams_create(&here, ends[0]), 0);
    ck_assert_int_eq(datagrams_create(&there, ends[1]), 0);
}

static void teardown(void)
{
    datagrams_destroy(here);
    datagrams_destroy(there);
    close(ends[0]);
    close(ends[1]);
}

static ssize_t send_text(const char *text)
{
    /* In two parts, as c-ares sends by TCP. */
    size_t size = strlen(text);
    struct iovec parts[] = {{(void *)(uintptr_t)text, size / 2},
        {(void *)(uintptr_t)(text + size / 2), size - size / 2}};
    return datagrams_send(here, parts, 2);
}

static void expect_text(const char *text)
{
    char bytes[64];
    if (datagrams_received(there))
        ck_assert_int_eq(datagrams_fetch(there), 0);
    ck_assert(!datagrams_received(there));
    ssize_t size = datagrams_receive(there, bytes, sizeof bytes, NULL, NULL);
    ck_assert_int_eq(size, (ssize_t)strlen(text));
    ck_assert_mem_eq(bytes, text, (size_t)size);
}

static void expect_none_left(void)
{
    char bytes[64];
    ck_assert_int_eq(
        datagrams_receive(there, bytes, sizeof bytes, NULL, NULL), -1);
    ck_assert_int_eq(errno, EAGAIN);
    ck_assert(datagrams_received(there));
}

static void expect_nothing(void)
{
    expect_none_left();
    ck_assert_int_eq(datagrams_fetch(there), -EAGAIN);
    expect_none_left();
}

/* net.unix.max_dgram_qlen is 10 in places: never more of them under way. */
START_TEST(kept_until_flushed)
{
    ck_assert_int_eq(send_text("one"), 3);
    ck_assert_int_eq(send_text("second"), 6);
    expect_nothing();
    ck_assert_int_eq(datagrams_flush(here), 0);
    expect_text("one");
    expect_text("second");
    expect_nothing();
    ck_assert_int_eq(datagrams_flush(here), 0);
    expect_nothing();
}
END_TEST

START_TEST(all_in_order)
{
    char text[16];
    for (int i = 0; i < MANY; i++) {
        sprintf(text, "%d", i);
        send_text(text);
        if (i % 5 < 4)
            continue;
        ck_assert_int_eq(datagrams_flush(here), 0);
        for (int k = i - 4; k <= i; k++) {
            sprintf(text, "%d", k);
            expect_text(text);
        }
        expect_nothing();
    }
}
END_TEST

START_TEST(empty_ones_are_passed_over)
{
    ck_assert_int_eq(send_text(""), 0);
    send_text("x");
    send_text("");
    datagrams_flush(here);
    expect_text("x");
    expect_none_left();
    expect_nothing();
}
END_TEST

START_TEST(too_long_ones_are_refused)
{
    char bytes[2000] = {0};
    struct iovec part = {bytes, sizeof bytes};
    ck_assert_int_eq(datagrams_send(here, &part, 1), -1);
    ck_assert_int_eq(errno, EMSGSIZE);
    send_text("x");
    datagrams_flush(here);
    expect_text("x");
}
END_TEST

START_TEST(cut_to_the_room_there_is)
{
    char bytes[2];
    send_text("abc");
    datagrams_flush(here);
    ck_assert_int_eq(datagrams_fetch(there), 0);
    ck_assert_int_eq(datagrams_receive(there, bytes, 2, NULL, NULL), 2);
    ck_assert_mem_eq(bytes, "ab", 2);
    expect_nothing();
}
END_TEST

START_TEST(an_error_is_told_and_the_rest_dropped)
{
    close(ends[1]);
    send_text("x");
    send_text("y");
    ck_assert_int_lt(datagrams_flush(here), 0);
    ck_assert_int_eq(datagrams_flush(here), 0);
    ends[1] = dup(ends[0]);
}
END_TEST

/* A full batch goes by itself, and its error is told at once. */
START_TEST(an_error_of_a_full_batch)
{
    int refused = 0;
    close(ends[1]);
    for (int i = 0; i < MANY; i++)
        refused += send_text("x") < 0;
    ck_assert_int_gt(refused, 0);
    ends[1] = dup(ends[0]);
}
END_TEST

START_TEST(who_sent_it)
{
    struct sockaddr_in me = {.sin_family = AF_INET,
                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
                       from;
    socklen_t length = sizeof me;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct datagrams *loopback;
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&me, length), 0);
    getsockname(fd, (struct sockaddr *)&me, &length);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&me, length), 0);
    ck_assert_int_eq(datagrams_create(&loopback, fd), 0);
    struct iovec part = {(char[]){'x'}, 1};
    datagrams_send(loopback, &part, 1);
    ck_assert_int_eq(datagrams_flush(loopback), 0);
    ck_assert_int_eq(datagrams_fetch(loopback), 0);
    char bytes[8];
    length = sizeof from;
    ck_assert_int_eq(datagrams_receive(loopback, bytes, sizeof bytes,
                         (struct sockaddr *)&from, &length),
        1);
    ck_assert_uint_eq(length, sizeof from);
    ck_assert_int_eq(from.sin_port, me.sin_port);
    datagrams_destroy(loopback);
    close(fd);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {kept_until_flushed, all_in_order,
        empty_ones_are_passed_over, too_long_ones_are_refused,
        cut_to_the_room_there_is, an_error_is_told_and_the_rest_dropped,
        an_error_of_a_full_batch, who_sent_it, NULL};
    Suite *suite = suite_create("datagrams");
    TCase *tcase = tcase_create("datagrams");
    tcase_add_checked_fixture(tcase, setup, teardown);
    for (int i = 0; tests[i]; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
