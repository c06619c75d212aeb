/*
 * value - see value.h.
 */
#include "fields/value.h"

#include <string.h>

void field_set_bool(struct field_value *out, bool is, const char *why)
{
    out->type = FIELD_BOOL;
    out->number = is;
    out->why = why;
}

void field_set_text(struct field_value *out, const char *text, const char *why)
{
    out->type = FIELD_TEXT;
    out->text = text;
    out->len = strlen(text);
    out->why = why;
}

void field_set_number(
    struct field_value *out, enum field_type type, int64_t number)
{
    out->type = type;
    out->number = number;
    out->why = NULL;
}

void field_set_none(struct field_value *out, const char *why)
{
    out->type = FIELD_NONE;
    out->why = why;
}
