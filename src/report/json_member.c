/*
 * json_member - members of a record which are values of selectors.
 *
 * Invariant: each member is put, whether or not there is a value.
 */
#include "report/json_member.h"

#include "output/buffer.h"
#include "report/json_write.h"

#include <string.h>
#include <time.h>

/* null for years that no calendar has. */
static void put_date(struct output *out, int64_t date)
{
    char text[64];
    time_t seconds = (time_t)date;
    struct tm tm;

    if (gmtime_r(&seconds, &tm) &&
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
        json_put_text(out, text);
    else
        json_put_text(out, NULL);
}

static void put_number(struct output *out, int64_t number)
{
    if (number < 0)
        JSON_PUT(out, "-");
    json_put_uint(out, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

/* No row of the table is a list or a decimal. */
static void put_value(struct output *out, const struct selector_value *value)
{
    switch (value->type) {
    case SELECTOR_TEXT:
    case SELECTOR_LIST:
        json_put_string(out, value->text, value->len);
        break;
    case SELECTOR_NUMBER:
        put_number(out, value->number);
        break;
    case SELECTOR_DURATION:
        json_put_ms(out, value->number);
        break;
    case SELECTOR_BOOL:
        json_put_bool(out, value->number);
        break;
    case SELECTOR_DATE:
        put_date(out, value->number);
        break;
    case SELECTOR_DECIMAL:
    case SELECTOR_NONE:
        JSON_PUT(out, "null");
    }
}

void json_put_key(struct output *out, const char *name)
{
    JSON_PUT(out, "\"");
    output_put(out, name, strlen(name));
    JSON_PUT(out, "\":");
}

void json_put_member(
    struct output *out, enum selector_id id, const struct selector_scope *scope)
{
    struct selector_value value;

    selector_get_known(id, scope, &value);
    json_put_key(out, selector_key(id));
    put_value(out, &value);
}

void json_put_members(struct output *out, enum selector_id first,
    enum selector_id last, const struct selector_scope *scope)
{
    for (unsigned id = first; id <= last; id++) {
        if (id != first)
            JSON_PUT(out, ",");
        json_put_member(out, (enum selector_id)id, scope);
    }
}
