/*
 * expression_explain - what was found where an expression does not hold.
 *
 * Invariant: however long a value is, at most VALUE_MAX bytes of it are
 * shown.
 */
#include "judge/expression_tree.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_MAX = 200, NOTES_MAX = 10 };

struct explanation {
    struct evaluation *e;
    FILE *out;
    bool is_alone; /* one test: whose value it is goes without saying */
    size_t count;
};

/* --- one value --- */

static size_t shown_len(struct span text)
{
    return text.len > VALUE_MAX ? utf8_cut(text.at, VALUE_MAX) : text.len;
}

/* Lines of a list with commas between. */
static size_t write_bytes(struct span text, char out[2 * VALUE_MAX + 4])
{
    size_t shown = shown_len(text);
    char *end = out;
    for (size_t i = 0; i < shown; i++)
        if (text.at[i] == '\n')
            end = stpcpy(end, ", ");
        else
            *end++ = text.at[i];
    if (shown < text.len)
        end = stpcpy(end, "...");
    *end = '\0';
    return (size_t)(end - out);
}

static void put_bytes(FILE *out, struct span text)
{
    char shown[2 * VALUE_MAX + 4];
    fwrite(shown, 1, write_bytes(text, shown), out);
}

static void put_value(FILE *out, const struct selector_value *value)
{
    char made[QUANTITY_TEXT_MAX];
    put_bytes(out, value_text(value, made));
}

/* Without stdio: nearly every check has one. */
char *value_shown(const struct selector_value *value)
{
    char made[QUANTITY_TEXT_MAX], shown[2 * VALUE_MAX + 4];
    if (value->type == SELECTOR_NONE)
        return NULL;
    size_t len = write_bytes(value_text(value, made), shown);
    char *text = malloc(len + 1);
    if (text)
        memcpy(text, shown, len + 1);
    return text;
}

/* --- one test --- */

static bool is_fact_off(const struct node *test, const struct evaluation *e)
{
    return test->selector.kind == SELECTS_FACT && test->op == OP_EXISTS &&
           e->value.type == SELECTOR_BOOL && !e->value.number;
}

static void put_where(const struct explanation *x)
{
    if (x->e->hop)
        fprintf(x->out, " (hop %zu)", x->e->hop);
    if (!x->e->cookie.at)
        return;
    fputs(" (cookie ", x->out);
    put_bytes(x->out, x->e->cookie);
    fputs(")", x->out);
}

static void put_operand(const struct explanation *x, const struct node *test)
{
    fwrite(test->operand.at, 1, test->operand.len, x->out);
    fputs(" ", x->out);
}

/* What a column of the list said. */
static void put_columns(const struct explanation *x, const struct node *test)
{
    const struct expression_about *about = x->e->about;
    for (size_t i = 0; i < test->value_count; i++) {
        unsigned column = test->values[i].column;
        if (!column || column > about->column_count)
            continue;
        fprintf(x->out, " ($%u is ", column);
        put_bytes(x->out, about->columns[column - 1]);
        fputs(")", x->out);
    }
}

static void explain_test(struct explanation *x, const struct node *test)
{
    const struct selector_value *value = &x->e->value;
    if (x->count++ >= NOTES_MAX)
        return;
    x->e->trouble = NULL;
    test_hops(test, x->e);
    if (x->count > 1)
        fputs(", ", x->out);
    if (!x->is_alone)
        put_operand(x, test);
    if (is_fact_off(test, x->e)) {
        fputs("not in force", x->out);
    } else {
        fputs("is ", x->out);
        put_value(x->out, value);
    }
    put_where(x);
    put_columns(x, test);
    const char *why = x->e->trouble ? x->e->trouble : value->why;
    if (why)
        fprintf(x->out, ": %s", why);
}

/* --- the tree --- */

/* Those of its parts that made it what it is. */
static void explain(
    struct explanation *x, const struct node *node, enum truth truth)
{
    if (node->kind == NODE_TEST) {
        explain_test(x, node);
        return;
    }
    if (node->kind == NODE_NOT) {
        explain(x, node->first,
            truth == TRUTH_MAYBE ? truth : (enum truth)(truth == TRUTH_NO));
        return;
    }
    enum truth decides = node->kind == NODE_AND ? TRUTH_NO : TRUTH_YES;
    for (node = node->first; node; node = node->next) {
        if (tree_holds(node, x->e) != truth)
            continue;
        explain(x, node, truth);
        if (truth == decides)
            return;
    }
}

static bool is_alone(const struct node *node)
{
    while (node->kind == NODE_NOT)
        node = node->first;
    return node->kind == NODE_TEST;
}

char *tree_explain(
    const struct node *root, struct evaluation *e, enum truth truth)
{
    char *text = NULL;
    size_t len;
    struct explanation x = {
        .e = e, .out = open_memstream(&text, &len), .is_alone = is_alone(root)};
    if (!x.out)
        return NULL;
    explain(&x, root, truth);
    if (fclose(x.out) == 0)
        return text;
    free(text);
    return NULL;
}
