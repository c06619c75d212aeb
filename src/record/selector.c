/*
 * selector - the values of a result by their names.
 *
 * Invariant: a value is got in one place, whoever asks for it.
 */
#include "record/selector.h"

#include "async/tls/tls_info.h"
#include "record/selector_derived.h"
#include "record/selector_field.h"
#include "record/selector_table.h"

#include <assert.h>
#include <stdlib.h>

const char *selector_type_name(enum selector_type type)
{
    static const char *const names[] = {"none", "text", "list", "number",
        "duration", "bool", "date", "decimal"};
    assert((unsigned)type < sizeof names / sizeof *names);
    return names[type];
}

const char *selector_name(enum selector_id id)
{
    return selector_rows[id].name;
}

const char *selector_key(enum selector_id id)
{
    return selector_rows[id].key;
}

enum selector_type selector_type(enum selector_id id)
{
    return selector_rows[id].type;
}

const char *selector_unit(enum selector_id id)
{
    return selector_rows[id].unit;
}

const char *selector_help(enum selector_id id)
{
    return selector_rows[id].help;
}

/* --- one value --- */

const struct response *selector_response(const struct selector_scope *scope)
{
    return scope->hop ? &scope->hop->response : &scope->result->response;
}

static void value_init(struct selector_value *value)
{
    value->type = SELECTOR_NONE;
    value->text = NULL;
    value->len = 0;
    value->number = 0;
    value->why = NULL;
    value->heap = NULL;
}

void selector_get_known(enum selector_id id, const struct selector_scope *scope,
    struct selector_value *out)
{
    const struct result *result = scope->result;
    const struct hop *hop = scope->hop;
    const struct response *response = selector_response(scope);
    const struct tls_info *tls = response->tls;
    struct selector_source source = {
        .result = result,
        .response = response,
        .target = hop ? hop->target : result->target,
        .timings = hop ? hop->timings : result->timings,
        .tls = tls,
        .certificate = tls && tls->has_certificate ? tls : NULL,
        .phase = selector_rows[id].phase,
    };
    value_init(out);
    selector_rows[id].get(&source, out);
}

int selector_get(const struct selector *selector,
    const struct selector_scope *scope, struct selector_value *out)
{
    if (selector->kind == SELECTS_KNOWN) {
        selector_get_known(selector->id, scope, out);
        return 0;
    }
    value_init(out);
    if (selector->kind == SELECTS_FIELD)
        return selector_get_field(
            selector_response(scope), selector->field, out);
    return selector_get_derived(selector, scope, out);
}

bool selector_needs_certs(const struct selector *selector)
{
    return selector->kind == SELECTS_KNOWN && selector->id == SELECTOR_CERTS;
}

void selector_value_fini(struct selector_value *value)
{
    free(value->heap);
    value->heap = NULL;
}
