/*
 * expression_tree - tests over hops and cookies, and what is made of tests.
 *
 * Invariant: what cannot be told holds neither as it is nor negated.
 */
#include "judge/expression_tree.h"

#include "fields/cookies.h"

#include <string.h>

/* --- one hop --- */

static enum truth test_one(const struct node *test,
    const struct selector_scope *on, struct evaluation *e)
{
    selector_value_fini(&e->value);
    if (selector_get(&test->selector, on, &e->value)) {
        e->trouble = "out of memory";
        return TRUTH_MAYBE;
    }
    return test_value(test, on, e);
}

static bool is_decided(enum node_scope scope, enum truth truth)
{
    return truth == TRUTH_MAYBE ||
           truth == (scope == SCOPE_ANY ? TRUTH_YES : TRUTH_NO);
}

/* --- cookies --- */

static enum truth test_cookie(const struct node *test,
    const struct selector_scope *on, const struct cookie *cookie,
    struct evaluation *e)
{
    selector_value_fini(&e->value);
    selector_get_cookie(&test->selector, cookie, &e->value);
    e->cookie = cookie->name;
    return test_value(test, on, e);
}

/* No cookie: nothing is wrong with every one, and there is not any. */
static enum truth test_cookies(const struct node *test,
    const struct selector_scope *on, struct evaluation *e)
{
    enum node_scope scope = test->scope;
    enum truth truth = scope == SCOPE_NONE || scope == SCOPE_EVERY;
    struct cookies cookies;
    struct cookie cookie;
    struct field_head head;
    selector_field_head(on, &head);
    if (!head.head)
        return TRUTH_NO;
    cookies_init(&cookies, &head);
    while (cookies_next(&cookies, &cookie)) {
        truth = test_cookie(test, on, &cookie, e);
        if (scope == SCOPE_FIRST ||
            (scope != SCOPE_LAST && is_decided(scope, truth)))
            return truth;
    }
    return truth;
}

/* --- hops --- */

static enum truth test_each(const struct node *test, struct evaluation *e)
{
    const struct result *result = e->result;
    enum truth truth = TRUTH_NO;
    for (size_t i = 0; i < result->hop_count; i++) {
        struct selector_scope on = {result, &result->hops[i]};
        truth = test_one(test, &on, e);
        e->hop = result->hop_count > 1 ? i + 1 : 0;
        if (is_decided(test->scope, truth))
            break;
    }
    return truth;
}

/* The 1xx heads of the last hop, any of them. */
static enum truth test_interim(const struct node *test, struct evaluation *e)
{
    struct result one = *e->result;
    enum truth truth = test->is_absent ? TRUTH_YES : TRUTH_NO;
    struct span rest = {
        e->result->response.interim, e->result->response.interim_len};
    one.hop_count = 0;
    while (rest.len) {
        const char *end = memmem(rest.at, rest.len, "\n\n", 2);
        size_t len = end ? (size_t)(end - rest.at) + 1 : rest.len;
        struct http_status status;
        one.response.head = (char *)(uintptr_t)rest.at;
        one.response.head_len = len;
        one.response.status =
            response_status_line(&one.response, &status) ? status.code : 0;
        truth = test_one(test, &(struct selector_scope){&one, NULL}, e);
        if (truth != (test->is_absent ? TRUTH_YES : TRUTH_NO))
            return truth;
        span_take(&rest, end ? len + 1 : len);
    }
    return truth;
}

static const struct hop *hop_of(
    const struct result *result, enum node_scope scope)
{
    if (!result->hop_count || scope == SCOPE_NONE)
        return NULL;
    return &result->hops[scope == SCOPE_FIRST ? 0 : result->hop_count - 1];
}

enum truth test_hops(const struct node *test, struct evaluation *e)
{
    e->cookie = (struct span){0};
    e->hop = 0;
    selector_value_fini(&e->value);
    e->value.type = SELECTOR_NONE;
    e->value.why = NULL;
    if (!result_is_answered(e->result) && selector_needs_head(&test->selector))
        return TRUTH_MAYBE;
    if (test->scope == SCOPE_INTERIM)
        return test_interim(test, e);
    if (test->selector.kind == SELECTS_COOKIES)
        return test_cookies(test, &(struct selector_scope){e->result, NULL}, e);
    if (e->result->hop_count &&
        (test->scope == SCOPE_EVERY || test->scope == SCOPE_ANY))
        return test_each(test, e);
    struct selector_scope on = {e->result, hop_of(e->result, test->scope)};
    return test_one(test, &on, e);
}

/* --- trees --- */

/* The first that decides; a MAYBE only if none does. */
static enum truth chain_holds(
    const struct node *node, struct evaluation *e, enum truth decides)
{
    enum truth truth = decides == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
    for (; node; node = node->next) {
        enum truth one = tree_holds(node, e);
        if (one == decides)
            return one;
        if (one == TRUTH_MAYBE)
            truth = one;
    }
    return truth;
}

enum truth tree_holds(const struct node *node, struct evaluation *e)
{
    switch (node->kind) {
    case NODE_AND:
        return chain_holds(node->first, e, TRUTH_NO);
    case NODE_OR:
        return chain_holds(node->first, e, TRUTH_YES);
    case NODE_NOT: {
        enum truth truth = tree_holds(node->first, e);
        return truth == TRUTH_MAYBE ? truth : truth == TRUTH_NO;
    }
    default:
        return test_hops(node, e);
    }
}
