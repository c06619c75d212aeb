/*
 * expression_parse - what the rooms that read an expression share.
 */
#ifndef AFETCH_EXPRESSION_PARSE_H
#define AFETCH_EXPRESSION_PARSE_H

#include "judge/expression_tree.h"

#include <stdarg.h>

struct parser {
    const char *begin; /* of the text */
    struct span rest;
    struct expression *expression;
    struct expression_fault *fault;
    unsigned depth, nodes;
};

/* Says what is wrong there; -EINVAL. */
int parse_fault(struct parser *p, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Blanks. */
void parse_skip(struct parser *p);
/* Takes the symbol and blanks behind it, if it is next. */
bool parse_symbol(struct parser *p, const char *symbol);
int parse_selector(struct parser *p, struct selector *out);

/* What stands behind an operator, which stands at `op`. */
int parse_values(struct parser *p, struct node *test, const char *op);

/* With all in it and beside it; NULL-safe. */
void node_destroy(struct node *node);

#endif
