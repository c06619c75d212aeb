/*
 * expression_literal - the values that operands are compared with.
 *
 * Invariant: what a number, a date or a regular expression has to be is known
 * before anything is fetched, wherever the operand's type is.
 */
#include "judge/expression_parse.h"
#include "judge/pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What ends a word that stands for a value. */
static bool byte_is_value(char c)
{
    return (unsigned char)c > ' ' && !strchr("'\"(),|&<>", c);
}

static bool is_text(struct span word, const char *text)
{
    return word.len == strlen(text) && memcmp(word.at, text, word.len) == 0;
}

static int literal_add(struct node *test, struct literal **out)
{
    struct literal *values =
        reallocarray(test->values, test->value_count + 1, sizeof *values);
    if (!values)
        return -ENOMEM;
    test->values = values;
    *out = &values[test->value_count++];
    **out = (struct literal){0};
    return 0;
}

/* --- one value --- */

static void set_text(struct literal *value, struct span text, bool is_word)
{
    bool is_duration = false;
    value->kind = LITERAL_TEXT;
    value->text = text;
    value->has_quantity = literal_parse(text, &value->quantity, &is_duration);
    value->is_duration = is_duration && is_word;
}

static int read_quoted(struct parser *p, struct span *out)
{
    const char *begin = p->rest.at;
    struct span after = p->rest;
    char quote = *span_take(&after, 1).at;
    const char *end = after.len ? memchr(after.at, quote, after.len) : NULL;
    if (!end)
        return parse_fault(p, begin, "this quote has no end");
    *out = span_take(&after, (size_t)(end - after.at));
    span_take(&after, 1);
    p->rest = after;
    return 0;
}

/* --- ${NAME} --- */

static bool byte_is_variable(char c)
{
    return byte_is_alnum(c) || c == '_';
}

/* The value of what is next, "${NAME}", which is taken. */
static int take_variable(struct parser *p, struct span *rest, const char **out)
{
    char name[100];
    const char *at = rest->at;
    span_take(rest, 2);
    struct span word = span_take(rest, span_of(*rest, byte_is_variable));
    if (!word.len || !rest->len || *rest->at != '}' ||
        !span_copy(word, name, sizeof name))
        return parse_fault(p, at, "expected ${NAME}");
    span_take(rest, 1);
    *out = getenv(name);
    return *out ? 0
                : parse_fault(
                      p, at, "the environment variable %s is not set", name);
}

static int put_variables(struct parser *p, struct span rest, FILE *out)
{
    const char *value = "";
    while (rest.len) {
        if (!span_has_prefix(rest, "${")) {
            putc(*span_take(&rest, 1).at, out);
            continue;
        }
        int error = take_variable(p, &rest, &value);
        if (error)
            return error;
        fputs(value, out);
    }
    return 0;
}

/* The text is the expression's then. */
static int keep_made(struct expression *e, char *text)
{
    char **made = reallocarray(e->made, e->made_count + 1, sizeof *made);
    if (!made) {
        free(text);
        return -ENOMEM;
    }
    e->made = made;
    made[e->made_count++] = text;
    return 0;
}

/* With the values of variables in the place of their names. */
static int expand_variable(struct parser *p, struct span *text)
{
    char *made = NULL;
    size_t len = 0;
    if (!memmem(text->at, text->len, "${", 2))
        return 0;
    FILE *out = open_memstream(&made, &len);
    if (!out)
        return -ENOMEM;
    int error = put_variables(p, *text, out);
    if (fclose(out) && !error)
        error = -ENOMEM;
    if (error) {
        free(made);
        return error;
    }
    *text = (struct span){made, len};
    return keep_made(p->expression, made);
}

/* A word that can only be meant as a selector: all but names of fields. */
static bool is_selector(struct span word, struct span rest)
{
    struct selector_fault fault;
    struct selector selector;
    bool is_call = rest.len > word.len && rest.at[word.len] == '(';
    struct span text = is_call ? rest : word;
    if (selector_read(&text, &selector, &fault))
        return is_call;
    if (is_call)
        return true;
    return text.len == 0 && selector.kind != SELECTS_FIELD &&
           selector.kind != SELECTS_MEMBER;
}

static int set_column(struct parser *p, struct literal *value, struct span word)
{
    enum { COLUMNS_MAX = 100 };
    struct span digits = {word.at + 1, word.len - 1};
    value->kind = LITERAL_COLUMN;
    for (size_t i = 0; i < digits.len && value->column <= COLUMNS_MAX; i++)
        if (byte_is_digit(digits.at[i]))
            value->column = value->column * 10 + (unsigned)digits.at[i] - '0';
        else
            value->column = COLUMNS_MAX + 1;
    if (value->column < 1 || value->column > COLUMNS_MAX)
        return parse_fault(
            p, word.at, "expected a column, $1 to $%d", COLUMNS_MAX);
    if (p->expression->columns < value->column)
        p->expression->columns = value->column;
    return 0;
}

static void set_word(struct literal *value, struct span word)
{
    if (is_text(word, "true") || is_text(word, "false")) {
        value->kind = LITERAL_BOOL;
        value->truth = word.len == 4;
        value->text = word;
    } else if (is_text(word, "none")) {
        value->kind = LITERAL_NONE;
        value->text = word;
    } else {
        set_text(value, word, true);
    }
}

static int read_word(struct parser *p, struct literal *value)
{
    struct span word = {p->rest.at, span_of(p->rest, byte_is_value)};
    if (!word.len)
        return parse_fault(p, p->rest.at, "expected a value");
    if (span_has_prefix(word, "${")) {
        span_take(&p->rest, word.len);
        int error = expand_variable(p, &word);
        set_text(value, word, true);
        return error;
    }
    if (*word.at == '$') {
        span_take(&p->rest, word.len);
        return set_column(p, value, word);
    }
    if (is_selector(word, p->rest)) {
        value->kind = LITERAL_SELECTOR;
        return parse_selector(p, &value->selector);
    }
    set_word(value, word);
    span_take(&p->rest, word.len);
    return 0;
}

static int read_value(struct parser *p, struct literal *value)
{
    struct span text;
    if (!span_is_quoted(p->rest))
        return read_word(p, value);
    bool has_variables = *p->rest.at == '"';
    int error = read_quoted(p, &text);
    if (!error && has_variables)
        error = expand_variable(p, &text);
    if (!error)
        set_text(value, text, false);
    return error;
}

/* --- regular expressions --- */

/* "/.../i", a slash in it as "\/"; PCRE2 takes that, too. */
static int read_slashes(struct parser *p, struct span *out, bool *any_case)
{
    const char *begin = p->rest.at;
    size_t len = 1;
    while (len < p->rest.len && p->rest.at[len] != '/')
        len += p->rest.at[len] == '\\' ? 2 : 1;
    if (len >= p->rest.len)
        return parse_fault(p, begin, "this \"/\" has no end");
    *out = (struct span){begin + 1, len - 1};
    span_take(&p->rest, len + 1);
    *any_case = p->rest.len && *p->rest.at == 'i';
    span_take(&p->rest, *any_case);
    return 0;
}

static int read_pattern_text(struct parser *p, struct span *out, bool *any_case)
{
    *any_case = false;
    if (span_is_quoted(p->rest))
        return read_quoted(p, out);
    if (p->rest.len && *p->rest.at == '/')
        return read_slashes(p, out, any_case);
    *out = span_take(&p->rest, span_of(p->rest, byte_is_value));
    return out->len ? 0
                    : parse_fault(p, p->rest.at,
                          "expected a regular expression, in quotes or /.../");
}

static int read_pattern(struct parser *p, struct literal *value)
{
    struct pattern_fault fault;
    struct span text;
    bool any_case;
    int error = read_pattern_text(p, &text, &any_case);
    if (error)
        return error;
    value->kind = LITERAL_PATTERN;
    value->text = text;
    error = pattern_compile(text, any_case, &value->pattern, &fault);
    return error == -EINVAL
               ? parse_fault(p, text.at + fault.at, "%s", fault.text)
               : error;
}

/* --- does it go with the operand? --- */

static enum selector_type type_of(const struct selector *selector)
{
    static const enum selector_type types[] = {
        [FIELD_NONE] = SELECTOR_NONE,
        [FIELD_TEXT] = SELECTOR_TEXT,
        [FIELD_NUMBER] = SELECTOR_NUMBER,
        [FIELD_DECIMAL] = SELECTOR_NUMBER,
        [FIELD_DURATION] = SELECTOR_DURATION,
        [FIELD_BOOL] = SELECTOR_BOOL,
        [FIELD_DATE] = SELECTOR_DATE,
    };
    switch (selector->kind) {
    case SELECTS_KNOWN:
        return selector_type(selector->id);
    case SELECTS_FACT:
        return types[fact_type(selector->fact.row)];
    case SELECTS_COUNT:
        return SELECTOR_NUMBER;
    case SELECTS_AGE:
    case SELECTS_SKEW:
        return SELECTOR_DURATION;
    case SELECTS_VALID:
        return SELECTOR_BOOL;
    default:
        return SELECTOR_NONE; /* whatever the response has */
    }
}

static int check_type(struct parser *p, const struct node *test,
    struct literal *value, const char *at)
{
    enum selector_type type = type_of(&test->selector);
    if (value->kind != LITERAL_TEXT && value->kind != LITERAL_BOOL)
        return 0;
    bool is_text = value->kind == LITERAL_TEXT;
    if (is_text && type == SELECTOR_DATE && !value->has_quantity)
        value->is_date = value->has_quantity =
            literal_date(value->text, &value->quantity);
    if (type == SELECTOR_BOOL && is_text)
        return parse_fault(p, at, "expected true, false or none");
    if ((type == SELECTOR_NUMBER || type == SELECTOR_DURATION) &&
        !value->has_quantity)
        return parse_fault(p, at, "expected a %s",
            type == SELECTOR_NUMBER ? "number" : "duration, such as 30d");
    if (type == SELECTOR_DATE && !value->has_quantity)
        return parse_fault(p, at, "expected a date, such as 2027-03-31");
    return 0;
}

static int check_op(struct parser *p, const struct node *test, const char *at)
{
    enum selector_kind kind = test->selector.kind;
    if (test->op == OP_HAS && kind != SELECTS_FIELD && kind != SELECTS_RAW)
        return parse_fault(p, at, "\"has\" asks a response field");
    if (test->op >= OP_LESS && test->op <= OP_AT_LEAST &&
        type_of(&test->selector) == SELECTOR_BOOL)
        return parse_fault(
            p, at, "expected \"==\" or \"!=\": it is true or false");
    return 0;
}

/* --- all of them --- */

static int parse_value(struct parser *p, struct node *test)
{
    struct literal *value;
    bool is_pattern = test->op == OP_MATCHES || test->op == OP_MATCHES_NOT;
    const char *at = p->rest.at;
    int error = literal_add(test, &value);
    if (error)
        return error;
    error = is_pattern ? read_pattern(p, value) : read_value(p, value);
    if (!error && !is_pattern && test->op != OP_HAS)
        error = check_type(p, test, value, at);
    parse_skip(p);
    return error;
}

int parse_values(struct parser *p, struct node *test, const char *op)
{
    int error = check_op(p, test, op);
    if (!error)
        error = parse_value(p, test);
    while (!error && test->op == OP_IN && parse_symbol(p, ","))
        error = parse_value(p, test);
    return error;
}
