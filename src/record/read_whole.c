/*
 * read_whole - a result as it was when its record was written, but for what
 * the record does not have.
 *
 * Invariant: what is not whole is freed as what is.
 */
#include "record/read_inside.h"

#include "input/target.h"
#include "record/members.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- targets --- */

/* NULL, with *wrong: a bad target has none. */
static struct target *make_target(const json_t *json, const char **wrong)
{
    const char *url = read_text(json, SELECTOR_URL), *reason;
    struct target *target = NULL;
    int error = url ? target_parse(url, strlen(url), &target, &reason) : 0;
    if (error)
        *wrong = error == -ENOMEM ? read_no_memory : "invalid url";
    return target;
}

/* --- hops --- */

/* The last one's response is the result's, too. */
static const char *take_hop_response(struct result *result, const json_t *json)
{
    struct hop *hop = &result->hops[result->hop_count - 1];
    const char *wrong = read_response(json, &result->response);
    hop->response = result->response;
    return wrong;
}

static const char *take_hop(struct result *result, const json_t *json)
{
    const char *wrong = NULL;
    struct target *target = make_target(json, &wrong);
    if (!target)
        return wrong ? wrong : "a hop has no url";
    if (result_begin_hop(result, target, target))
        return read_no_memory;
    struct hop *hop = &result->hops[result->hop_count - 1];
    if (!read_timings(json, hop->timings))
        return "invalid timings_ms";
    return take_hop_response(result, json);
}

static const char *take_hops(struct result *result, const json_t *hops)
{
    const json_t *hop;
    size_t i;
    json_array_foreach(hops, i, hop)
    {
        const char *wrong = take_hop(result, hop);
        if (wrong)
            return wrong;
    }
    return NULL;
}

/* --- one fetch --- */

static const char *take_failure(struct result *result, const json_t *json)
{
    const char *message =
        read_text(json_object_get(json, MEMBER_ERROR), SELECTOR_ERROR_MESSAGE);
    const char *wrong = read_outcome(json, result);
    if (wrong || !message)
        return wrong;
    result->error_message = strdup(message);
    return result->error_message ? NULL : read_no_memory;
}

static const char *take_response(struct result *result, const json_t *json)
{
    const json_t *hops = json_object_get(json, MEMBER_HOPS);
    if (json_array_size(hops) > 0)
        return take_hops(result, hops);
    return read_response(json, &result->response);
}

/* What a target, or one of its addresses, came to. */
static const char *take_fetch(struct result *result, const json_t *json)
{
    uint64_t attempts = 0;
    if (!read_timings(json, result->timings))
        return "invalid timings_ms";
    if (!read_time(json, &result->started_at))
        return "invalid started_at";
    if (!read_uint(json, selector_key(SELECTOR_ATTEMPTS), &attempts) ||
        attempts > INT32_MAX)
        return "invalid attempts";
    result->attempts = (int)attempts;
    result->hint = read_text(json, SELECTOR_HINT);
    const char *wrong = take_failure(result, json);
    if (!wrong)
        wrong = take_response(result, json);
    if (result->error) { /* a hop keeps what the target failed because of */
        result->response.status = 0;
        result->response.http_major = result->response.http_minor = 0;
    }
    return wrong;
}

/* --- addresses --- */

static struct target *target_of(const struct result *result, const char *ip)
{
    union address address = {0};
    struct target named = *result->target;
    named.input = result->input;
    if (!ip || !read_ip(ip, &address))
        return NULL;
    return target_at(&named, &address.sa);
}

static const char *take_address(
    const struct result *whole, struct result *result, const json_t *json)
{
    const char *ip = json_string_value(json_object_get(json, MEMBER_IP));
    result->target = result->owned = target_of(whole, ip);
    if (!result->target)
        return "invalid ip of an address";
    result->input = result->target->input;
    return take_fetch(result, json);
}

static const char *take_addresses(
    struct result *result, const json_t *json, const json_t *addresses)
{
    const json_t *address;
    size_t i;
    if (!result->target)
        return "addresses of no target";
    if (result_begin_addresses(result, json_array_size(addresses)))
        return read_no_memory;
    json_array_foreach(addresses, i, address)
    {
        const char *wrong =
            take_address(result, &result->addresses[i], address);
        if (wrong)
            return wrong;
    }
    result_settle(result);
    result->started_at = (struct timespec){0};
    if (!read_timings(json, result->timings) ||
        !read_time(json, &result->started_at))
        return "invalid timings_ms or started_at";
    result->agree = json_is_true(json_object_get(json, MEMBER_AGREE));
    return NULL;
}

/* --- the whole --- */

static void begin_result(struct result *result, const struct result *read)
{
    result_init(result);
    result->index = read->index;
    result->round = read->round;
    result->input = read->input;
    result->input_size = read->input_size;
    result->list_file = read->list_file;
    result->list_line = read->list_line;
}

/* What was begun has a target: whoever reports it relies on that. */
static bool lacks_target(const struct result *result)
{
    return !result->target && (!result->error || result->attempts > 0);
}

static const char *fill_result(struct result *result, const json_t *json)
{
    const json_t *addresses = json_object_get(json, MEMBER_ADDRESSES);
    const char *wrong = NULL;
    result->target = result->owned = make_target(json, &wrong);
    if (!wrong)
        wrong = read_drift_whole(json, result);
    if (wrong)
        return wrong;
    if (json_array_size(addresses) > 0) {
        result->hint = read_text(json, SELECTOR_HINT);
        return take_addresses(result, json, addresses);
    }
    wrong = take_fetch(result, json);
    return !wrong && lacks_target(result) ? "fetched without a url" : wrong;
}

const char *record_complete(struct record *record)
{
    struct result read = record->result;
    free(read.checks);
    record->is_complete = true;
    record->has_interim = json_object_get(record->json, MEMBER_INTERIM);
    begin_result(&record->result, &read);
    return fill_result(&record->result, record->json);
}
