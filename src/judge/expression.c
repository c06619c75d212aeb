/*
 * expression - see expression.h.
 *
 * Invariant: a target without a head is judged only by who asks for its
 * error, and then by what is known of it.
 */
#include "judge/expression.h"

#include "judge/expression_parse.h"
#include "judge/expression_tree.h"
#include "record/check.h"
#include "record/result.h"

#include <stdlib.h>
#include <string.h>

const char *expression_text(const struct expression *expression)
{
    return expression->text;
}

bool expression_judges_error(const struct expression *expression)
{
    return expression->judges_error;
}

bool expression_wants_certs(const struct expression *expression)
{
    return expression->wants_certs;
}

bool expression_wants_interim(const struct expression *expression)
{
    return expression->wants_interim;
}

unsigned expression_columns(const struct expression *expression)
{
    return expression->columns;
}

void expression_destroy(struct expression *expression)
{
    if (!expression)
        return;
    node_destroy(expression->root);
    node_destroy(expression->guard);
    for (size_t i = 0; i < expression->made_count; i++)
        free(expression->made[i]);
    free(expression->made);
    free(expression->text);
    free(expression);
}

/* --- judging --- */

static void set_no_answer(const struct result *result, struct check *out)
{
    out->outcome = CHECK_NO_ANSWER;
    if (result->error != FETCH_OK)
        out->why = strdup(result_message(result));
}

static enum check_outcome outcome_of(
    enum truth truth, const struct result *result)
{
    if (truth == TRUTH_YES)
        return CHECK_OK;
    return truth == TRUTH_MAYBE && !result_is_answered(result) ? CHECK_NO_ANSWER
                                                               : CHECK_FAILED;
}

static const struct node *single_test(const struct node *node)
{
    while (node->kind == NODE_NOT)
        node = node->first;
    return node->kind == NODE_TEST ? node : NULL;
}

static void judge_root(const struct expression *expression,
    struct evaluation *e, struct check *out)
{
    enum truth truth = tree_holds(expression->root, e);
    out->outcome = outcome_of(truth, e->result);
    if (out->outcome == CHECK_NO_ANSWER) {
        set_no_answer(e->result, out);
        return;
    }
    if (out->outcome == CHECK_FAILED)
        out->why = tree_explain(expression->root, e, truth);
    bool tells = e->about->tells_all && single_test(expression->root);
    if (tells || out->outcome == CHECK_FAILED)
        out->actual = value_shown(&e->value);
    out->excuses = out->outcome == CHECK_OK && expression->judges_error &&
                   e->result->error != FETCH_OK;
}

static void judge_all(const struct expression *expression, struct evaluation *e,
    struct check *out)
{
    enum truth guard = TRUTH_YES;
    if (expression->guard)
        guard = tree_holds(expression->guard, e);
    if (guard == TRUTH_YES) {
        judge_root(expression, e, out);
    } else if (guard == TRUTH_NO) {
        out->outcome = CHECK_SKIPPED;
        out->why = strdup("the guard is not met");
    } else if (result_is_answered(e->result)) {
        out->outcome = CHECK_FAILED;
        out->why = tree_explain(expression->guard, e, guard);
    } else {
        set_no_answer(e->result, out);
    }
}

void expression_judge(const struct expression *expression,
    const struct result *result, const struct expression_about *about,
    struct check *out)
{
    struct evaluation e = {.result = result, .about = about};
    if (!result_is_answered(result) && !expression->judges_error)
        set_no_answer(result, out);
    else
        judge_all(expression, &e, out);
    selector_value_fini(&e.value);
}
