/*
 * rules - see rules.h.
 *
 * Invariant: a result has one check for each rule, in their order, or none
 * at all.
 */
#include "judge/rules.h"

#include "record/check.h"
#include "record/result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int rules_add(
    struct rules *rules, struct span text, struct expression_fault *fault)
{
    struct rule *items =
        reallocarray(rules->items, rules->count + 1, sizeof *items);
    if (!items)
        return -ENOMEM;
    rules->items = items;
    items[rules->count] = (struct rule){0};
    int error = expression_parse(text, &items[rules->count].expression, fault);
    rules->count += !error;
    return error;
}

void rules_fini(struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        expression_destroy(rules->items[i].expression);
        free(rules->items[i].id);
        free(rules->items[i].message);
    }
    free(rules->items);
    *rules = (struct rules){0};
}

bool rules_want_interim(const struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++)
        if (expression_wants_interim(rules->items[i].expression))
            return true;
    return false;
}

/* --- one response --- */

static struct check check_begin(const struct rule *rule)
{
    return (struct check){
        .id = rule->id,
        .expr = expression_text(rule->expression),
        .message = rule->message,
        .is_warning = rule->is_warning,
    };
}

static int judge_one(const struct rules *rules, struct result *result)
{
    struct check *checks = malloc(rules->count * sizeof *checks);
    if (!checks)
        return -ENOMEM;
    bool excused = false;
    for (size_t i = 0; i < rules->count; i++) {
        checks[i] = check_begin(&rules->items[i]);
        expression_judge(rules->items[i].expression, result, NULL, &checks[i]);
        excused |= checks[i].excuses;
    }
    result->checks = checks;
    result->check_count = rules->count;
    result->excused = excused;
    return 0;
}

/* --- all addresses --- */

/* Of two outcomes of one rule the one that counts: every one must hold. */
static bool is_worse(enum check_outcome a, enum check_outcome b)
{
    static const int rank[CHECK_OUTCOME_COUNT] = {
        [CHECK_SKIPPED] = 0,
        [CHECK_OK] = 1,
        [CHECK_NO_ANSWER] = 2,
        [CHECK_FAILED] = 3,
    };
    return rank[a] > rank[b];
}

static char *copy_text(const char *text)
{
    return text ? strdup(text) : NULL;
}

static struct check worst_check(const struct result *result, size_t i)
{
    const struct check *worst = &result->addresses[0].checks[i];
    for (size_t address = 1; address < result->address_count; address++) {
        const struct check *other = &result->addresses[address].checks[i];
        if (is_worse(other->outcome, worst->outcome))
            worst = other;
    }
    struct check check = *worst;
    check.actual = copy_text(worst->actual);
    check.why = copy_text(worst->why);
    return check;
}

static int judge_addresses(const struct rules *rules, struct result *result)
{
    bool excused = true;
    for (size_t i = 0; i < result->address_count; i++) {
        struct result *one = &result->addresses[i];
        int error = judge_one(rules, one);
        if (error)
            return error;
        excused &= one->error == FETCH_OK || one->excused;
    }
    struct check *checks = malloc(rules->count * sizeof *checks);
    if (!checks)
        return -ENOMEM;
    for (size_t i = 0; i < rules->count; i++)
        checks[i] = worst_check(result, i);
    result->checks = checks;
    result->check_count = rules->count;
    result->excused = excused && result->error != FETCH_OK;
    return 0;
}

/* --- the whole --- */

static void tally(struct rules *rules, const struct result *result)
{
    rules->targets++;
    for (size_t i = 0; i < rules->count; i++) {
        enum check_outcome outcome = result->checks[i].outcome;
        rules->items[i].judged +=
            outcome == CHECK_OK || outcome == CHECK_FAILED;
        rules->items[i].unanswered += outcome == CHECK_NO_ANSWER;
    }
}

int rules_judge(struct rules *rules, struct result *result)
{
    if (!rules->count)
        return 0;
    int error = result->address_count ? judge_addresses(rules, result)
                                      : judge_one(rules, result);
    if (!error)
        tally(rules, result);
    return error;
}

const struct rule *rules_unmet(const struct rules *rules, size_t *i)
{
    while (rules->targets && *i < rules->count) {
        const struct rule *rule = &rules->items[(*i)++];
        if (!rule->judged && !rule->unanswered)
            return rule;
    }
    return NULL;
}
