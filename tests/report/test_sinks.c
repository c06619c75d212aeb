/*
 * sinks: what the options ask for is on and nothing else, each file appears
 * when it is whole, and one that fails keeps no other from it.
 */
#include "sinks.h"

#include "run.h"

#include "exit.h"
#include "options/options.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- sinks that write their name --- */

struct scribe {
    struct report base;
    struct output *out;
    const char *text;
};

static int scribe_finish(struct report *report, const struct run_totals *totals)
{
    const struct scribe *scribe = (struct scribe *)report;
    (void)totals;
    output_puts(scribe->out, scribe->text);
    return *scribe->text == '!' ? -EIO : 0;
}

static void scribe_destroy(struct report *report)
{
    free(report);
}

static struct report *scribe_create(struct output *out, const char *text)
{
    static const struct report_ops ops = {
        .finish = scribe_finish, .destroy = scribe_destroy};
    struct scribe *scribe = malloc(sizeof *scribe);
    ck_assert_ptr_nonnull(scribe);
    *scribe = (struct scribe){{&ops, 0}, out, text};
    return &scribe->base;
}

static struct report *write_a(struct output *out)
{
    return scribe_create(out, "a\n");
}

static struct report *write_b(struct output *out)
{
    return scribe_create(out, "b\n");
}

static struct report *write_bad(struct output *out)
{
    return scribe_create(out, "! is not whole\n");
}

/* Fields that are there anyway stand for those that name files. */
#define NAMED(field) .on = offsetof(struct options, field)
#define A_FILE "a", "things", SINK_FILE, 0, SINK_NO_SUM

static const struct sink rows[] = {
    {"text", "lines", SINK_STDOUT, 0, SINK_NO_SUM,
        .off = offsetof(struct options, quiet), .create = write_a},
    {"one", "things", SINK_STDOUT, REPORT_WANTS_HEAD, SINK_SUM, NAMED(json),
        .create = write_a},
    {"two", "things", SINK_STDOUT, REPORT_WANTS_TLS, SINK_NO_SUM, NAMED(follow),
        .create = write_b},
    {A_FILE, NAMED(method), .create = write_a},
    {"bad", "things", SINK_FILE, 0, SINK_NO_SUM, NAMED(interface),
        .create = write_bad},
    {"b", "things", SINK_FILE, 0, SINK_NO_SUM, NAMED(user_agent),
        .create = write_b},
    {A_FILE, NAMED(dns_servers), .create = write_a},
    {A_FILE, NAMED(authorization), .create = write_a},
};
static const struct sink_table table = {rows, sizeof rows / sizeof *rows};

/* --- files --- */

static char directory[] = "/tmp/sinks.XXXXXX";

static void in_a_directory(void)
{
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void check_file(const char *name, const char *expected)
{
    char text[100];
    FILE *file = fopen(name, "r");
    ck_assert_msg(file != NULL, "%s", name);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    ck_assert_str_eq(text, expected);
}

static size_t count_files(void)
{
    size_t count = 0;
    DIR *here = opendir(".");
    while (readdir(here))
        count++;
    closedir(here);
    return count - 2;
}

static void leave_it(void)
{
    static const char *const names[] = {"out", "a", "b", "c", "d", "bad"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(directory), 0);
}

/* Opens, finishes and closes them. */
static int use(const struct options *options, int in_between)
{
    static const struct run_totals *some = (const void *)rows;
    struct sinks sinks;
    int code = sinks_open(&sinks, &table, options);
    if (!code) {
        ck_assert_uint_eq(count_files(), (size_t)in_between);
        code = sinks_finish(&sinks, some);
    }
    sinks_close(&sinks);
    return code;
}

START_TEST(files_appear_when_they_are_whole)
{
    const struct options options = {
        .output_file = "out", .method = "a", .user_agent = "b"};
    struct stat status;
    in_a_directory();
    write_file("a", "old and longer\n");
    ck_assert_int_eq(chmod("a", 0640), 0);
    ck_assert_int_eq(use(&options, 4), 0); /* out, a, and two for a and b */
    check_file("out", "a\n");
    check_file("a", "a\n");
    check_file("b", "b\n");
    ck_assert_int_eq(stat("a", &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0640);
    ck_assert_uint_eq(count_files(), 3);
    leave_it();
}
END_TEST

START_TEST(one_that_fails_stops_no_other)
{
    struct options options = {.output_file = "out",
        .method = "a",
        .interface = "bad",
        .user_agent = "b",
        .dns_servers = "/dev/full"};
    in_a_directory();
    write_file("bad", "old\n");
    ck_assert_int_eq(use(&options, 5), EXIT_CANNOT_GO_ON);
    check_file("out", "a\n");
    check_file("a", "a\n");
    check_file("b", "b\n");
    check_file("bad", "old\n");
    ck_assert_uint_eq(count_files(), 4);
    options.interface = NULL;
    ck_assert_int_eq(use(&options, 6), EXIT_CANNOT_GO_ON);
    options.output_file = "/dev/full";
    options.dns_servers = "c";
    ck_assert_int_eq(use(&options, 7), EXIT_CANNOT_GO_ON);
    check_file("c", "a\n");
    leave_it();
}
END_TEST

START_TEST(all_of_them_at_once)
{
    char d[] = "d";
    const struct options options = {.output_file = "out",
        .method = "a",
        .user_agent = "b",
        .dns_servers = "c",
        .authorization = d};
    in_a_directory();
    ck_assert_int_eq(use(&options, 5), 0);
    check_file("out", "a\n");
    check_file("a", "a\n");
    check_file("b", "b\n");
    check_file("c", "a\n");
    check_file("d", "a\n");
    leave_it();
}
END_TEST

START_TEST(without_a_run_nothing_is_replaced)
{
    const struct options options = {.quiet = true, .method = "a"};
    struct sinks sinks;
    in_a_directory();
    write_file("a", "old\n");
    ck_assert_int_eq(sinks_open(&sinks, &table, &options), 0);
    ck_assert_int_eq(sinks_finish(&sinks, NULL), 0);
    sinks_close(&sinks);
    check_file("a", "old\n");
    ck_assert_uint_eq(count_files(), 1);
    leave_it();
}
END_TEST

START_TEST(a_file_has_one_owner)
{
    struct options options = {.output_file = "a", .method = "a"};
    const char *input = "b";
    in_a_directory();
    ck_assert_int_eq(sinks_check(&table, &options), EXIT_USAGE);
    options.output_file = "out";
    options.user_agent = "a";
    ck_assert_int_eq(sinks_check(&table, &options), EXIT_USAGE);
    write_file("b", "a.test\n");
    options.user_agent = "./b";
    options.input_files = (struct option_list){&input, 1};
    ck_assert_int_eq(use(&options, 0), EXIT_USAGE);
    check_file("b", "a.test\n");
    options.user_agent = "./none/b";
    ck_assert_int_eq(use(&options, 0), EXIT_CANNOT_GO_ON);
    leave_it();
}
END_TEST

/* --- what is on --- */

START_TEST(what_goes_together)
{
    struct options options = {.method = "a"};
    ck_assert_int_eq(sinks_check(&table, &options), 0);
    options.summarize = true;
    ck_assert_int_eq(sinks_check(&table, &options), EXIT_USAGE);
    options.method = NULL;
    options.json = true;
    ck_assert_int_eq(sinks_check(&table, &options), 0);
    options.summarize = false;
    options.follow = true;
    ck_assert_int_eq(sinks_check(&table, &options), EXIT_USAGE);
    options.json = false;
    ck_assert_int_eq(sinks_check(&table, &options), 0);
}
END_TEST

START_TEST(what_is_wanted)
{
    const unsigned records =
        REPORT_WANTS_HEAD | REPORT_WANTS_TLS | REPORT_WANTS_TRIED;
    struct options options = {0};
    ck_assert_uint_eq(sinks_wants(&sink_table, &options), REPORT_WANTS_LINES);
    options.json = true;
    ck_assert_uint_eq(sinks_wants(&sink_table, &options), records);
    options.verbose = true;
    ck_assert_uint_eq(
        sinks_wants(&sink_table, &options), records | REPORT_WANTS_LINES);
    options.silent = true;
    ck_assert_uint_eq(sinks_wants(&sink_table, &options), records);
    options.json = false;
    options.quiet = true;
    ck_assert_uint_eq(sinks_wants(&sink_table, &options), 0);
}
END_TEST

/* How many sinks of the program's table these options open; `rows` says
 * whether a sum is to have rows. */
static void check_count(
    const struct options *options, size_t count, bool with_rows)
{
    struct sinks sinks;
    ck_assert_int_eq(sinks_open(&sinks, &sink_table, options), 0);
    ck_assert_uint_eq(sinks.fanout.count, count);
    ck_assert_int_eq(options->summarize && sinks.rows, with_rows);
    ck_assert_uint_eq(
        sinks.fanout.report.wants, sinks_wants(&sink_table, options));
    sinks_close(&sinks);
}

START_TEST(what_is_on)
{
    struct options options = {0};
    check_count(&options, 3, false); /* text, errors, summary */
    options.verbose = true;
    check_count(&options, 4, false);
    options.quiet = true;
    check_count(&options, 3, false);
    options.silent = true;
    check_count(&options, 0, false);
    options.json = true;
    check_count(&options, 1, false);
    options.summarize = true;
    check_count(&options, 1, false);
    options.json = false;
    check_count(&options, 1, true);
}
END_TEST

int main(void)
{
    return run_tests(
        "sinks", (const TTest *const[]){files_appear_when_they_are_whole,
                     one_that_fails_stops_no_other, all_of_them_at_once,
                     without_a_run_nothing_is_replaced, a_file_has_one_owner,
                     what_goes_together, what_is_wanted, what_is_on, NULL});
}
