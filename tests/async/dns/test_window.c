/*
 * window: places at a server, by tables.
 */
#include "async/dns/window.h"

#include <check.h>
#include <stdlib.h>

#include "harness.h"

#define SECOND ((int64_t)1000000000)

static struct window window;

static void take(int count, int64_t now)
{
    while (count-- > 0)
        window_take(&window, now);
}

START_TEST(a_place_is_held_until_its_answer_or_for_ten_seconds)
{
    window_init(&window);
    ck_assert_uint_eq(window_take(&window, 0), 1);
    ck_assert_uint_eq(window_take(&window, SECOND), 2);
    window_give_back(&window, SECOND);
    ck_assert_uint_eq(window.level, 1);
    window_pass(&window, WINDOW_HOLD - 1);
    ck_assert_uint_eq(window.level, 1);
    take(3, 5 * SECOND);
    window_pass(&window, WINDOW_HOLD + SECOND / 4);
    ck_assert_uint_eq(window.level, 3);
    window_give_back(&window, 0); /* too late: it was free */
    ck_assert_uint_eq(window.level, 3);
    window_pass(&window, 1000 * SECOND);
    ck_assert_uint_eq(window.level, 0);
    window_give_back(&window, 5 * SECOND);
    ck_assert_uint_eq(window.level, 0);
}
END_TEST

/* At every moment the level is the number of those younger. */
START_TEST(many_come_and_go)
{
    enum { MANY = 3000 };
    static int64_t taken[MANY];
    window_init(&window);
    for (int i = 0; i < MANY; i++) {
        int64_t now = taken[i] = i * (SECOND / 50);
        window_take(&window, now);
        if (i % 3 == 0)
            window_give_back(&window, now);
    }
    unsigned young = 0;
    for (int i = 0; i < MANY; i++)
        young += i % 3 && taken[MANY - 1] - taken[i] <= WINDOW_HOLD;
    ck_assert_uint_ge(window.level, young);
    ck_assert_uint_le(window.level, young + 8);
}
END_TEST

START_TEST(without_a_limit_there_is_always_room)
{
    window_init(&window);
    take(100000, 0);
    ck_assert(window_has_room(&window));
    window_bore(&window, 200);
    ck_assert_uint_eq(window.highest, 200);
    window_bore(&window, 200000); /* more than there are */
    ck_assert_uint_eq(window.highest, 100000);
    ck_assert_uint_eq(window.limit, WINDOW_NO_LIMIT);
}
END_TEST

START_TEST(what_was_too_much_is_the_limit)
{
    static const struct {
        unsigned level, limit;
    } cases[] = {{151, 150}, {160, 150}, {101, 100}, {2, 1}, {1, 1}, {0, 1}};
    window_init(&window);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        window_exceeded(&window, cases[i].level);
        ck_assert_uint_eq(window.limit, cases[i].limit);
    }
    ck_assert(window_has_room(&window));
    take(1, 0);
    ck_assert(!window_has_room(&window));
}
END_TEST

/* How many answers at this level until the limit grows. */
static unsigned answers_to_grow(unsigned level)
{
    unsigned count = 0, limit = window.limit;
    for (; window.limit == limit && count < 100000; count++)
        window_bore(&window, level);
    return count;
}

START_TEST(a_limit_grows_while_it_is_borne)
{
    window_init(&window);
    window_exceeded(&window, 101);
    take(100, 0);
    ck_assert_uint_eq(answers_to_grow(10), 100000); /* far from it */
    ck_assert_uint_eq(answers_to_grow(100), 100);
    ck_assert_uint_eq(window.limit, 101);
    for (unsigned often = 2; often <= 32; often *= 2) {
        window_exceeded(&window, 101); /* that was too much */
        ck_assert_uint_eq(answers_to_grow(100), often * 100);
    }
    window_exceeded(&window, 101);
    ck_assert_uint_eq(answers_to_grow(100), 3200); /* no slower than that */
    ck_assert_uint_eq(answers_to_grow(100), 3232);
    ck_assert_uint_eq(answers_to_grow(100), 1632); /* and faster again */
}
END_TEST

START_TEST(more_is_tried_where_nothing_happens)
{
    window_init(&window);
    window_exceeded(&window, 11);
    take(10, 0);
    for (int i = 0; i < 10; i++) {
        ck_assert(!window_has_room(&window));
        window_stretch(&window);
        while (window_has_room(&window))
            take(1, 0);
        ck_assert_uint_eq(window.level, 10 + (i < 6 ? 1u << i : 64));
        window_pass(&window, 0);
        if (i == 9)
            window_bore(&window, window.level);
    }
    ck_assert_uint_eq(window.limit, 74);
    take(10, 0);
    ck_assert(window_has_room(&window));
    window_refused(&window);
    ck_assert(!window_has_room(&window));
    window_stretch(&window);
    ck_assert_uint_eq(window.stretch, 1);
}
END_TEST

SUITE("window", a_place_is_held_until_its_answer_or_for_ten_seconds,
    many_come_and_go, without_a_limit_there_is_always_room,
    what_was_too_much_is_the_limit, a_limit_grows_while_it_is_borne,
    more_is_tried_where_nothing_happens)
