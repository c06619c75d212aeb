/*
 * cache - see cache.h.
 *
 * Invariant: where fields contradict each other, the response is fresh for the
 * shorter time (RFC 9111 section 4.2.1).
 */
#include "fields/cache.h"

#include "fields/cache_control.h"
#include "fields/date_field.h"
#include "fields/list_field.h"

#define NS_PER_SECOND INT64_C(1000000000)

/* RFC 9110 section 15.1. */
static bool is_heuristic(int status)
{
    static const int statuses[] = {
        200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i] == status)
            return true;
    return false;
}

static int read_status(const struct field_head *head)
{
    struct http_status status;
    struct span text = {head->head, head->head_len};
    if (http_status_parse(text.at, span_until(text, "\n"), &status))
        return 0;
    return status.code;
}

static bool has_expires(const struct field_head *head)
{
    struct http_field field;
    return http_field_find(head->head, head->head_len, "Expires", &field);
}

/* RFC 9111 section 3: what lets a cache keep it whatever the status. */
static bool is_explicit(
    const struct field_head *head, const struct directives *directives)
{
    return directives->is_public || directives->is_private ||
           directives->max_age_state || directives->s_maxage_state ||
           has_expires(head);
}

static void set_lifetime(struct field_value *out, enum field_type type,
    int64_t number, const char *why)
{
    out->type = type;
    out->number = number;
    out->why = why;
}

/* Why it may be kept although it looks otherwise. */
static const char *why_stored(const struct field_head *head)
{
    struct lines lines;
    struct list_reader reader;
    struct list_part part;
    struct span no_store = span_of_string("no-store");
    const char *why = NULL;
    lines_init(&lines, head, span_of_string("cache-control"));
    list_field_init(&reader, LIST_NAME_TOKEN, &lines);
    while (list_field_next(&reader, &part)) {
        if (part.kind == LIST_FAULT)
            why = "a directive of Cache-Control does not conform, and does not"
                  " count (RFC 9111 section 5.2)";
        else if (piece_is_like(&part.name, no_store))
            return "no-store has an argument, and none is defined, so it does"
                   " not count (RFC 9111 section 5.2.2.5)";
    }
    return why;
}

/* RFC 9111 section 5.2.2.3. */
static void get_no_store(const struct field_head *head,
    const struct directives *directives, struct field_value *out)
{
    struct directives cdn;
    if (directives->must_understand)
        set_lifetime(out, FIELD_BOOL, 1,
            "beside must-understand, no-store does not count for a cache that"
            " knows both (RFC 9111 section 5.2.2.3)");
    else if (directives_read_cdn(head, &cdn) && !cdn.no_store)
        set_lifetime(out, FIELD_BOOL, 0,
            "no-store (RFC 9111 section 5.2.2.5); a CDN goes by"
            " CDN-Cache-Control and may keep it (RFC 9213 section 2.2)");
    else
        set_lifetime(out, FIELD_BOOL, 0, "no-store (RFC 9111 section 5.2.2.5)");
}

void cache_get_stored(const struct field_head *head, struct field_value *out)
{
    struct directives directives;
    if (!head || !head->head)
        return;
    directives_read(head, &directives);
    if (directives.no_store)
        get_no_store(head, &directives, out);
    else if (!is_explicit(head, &directives) &&
             !is_heuristic(read_status(head)))
        set_lifetime(out, FIELD_BOOL, 0,
            "responses of this status are kept only when a field says so (RFC"
            " 9110 section 15.1)");
    else
        set_lifetime(out, FIELD_BOOL, 1, why_stored(head));
}

/* RFC 9111 section 5.1: of a list the first, ignored when it is no number. */
static int64_t read_age(const struct field_head *head)
{
    struct lines lines;
    struct list_reader reader;
    struct list_part part;
    int64_t age = 0;
    lines_init(&lines, head, span_of_string("age"));
    list_field_init(&reader, LIST_NAME_TOKEN, &lines);
    if (list_field_next(&reader, &part) && part.kind == LIST_ELEMENT &&
        !part.has_value)
        piece_get_number(&part.name, CACHE_SECONDS_MAX, &age);
    return age;
}

/* RFC 9111 sections 4.2.1 and 5.3. */
static void get_by_expires(
    const struct field_head *head, struct field_value *out)
{
    int64_t expires = 0, date = head->received_at;
    switch (date_field_read(head, span_of_string("expires"), &expires)) {
    case DATE_ABSENT:
        out->why = "neither max-age nor Expires is there, so a cache may guess"
                   " (RFC 9111 section 4.2.2)";
        return;
    case DATE_WRONG:
        set_lifetime(out, FIELD_DURATION, 0,
            "Expires is no date, so it has passed (RFC 9111 section 5.3)");
        return;
    case DATE_CONFLICT:
        set_lifetime(out, FIELD_DURATION, 0,
            "Expires stands twice with different values, so the response counts"
            " as stale (RFC 9111 section 4.2.1)");
        return;
    case DATE_GOOD:
        break;
    }
    date_field_read(head, span_of_string("date"), &date);
    int64_t seconds = expires > date ? expires - date : 0;
    set_lifetime(out, FIELD_DURATION,
        seconds < CACHE_SECONDS_MAX ? seconds : CACHE_SECONDS_MAX, NULL);
}

static void get_by_seconds(
    enum seconds_state state, int64_t seconds, struct field_value *out)
{
    if (state == SECONDS_GOOD)
        set_lifetime(out, FIELD_DURATION, seconds, NULL);
    else
        set_lifetime(out, FIELD_DURATION, 0,
            "its lifetime is no number, or stands twice with different values,"
            " so the response counts as stale (RFC 9111 section 4.2.1)");
}

/* RFC 9111 section 4.1: such a response is never the answer to another
 * request. */
static bool varies_on_all(const struct field_head *head)
{
    struct lines lines;
    struct list_part part;
    struct list_reader after;
    return lines_init(&lines, head, span_of_string("vary")) &&
           list_field_find(
               LIST_NAME_TOKEN, &lines, span_of_string("*"), &part, &after);
}

/* Why it is stale from the beginning, whatever its lifetime; or NULL. */
static const char *why_stale(const struct field_head *head,
    const struct directives *directives, bool is_shared)
{
    if (directives->no_store)
        return "no-store (RFC 9111 section 5.2.2.5)";
    if (directives->no_cache)
        return "no-cache: each use is asked about first (RFC 9111 section"
               " 5.2.2.4)";
    if (is_shared && directives->is_private)
        return "private (RFC 9111 section 5.2.2.7)";
    if (varies_on_all(head))
        return "Vary: * matches no other request (RFC 9111 section 4.1)";
    return NULL;
}

/* In seconds, Age not counted. */
static void get_lifetime(const struct field_head *head,
    const struct directives *directives, bool is_shared,
    struct field_value *out)
{
    if (is_shared && directives->s_maxage_state)
        get_by_seconds(directives->s_maxage_state, directives->s_maxage, out);
    else if (directives->max_age_state)
        get_by_seconds(directives->max_age_state, directives->max_age, out);
    else
        get_by_expires(head, out);
}

static void count_age(const struct field_head *head, struct field_value *out)
{
    int64_t age = read_age(head);
    if (age > 0 && age >= out->number && out->number > 0)
        out->why = "its Age is not less than its lifetime (RFC 9111 section"
                   " 4.2)";
    out->number = age < out->number ? out->number - age : 0;
    out->number *= NS_PER_SECOND;
}

static void get_remaining(const struct field_head *head,
    const struct directives *directives, bool is_shared,
    struct field_value *out)
{
    const char *why = why_stale(head, directives, is_shared);
    if (why) {
        set_lifetime(out, FIELD_DURATION, 0, why);
        return;
    }
    get_lifetime(head, directives, is_shared, out);
    if (out->type == FIELD_DURATION)
        count_age(head, out);
}

void cache_get_lifetime(const struct field_head *head, struct field_value *out)
{
    struct directives directives;
    if (!head || !head->head)
        return;
    directives_read(head, &directives);
    get_remaining(head, &directives, false, out);
}

void cache_get_shared_lifetime(
    const struct field_head *head, struct field_value *out)
{
    struct directives directives;
    if (!head || !head->head)
        return;
    if (!directives_read_cdn(head, &directives))
        directives_read(head, &directives);
    get_remaining(head, &directives, true, out);
}
