/*
 * expression_tree - what an expression is read into, for its own rooms.
 */
#ifndef AFETCH_EXPRESSION_TREE_H
#define AFETCH_EXPRESSION_TREE_H

#include "judge/expression.h"
#include "judge/literal_value.h"
#include "record/selector.h"

struct pattern;

enum node_kind { NODE_TEST, NODE_NOT, NODE_AND, NODE_OR };

enum node_scope {
    SCOPE_NONE,
    SCOPE_FIRST,
    SCOPE_LAST,
    SCOPE_EVERY,
    SCOPE_ANY,
    SCOPE_INTERIM,
};

enum node_op {
    OP_EXISTS, /* no operator: is it there, is it true? */
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_LESS,
    OP_AT_MOST,
    OP_GREATER,
    OP_AT_LEAST,
    OP_MATCHES,
    OP_MATCHES_NOT,
    OP_HAS,
    OP_IN,
};

enum literal_kind {
    LITERAL_TEXT, /* a number, too, where it has a quantity */
    LITERAL_BOOL,
    LITERAL_NONE,
    LITERAL_PATTERN,
    LITERAL_SELECTOR,
    LITERAL_COLUMN,
};

struct literal {
    enum literal_kind kind;
    struct span text; /* without quotes */
    bool has_quantity, is_duration, is_date;
    quantity quantity;
    bool truth;
    struct pattern *pattern;
    struct selector selector;
    unsigned column; /* from 1 */
};

struct node {
    enum node_kind kind;
    struct node *first; /* of NODE_NOT, _AND, _OR: what is in it */
    struct node *next; /* beside this one */
    /* NODE_TEST */
    enum node_scope scope;
    bool is_absent; /* absent(x) */
    struct selector selector;
    struct span operand; /* as written, with its scope */
    enum node_op op;
    struct literal *values;
    size_t value_count;
};

struct expression {
    char *text;
    char **made; /* values with ${NAME} in them, as they are then */
    size_t made_count;
    struct node *root;
    struct node *guard; /* NULL: none */
    bool judges_error, wants_interim, wants_certs;
    unsigned columns;
};

/* Of one test: does it hold?  MAYBE: it cannot be told. */
enum truth { TRUTH_NO, TRUTH_YES, TRUTH_MAYBE };

/* What is judged, and the last value that a test has looked at: the one that
 * decided it. */
struct evaluation {
    const struct result *result;
    const struct expression_about *about;
    struct selector_value value; /* to be freed by whoever asked */
    struct span cookie; /* whose attribute it is; at NULL: none's */
    size_t hop; /* whose value it is, from 1; 0: not one of several */
    const char *trouble; /* why it cannot be told; or NULL */
};

/* One value of the test's selector against its literals. */
enum truth test_value(const struct node *test, const struct selector_scope *on,
    struct evaluation *e);
/* As text that is compared, matched and shown; `made` has QUANTITY_TEXT_MAX. */
struct span value_text(
    const struct selector_value *value, char made[QUANTITY_TEXT_MAX]);

/* A test over its hops or cookies. */
enum truth test_hops(const struct node *test, struct evaluation *e);
/* A tree. */
enum truth tree_holds(const struct node *node, struct evaluation *e);

/* Writes what was found where the tree does not hold, or, if it is `truth`,
 * where it does: "is 300", "hsts is none, status is 404". */
char *tree_explain(
    const struct node *root, struct evaluation *e, enum truth truth);
/* The value of a test as text; NULL: none, or no memory. */
char *value_shown(const struct selector_value *value);

#endif
