/*
 * redirect - see redirect.h.
 */
#include "fetch/redirect.h"

#include "fetch/failure.h"
#include "http/http.h"
#include "http/location.h"
#include "record/result.h"
#include "text/escape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { VISITS_MAX = 2 }; /* of one URL, by one method */
enum { QUOTED = 256 }; /* bytes of a Location in a message */

bool redirect_status(int status)
{
    return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

const char *redirect_method(const char *method, int status)
{
    if (status == 303)
        return strcmp(method, "HEAD") == 0 ? method : "GET";
    if ((status == 301 || status == 302) && strcmp(method, "POST") == 0)
        return "GET";
    return method;
}

bool redirect_is_foreign(const struct target *from, const struct target *to)
{
    return from->scheme != to->scheme || from->port != to->port ||
           strcasecmp(from->host, to->host) != 0;
}

static bool is_same_url(const struct target *a, const struct target *b)
{
    return !redirect_is_foreign(a, b) && strcmp(a->path, b->path) == 0;
}

/* The field's value, unfolded: no longer than the field. */
static size_t copy_value(char *to, const struct http_field *field)
{
    struct http_value value;
    size_t len = 0;
    http_value_init(&value, field);
    while (http_value_next(&value)) {
        memcpy(to + len, value.chunk, value.chunk_len);
        len += value.chunk_len;
    }
    return len;
}

/* What it leads to may hold a password. */
static int fail_location(
    struct result *result, struct span value, const char *reason)
{
    char quote[QUOTED * ESCAPE_LEN + 1] = "";
    size_t len;
    char *shown = target_shown(value.at, value.len, &len);
    if (shown && len > QUOTED)
        len = QUOTED;
    if (shown)
        escape_quote(quote, sizeof quote, shown, len);
    free(shown);
    return result_fail(result, PHASE_RECEIVE, FETCH_BAD_REDIRECT,
        "invalid redirect target \"%s\": %s", quote, reason);
}

static int resolve_location(
    struct result *result, const struct http_field *field, struct target **next)
{
    char *bytes = malloc(field->value_len + 1);
    const char *reason;
    if (!bytes)
        return -ENOMEM;
    struct span value = {bytes, copy_value(bytes, field)};
    int error = location_resolve(result_final(result), value, next, &reason);
    if (error == -EINVAL)
        error = fail_location(result, value, reason);
    free(bytes);
    return error;
}

/* Once more may do, where what was fetched is remembered somewhere. */
static bool is_loop(
    const struct result *result, size_t since, const struct target *next)
{
    unsigned visits = 0;
    for (size_t i = since; i < result->hop_count; i++)
        visits += is_same_url(result->hops[i].target, next);
    return visits >= VISITS_MAX;
}

/* What is wrong with the next hop, however good its target. */
static int check_next(struct result *result, unsigned most, size_t since,
    const struct target *next)
{
    if (is_loop(result, since, next))
        return result_fail(result, PHASE_RECEIVE, FETCH_REDIRECT_LOOP,
            "redirect loop: %s for the third time", next->url);
    if (result->hop_count > most)
        return result_fail(result, PHASE_RECEIVE, FETCH_TOO_MANY_REDIRECTS,
            "more than %u redirects", most);
    return 0;
}

/* The first that is not empty, as with curl: an empty one leads nowhere. */
static bool find_location(
    const struct result *result, struct http_field *location)
{
    struct http_fields fields;
    http_fields_init(&fields, result->response.head, result->response.head_len);
    while (http_fields_next(&fields, location))
        if (http_field_is(location, "Location") && location->value_len > 0)
            return true;
    return false;
}

int redirect_find(
    struct result *result, unsigned most, size_t since, struct target **next)
{
    struct http_field field;
    struct target *found;
    *next = NULL;
    if (!redirect_status(result->response.status) ||
        !find_location(result, &field))
        return 0;
    int error = resolve_location(result, &field, &found);
    if (error)
        return error;
    error = check_next(result, most, since, found);
    if (error)
        target_destroy(found);
    else
        *next = found;
    return error;
}
