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

static void put_bytes(FILE *out, struct span text)
{
    size_t shown = text.len;
    if (shown > VALUE_MAX)
        shown = utf8_cut(text.at, VALUE_MAX);
    for (size_t i = 0; i < shown; i++)
        if (text.at[i] == '\n')
            fputs(", ", out);
        else
            putc(text.at[i], out);
    if (shown < text.len)
        fputs("...", out);
}

static void put_value(FILE *out, const struct selector_value *value)
{
    char made[QUANTITY_TEXT_MAX];
    put_bytes(out, value_text(value, made));
}

char *value_shown(const struct selector_value *value)
{
    char *text = NULL;
    size_t len;
    FILE *out =
        value->type == SELECTOR_NONE ? NULL : open_memstream(&text, &len);
    if (!out)
        return NULL;
    put_value(out, value);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
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
    const struct expression_columns *columns = x->e->columns;
    for (size_t i = 0; columns && i < test->value_count; i++) {
        unsigned column = test->values[i].column;
        if (!column || column > columns->count)
            continue;
        fprintf(x->out, " ($%u is ", column);
        put_bytes(x->out, columns->items[column - 1]);
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
