/*
 * rules - results judged by the rules that are for them.
 *
 * Invariant: a result has one check for each rule that is for its target, in
 * their order, or none at all; so all addresses of a target have as many.
 */
#include "judge/rules.h"

#include "input/target.h"
#include "record/check.h"
#include "record/result.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 100 };

/* What all checks of a result share. */
struct judging {
    struct rules *rules;
    const struct result *whole; /* whose addresses may be judged */
    struct expression_about about;
    struct span spans[COLUMNS_MAX];
};

const char *rule_text(const struct rule *rule)
{
    return rule->expression ? expression_text(rule->expression)
                            : rule->waiver->line;
}

/* --- whom a rule is for --- */

/* host, or host/path, in which * is for slashes, too. */
static bool glob_matches(const char *glob, const struct target *target)
{
    char host[300];
    struct span text = {glob, strlen(glob)};
    size_t len = span_until(text, "/");
    if (!target)
        return strcmp(glob, "*") == 0;
    if (!span_copy((struct span){glob, len}, host, sizeof host) ||
        fnmatch(host, target->host, FNM_CASEFOLD) != 0)
        return false;
    return !glob[len] || fnmatch(glob + len, target->path, 0) == 0;
}

static bool is_over(const struct waiver *waiver, const struct result *result)
{
    return result->started_at.tv_sec >= waiver->ends_at;
}

bool rule_is_for(const struct rule *rule, const struct target *target)
{
    if (rule->only && !glob_matches(rule->only, target))
        return false;
    return rule->expression ||
           (target && glob_matches(rule->waiver->host, target));
}

/* --- one rule --- */

/* The waiver that excuses this failure; NULL: none. */
static const struct waiver *find_waiver(
    const struct judging *judging, const char *id, const struct result *result)
{
    for (size_t i = 0; id && i < judging->rules->count; i++) {
        const struct waiver *waiver = judging->rules->items[i].waiver;
        if (waiver && strcmp(waiver->id, id) == 0 &&
            glob_matches(waiver->host, judging->whole->target) &&
            !is_over(waiver, result))
            return waiver;
    }
    return NULL;
}

static void judge_waiver(
    const struct waiver *waiver, const struct result *result, struct check *out)
{
    bool is_expired = is_over(waiver, result);
    out->outcome = is_expired ? CHECK_FAILED : CHECK_SKIPPED;
    out->why = strdup(is_expired ? "this waiver has expired" : waiver->why);
}

static void judge_rule(const struct judging *judging, const struct rule *rule,
    const struct result *result, struct check *out)
{
    *out = (struct check){
        .id = rule->id,
        .expr = rule_text(rule),
        .message = rule->message,
        .is_warning = rule->is_warning,
    };
    if (!rule->expression) {
        judge_waiver(rule->waiver, result, out);
        return;
    }
    expression_judge(rule->expression, result, &judging->about, out);
    const struct waiver *waiver = out->outcome == CHECK_FAILED
                                      ? find_waiver(judging, rule->id, result)
                                      : NULL;
    if (!waiver)
        return;
    free(out->why);
    out->outcome = CHECK_SKIPPED;
    out->why = strdup(waiver->why);
}

/* --- one response --- */

static int judge_one(const struct judging *judging, struct result *result)
{
    const struct rules *rules = judging->rules;
    struct check *checks = malloc(rules->count * sizeof *checks);
    if (!checks)
        return -ENOMEM;
    bool excused = false;
    size_t count = 0;
    for (size_t i = 0; i < rules->count; i++) {
        if (!rule_is_for(&rules->items[i], judging->whole->target))
            continue;
        judge_rule(judging, &rules->items[i], result, &checks[count]);
        excused |= checks[count++].excuses;
    }
    result->checks = checks;
    result->check_count = count;
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

static int judge_each(const struct judging *judging, struct result *result)
{
    bool excused = true;
    for (size_t i = 0; i < result->address_count; i++) {
        struct result *one = &result->addresses[i];
        int error = judge_one(judging, one);
        if (error)
            return error;
        excused &= !result_has_failed(one);
    }
    result->excused = excused && result->error != FETCH_OK;
    return 0;
}

static int judge_addresses(const struct judging *judging, struct result *result)
{
    int error = judge_each(judging, result);
    size_t count = error ? 0 : result->addresses[0].check_count;
    struct check *checks = error ? NULL : malloc((count + 1) * sizeof *checks);
    if (!checks)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        checks[i] = worst_check(result, i);
    result->checks = checks;
    result->check_count = count;
    return 0;
}

/* --- the whole --- */

static void tally_check(struct rules *rules, const struct result *result)
{
    size_t next = 0;
    rules->targets++;
    for (size_t i = 0; i < rules->count; i++) {
        if (!rule_is_for(&rules->items[i], result->target))
            continue;
        enum check_outcome outcome = result->checks[next++].outcome;
        rules->items[i].judged += outcome == CHECK_OK ||
                                  outcome == CHECK_FAILED ||
                                  rules->items[i].waiver;
        rules->items[i].unanswered += outcome == CHECK_NO_ANSWER;
    }
}

static void split_columns(struct judging *judging)
{
    const char *text = judging->whole->columns ? judging->whole->columns : "";
    struct span rest = {text, strlen(text)};
    judging->about.columns = judging->spans;
    while (judging->about.column_count < COLUMNS_MAX) {
        struct span column = span_take_column(&rest);
        if (!column.len)
            return;
        judging->spans[judging->about.column_count++] = column;
    }
}

int rules_judge(struct rules *rules, struct result *result)
{
    struct judging judging; /* large, and its columns are rarely there */
    if (!rules->count)
        return 0;
    judging.rules = rules;
    judging.whole = result;
    judging.about = (struct expression_about){.tells_all = rules->tells_all};
    if (rules->columns)
        split_columns(&judging);
    int error = result->address_count ? judge_addresses(&judging, result)
                                      : judge_one(&judging, result);
    if (!error)
        tally_check(rules, result);
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
