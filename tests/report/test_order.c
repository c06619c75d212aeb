/* order - places, the window, and the lines of a target that has ended. */
#include "report/order.h"

#include "record/result.h"
#include "report/report.h"
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- places --- */

static void end(struct order *order, uint64_t place, size_t head_len)
{
    struct result result;
    result_init(&result);
    result.index = place;
    result.response.head = head_len ? calloc(1, head_len) : NULL;
    order_end(order, place, &result);
}

/* The next one's index; -1: it has not ended. */
static int next(struct order *order)
{
    struct result result;
    if (!order_next(order, &result))
        return -1;
    int index = (int)result.index;
    result_fini(&result);
    return index;
}

START_TEST(first_comes_first)
{
    struct order *order = order_create();
    ck_assert_int_eq(next(order), -1);
    for (uint64_t i = 0; i < 3; i++) {
        ck_assert(order_has_room(order));
        ck_assert_uint_eq(order_begin(order), i);
    }
    end(order, 2, 0);
    end(order, 1, 10);
    ck_assert_int_eq(next(order), -1);
    end(order, 0, 0);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(next(order), i);
    ck_assert_int_eq(next(order), -1);
    order_destroy(order);
}
END_TEST

START_TEST(ring_goes_round_and_grows)
{
    struct order *order = order_create();
    uint64_t begun = 0;
    int seen = 0;
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 70 + round; i++, begun++) {
            ck_assert(order_has_room(order));
            ck_assert_uint_eq(order_begin(order), begun);
        }
        for (uint64_t place = begun; place-- > (uint64_t)seen;)
            end(order, place, 1);
        for (int i = 0; i < 70 + round; i++)
            ck_assert_int_eq(next(order), seen++);
    }
    order_destroy(order);
}
END_TEST

START_TEST(window_of_targets)
{
    struct order *order = order_create();
    for (unsigned i = 0; i < ORDER_TARGETS_MAX; i++) {
        ck_assert(order_has_room(order));
        order_begin(order);
    }
    ck_assert(!order_has_room(order));
    end(order, 1, 0);
    ck_assert(!order_has_room(order));
    end(order, 0, 0);
    ck_assert_int_eq(next(order), 0);
    ck_assert(order_has_room(order));
    order_destroy(order);
}
END_TEST

START_TEST(window_of_bytes)
{
    struct order *order = order_create();
    order_begin(order);
    order_begin(order);
    order_begin(order);
    end(order, 1, ORDER_BYTES_MAX / 2);
    ck_assert(order_has_room(order));
    end(order, 2, ORDER_BYTES_MAX / 2);
    ck_assert(!order_has_room(order));
    end(order, 0, 0);
    ck_assert_int_eq(next(order), 0);
    ck_assert_int_eq(next(order), 1);
    ck_assert(order_has_room(order));
    order_destroy(order); /* with what it has */
}
END_TEST

/* --- lines --- */

struct told {
    struct report report;
    char text[512];
};

static void told_line(struct report *report, const struct report_line *line)
{
    struct told *told = (struct told *)report;
    size_t len = strlen(told->text);
    snprintf(told->text + len, sizeof told->text - len, "%zu%c%d %.*s|",
        line->hop, line->kind == REPORT_LINE_FINAL ? ' ' : 'i', (int)line->at,
        (int)line->len, line->bytes);
}

static void told_result(struct report *report, const struct result *result)
{
    (void)result;
    strcat(((struct told *)report)->text, "end");
}

static const struct report_ops told_ops = {
    .line = told_line, .result = told_result};

static void keep(
    struct response *response, bool interim, const char *line, int64_t at)
{
    ck_assert_int_eq(
        response_keep_line(response, interim, line, strlen(line)), 0);
    if (at)
        ck_assert_int_eq(response_keep_time(response, at), 0);
}

static const char *tell(
    struct told *told, struct result *result, unsigned wants)
{
    *told = (struct told){.report = {&told_ops, wants}};
    order_report(&told->report, result);
    result_fini(result);
    return told->text;
}

START_TEST(lines_with_their_times)
{
    struct told told;
    struct result result;
    result_init(&result);
    keep(&result.response, true, "HTTP/1.1 103 x", 7);
    keep(&result.response, true, "", 0);
    keep(&result.response, false, "HTTP/1.1 200 OK", 8);
    keep(&result.response, false, "A: b", 9);
    ck_assert_uint_eq(response_interim_lines(&result.response), 1);
    ck_assert_str_eq(tell(&told, &result, REPORT_WANTS_LINES),
        "0i7 HTTP/1.1 103 x|0 8 HTTP/1.1 200 OK|0 9 A: b|end");
}
END_TEST

START_TEST(lines_only_if_wanted)
{
    struct told told;
    struct result result;
    result_init(&result);
    keep(&result.response, false, "HTTP/1.1 200 OK", 0);
    ck_assert_str_eq(tell(&told, &result, 0), "end");
}
END_TEST

START_TEST(lines_of_hops)
{
    struct told told;
    struct result result;
    const int64_t timings[PHASE_COUNT] = {0};
    result_init(&result);
    for (int hop = 0; hop < 3; hop++) {
        ck_assert_int_eq(result_begin_hop(&result, NULL, NULL), 0);
        if (hop < 2)
            keep(&result.response, false, "HTTP/1.1 302 F", 0);
        result_end_hop(&result, timings);
    }
    ck_assert_str_eq(tell(&told, &result, REPORT_WANTS_LINES),
        "0 0 HTTP/1.1 302 F|1 0 |1 0 HTTP/1.1 302 F|end");
}
END_TEST

START_TEST(lines_of_addresses)
{
    struct told told;
    struct result result;
    result_init(&result);
    ck_assert_int_eq(result_begin_addresses(&result, 2), 0);
    keep(&result.addresses[0].response, false, "HTTP/1.1 200 A", 0);
    keep(&result.addresses[1].response, false, "HTTP/1.1 200 B", 0);
    result_settle(&result);
    ck_assert_str_eq(tell(&told, &result, REPORT_WANTS_LINES),
        "0 0 HTTP/1.1 200 A|0 0 HTTP/1.1 200 B|end");
}
END_TEST

int main(void)
{
    return run_tests("order",
        (const TTest *const[]){first_comes_first, ring_goes_round_and_grows,
            window_of_targets, window_of_bytes, lines_with_their_times,
            lines_only_if_wanted, lines_of_hops, lines_of_addresses, NULL});
}
