/*
 * index: where each target's record is, in files as runs write them.
 */
#include "record/index.h"

#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/index-XXXXXX";
static FILE *file;
static struct record_index *records;
static size_t faults;
static char last_fault[200];

static void begin(void)
{
    strcpy(path, "/tmp/index-XXXXXX");
    file = fdopen(mkstemp(path), "w");
    ck_assert_ptr_nonnull(file);
    records = NULL;
    faults = 0;
}

static void end(void)
{
    record_index_close(records);
    unlink(path);
}

static void take_fault(const char *name, size_t line, const char *what)
{
    ck_assert_str_eq(name, path);
    snprintf(last_fault, sizeof last_fault, "%zu: %s", line, what);
    faults++;
}

/* A record of this input, which `status` tells from others. */
static void put_result(unsigned index, const char *input, int status)
{
    fprintf(file,
        "{\"type\":\"result\",\"index\":%u,\"input\":\"%s\",\"status\":%d,"
        "\"headers\":[],\"started_at\":null,\"timings_ms\":{\"queued\":0,"
        "\"dns\":null,\"connect\":null,\"tls\":null,\"send\":null,"
        "\"wait\":null,\"receive\":null,\"total\":1},\"tls\":null,"
        "\"hops\":null,\"error\":null}\n",
        index, input, status);
}

static int open_with_summary(unsigned targets)
{
    fprintf(file,
        "{\"type\":\"summary\",\"targets\":%u,\"not_begun\":0,"
        "\"concurrency\":1,\"signal\":null,\"shard\":null,\"listed\":%u}\n",
        targets, targets);
    fclose(file);
    return record_index_open(&records, path, take_fault);
}

static uint64_t claim(const char *input)
{
    return record_index_claim(records, input, strlen(input));
}

static int status_at(uint64_t place)
{
    struct record record;
    ck_assert_uint_ne(place, RECORD_INDEX_NONE);
    ck_assert_int_eq(record_index_read(records, place, &record), 0);
    int status = record.result.response.status;
    record_fini(&record);
    return status;
}

START_TEST(each_is_found_once)
{
    begin();
    put_result(2, "a.test", 202);
    put_result(1, "b.test", 301);
    put_result(0, "a.test", 200);
    ck_assert_int_eq(open_with_summary(3), 0);
    ck_assert_int_eq(status_at(claim("a.test")), 200);
    ck_assert_int_eq(status_at(claim("a.test")), 202);
    ck_assert_uint_eq(claim("a.test"), RECORD_INDEX_NONE);
    ck_assert_uint_eq(claim("a.tes"), RECORD_INDEX_NONE);
    ck_assert_uint_eq(claim(""), RECORD_INDEX_NONE);
    size_t from = 0;
    ck_assert_int_eq(status_at(record_index_rest(records, &from)), 301);
    ck_assert_uint_eq(record_index_rest(records, &from), RECORD_INDEX_NONE);
    ck_assert_uint_eq(faults, 0);
    end();
}
END_TEST

/* Two inputs of one FNV-1a hash, of 64 bits: each has its own record. */
#define TWIN "7mohtcOFVz"
#define OTHER "c1E51sSEyx"

START_TEST(a_hash_is_no_input)
{
    begin();
    put_result(0, TWIN, 200);
    ck_assert_int_eq(open_with_summary(1), 0);
    ck_assert_uint_eq(claim(OTHER), RECORD_INDEX_NONE);
    ck_assert_int_eq(status_at(claim(TWIN)), 200);
    end();
}
END_TEST

START_TEST(inputs_of_one_hash)
{
    begin();
    put_result(0, TWIN, 200);
    put_result(1, OTHER, 201);
    put_result(2, TWIN, 202);
    put_result(3, OTHER, 203);
    ck_assert_int_eq(open_with_summary(4), 0);
    ck_assert_int_eq(status_at(claim(OTHER)), 201);
    ck_assert_int_eq(status_at(claim(OTHER)), 203);
    ck_assert_uint_eq(claim(OTHER), RECORD_INDEX_NONE);
    ck_assert_int_eq(status_at(claim(TWIN)), 200);
    size_t from = 0;
    ck_assert_int_eq(status_at(record_index_rest(records, &from)), 202);
    ck_assert_uint_eq(record_index_rest(records, &from), RECORD_INDEX_NONE);
    ck_assert_int_eq(status_at(claim(TWIN)), 202);
    ck_assert_uint_eq(claim(TWIN), RECORD_INDEX_NONE);
    end();
}
END_TEST

/* NUL bytes count, and what is behind them. */
START_TEST(inputs_with_nul_bytes)
{
    begin();
    put_result(0, "a\\u0000b", 200);
    put_result(1, "a\\u0000c", 201);
    ck_assert_int_eq(open_with_summary(2), 0);
    ck_assert_int_eq(status_at(record_index_claim(records, "a\0c", 3)), 201);
    ck_assert_uint_eq(record_index_claim(records, "a", 1), RECORD_INDEX_NONE);
    ck_assert_int_eq(status_at(record_index_claim(records, "a\0b", 3)), 200);
    end();
}
END_TEST

/* It is for record_index_read to tell, not a target that is new. */
START_TEST(a_file_that_has_changed)
{
    begin();
    struct record record;
    put_result(0, "a.test", 200);
    ck_assert_int_eq(open_with_summary(1), 0);
    ck_assert_int_eq(truncate(path, 100), 0);
    uint64_t place = claim("a.test");
    ck_assert_uint_ne(place, RECORD_INDEX_NONE);
    ck_assert_int_eq(record_index_read(records, place, &record), -EINVAL);
    end();
}
END_TEST

START_TEST(many)
{
    begin();
    enum { MANY = 20000 };
    char input[32];
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(input, sizeof input, "h%u.test", i * 7919 % MANY);
        put_result(MANY - 1 - i, input, (int)(100 + i % 500));
    }
    ck_assert_int_eq(open_with_summary(MANY), 0);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(input, sizeof input, "h%u.test", i * 7919 % MANY);
        ck_assert_int_eq(status_at(claim(input)), (int)(100 + i % 500));
        ck_assert_uint_eq(claim(input), RECORD_INDEX_NONE);
    }
    end();
}
END_TEST

/* A record longer than any buffer begins with. */
START_TEST(a_long_record)
{
    begin();
    enum { LONG = 300 * 1024 };
    char *input = malloc(LONG + 1);
    ck_assert_ptr_nonnull(input);
    memset(input, 'x', LONG);
    input[LONG] = '\0';
    put_result(0, input, 200);
    put_result(1, "a.test", 201);
    ck_assert_int_eq(open_with_summary(2), 0);
    ck_assert_int_eq(status_at(claim(input)), 200);
    ck_assert_int_eq(status_at(claim("a.test")), 201);
    free(input);
    end();
}
END_TEST

static void check_refused(const char *fault)
{
    ck_assert_int_eq(record_index_open(&records, path, take_fault), -EINVAL);
    ck_assert_str_eq(last_fault, fault);
    ck_assert_ptr_null(records);
}

START_TEST(what_is_not_whole)
{
    begin();
    fflush(file);
    check_refused("0: no records");
    put_result(0, "a.test", 200);
    fflush(file);
    check_refused("0: 1 of 1 records have no summary line: a run was cut off");
    fputs("x\n", file);
    fflush(file);
    check_refused("2: not JSON");
    fclose(file);
    ck_assert_int_eq(
        record_index_open(&records, "/nowhere", take_fault), -ENOENT);
    ck_assert_int_eq(
        record_index_open(&records, "/dev/null", take_fault), -ESPIPE);
    ck_assert_int_eq(record_index_open(&records, "/", take_fault), -EISDIR);
    end();
}
END_TEST

START_TEST(records_are_missing)
{
    begin();
    put_result(0, "a.test", 200);
    ck_assert_int_eq(open_with_summary(2), -EINVAL);
    ck_assert_str_eq(last_fault, "0: 1 of 2 records are missing");
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_is_found_once,
        a_hash_is_no_input,
        inputs_of_one_hash,
        inputs_with_nul_bytes,
        a_file_that_has_changed,
        many,
        a_long_record,
        what_is_not_whole,
        records_are_missing,
        NULL,
    };
    return run_tests("index", tests);
}
