/*
 * list: lines from arguments, files and pipes, what they become, and that
 * they come as they arrive.
 */
#include "input/list.h"
#include "input/shard.h"

#include "async/core/error.h"
#include "async/core/task.h"
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Runs `body` as a task, since list_next awaits. */
static void on_loop(task_fn *body, void *arg)
{
    struct loop *loop;
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(task_run(loop, body, arg), 0);
    loop_destroy(loop);
}

static const char *file_with(const char *bytes, size_t size)
{
    static char names[8][32];
    static unsigned count;
    char *name = names[count++ % 8];
    strcpy(name, "/tmp/test_list.XXXXXX");
    int fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    close(fd);
    return name;
}

static struct list *open_files(const char *const *files, size_t count)
{
    struct list *list;
    const char *failed = NULL;
    struct list_sources sources = {.files = files, .file_count = count};
    ck_assert_int_eq(list_open(&list, &sources, &failed), 0);
    return list;
}

/* All items as "INDEX:LINE:INPUT" or "INDEX:LINE!SHOWN=REASON", a line each. */
struct reading {
    struct list *list;
    char text[2 * LIST_LINE_MAX];
    int end;
};

static void describe(struct reading *reading, const struct list_item *item)
{
    static char line[LIST_LINE_MAX + 100];
    if (item->target)
        snprintf(line, sizeof line, "%d:%zu:%s\n", (int)item->index, item->line,
            item->target->input);
    else
        snprintf(line, sizeof line, "%d:%zu!%s=%s\n", (int)item->index,
            item->line, item->shown, item->reason);
    strncat(
        reading->text, line, sizeof reading->text - strlen(reading->text) - 1);
}

static int read_all(void *arg)
{
    struct reading *reading = arg;
    struct list_item item;
    reading->text[0] = '\0';
    while (!(reading->end = list_next(reading->list, &item))) {
        describe(reading, &item);
        target_destroy(item.target);
        free(item.shown);
    }
    return 0;
}

static void check_file(const char *bytes, size_t size, const char *items)
{
    const char *file = file_with(bytes, size);
    struct reading reading = {.list = open_files(&file, 1)};
    on_loop(read_all, &reading);
    ck_assert_int_eq(reading.end, ASYNC_EOF);
    ck_assert_str_eq(reading.text, items);
    list_close(reading.list);
    unlink(file);
}

#define CHECK_FILE(text, items) check_file(text, sizeof(text) - 1, items)

START_TEST(a_file_is_lines)
{
    CHECK_FILE("", "");
    CHECK_FILE("\n\n", "");
    CHECK_FILE("a\nb\n", "0:1:a\n1:2:b\n");
    CHECK_FILE("a\nb", "0:1:a\n1:2:b\n");
    CHECK_FILE("a\r\nb\r\n", "0:1:a\n1:2:b\n");
    CHECK_FILE("\xef\xbb\xbf"
               "a\nb\n",
        "0:1:a\n1:2:b\n");
    CHECK_FILE("\xef\xbb\xbf", "");
    CHECK_FILE("# x\n\n  \na\n\t# y\nb # z\nc\t#\n", "0:4:a\n1:6:b\n2:7:c\n");
    CHECK_FILE("  a  \n\tb\t\n", "0:1:a\n1:2:b\n");
    CHECK_FILE("http://a/x#y\n", "0:1:http://a/x#y\n");
    CHECK_FILE("a 192.0.2.1\n", "0:1:a\n");
}
END_TEST

START_TEST(a_bad_line_is_an_item_too)
{
    CHECK_FILE(
        "a\na..b\nc\n", "0:1:a\n1:2!a..b=empty label in host name\n2:3:c\n");
    CHECK_FILE("u:p@h\n", "0:1!***@h=user name or password in the target\n");
}
END_TEST

START_TEST(a_line_may_be_so_long)
{
    enum { LONG = 10 * 1024 * 1024 };
    char *bytes = malloc(LONG + 4);
    memset(bytes, 'x', LONG);
    memcpy(bytes + LONG, "\na\n", 3);
    const char *file = file_with(bytes, LONG + 3);
    struct reading reading = {.list = open_files(&file, 1)};
    on_loop(read_all, &reading);
    ck_assert_ptr_nonnull(strstr(reading.text,
        "=longer than 65536 bytes, only the first are shown\n1:2:a"));
    ck_assert_ptr_eq(strstr(reading.text, "0:1!xxxx"), reading.text);
    ck_assert_uint_lt(strlen(reading.text), LIST_LINE_MAX + 100);
    list_close(reading.list);
    unlink(file);
    free(bytes);
}
END_TEST

/* Lines that end at any place of the reader's chunks. */
START_TEST(lines_do_not_care_for_chunks)
{
    enum { LINES = 40000 };
    char *bytes = malloc(LINES * 16), *at = bytes;
    for (int i = 0; i < LINES; i++)
        at += sprintf(at, "h%d.test\n", i);
    const char *file = file_with(bytes, (size_t)(at - bytes));
    struct list *list = open_files(&file, 1);
    ck_assert_uint_eq(list_count_rest(list), LINES);
    list_close(list);
    unlink(file);
    free(bytes);
}
END_TEST

START_TEST(arguments_come_before_files)
{
    const char *arguments[] = {"x", "", "y:0"};
    const char *file = file_with("a\n", 2), *failed;
    struct list_sources sources = {arguments, 3, &file, 1, {0}, false};
    struct reading reading;
    ck_assert_int_eq(list_open(&reading.list, &sources, &failed), 0);
    on_loop(read_all, &reading);
    ck_assert_ptr_eq(
        strstr(reading.text, "0:1:x\n1:2!=empty\n2:3!y:0="), reading.text);
    ck_assert_ptr_nonnull(strstr(reading.text, "\n3:1:a\n"));
    ck_assert_uint_eq(list_count(reading.list), 4);
    list_close(reading.list);
    unlink(file);
}
END_TEST

START_TEST(every_file_is_opened_first)
{
    const char *good = file_with("a\n", 2), *failed;
    const char *missing[] = {good, "/tmp/test_list.is_not_there"};
    const char *directory[] = {good, "/tmp"};
    struct list *list;
    struct list_sources sources = {.files = missing, .file_count = 2};
    ck_assert_int_eq(list_open(&list, &sources, &failed), -ENOENT);
    ck_assert_str_eq(failed, missing[1]);
    sources.files = directory;
    ck_assert_int_eq(list_open(&list, &sources, &failed), -EISDIR);
    ck_assert_str_eq(failed, "/tmp");
    unlink(good);
}
END_TEST

/* The reading end of a FIFO: what is written comes, what is not is awaited. */
static int read_from_pipe(void *arg)
{
    int fd = *(int *)((void **)arg)[0];
    struct list *list = ((void **)arg)[1];
    struct list_item item;
    struct wait_for scope;
    ck_assert_int_eq(write(fd, "a\nb", 3), 3);
    ck_assert_int_eq(list_next(list, &item), 0);
    ck_assert_str_eq(item.target->input, "a");
    target_destroy(item.target);
    wait_for_enter(&scope, 20 * LOOP_MILLISECOND);
    ck_assert_int_eq(
        wait_for_leave(&scope, list_next(list, &item)), -ETIMEDOUT);
    close(fd);
    ck_assert_int_eq(list_next(list, &item), 0);
    ck_assert_str_eq(item.target->input, "b");
    target_destroy(item.target);
    ck_assert_int_eq(list_next(list, &item), ASYNC_EOF);
    return 0;
}

START_TEST(a_pipe_is_read_as_it_comes)
{
    const char *fifo = file_with("", 0);
    unlink(fifo);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    struct list *list = open_files(&fifo, 1); /* without a writer */
    FILE *writer = fopen(fifo, "w");
    int fd = dup(fileno(writer));
    fclose(writer);
    on_loop(read_from_pipe, (void *[]){&fd, list});
    list_close(list);
    unlink(fifo);
}
END_TEST

START_TEST(a_kept_list_begins_again)
{
    const char *file = file_with("a\n..\n# x\nb\n", 11);
    struct reading first = {.list = open_files(&file, 1)}, second;
    list_keep(first.list);
    on_loop(read_all, &first);
    second = (struct reading){.list = first.list};
    list_rewind(second.list);
    on_loop(read_all, &second);
    ck_assert_str_eq(first.text, second.text);
    ck_assert_ptr_nonnull(strstr(first.text, "2:4:b\n"));
    list_rewind(second.list);
    ck_assert_uint_eq(list_count_rest(second.list), 3);
    list_close(first.list);
    unlink(file);
}
END_TEST

static int count_rest(void *arg)
{
    struct list *list = arg;
    struct list_item item;
    ck_assert_int_eq(list_next(list, &item), 0);
    target_destroy(item.target);
    task_cancel(task_current());
    ck_assert_uint_eq(list_count_rest(list), 2);
    return 0;
}

START_TEST(the_rest_is_counted_without_waiting)
{
    const char *file = file_with("a\nb\n\nc\n", 7);
    struct list *list = open_files(&file, 1);
    on_loop(count_rest, list);
    list_close(list);
    unlink(file);
}
END_TEST

START_TEST(an_argument_has_no_second_column)
{
    const char *arguments[] = {
        "a 127.0.0.1", " a\t::1 ", " b ", "u:p w@a", "-"};
    struct list_sources sources = {arguments, 5, NULL, 0, {0}, false};
    struct reading reading;
    const char *failed;
    ck_assert_int_eq(list_open(&reading.list, &sources, &failed), 0);
    on_loop(read_all, &reading);
    ck_assert_str_eq(reading.text,
        "0:1!a=blank in the target\n1:2!a=blank in the target\n2:3:b\n"
        "3:4!***@a=blank in the target\n"
        "4:5!-=to read a list from standard input, use -i -\n");
    list_close(reading.list);
}
END_TEST

static int check_known(void *arg)
{
    struct list *list = arg;
    struct list_item item;
    int64_t began = loop_time(), known[3];
    list_begin(list);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(list_next(list, &item), 0);
        target_destroy(item.target);
        known[i] = item.known_at;
    }
    ck_assert_int_ge(known[0], began);
    ck_assert_int_eq(known[1], known[0]);
    ck_assert_int_eq(known[2], known[0]);
    return 0;
}

/* Whichever file it is in, and however often the list is run. */
START_TEST(what_is_there_is_known_when_a_run_begins)
{
    const char *argument = "a";
    const char *files[] = {file_with("b\n", 2), file_with("c\n", 2)};
    struct list_sources sources = {&argument, 1, files, 2, {0}, false};
    const char *failed;
    struct list *list;
    ck_assert_int_eq(list_open(&list, &sources, &failed), 0);
    list_keep(list);
    on_loop(check_known, list);
    list_rewind(list);
    on_loop(check_known, list);
    list_close(list);
    unlink(files[0]);
    unlink(files[1]);
}
END_TEST

/* How often each index is among the items of one shard. */
static void read_shard(struct list_sources *sources, unsigned times[])
{
    struct reading reading, again;
    const char *failed;
    uint64_t count = 0;
    ck_assert_int_eq(list_open(&reading.list, sources, &failed), 0);
    list_keep(reading.list);
    on_loop(read_all, &reading);
    for (char *at = reading.text; *at; at = strchr(at, '\n') + 1, count++)
        times[strtoul(at, NULL, 10)]++;
    ck_assert_uint_eq(list_count(reading.list), count);
    again = (struct reading){.list = reading.list};
    list_rewind(again.list);
    on_loop(read_all, &again);
    ck_assert_str_eq(again.text, reading.text);
    ck_assert_uint_eq(list_count(again.list), count);
    list_close(reading.list);
}

/* Bad lines, too; equal targets are of the same. */
START_TEST(each_line_is_of_one_shard)
{
    static const char lines[] = "# y\na..b\n\na\nb 192.0.2.1\nc\r\n a\n";
    const char *arguments[] = {"x", ""};
    const char *file = file_with(lines, sizeof lines - 1);
    struct shard shard = {.count = 3};
    const struct filter filter = shard_filter(&shard);
    struct list_sources sources = {arguments, 2, &file, 1, {&filter, 1}, false};
    unsigned times[7] = {0};
    for (unsigned i = 1; i <= 3; i++) {
        shard.number = i;
        read_shard(&sources, times);
        ck_assert_uint_eq(times[6], times[3]);
    }
    for (int i = 0; i < 7; i++)
        ck_assert_uint_eq(times[i], 1);
    unlink(file);
}
END_TEST

int main(void)
{
    return run_tests("list",
        (const TTest *const[]){a_file_is_lines, a_bad_line_is_an_item_too,
            a_line_may_be_so_long, lines_do_not_care_for_chunks,
            arguments_come_before_files, every_file_is_opened_first,
            a_pipe_is_read_as_it_comes, a_kept_list_begins_again,
            the_rest_is_counted_without_waiting,
            an_argument_has_no_second_column,
            what_is_there_is_known_when_a_run_begins, each_line_is_of_one_shard,
            NULL});
}
