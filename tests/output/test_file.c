/*
 * file: what is to be read is not emptied, by whatever name.
 */
#include "output/file.h"

#include "run.h"

#include "exit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/destination.XXXXXX";

static void in_a_directory(void)
{
    FILE *file;
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    file = fopen("list", "w");
    fputs("a.test\n", file);
    fclose(file);
    ck_assert_int_eq(symlink("list", "by-symlink"), 0);
    ck_assert_int_eq(link("list", "by-link"), 0);
    ck_assert_int_eq(dup2(open("list", O_RDONLY), STDIN_FILENO), 0);
}

static void leave_it(void)
{
    static const char *const names[] = {"list", "by-symlink", "by-link", "out"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(directory), 0);
}

/* The input is the one of the list `which`. */
static int open_it(const char *output, const char *input, int which)
{
    int fd = -1;
    struct output_file file = {.option = "output", .name = output};
    file.inputs[which] = (struct file_names){&input, 1};
    int code = output_file_open(&file, &fd);
    if (!code && fd > STDERR_FILENO)
        close(fd);
    return code;
}

START_TEST(an_input_is_refused)
{
    static const char *const inputs[] = {
        "list", "./list", "by-symlink", "by-link", "-"};
    static const char *const outputs[] = {"list", "by-symlink", "by-link"};
    struct stat status;
    in_a_directory();
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        for (size_t o = 0; o < sizeof outputs / sizeof *outputs; o++) {
            ck_assert_int_eq(open_it(outputs[o], inputs[i], 0), EXIT_USAGE);
            ck_assert_int_eq(open_it(outputs[o], inputs[i], 2), EXIT_USAGE);
        }
    ck_assert_int_eq(stat("list", &status), 0);
    ck_assert_int_eq(status.st_size, 7);
    leave_it();
}
END_TEST

START_TEST(another_file_is_emptied)
{
    struct stat status;
    in_a_directory();
    ck_assert_int_eq(open_it("out", "list", 0), 0);
    ck_assert_int_eq(open_it("list", "out", 0), 0);
    ck_assert_int_eq(stat("list", &status), 0);
    ck_assert_int_eq(status.st_size, 0);
    ck_assert_int_eq(open_it("/dev/null", "/dev/null", 0), 0);
    ck_assert_int_eq(open_it(NULL, "list", 0), 0);
    ck_assert_int_eq(open_it("./none/x", "list", 0), EXIT_CANNOT_GO_ON);
    leave_it();
}
END_TEST

int main(void)
{
    return run_tests("file", (const TTest *const[]){an_input_is_refused,
                                 another_file_is_emptied, NULL});
}
