/*
 * rules: files in tables, what is wrong with them and where; which rules are
 * for whom; waivers, warnings, addresses; the sets that are built in.
 */
#include "judge/rules.h"

#include "input/target.h"
#include "judge/sets.h"
#include "record/check.h"
#include "record/result.h"
#include "record/selector.h"
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { NOW = 1795340412 }; /* 2026-11-22 */

static char head[] = "HTTP/1.1 200 OK\nServer: a\n";
static const struct target site = {.url = "http://www.a.test/x/y",
    .host = "www.a.test",
    .path = "/x/y",
    .port = 80};

/* Its head is nobody's. */
static void begin(struct result *result)
{
    result_init(result);
    result->input = "www.a.test/x/y";
    result->target = &site;
    result->started_at.tv_sec = NOW;
    result->response.status = 200;
    result->response.http_major = result->response.http_minor = 1;
    result->response.head = head;
    result->response.head_len = sizeof head - 1;
}

static void end(struct result *result)
{
    result->response = (struct response){0};
    for (size_t i = 0; i < result->address_count; i++)
        result->addresses[i].response = (struct response){0};
    result_fini(result);
}

static void read_all(struct rules *rules, const char *text)
{
    struct rules_fault fault;
    *rules = (struct rules){0};
    int error = rules_read(rules, (struct span){text, strlen(text)}, &fault);
    ck_assert_msg(!error, "%s: %zu: %s", text, fault.line, fault.fault.text);
}

/* "ID=outcome" of each check, blanks between; w: it warns only. */
static const char *outcomes(const struct result *result)
{
    static char text[1000];
    *text = '\0';
    for (size_t i = 0; i < result->check_count; i++) {
        const struct check *check = &result->checks[i];
        sprintf(text + strlen(text), "%s%s%s=%s", i ? " " : "",
            check->is_warning ? "w:" : "", check->id ? check->id : "-",
            check_outcome_name(check->outcome));
    }
    return text;
}

static const struct {
    const char *text, *outcomes;
} files[] = {
    {"status == 200", "-=ok"},
    {"\xef\xbb\xbfstatus == 200\r\n\r\n", "-=ok"},
    {"# all\n\n  A: status == 200 # this\nB: status == 201\n", "A=ok B=failed"},
    {"A: server == 'a # b'\n", "A=failed"},
    {"first: status == 200\n", "-=ok"},
    {"any:status == 200\n", "-=ok"},
    {"A: status -- it says -- so\n", "A=ok"},
    {"A: server == ' -- '\n", "A=failed"},
    {"warn\nA: x\nB: x\n", "w:A=failed B=failed"},
    {"on www.a.test\nA: status\n", "A=ok"},
    {"on b.test\nA: status\non *\nB: status\n", "B=ok"},
    {"on *.A.test\nA: status\n", "A=ok"},
    {"on *.a.test/x/*\nA: status\n", "A=ok"},
    {"on *.a.test/z*\nA: status\nB: status\n", ""},
    {"on b.test\nA: status\non *.test\nB: status\n", "B=ok"},
    {"A: x\nexcept www.a.test A until 2026-11-22 \"a ticket\"\n",
        "A=skipped A=skipped"},
    {"A: x\nexcept *.test A until 2099-01-01\n", "A=skipped A=skipped"},
    {"A: x\nexcept www.a.test A until 2026-11-21\n", "A=failed A=failed"},
    {"A: status\nexcept www.a.test A until 2026-11-21\n", "A=ok A=failed"},
    {"A: x\nexcept b.test A until 2026-11-21\n", "A=failed"},
    {"A: x\nB: x\nexcept www.a.test A until 2099-01-01\n",
        "A=skipped B=failed A=skipped"},
    {"A: status when x\n", "A=skipped"},
};

START_TEST(files_of_rules)
{
    for (size_t i = 0; i < COUNT(files); i++) {
        struct rules rules;
        struct result result;
        read_all(&rules, files[i].text);
        begin(&result);
        ck_assert_int_eq(rules_judge(&rules, &result), 0);
        ck_assert_msg(strcmp(outcomes(&result), files[i].outcomes) == 0,
            "%s: %s", files[i].text, outcomes(&result));
        end(&result);
        rules_fini(&rules);
    }
}
END_TEST

static const struct {
    const char *text;
    size_t line, at;
    const char *fault;
} faults[] = {
    {"", 0, 0, "there is no rule in it"},
    {"# nothing\n\non a.test\n", 0, 0, "there is no rule in it"},
    {"status\nA: status = 2 -- x\n", 2, 10, "expected \"==\" or \"=~\""},
    {"status\n  statsu\n", 2, 2,
        "unknown name \"statsu\"; did you mean \"status\"? (a field of this "
        "name is header('statsu'))"},
    {"on\nstatus", 1, 2, "expected one glob of host[/path]"},
    {"on a b\nstatus", 1, 3, "expected one glob of host[/path]"},
    {"use leek\nstatus", 1, 4, "there is no such set; did you mean \"leaks\"?"},
    {"use nonesuch\n", 1, 4, "there is no such set"},
    {"status\nwarn now\n", 2, 5, "expected the end of the line"},
    {"except\nstatus", 1, 6, "expected the host"},
    {"A: x\nexcept a.test B\n", 2, 15, "expected \"until\""},
    {"A: x\nexcept a.test A until then\n", 2, 22,
        "expected a date, such as 2027-03-31"},
    {"A: x\nexcept a.test B until 2027-01-01\n", 0, 0,
        "no rule has the ID of \"except a.test B until 2027-01-01\""},
};

START_TEST(what_is_wrong_and_where)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct rules rules = {0};
        struct rules_fault fault;
        const char *text = faults[i].text;
        int error =
            rules_read(&rules, (struct span){text, strlen(text)}, &fault);
        rules_fini(&rules);
        ck_assert_msg(error == -EINVAL, "%s", text);
        ck_assert_msg(fault.line == faults[i].line &&
                          fault.fault.at == faults[i].at &&
                          strcmp(fault.fault.text, faults[i].fault) == 0,
            "%s: %zu: %zu: %s", text, fault.line, fault.fault.at,
            fault.fault.text);
    }
}
END_TEST

/* Cut anywhere, a file is read or refused. */
START_TEST(cut_anywhere)
{
    for (size_t i = 0; i < COUNT(files); i++)
        for (size_t len = 0; len < strlen(files[i].text); len++) {
            struct rules rules = {0};
            struct rules_fault fault;
            char *text = strndup(files[i].text, len);
            (void)rules_read(&rules, (struct span){text, len}, &fault);
            rules_fini(&rules);
            free(text);
        }
}
END_TEST

START_TEST(a_target_that_is_none)
{
    struct rules rules;
    struct result result;
    read_all(&rules, "A: not x\non *.test\nB: not x\n");
    begin(&result);
    result.target = NULL;
    result.response = (struct response){0};
    result_fail(&result, PHASE_INPUT, FETCH_BAD_TARGET, NULL);
    ck_assert_int_eq(rules_judge(&rules, &result), 0);
    ck_assert_str_eq(outcomes(&result), "A=no answer");
    ck_assert(result_has_failed(&result));
    end(&result);
    rules_fini(&rules);
}
END_TEST

START_TEST(a_failure_that_was_expected)
{
    struct rules rules;
    struct result result;
    read_all(&rules, "A: error == NXDOMAIN\nB: not x\n");
    begin(&result);
    result.response = (struct response){0};
    result_fail(&result, PHASE_DNS, FETCH_NXDOMAIN, NULL);
    ck_assert_int_eq(rules_judge(&rules, &result), 0);
    ck_assert_str_eq(outcomes(&result), "A=ok B=no answer");
    ck_assert(!result_has_failed(&result));
    end(&result);
    rules_fini(&rules);
}
END_TEST

START_TEST(every_address_must_hold)
{
    struct rules rules;
    struct result result;
    read_all(&rules, "A: status == 200\nB: status\nC: status when x\n"
                     "D: status == 200 when not x");
    begin(&result);
    result.response = (struct response){0};
    ck_assert_int_eq(result_begin_addresses(&result, 3), 0);
    for (size_t i = 0; i < 3; i++)
        begin(&result.addresses[i]);
    result.addresses[1].response.status = 503;
    ck_assert_int_eq(rules_judge(&rules, &result), 0);
    ck_assert_str_eq(outcomes(&result), "A=failed B=ok C=skipped D=failed");
    ck_assert_str_eq(result.checks[0].why, "is 503");
    ck_assert_str_eq(
        outcomes(&result.addresses[0]), "A=ok B=ok C=skipped D=ok");
    ck_assert(rules_unmet(&rules, &(size_t){0}) == &rules.items[2]);
    end(&result);
    rules_fini(&rules);
}
END_TEST

START_TEST(columns_of_the_list)
{
    struct rules rules;
    struct result result;
    read_all(&rules, "A: status == $1\nB: server == $2\nC: server == $3");
    ck_assert_uint_eq(rules.columns, 3);
    begin(&result);
    result.columns = strdup("200 \t a");
    ck_assert_int_eq(rules_judge(&rules, &result), 0);
    ck_assert_str_eq(outcomes(&result), "A=ok B=ok C=failed");
    end(&result);
    begin(&result);
    ck_assert_int_eq(rules_judge(&rules, &result), 0);
    ck_assert_str_eq(outcomes(&result), "A=failed B=failed C=failed");
    end(&result);
    rules_fini(&rules);
}
END_TEST

START_TEST(rules_that_were_never_met)
{
    struct rules rules;
    struct result result;
    size_t i = 0;
    read_all(&rules, "A: status\nB: status when x\non b.test\nC: status\n");
    ck_assert_ptr_null(rules_unmet(&rules, &i)); /* no target either */
    begin(&result);
    ck_assert_int_eq(rules_judge(&rules, &result), 0);
    i = 0;
    ck_assert_str_eq(rules_unmet(&rules, &i)->id, "B");
    ck_assert_str_eq(rules_unmet(&rules, &i)->id, "C");
    ck_assert_ptr_null(rules_unmet(&rules, &i));
    end(&result);
    rules_fini(&rules);
}
END_TEST

START_TEST(the_sets)
{
    static const char *const names[] = {
        "leaks", "owasp", "mdn", "preload", "cookies"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const struct rule_set *set = rule_set_at(i);
        struct rules rules;
        char text[50];
        ck_assert_str_eq(set->name, names[i]);
        ck_assert_uint_eq(strlen(set->date), strlen("2026-08"));
        sprintf(text, "warn\nuse %s\nstatus\n", set->name);
        read_all(&rules, text);
        ck_assert_uint_eq(rules.count, set->count + 1);
        for (size_t j = 0; j < set->count; j++) {
            ck_assert(rules.items[j].is_warning);
            ck_assert_int_eq(
                strncmp(rules.items[j].id, names[i], strlen(names[i])), 0);
            ck_assert_ptr_nonnull(rules.items[j].message);
        }
        ck_assert(!rules.items[set->count].is_warning);
        rules_fini(&rules);
    }
    ck_assert_ptr_null(rule_set_at(COUNT(names)));
}
END_TEST

/* Each rule by its ID, "ID: EXPR -- MESSAGE". */
static void check_rules_of(const struct rule_set *set, const char *page)
{
    char rule[400], row[500];
    for (size_t i = 0; i < set->count; i++) {
        snprintf(rule, sizeof rule, "%s", set->rules[i]);
        char *expr = strstr(rule, ": "), *message = strstr(rule, " -- ");
        ck_assert(expr && message);
        *expr = *message = '\0';
        snprintf(row, sizeof row, "\n.It Li %s\n.Li %s\n", rule, expr + 2);
        ck_assert_msg(strstr(page, row) != NULL, "%s", row);
    }
}

/* Each set with where it comes from, its rules, and each function of
 * selectors. */
START_TEST(the_man_page_has_them)
{
    static char page[1 << 20];
    const char *path = getenv("AFETCH_MAN"), *help, *function;
    const struct rule_set *set;
    char row[300];
    ck_assert_msg(path != NULL, "AFETCH_MAN is not set");
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    for (size_t i = 0; (set = rule_set_at(i)); i++) {
        snprintf(row, sizeof row, "\n.It Li %s\n%s (%s)\n", set->name,
            set->source, set->date);
        ck_assert_msg(strstr(page, row) != NULL, "%s", row);
        check_rules_of(set, page);
    }
    for (size_t i = 0; (function = selector_function(i, &help)); i++) {
        snprintf(row, sizeof row, "\n.It Li %s\n%s", function, help);
        ck_assert_msg(strstr(page, row) != NULL, "%s", row);
    }
}
END_TEST

static bool no_memory;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
    return no_memory ? NULL : __real_malloc(size);
}

START_TEST(there_is_no_memory)
{
    struct rules rules;
    struct result result;
    read_all(&rules, "A: status\n");
    begin(&result);
    no_memory = true;
    int error = rules_judge(&rules, &result);
    no_memory = false;
    ck_assert_int_eq(error, -ENOMEM);
    ck_assert_ptr_null(result.checks);
    end(&result);
    rules_fini(&rules);
}
END_TEST

int main(void)
{
    return run_tests(
        "rules", (const TTest *const[]){files_of_rules, what_is_wrong_and_where,
                     cut_anywhere, a_target_that_is_none,
                     a_failure_that_was_expected, every_address_must_hold,
                     columns_of_the_list, rules_that_were_never_met, the_sets,
                     the_man_page_has_them, there_is_no_memory, NULL});
}
