/*
 * expression_parse - recursive descent, one function for each line of the
 * grammar; the whole of the text is one token ahead at most.
 *
 * Invariant: a node is in the tree, or destroyed, on every path; recursion is
 * no deeper than DEPTH_MAX.
 */
#include "judge/expression_parse.h"

#include "judge/pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 40, NODES_MAX = 500 };

/* --- tokens --- */

int parse_fault(struct parser *p, const char *at, const char *format, ...)
{
    va_list arguments;
    p->fault->at = (size_t)(at - p->begin);
    va_start(arguments, format);
    vsnprintf(p->fault->text, sizeof p->fault->text, format, arguments);
    va_end(arguments);
    return -EINVAL;
}

void parse_skip(struct parser *p)
{
    span_take(&p->rest, span_of(p->rest, byte_is_space));
}

static bool byte_is_word(char c)
{
    return byte_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

static bool parse_word(struct parser *p, const char *word)
{
    size_t len = strlen(word);
    if (!span_has_prefix(p->rest, word) ||
        (p->rest.len > len && byte_is_word(p->rest.at[len])))
        return false;
    span_take(&p->rest, len);
    parse_skip(p);
    return true;
}

bool parse_symbol(struct parser *p, const char *symbol)
{
    if (!span_has_prefix(p->rest, symbol))
        return false;
    span_take(&p->rest, strlen(symbol));
    parse_skip(p);
    return true;
}

/* --- nodes --- */

void node_destroy(struct node *node)
{
    while (node) {
        struct node *next = node->next;
        node_destroy(node->first);
        for (size_t i = 0; i < node->value_count; i++)
            pattern_destroy(node->values[i].pattern);
        free(node->values);
        free(node);
        node = next;
    }
}

static int node_add(struct parser *p, enum node_kind kind, struct node **out)
{
    if (p->nodes++ >= NODES_MAX)
        return parse_fault(
            p, p->rest.at, "too long: more than %d parts", NODES_MAX);
    *out = calloc(1, sizeof **out);
    if (!*out)
        return -ENOMEM;
    (*out)->kind = kind;
    return 0;
}

/* --- operands --- */

static const struct {
    const char *name;
    enum node_scope scope;
} scopes[] = {
    {"first", SCOPE_FIRST},
    {"last", SCOPE_LAST},
    {"every", SCOPE_EVERY},
    {"any", SCOPE_ANY},
    {"interim", SCOPE_INTERIM},
};

static void take_scope(struct parser *p, struct node *test)
{
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        size_t len = strlen(scopes[i].name);
        if (!span_has_prefix(p->rest, scopes[i].name) || p->rest.len == len ||
            p->rest.at[len] != ':')
            continue;
        test->scope = scopes[i].scope;
        span_take(&p->rest, len + 1);
        parse_skip(p);
        p->expression->wants_interim |= test->scope == SCOPE_INTERIM;
        return;
    }
}

static void note_selector(struct parser *p, const struct selector *selector)
{
    bool is_error = selector->kind == SELECTS_KNOWN &&
                    (selector->id == SELECTOR_ERROR ||
                        selector->id == SELECTOR_ERROR_PHASE ||
                        selector->id == SELECTOR_ERROR_MESSAGE);
    p->expression->judges_error |= is_error;
    p->expression->wants_certs |= selector_needs_certs(selector);
}

int parse_selector(struct parser *p, struct selector *out)
{
    struct selector_fault fault;
    const char *at = p->rest.at;
    int error = selector_read(&p->rest, out, &fault);
    if (error)
        return parse_fault(p, at + fault.at, "%s", fault.text);
    note_selector(p, out);
    return 0;
}

/* exists(x), absent(x): what stands between the parentheses. */
static int parse_asked(struct parser *p, struct node *test, const char *word)
{
    size_t len = strlen(word);
    if (!span_has_prefix(p->rest, word) || p->rest.len == len ||
        p->rest.at[len] != '(')
        return 0;
    span_take(&p->rest, len + 1);
    parse_skip(p);
    if (test->scope == SCOPE_NONE)
        take_scope(p, test);
    test->operand.at = p->rest.at;
    int error = parse_selector(p, &test->selector);
    if (error)
        return error;
    test->operand.len = (size_t)(p->rest.at - test->operand.at);
    parse_skip(p);
    return parse_symbol(p, ")") ? 1
                                : parse_fault(p, p->rest.at, "expected \")\"");
}

static const struct {
    const char *text;
    enum node_op op;
    bool is_word;
} operators[] = {
    {"==", OP_EQUAL, false},
    {"!=", OP_NOT_EQUAL, false},
    {"<=", OP_AT_MOST, false},
    {">=", OP_AT_LEAST, false},
    {"=~", OP_MATCHES, false},
    {"!~", OP_MATCHES_NOT, false},
    {"<", OP_LESS, false},
    {">", OP_GREATER, false},
    {"has", OP_HAS, true},
    {"in", OP_IN, true},
};

static int parse_op(struct parser *p, enum node_op *out)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].is_word ? parse_word(p, operators[i].text)
                                 : parse_symbol(p, operators[i].text)) {
            *out = operators[i].op;
            return 0;
        }
    if (p->rest.len && *p->rest.at == '=')
        return parse_fault(p, p->rest.at, "expected \"==\" or \"=~\"");
    return 0;
}

/* Words of the language are no names of fields; header('and') is. */
static bool at_reserved(const struct parser *p)
{
    static const char *const words[] = {
        "and", "or", "not", "when", "has", "in"};
    struct parser after = *p;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (parse_word(&after, words[i]))
            return true;
    return false;
}

static int parse_operand(struct parser *p, struct node *test)
{
    const char *begin = p->rest.at;
    if (at_reserved(p))
        return parse_fault(p, begin, "expected a selector");
    int error = parse_selector(p, &test->selector);
    if (error)
        return error;
    test->operand = (struct span){begin, (size_t)(p->rest.at - begin)};
    parse_skip(p);
    const char *at = p->rest.at;
    error = parse_op(p, &test->op);
    return error || test->op == OP_EXISTS ? error : parse_values(p, test, at);
}

static int parse_test(struct parser *p, struct node *test)
{
    take_scope(p, test);
    int asked = parse_asked(p, test, "exists");
    if (asked)
        return asked < 0 ? asked : 0;
    asked = parse_asked(p, test, "absent");
    test->is_absent = asked > 0;
    if (asked)
        return asked < 0 ? asked : 0;
    return parse_operand(p, test);
}

/* --- and, or, not --- */

static int parse_or(struct parser *p, struct node **out);

static int parse_group(struct parser *p, struct node **out)
{
    int error = parse_or(p, out);
    if (error)
        return error;
    return parse_symbol(p, ")") ? 0
                                : parse_fault(p, p->rest.at,
                                      "expected \")\", \"and\" or \"or\"");
}

static int parse_one(struct parser *p, struct node **out)
{
    if (parse_symbol(p, "("))
        return parse_group(p, out);
    int error = node_add(p, NODE_TEST, out);
    return error ? error : parse_test(p, *out);
}

static bool at_operator(const struct parser *p)
{
    return span_has_prefix(p->rest, "!=") || span_has_prefix(p->rest, "!~");
}

static int parse_not(struct parser *p, struct node **out)
{
    if (p->depth >= DEPTH_MAX)
        return parse_fault(p, p->rest.at, "nested too deeply");
    bool negated =
        parse_word(p, "not") || (!at_operator(p) && parse_symbol(p, "!"));
    if (!negated) {
        p->depth++;
        int error = parse_one(p, out);
        p->depth--;
        return error;
    }
    int error = node_add(p, NODE_NOT, out);
    if (error)
        return error;
    p->depth++;
    error = parse_one(p, &(*out)->first);
    p->depth--;
    return error;
}

typedef int parse_part(struct parser *p, struct node **out);

/* Parts with one of two words between them. */
struct chain {
    enum node_kind kind;
    const char *word, *symbol;
    parse_part *part;
};

/* `head` is the first part. */
static int parse_rest(
    struct parser *p, const struct chain *chain, struct node **head)
{
    struct node **next = head;
    for (;;) {
        next = &(*next)->next;
        int error = chain->part(p, next);
        if (error)
            return error;
        if (!parse_word(p, chain->word) && !parse_symbol(p, chain->symbol))
            return 0;
    }
}

static int parse_chain(
    struct parser *p, const struct chain *chain, struct node **out)
{
    struct node *group = NULL;
    int error = chain->part(p, out);
    if (error ||
        (!parse_word(p, chain->word) && !parse_symbol(p, chain->symbol)))
        return error;
    error = node_add(p, chain->kind, &group);
    if (error)
        return error;
    group->first = *out;
    *out = group;
    return parse_rest(p, chain, &group->first);
}

static int parse_and(struct parser *p, struct node **out)
{
    static const struct chain chain = {NODE_AND, "and", "&&", parse_not};
    return parse_chain(p, &chain, out);
}

static int parse_or(struct parser *p, struct node **out)
{
    static const struct chain chain = {NODE_OR, "or", "||", parse_and};
    return parse_chain(p, &chain, out);
}

/* --- the whole --- */

static int parse_whole(struct parser *p)
{
    struct expression *e = p->expression;
    parse_skip(p);
    if (!p->rest.len)
        return parse_fault(p, p->rest.at, "expected an expression");
    int error = parse_or(p, &e->root);
    if (!error && parse_word(p, "when"))
        error = parse_or(p, &e->guard);
    if (error)
        return error;
    return p->rest.len ? parse_fault(p, p->rest.at,
                             "expected an operator, \"and\", \"or\", "
                             "\"when\" or the end")
                       : 0;
}

int expression_parse(
    struct span text, struct expression **out, struct expression_fault *fault)
{
    struct expression *e = calloc(1, sizeof *e);
    if (!e || !(e->text = malloc(text.len + 1))) {
        free(e);
        return -ENOMEM;
    }
    memcpy(e->text, text.at, text.len);
    e->text[text.len] = '\0';
    struct parser p = {.begin = e->text,
        .rest = {e->text, text.len},
        .expression = e,
        .fault = fault};
    int error = parse_whole(&p);
    if (error)
        expression_destroy(e);
    else
        *out = e;
    return error;
}
