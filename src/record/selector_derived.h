/*
 * selector_derived - values that are made from fields: facts, members, dates,
 * cookies, the parts of a location.
 */
#ifndef AFETCH_SELECTOR_DERIVED_H
#define AFETCH_SELECTOR_DERIVED_H

#include "record/selector.h"

/* As selector_get, of what is neither a row of the table nor a field; the
 * value is all zero but for `made`. */
int selector_get_derived(const struct selector *selector,
    const struct selector_scope *scope, struct selector_value *out);

#endif
