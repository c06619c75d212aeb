/* What differs between two snapshots, by heads of results. */
#include "judge/snapshot.h"

#include "record/drift.h"
#include "record/result.h"
#include "run.h"

#include <stdio.h>
#include <string.h>

static void take(struct snapshot *out, const char *head, int status)
{
    struct result result;
    result_init(&result);
    result.response.status = status;
    result.error = status ? FETCH_OK : FETCH_TIMEOUT;
    result.response.head = head ? (char *)head : NULL;
    result.response.head_len = head ? strlen(head) : 0;
    ck_assert_int_eq(snapshot_of_result(out, &result, &(struct mask){0}), 0);
}

#define S "HTTP/1.1 200 OK\n"

static const struct {
    const char *before, *now;
    int before_status, now_status;
    const char *changes;
} cases[] = {
    {S "A: 1\n", S "a: 1\n", 200, 200, ""},
    {S "A: 1\nB: 2\n", S "B: 2\nA: 1\n", 200, 200, ""},
    {S "A: 1\nA: 2\n", S "A: 2\nA: 1\n", 200, 200, "a(1, 2|2, 1)"},
    {S "A: 1\n", S "B: 1\n", 200, 200, "a(1|-)b(-|1)"},
    {S "Date: 1\n", S "Age: 1\n", 200, 200, ""},
    {S "Set-Cookie: a=1\n", S "Set-Cookie: a=2; Secure\n", 200, 200, ""},
    {S "Set-Cookie: a=1\n", S "Set-Cookie: b=1\n", 200, 200, "set-cookie(a|b)"},
    {S "A: 1\n", S "A: 1\n", 200, 301, "status(200|301)"},
    {S "A: 1\n", NULL, 200, 0, "status(200|TIMEOUT)"},
    {NULL, NULL, 0, 0, ""},
    {S "A: \xe9\n", S "A: \xc3\xa9\n", 200, 200, ""},
    {S "A: \n", S, 200, 200, "a(|-)"},
};

START_TEST(differences)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct snapshot before, now;
        struct drift drift = {0};
        char text[200] = "";
        take(&before, cases[i].before, cases[i].before_status);
        take(&now, cases[i].now, cases[i].now_status);
        ck_assert_int_eq(snapshot_compare(&before, &now, &drift), 0);
        for (size_t j = 0; j < drift.count; j++) {
            const struct drift_change *change = &drift.changes[j];
            size_t len = strlen(text);
            snprintf(text + len, sizeof text - len, "%s(%s|%s)", change->what,
                change->from ? change->from : "-",
                change->to ? change->to : "-");
        }
        ck_assert_msg(!strcmp(text, cases[i].changes), "row %zu: %s", i, text);
        drift_fini(&drift);
        snapshot_fini(&before);
        snapshot_fini(&now);
    }
}
END_TEST

int main(void)
{
    return run_tests("snapshot", (const TTest *const[]){differences, NULL});
}
