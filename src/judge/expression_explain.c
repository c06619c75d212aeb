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

enum {
    VALUE_MAX = 200,
    SHOWN_SIZE = 4 * VALUE_MAX + 4,
    NOTES_MAX = 10,
    NOTE_MAX = 1500,
};

/* Without stdio, whose streams of memory begin with 8 KiB. */
struct note {
    size_t len;
    char text[NOTE_MAX];
};

struct explanation {
    struct evaluation *e;
    struct note note;
    bool is_alone; /* one test: whose value it is goes without saying */
    size_t count;
};

static void put_string(struct explanation *x, const char *bytes, size_t len)
{
    size_t room = NOTE_MAX - x->note.len;
    if (len > room)
        len = utf8_cut(bytes, room);
    memcpy(x->note.text + x->note.len, bytes, len);
    x->note.len += len;
}

static void puts_note(struct explanation *x, const char *text)
{
    put_string(x, text, strlen(text));
}

/* --- one value --- */

static size_t shown_len(struct span text)
{
    return text.len > VALUE_MAX ? utf8_cut(text.at, VALUE_MAX) : text.len;
}

/* Lines of a list with commas between; a NUL would end the text. */
static size_t write_bytes(struct span text, char out[SHOWN_SIZE])
{
    size_t shown = shown_len(text);
    char *end = out;
    for (size_t i = 0; i < shown; i++)
        if (text.at[i] == '\n')
            end = stpcpy(end, ", ");
        else if (text.at[i] == '\0')
            end = stpcpy(end, "\\x00");
        else
            *end++ = text.at[i];
    if (shown < text.len)
        end = stpcpy(end, "...");
    *end = '\0';
    return (size_t)(end - out);
}

static void put_bytes(struct explanation *x, struct span text)
{
    char shown[SHOWN_SIZE];
    put_string(x, shown, write_bytes(text, shown));
}

static void put_value(struct explanation *x, const struct selector_value *value)
{
    char made[QUANTITY_TEXT_MAX];
    put_bytes(x, value_text(value, made));
}

static char *copy_bytes(const char *text, size_t len)
{
    char *copy = malloc(len + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *value_shown(const struct selector_value *value)
{
    char made[QUANTITY_TEXT_MAX], shown[SHOWN_SIZE];
    if (value->type == SELECTOR_NONE)
        return NULL;
    size_t len = write_bytes(value_text(value, made), shown);
    return copy_bytes(shown, len);
}

/* --- one test --- */

static bool is_fact_off(const struct node *test, const struct evaluation *e)
{
    return test->selector.kind == SELECTS_FACT && test->op == OP_EXISTS &&
           e->value.type == SELECTOR_BOOL && !e->value.number;
}

static void put_number(struct explanation *x, size_t number)
{
    char text[24];
    put_string(x, text, (size_t)snprintf(text, sizeof text, "%zu", number));
}

static void put_where(struct explanation *x)
{
    if (x->e->hop) {
        puts_note(x, " (hop ");
        put_number(x, x->e->hop);
        puts_note(x, ")");
    }
    if (x->e->cookie.at) {
        puts_note(x, " (cookie ");
        put_bytes(x, x->e->cookie);
        puts_note(x, ")");
    }
}

/* What a column of the list said. */
static void put_columns(struct explanation *x, const struct node *test)
{
    const struct expression_about *about = x->e->about;
    for (size_t i = 0; i < test->value_count; i++) {
        unsigned column = test->values[i].column;
        if (!column || column > about->column_count)
            continue;
        puts_note(x, " ($");
        put_number(x, column);
        puts_note(x, " is ");
        put_bytes(x, about->columns[column - 1]);
        puts_note(x, ")");
    }
}

static void put_found(struct explanation *x, const struct node *test)
{
    if (!x->is_alone) {
        put_string(x, test->operand.at, test->operand.len);
        puts_note(x, " ");
    }
    if (is_fact_off(test, x->e)) {
        puts_note(x, "not in force");
        return;
    }
    puts_note(x, "is ");
    put_value(x, &x->e->value);
    bool has_unit = x->e->value.type == SELECTOR_DURATION &&
                    test->value_count && test->values[0].is_duration;
    puts_note(x, has_unit ? "s" : "");
}

static void explain_test(struct explanation *x, const struct node *test)
{
    if (x->count++ >= NOTES_MAX)
        return;
    x->e->trouble = NULL;
    test_hops(test, x->e);
    if (x->count > 1)
        puts_note(x, ", ");
    put_found(x, test);
    put_where(x);
    put_columns(x, test);
    const char *why = x->e->trouble ? x->e->trouble : x->e->value.why;
    if (why) {
        puts_note(x, ": ");
        puts_note(x, why);
    }
}

/* --- the tree --- */

/* Those of its parts that made it what it is. */
static void explain_node(
    struct explanation *x, const struct node *node, enum truth truth)
{
    if (node->kind == NODE_TEST) {
        explain_test(x, node);
        return;
    }
    if (node->kind == NODE_NOT) {
        explain_node(x, node->first,
            truth == TRUTH_MAYBE ? truth : (enum truth)(truth == TRUTH_NO));
        return;
    }
    enum truth decides = node->kind == NODE_AND ? TRUTH_NO : TRUTH_YES;
    for (node = node->first; node; node = node->next) {
        if (tree_holds(node, x->e) != truth)
            continue;
        explain_node(x, node, truth);
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
    struct explanation x; /* large */
    x.e = e;
    x.note.len = 0;
    x.is_alone = is_alone(root);
    x.count = 0;
    explain_node(&x, root, truth);
    return copy_bytes(x.note.text, x.note.len);
}
