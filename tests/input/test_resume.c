/*
 * resume: which lines have a record, in lists that changed and that did not.
 */
#include "input/resume.h"

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "a" is a record of a line "a", "a!" one that is to be fetched again, "."
 * none; lists likewise, and what is taken of them. */
struct row {
    const char *records, *list, *taken; /* through a survey */
    const char *streamed; /* without; NULL: the same */
    unsigned moved;
};

static const struct row rows[] = {
    {"", "a b c", "1a 2b 3c", NULL, 0},
    {"a b c", "a b c", "", NULL, 0},
    {"a . c", "a b c", "2b", NULL, 0},
    {"a b! c", "a b c", "2b", NULL, 0},
    /* equal lines: those that have no record */
    {". a . a", "a a a a", "1a 3a", NULL, 0},
    {"a a! a", "a a a a", "2a 4a", NULL, 0},
    /* a line is new, gone, moved */
    {"a b c", "x a b c", "1x", NULL, 3},
    {"a b c", "b c", "", "1b 2c", 2},
    {"a b c", "c b a", "", "1c", 2},
    {"a b c d", "a c c d", "2c", NULL, 0},
    {"a a b", "a b a a", "4a", "2b 4a", 2},
    {"a a b", "b b b", "1b 2b", NULL, 0},
    {"a! b c", "b a c", "2a", "1b 2a", 2},
};

static struct resume *resume;

static void add(const char *text, size_t number)
{
    struct resume_record record = {
        .input = {text, 1}, .file = {"f", 1}, .number = number};
    record.again = text[1] == '!';
    if (*text != '.')
        ck_assert_int_eq(resume_add(resume, &record), 0);
}

/* Calls for each word; from the last one, if `backwards`. */
static void each_word(
    const char *words, bool backwards, void (*call)(const char *, size_t))
{
    size_t count = 0, at[16];
    for (const char *word = words; *word; word += strspn(word, " ")) {
        at[count++] = (size_t)(word - words);
        word += strcspn(word, " ");
    }
    for (size_t i = 0; i < count; i++) {
        size_t number = backwards ? count - i : i + 1;
        call(words + at[number - 1], number);
    }
}

static struct filter filter;
static char taken[200];

static void ask(const char *text, size_t number)
{
    const struct filter_line line = {text, 1, "f", number};
    int take = filter.take(filter.arg, &line);
    ck_assert_int_ge(take, 0);
    if (take)
        sprintf(
            strchr(taken, '\0'), "%s%zu%.1s", *taken ? " " : "", number, text);
}

static void read_list(const struct row *row, const char *expected)
{
    *taken = '\0';
    filter = resume_filter(resume);
    each_word(row->list, false, ask);
    ck_assert_str_eq(taken, expected);
}

static void check(const struct row *row, bool surveyed, bool backwards)
{
    const char *expected =
        surveyed || !row->streamed ? row->taken : row->streamed;
    ck_assert_int_eq(resume_create(&resume), 0);
    each_word(row->records, backwards, add);
    resume_index(resume);
    *taken = '\0';
    filter = resume_survey(resume, surveyed);
    if (surveyed)
        each_word(row->list, false, ask);
    ck_assert_str_eq(taken, "");
    read_list(row, expected);
    resume_rewind(resume);
    read_list(row, expected);
    if (surveyed)
        ck_assert_uint_eq(resume_count(resume).moved, row->moved);
    resume_destroy(resume);
}

START_TEST(lines_without_a_record_are_taken)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int how = 0; how < 4; how++)
            check(&rows[i], how & 1, how & 2);
}
END_TEST

START_TEST(the_last_record_of_a_target_counts)
{
    ck_assert_int_eq(resume_create(&resume), 0);
    add("a", 1);
    add("b!", 2);
    add("a!", 1);
    add("b", 2);
    resume_index(resume);
    ck_assert_uint_eq(resume_count(resume).records, 2);
    ck_assert_uint_eq(resume_count(resume).again, 1);
    read_list(&(struct row){.list = "a b"}, "1a");
    resume_destroy(resume);
}
END_TEST

/* A text is one as records have it: only the target, without a password, in
 * UTF-8. */
static const struct {
    const char *input, *line;
} texts[] = {
    {"a.test", "a.test 192.0.2.1"},
    {"***@a.test", "user:secret@a.test"},
    {"\xc3\xa4", "\xe4"},
    {"\xc3\xa4", "\xc3\xa4"},
};

static int take_text(const char *line, const char *source, size_t number)
{
    filter = resume_filter(resume);
    return filter.take(
        filter.arg, &(struct filter_line){line, strlen(line), source, number});
}

START_TEST(texts_are_those_of_records)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct resume_record record = {
            .input = {texts[i].input, strlen(texts[i].input)}, .number = 3};
        ck_assert_int_eq(resume_create(&resume), 0);
        ck_assert_int_eq(resume_add(resume, &record), 0);
        resume_index(resume);
        ck_assert_int_eq(take_text("x", NULL, 3), 1);
        ck_assert_int_eq(take_text(texts[i].line, NULL, 3), 0);
        ck_assert_uint_eq(resume_count(resume).in_place, 1);
        resume_destroy(resume);
    }
}
END_TEST

START_TEST(a_list_may_have_another_name)
{
    ck_assert_int_eq(resume_create(&resume), 0);
    add("a", 2);
    add("a", 5);
    resume_index(resume);
    ck_assert_int_eq(take_text("a", "g", 1), 0);
    ck_assert_int_eq(take_text("a", "g", 5), 0);
    ck_assert_int_eq(take_text("a", "g", 7), 1);
    ck_assert_uint_eq(resume_count(resume).moved, 2);
    resume_destroy(resume);
}
END_TEST

/* Neither a list of one line, a million times, takes the square of it. */
START_TEST(equal_lines_are_found_at_once)
{
    enum { LINES = 200000 };
    uint64_t fetched = 0;
    ck_assert_int_eq(resume_create(&resume), 0);
    for (size_t i = 2; i <= LINES; i += 2)
        add("a", i);
    resume_index(resume);
    for (size_t i = 1; i <= LINES; i++)
        fetched += (uint64_t)take_text("a", i % 4 ? "f" : "g", i);
    ck_assert_uint_eq(fetched, LINES / 2);
    resume_destroy(resume);
}
END_TEST

int main(void)
{
    return run_tests("resume",
        (const TTest *const[]){lines_without_a_record_are_taken,
            the_last_record_of_a_target_counts, texts_are_those_of_records,
            a_list_may_have_another_name, equal_lines_are_found_at_once, NULL});
}
