/*
 * merge: files of records counted together, and what is said of those that
 * are not whole.
 */
#include "summarize/merge.h"

#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

#define TIMES                                                                  \
    "\"timings_ms\":{\"queued\":0.0,\"dns\":null,\"connect\":1,\"tls\":null,"  \
    "\"send\":0,\"wait\":9,\"receive\":0,\"total\":500}"
#define GOOD(index, second)                                                    \
    "{\"type\":\"result\",\"index\":" index ",\"input\":\"a\",\"status\":200," \
    "\"started_at\":\"2026-11-22T09:40:" second ".000Z\"," TIMES               \
    ",\"tls\":null,\"error\":null}\n"
#define DOWN(index)                                                            \
    "{\"type\":\"result\",\"index\":" index ",\"input\":\"b\","                \
    "\"status\":null,\"started_at\":null," TIMES                               \
    ",\"error\":{\"phase\":\"wait\",\"code\":\"RESET\"}}\n"
#define END(targets, rest)                                                     \
    "{\"type\":\"summary\",\"targets\":" targets ",\"not_begun\":" rest        \
    ",\"concurrency\":10,\"signal\":null}\n"
#define SHARD(number, targets, listed)                                         \
    "{\"type\":\"summary\",\"targets\":" targets ",\"not_begun\":0,"           \
    "\"concurrency\":10,\"signal\":null,\"shard\":\"" number                   \
    "\",\"listed\":" listed "}\n"

enum { FILES_MAX = 3 };

static const struct row {
    const char *files[FILES_MAX];
    uint64_t targets, not_begun;
    const char *said; /* "NUMBER:LINE:WHAT|" of each fault; number 0: of all */
} rows[] = {
    {{GOOD("0", "12") DOWN("1") END("2", "3")}, 2, 3, ""},
    /* Two runs in a file, as cat puts them, and one more. */
    {{GOOD("0", "12") END("1", "0") GOOD("0", "14") END("1", "0"),
         DOWN("0") END("1", "1")},
        3, 1, ""},
    {{""}, 0, 0, "0:0:no records|"},
    {{END("0", "7")}, 0, 7, ""},
    {{GOOD("0", "12") "x\n" END("1", "0")}, 1, 0, "1:2:not JSON|"},
    {{GOOD("0", "12") GOOD("0", "13") END("1", "0")}, 1, 0,
        "1:2:duplicate record: index already seen|"},
    {{GOOD("0", "12")}, 1, 0,
        "1:0:1 of 1 records have no summary line: a run was cut off|"},
    {{GOOD("0", "12") END("2", "0")}, 1, 0, "1:0:1 of 2 records are missing|"},
    /* A half line at the end. */
    {{GOOD("0", "12") "{\"type\":\"resu"}, 1, 0,
        "1:2:not JSON|1:0:1 of 1 records have no summary line: "
        "a run was cut off|"},
    {{GOOD("0", "12") SHARD("1/2", "1", "2"),
         GOOD("1", "12") SHARD("2/2", "1", "2")},
        2, 0, ""},
    {{GOOD("0", "12") SHARD("1/2", "1", "2")}, 1, 0,
        "0:0:shard 2/2 is missing|"},
    {{GOOD("0", "12") SHARD("1/2", "1", "3"),
         GOOD("1", "12") SHARD("2/2", "1", "3")},
        2, 0,
        "0:0:the shards are not of the same list: they have 2 targets, the "
        "list has 3|"},
    {{GOOD("0", "12") SHARD("1/1", "1", "1"), GOOD("0", "12") END("1", "0")}, 2,
        0, "0:0:a run without --shard is mixed with shards|"},
};

static char said[1000];
static char names[FILES_MAX][40];

static void note_fault(
    void *arg, const char *file, size_t line, const char *what)
{
    size_t len = strlen(said);
    int number = 0;
    (void)arg;
    for (int i = 0; file && i < FILES_MAX; i++)
        if (file == names[i])
            number = i + 1;
    snprintf(said + len, sizeof said - len, "%d:%zu:%s|", number, line, what);
}

static int file_open(int i, const char *text)
{
    int fd = memfd_create("records", 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    snprintf(names[i], sizeof names[i], "/proc/self/fd/%d", fd);
    return fd;
}

static size_t files_open(const struct row *row, const char *files[], int fds[])
{
    size_t count = 0;
    for (; count < FILES_MAX && row->files[count]; count++) {
        fds[count] = file_open((int)count, row->files[count]);
        files[count] = names[count];
    }
    return count;
}

START_TEST(files_are_counted_together)
{
    const struct row *row = &rows[_i];
    const char *files[FILES_MAX], *failed;
    int fds[FILES_MAX];
    struct run_totals totals;
    struct merge merge = {
        .files = files, .totals = &totals, .fault = note_fault};
    *said = '\0';
    totals_init(&totals);
    merge.file_count = files_open(row, files, fds);
    ck_assert_int_eq(merge_records(&merge, &failed), 0);
    ck_assert_str_eq(said, row->said);
    ck_assert_int_eq(merge.faults > 0, *row->said != '\0');
    ck_assert_uint_eq(totals.targets, row->targets);
    ck_assert_uint_eq(totals.not_begun, row->not_begun);
    for (size_t i = 0; i < merge.file_count; i++)
        close(fds[i]);
}
END_TEST

/* From the first start to the last end, over all files. */
START_TEST(the_time_of_all)
{
    static const struct row row = {.files = {GOOD("0", "14") END("1", "0"),
                                       GOOD("0", "12") END("1", "0")}};
    const char *files[FILES_MAX], *failed;
    int fds[FILES_MAX];
    struct run_totals totals;
    struct merge merge = {.files = files,
        .file_count = 2,
        .totals = &totals,
        .fault = note_fault};
    *said = '\0';
    totals_init(&totals);
    files_open(&row, files, fds);
    ck_assert_int_eq(merge_records(&merge, &failed), 0);
    ck_assert_int_eq(totals.wall, INT64_C(2500000000));
    ck_assert_uint_eq(totals.concurrency, 20);
}
END_TEST

START_TEST(a_file_that_is_not_there)
{
    const char *files[] = {"/nonexistent/records"}, *failed;
    struct run_totals totals;
    struct merge merge = {.files = files,
        .file_count = 1,
        .totals = &totals,
        .fault = note_fault};
    *said = '\0';
    totals_init(&totals);
    ck_assert_int_eq(merge_records(&merge, &failed), -ENOENT);
    ck_assert_ptr_eq(failed, files[0]);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("merge");
    tcase_add_loop_test(tcase, files_are_counted_together, 0, COUNT(rows));
    tcase_add_test(tcase, the_time_of_all);
    tcase_add_test(tcase, a_file_that_is_not_there);
    return run_case("merge", tcase);
}
