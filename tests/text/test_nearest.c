/*
 * nearest: distances, and what a slip is.
 */
#include "text/nearest.h"

#include "run.h"

#include <string.h>

static struct span span_of_text(const char *text)
{
    return (struct span){text, strlen(text)};
}

START_TEST(distances)
{
    static const struct {
        const char *a, *b;
        unsigned distance;
    } table[] = {{"", "", 0}, {"", "ab", 2}, {"status", "STATUS", 0},
        {"status", "statsu", 1}, {"status", "statu", 1},
        {"status", "sttatus", 1}, {"status", "stetus", 1},
        {"status", "tsatsu", 2}, {"abcdef", "ghijkl", 4},
        {"a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 4}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct span a = span_of_text(table[i].a), b = span_of_text(table[i].b);
        ck_assert_uint_eq(nearest_distance(a, b), table[i].distance);
        ck_assert_uint_eq(nearest_distance(b, a), table[i].distance);
    }
}
END_TEST

START_TEST(the_best_one)
{
    static const struct {
        const char *word, *best;
        bool is_slip;
    } table[] = {{"prot", "port", true}, {"hst", "host", false},
        {"hots", "host", true}, {"location", NULL, false},
        {"referer", "referrer", true}, {"refferer", "referrer", true},
        {"rating", "framing", false}};
    static const char *const names[] = {"host", "port", "referrer", "framing"};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct nearest nearest = {.word = span_of_text(table[i].word)};
        for (size_t j = 0; j < 4; j++)
            nearest_try(&nearest, names[j]);
        if (table[i].best)
            ck_assert_str_eq(nearest.best, table[i].best);
        ck_assert_msg(
            nearest_is_slip(&nearest) == table[i].is_slip, "%s", table[i].word);
    }
}
END_TEST

int main(void)
{
    return run_tests(
        "nearest", (const TTest *const[]){distances, the_best_one, NULL});
}
