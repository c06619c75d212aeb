/*
 * record_lines: each is whole, with where it begins, whatever its length.
 */
#include "record/record_lines.h"

#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const size_t lens[] = {
    0, 1, 65534, 65535, 65536, 65537, 3, 200000, 0, 1, 131072, 7};
enum { LENS = sizeof lens / sizeof *lens };

static int make_file(const char *rest)
{
    int fd = memfd_create("lines", MFD_CLOEXEC);
    FILE *file = fdopen(dup(fd), "w");
    for (int i = 0; i < LENS; i++) {
        for (size_t at = 0; at < lens[i]; at++)
            putc('a' + i, file);
        putc('\n', file);
    }
    fputs(rest, file);
    fclose(file);
    return fd;
}

static void check_line(int i, struct span line)
{
    ck_assert_uint_eq(line.len, lens[i]);
    for (size_t at = 0; at < line.len; at++)
        if (line.at[at] != 'a' + i)
            ck_abort_msg("line %d, byte %zu", i, at);
}

START_TEST(each_is_whole)
{
    struct record_lines lines = {.fd = make_file("half")};
    struct span line;
    uint64_t at = 0;
    for (int i = 0; i < LENS; i++) {
        ck_assert_int_eq(record_lines_next(&lines, &line), 1);
        check_line(i, line);
        ck_assert_uint_eq(lines.at, at);
        at += lens[i] + 1;
    }
    ck_assert_int_eq(record_lines_next(&lines, &line), 0);
    ck_assert_uint_eq(record_lines_rest(&lines).len, 4);
    ck_assert_uint_eq(lines.at, at);
    close(lines.fd);
    record_lines_fini(&lines);
}
END_TEST

START_TEST(from_any_of_them)
{
    struct record_lines lines = {.fd = make_file(""), .at = 3};
    struct span line;
    for (int i = 2; i < LENS; i++) {
        ck_assert_int_eq(record_lines_next(&lines, &line), 1);
        check_line(i, line);
    }
    ck_assert_int_eq(record_lines_next(&lines, &line), 0);
    ck_assert_uint_eq(record_lines_rest(&lines).len, 0);
    close(lines.fd);
    record_lines_fini(&lines);
}
END_TEST

START_TEST(only_of_files)
{
    ck_assert_int_eq(record_lines_open("/", O_RDONLY), -EISDIR);
    ck_assert_int_eq(record_lines_open("/dev/null", O_RDONLY), -ESPIPE);
    ck_assert_int_eq(record_lines_open("/nowhere/at/all", O_RDONLY), -ENOENT);
}
END_TEST

int main(void)
{
    return run_tests(
        "record_lines", (const TTest *const[]){each_is_whole, from_any_of_them,
                            only_of_files, NULL});
}
