/*
 * expression_test - one value against what it is compared with.
 *
 * Invariant: what is not there equals none, and nothing but that and false.
 */
#include "judge/expression_tree.h"

#include "fields/fields.h"
#include "judge/pattern.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* --- values as text and as numbers --- */

static size_t write_date(int64_t at, char made[QUANTITY_TEXT_MAX])
{
    time_t seconds = (time_t)at;
    struct tm tm;
    if (!gmtime_r(&seconds, &tm))
        return 0;
    return strftime(made, QUANTITY_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* As a number; false: it is none. */
static bool value_quantity(const struct selector_value *value, quantity *out)
{
    switch (value->type) {
    case SELECTOR_NUMBER:
    case SELECTOR_DATE:
        *out = value->number * QUANTITY_ONE;
        return true;
    case SELECTOR_DECIMAL:
        *out = value->number * (QUANTITY_ONE / 1000);
        return true;
    case SELECTOR_DURATION:
        *out = value->number;
        return true;
    case SELECTOR_TEXT:
        return quantity_parse((struct span){value->text, value->len}, out);
    default:
        return false;
    }
}

struct span value_text(
    const struct selector_value *value, char made[QUANTITY_TEXT_MAX])
{
    quantity number;
    switch (value->type) {
    case SELECTOR_TEXT:
    case SELECTOR_LIST:
        return (struct span){value->text, value->len};
    case SELECTOR_BOOL:
        return value->number ? (struct span){"true", 4}
                             : (struct span){"false", 5};
    case SELECTOR_DATE:
        return (struct span){made, write_date(value->number, made)};
    case SELECTOR_NONE:
        return (struct span){"none", 4};
    default:
        value_quantity(value, &number);
        return (struct span){made, quantity_write(number, made)};
    }
}

/* --- equal --- */

static bool is_same(struct span a, struct span b, bool any_case)
{
    if (a.len != b.len)
        return false;
    return any_case ? strncasecmp(a.at, b.at, a.len) == 0
                    : memcmp(a.at, b.at, a.len) == 0;
}

/* Where letters differ in meaning by their case. */
static bool has_case(const struct selector *selector)
{
    switch (selector->kind) {
    case SELECTS_KNOWN:
        return selector->id == SELECTOR_INPUT || selector->id == SELECTOR_URL ||
               selector->id == SELECTOR_FINAL_URL ||
               selector->id == SELECTOR_REASON ||
               selector->id == SELECTOR_ERROR_MESSAGE ||
               selector->id == SELECTOR_HINT || selector->id == SELECTOR_PROXY;
    case SELECTS_LOCATION:
        return selector->part == LOCATION_PATH;
    case SELECTS_COOKIE:
        return true;
    case SELECTS_COOKIES:
        return selector->part == COOKIE_PATH;
    default:
        return false;
    }
}

static bool text_is_equal(
    const struct selector *selector, struct span text, struct span wanted)
{
    if (selector->kind == SELECTS_FIELD || selector->kind == SELECTS_RAW)
        return field_is_equal(selector->field, text, wanted);
    return is_same(text, wanted, !has_case(selector));
}

/* Any line of a list. */
static bool list_is_equal(const struct selector *selector,
    const struct selector_value *value, struct span wanted)
{
    struct span rest = {value->text, value->len};
    for (;;) {
        struct span line = span_take(&rest, span_until(rest, "\n"));
        if (text_is_equal(selector, line, wanted))
            return true;
        if (!rest.len)
            return false;
        span_take(&rest, 1);
    }
}

static bool equals_text(const struct selector *selector,
    const struct selector_value *value, const struct literal *wanted)
{
    quantity number;
    if (value->type == SELECTOR_LIST)
        return list_is_equal(selector, value, wanted->text);
    if (value->type == SELECTOR_TEXT &&
        text_is_equal(
            selector, (struct span){value->text, value->len}, wanted->text))
        return true;
    return selector->kind != SELECTS_FIELD && wanted->has_quantity &&
           value_quantity(value, &number) && number == wanted->quantity;
}

static bool value_equals(const struct selector *selector,
    const struct selector_value *value, const struct literal *wanted)
{
    if (wanted->kind == LITERAL_NONE)
        return value->type == SELECTOR_NONE;
    if (wanted->kind == LITERAL_BOOL && value->type == SELECTOR_BOOL)
        return (value->number != 0) == wanted->truth;
    if (value->type == SELECTOR_NONE)
        return wanted->kind == LITERAL_BOOL && !wanted->truth;
    return value->type != SELECTOR_BOOL && equals_text(selector, value, wanted);
}

/* --- in order --- */

static int order_of(quantity a, quantity b)
{
    return (a > b) - (a < b);
}

static int text_order(struct span a, struct span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.at, b.at, len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* false: there is no order between them. */
static bool find_order(
    struct selector_value *value, const struct literal *wanted, int *order)
{
    quantity number;
    bool is_number = value_quantity(value, &number);
    if (is_number && wanted->has_quantity) {
        *order = order_of(number, wanted->quantity);
        return true;
    }
    if (wanted->has_quantity || value->type != SELECTOR_TEXT ||
        wanted->kind != LITERAL_TEXT) {
        if (value->type == SELECTOR_TEXT && wanted->has_quantity)
            value->why = "not a number";
        return false;
    }
    *order = text_order((struct span){value->text, value->len}, wanted->text);
    return true;
}

static bool is_ordered(enum node_op op, int order)
{
    switch (op) {
    case OP_LESS:
        return order < 0;
    case OP_AT_MOST:
        return order <= 0;
    case OP_GREATER:
        return order > 0;
    default:
        return order >= 0;
    }
}

/* --- patterns --- */

static enum truth matches_text(
    const struct pattern *pattern, struct span text, struct evaluation *e)
{
    int found = pattern_match(pattern, text);
    if (found >= 0)
        return found ? TRUTH_YES : TRUTH_NO;
    e->trouble = found == -E2BIG ? "the regular expression took too many steps"
                                 : "out of memory";
    return TRUTH_MAYBE;
}

/* Any line of a list. */
static enum truth value_matches(
    const struct literal *wanted, struct evaluation *e)
{
    char made[QUANTITY_TEXT_MAX];
    if (e->value.type == SELECTOR_NONE)
        return TRUTH_NO;
    struct span rest = value_text(&e->value, made);
    if (e->value.type != SELECTOR_LIST)
        return matches_text(wanted->pattern, rest, e);
    for (;;) {
        struct span line = span_take(&rest, span_until(rest, "\n"));
        enum truth truth = matches_text(wanted->pattern, line, e);
        if (truth != TRUTH_NO || !rest.len)
            return truth;
        span_take(&rest, 1);
    }
}

/* --- operators --- */

static bool value_exists(const struct selector_value *value)
{
    return value->type == SELECTOR_BOOL ? value->number != 0
                                        : value->type != SELECTOR_NONE;
}

static bool has_member(const struct node *test, const struct selector_scope *on,
    const struct evaluation *e, const struct literal *wanted)
{
    struct field_head head;
    if (test->selector.kind == SELECTS_RAW)
        return value_equals(&test->selector, &e->value, wanted);
    selector_field_head(on, &head);
    return head.head &&
           field_has_member(&head, test->selector.field, wanted->text);
}

static enum truth apply_operator(const struct node *test,
    const struct selector_scope *on, const struct literal *wanted,
    struct evaluation *e)
{
    const struct selector *selector = &test->selector;
    int order;
    switch (test->op) {
    case OP_EXISTS:
        return value_exists(&e->value) != test->is_absent;
    case OP_EQUAL:
    case OP_IN:
        return value_equals(selector, &e->value, wanted);
    case OP_NOT_EQUAL:
        return !value_equals(selector, &e->value, wanted);
    case OP_MATCHES:
        return value_matches(wanted, e);
    case OP_MATCHES_NOT: {
        enum truth truth = value_matches(wanted, e);
        return truth == TRUTH_MAYBE ? truth : truth == TRUTH_NO;
    }
    case OP_HAS:
        return has_member(test, on, e, wanted);
    default:
        return find_order(&e->value, wanted, &order) &&
               is_ordered(test->op, order);
    }
}

/* --- what stands for a value --- */

static void set_text(struct literal *out, struct span text)
{
    bool is_duration;
    out->kind = LITERAL_TEXT;
    out->text = text;
    out->has_quantity = literal_parse(text, &out->quantity, &is_duration);
}

static void set_value(struct literal *out, const struct selector_value *value,
    char made[QUANTITY_TEXT_MAX])
{
    if (value->type == SELECTOR_NONE) {
        out->kind = LITERAL_NONE;
        return;
    }
    out->kind = value->type == SELECTOR_BOOL ? LITERAL_BOOL : LITERAL_TEXT;
    out->truth = value->number != 0;
    out->text = value_text(value, made);
    out->has_quantity = value_quantity(value, &out->quantity);
}

static enum truth apply_selector(const struct node *test,
    const struct selector_scope *on, const struct literal *wanted,
    struct evaluation *e)
{
    char made[QUANTITY_TEXT_MAX];
    struct selector_value value;
    struct literal literal = {0};
    int error = selector_get(&wanted->selector, on, &value);
    if (error) {
        e->trouble = "out of memory";
        return TRUTH_MAYBE;
    }
    set_value(&literal, &value, made);
    enum truth truth = apply_operator(test, on, &literal, e);
    selector_value_fini(&value);
    return truth;
}

static enum truth apply_column(const struct node *test,
    const struct selector_scope *on, const struct literal *wanted,
    struct evaluation *e)
{
    struct literal literal = {.kind = LITERAL_NONE};
    if (wanted->column > e->about->column_count) {
        e->trouble = "the line of the list has no such column";
        return TRUTH_MAYBE;
    }
    set_text(&literal, e->about->columns[wanted->column - 1]);
    return apply_operator(test, on, &literal, e);
}

static enum truth apply_any(const struct node *test,
    const struct selector_scope *on, const struct literal *wanted,
    struct evaluation *e)
{
    if (wanted && wanted->kind == LITERAL_SELECTOR)
        return apply_selector(test, on, wanted, e);
    if (wanted && wanted->kind == LITERAL_COLUMN)
        return apply_column(test, on, wanted, e);
    return apply_operator(test, on, wanted, e);
}

enum truth test_value(const struct node *test, const struct selector_scope *on,
    struct evaluation *e)
{
    enum truth truth = apply_any(test, on, test->values, e);
    for (size_t i = 1; i < test->value_count && truth == TRUTH_NO; i++)
        truth = apply_any(test, on, &test->values[i], e);
    return truth;
}
