/*
 * json_member - members of a record which are values of selectors.
 */
#ifndef AFETCH_JSON_MEMBER_H
#define AFETCH_JSON_MEMBER_H

#include "record/selector.h"

struct output;

/* What stands in front of a member's value, for names that are literals. */
#define MEMBER(name) "\"" name "\":"
/* The same for others; nothing in the name is escaped. */
void json_put_key(struct output *out, const char *name);
/* "status":200; times in ms, dates in UTC, null for none. */
void json_put_member(struct output *out, enum selector_id id,
    const struct selector_scope *scope);
/* Those from the first to the last, as the table has them, commas between. */
void json_put_members(struct output *out, enum selector_id first,
    enum selector_id last, const struct selector_scope *scope);

#endif
