/*
 * read - a line of JSON Lines, read back by jansson.
 *
 * Invariant: a record that was parsed has all that the totals need, and
 * nothing in it contradicts itself.
 */
#include "record/read.h"

#include "record/members.h"
#include "record/read_inside.h"
#include "record/totals.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A NUL may be in a header's value. */
enum { DECODING = JSON_ALLOW_NUL | JSON_DECODE_ANY };

#define NS_PER_MS 1e6
/* What can be added up in ns: phases of 115 days, times up to the year 2242. */
#define MS_MAX 1e10
#define SECONDS_MAX (INT64_C(1) << 33)

bool read_uint(const json_t *object, const char *name, uint64_t *out)
{
    const json_t *value = json_object_get(object, name);

    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *out = (uint64_t)json_integer_value(value);
    return true;
}

/* --- results --- */

const json_t *read_member(const json_t *object, enum selector_id id)
{
    return json_object_get(object, selector_key(id));
}

const char *read_text(const json_t *object, enum selector_id id)
{
    return json_string_value(read_member(object, id));
}

bool read_timings(const json_t *json, int64_t timings[PHASE_COUNT])
{
    const json_t *object = json_object_get(json, MEMBER_TIMINGS);

    for (int phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++) {
        const json_t *value =
            json_object_get(object, phase_name((enum phase)phase));
        double ms = json_number_value(value);
        if (json_is_null(value))
            continue;
        if (!json_is_number(value) || !(ms >= 0 && ms < MS_MAX))
            return false;
        timings[phase] = llround(ms * NS_PER_MS);
    }
    return true;
}

bool read_time(const json_t *json, struct timespec *out)
{
    const json_t *value = read_member(json, SELECTOR_STARTED_AT);
    const char *text = json_string_value(value);
    struct tm tm = {0};

    if (json_is_null(value))
        return true;
    text = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
    if (!text || *text != '.' || strspn(text + 1, "0123456789") != 3 ||
        strcmp(text + 4, "Z") != 0)
        return false;
    struct tm meant = tm; /* timegm makes 3 March of 31 February */
    *out =
        (struct timespec){timegm(&tm), strtol(text + 1, NULL, 10) * 1000000L};
    if (tm.tm_mday != meant.tm_mday || tm.tm_sec != meant.tm_sec)
        return false;
    return out->tv_sec >= 0 && out->tv_sec < SECONDS_MAX;
}

bool read_code(const char *name, enum fetch_error *out)
{
    unsigned count = name ? FETCH_ERROR_COUNT : 0;
    for (unsigned error = FETCH_OK + 1; error < count; error++)
        if (strcmp(fetch_error_name((enum fetch_error)error), name) == 0) {
            *out = (enum fetch_error)error;
            return true;
        }
    return false;
}

static bool find_phase(const char *name, enum phase *out)
{
    for (unsigned phase = 0; name && phase < PHASE_COUNT; phase++)
        if (strcmp(phase_name((enum phase)phase), name) == 0) {
            *out = (enum phase)phase;
            return true;
        }
    return false;
}

const char *read_outcome(const json_t *json, struct result *result)
{
    const json_t *error = json_object_get(json, MEMBER_ERROR);
    uint64_t status;

    if (json_is_object(error)) {
        if (!read_code(read_text(error, SELECTOR_ERROR), &result->error))
            return "unknown error code";
        if (!find_phase(
                read_text(error, SELECTOR_ERROR_PHASE), &result->error_phase))
            return "unknown error phase";
        return NULL;
    }
    if (!json_is_null(error))
        return "missing \"error\"";
    if (!read_uint(json, selector_key(SELECTOR_STATUS), &status) ||
        status > 999)
        return "neither a status nor an error";
    result->response.status = (int)status;
    return NULL;
}

static bool is_unverified(const json_t *object)
{
    return json_is_false(read_member(
        json_object_get(object, MEMBER_TLS), SELECTOR_TLS_VERIFIED));
}

/* Whether any certificate was no good, whichever hop's. */
static void read_tls(const json_t *json, struct record *out)
{
    bool unverified = is_unverified(json);
    const json_t *hop;
    size_t i;

    json_array_foreach(json_object_get(json, MEMBER_HOPS), i, hop) unverified |=
        is_unverified(hop);
    out->tls = (struct tls_info){.verified = !unverified};
    out->result.response.tls = &out->tls;
}

/* --- checks --- */

/* What a warning's failure says ahead of all else. */
static const char warning[] = CHECK_WARNING;

static bool read_check(const json_t *json, struct check *out)
{
    const char *name = json_string_value(json_object_get(json, "outcome"));
    const char *why = json_string_value(json_object_get(json, "why"));

    *out = (struct check){
        .id = json_string_value(json_object_get(json, "id")),
        .expr = json_string_value(json_object_get(json, "expr")),
        .is_warning = why && !strncmp(why, warning, strlen(warning)),
    };
    for (unsigned i = 0; name && i < CHECK_OUTCOME_COUNT; i++)
        if (strcmp(name, check_outcome_name((enum check_outcome)i)) == 0) {
            out->outcome = (enum check_outcome)i;
            return true;
        }
    return false;
}

/* A target without a response has failed, unless just that was expected: no
 * other check is good then. */
static const char *read_checks(const json_t *json, struct result *result)
{
    const json_t *checks = json_object_get(json, MEMBER_CHECKS), *check;
    size_t count = json_array_size(checks), i;

    if (count == 0)
        return NULL;
    result->checks = calloc(count, sizeof *result->checks);
    if (!result->checks)
        return "out of memory";
    result->check_count = count;
    json_array_foreach(checks, i, check)
    {
        if (!read_check(check, &result->checks[i]))
            return "unknown outcome of a check";
        result->excused |=
            result->error && result->checks[i].outcome == CHECK_OK;
    }
    return NULL;
}

/* Where it stood, if it was in a list. */
static void take_place(struct result *result, const json_t *json)
{
    uint64_t line = 0;
    result->list_file =
        json_string_value(json_object_get(json, MEMBER_LIST_FILE));
    if (result->list_file && read_uint(json, MEMBER_LIST_LINE, &line))
        result->list_line = line;
}

/* Those of a list that was run once have none, as those of old runs. */
static void take_round(struct result *result, const json_t *json)
{
    uint64_t round = 0;
    if (read_uint(json, MEMBER_ROUND, &round) && round <= UINT_MAX)
        result->round = (unsigned)round;
}

static const char *read_result(const json_t *json, struct record *out)
{
    struct result *result = &out->result;

    out->is_result = true;
    result_init(result);
    result->input = read_text(json, SELECTOR_INPUT);
    result->input_size = json_string_length(read_member(json, SELECTOR_INPUT));
    if (!read_uint(json, selector_key(SELECTOR_INDEX), &result->index))
        return "missing or invalid \"index\"";
    if (!result->input)
        return "missing or invalid \"input\"";
    take_place(result, json);
    take_round(result, json);
    if (!read_timings(json, result->timings))
        return "invalid timings_ms";
    if (!read_time(json, &result->started_at))
        return "invalid started_at";
    read_tls(json, out);
    const char *wrong = read_outcome(json, result);
    if (!wrong)
        wrong = read_drift(json, &out->drift, result);
    return wrong ? wrong : read_checks(json, result);
}

/* --- summaries --- */

static bool read_signal(const json_t *json, int *out)
{
    const json_t *value = json_object_get(json, MEMBER_SIGNAL);
    const char *text = json_string_value(value);

    if (text)
        *out = totals_signal_number(text);
    return json_is_null(value) || *out;
}

/* Nothing but I/N is a shard in a record. */
static char *no_variable(const char *name)
{
    (void)name;
    return NULL;
}

static bool read_shard(const json_t *json, struct shard *out)
{
    const json_t *value = json_object_get(json, MEMBER_SHARD);

    if (!value || json_is_null(value))
        return true;
    return json_is_string(value) &&
           !shard_parse(json_string_value(value), no_variable, out);
}

/* No run counts so far, nor do all runs together go beyond 64 bits. */
#define COUNT_MAX (UINT64_C(1) << 40)
enum { CONCURRENCY_MAX = 1000000 }; /* as of -j */

static bool read_count(const json_t *json, const char *name, uint64_t *out)
{
    return read_uint(json, name, out) && *out <= COUNT_MAX;
}

/* What ended a run may have left its list unread; old runs do not tell. */
static bool read_known(const json_t *json, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(json, name);
    uint64_t count;

    *out = -1;
    if (!value || json_is_null(value))
        return true;
    if (!read_count(json, name, &count))
        return false;
    *out = (int64_t)count;
    return true;
}

/* Both are null without the option, and were not there once. */
static bool read_comparison(const json_t *json, struct record_summary *out)
{
    const json_t *drift = json_object_get(json, MEMBER_DRIFT);

    out->groups = json_array_size(json_object_get(json, MEMBER_GROUPS));
    out->has_drift = json_is_object(drift);
    return !out->has_drift || read_count(drift, "removed", &out->removed);
}

static const char *read_summary(const json_t *json, struct record *out)
{
    struct record_summary *summary = &out->summary;
    uint64_t concurrency;

    out->is_summary = true;
    if (!read_count(json, MEMBER_TARGETS, &summary->targets) ||
        !read_count(json, MEMBER_NOT_BEGUN, &summary->not_begun) ||
        !read_known(json, MEMBER_LISTED, &summary->listed) ||
        !read_known(json, MEMBER_RESUMED, &summary->resumed) ||
        !read_comparison(json, summary))
        return "invalid counts";
    if (!read_uint(json, MEMBER_CONCURRENCY, &concurrency) ||
        concurrency > CONCURRENCY_MAX)
        return "invalid concurrency";
    summary->concurrency = (unsigned)concurrency;
    if (!read_signal(json, &summary->signal))
        return "unknown signal";
    if (!read_shard(json, &summary->shard))
        return "invalid shard";
    return NULL;
}

/* --- both --- */

static const char *read_record(const json_t *json, struct record *out)
{
    const char *type = json_string_value(json_object_get(json, MEMBER_TYPE));

    if (!json_is_object(json))
        return "not a JSON object";
    if (type && strcmp(type, RECORD_RESULT) == 0)
        return read_result(json, out);
    if (type && strcmp(type, RECORD_SUMMARY) == 0)
        return read_summary(json, out);
    if (type && strcmp(type, RECORD_STATISTICS) == 0)
        return NULL;
    return "neither a result nor a summary";
}

const char *record_parse(const char *line, size_t len, struct record *out)
{
    const char *wrong = "not JSON";

    memset(out, 0, sizeof *out);
    out->json = json_loadb(line, len, DECODING, NULL);
    if (out->json)
        wrong = read_record(out->json, out);
    if (wrong)
        record_fini(out);
    return wrong;
}

const char *record_final_url(const struct record *record)
{
    return read_text(record->json, SELECTOR_FINAL_URL);
}

const char *record_issuer(const struct record *record)
{
    return read_text(
        json_object_get(record->json, MEMBER_TLS), SELECTOR_TLS_ISSUER);
}

static struct span span_of_json(const json_t *json)
{
    const char *text = json_string_value(json);
    return (struct span){text ? text : "", json_string_length(json)};
}

bool record_field(const struct record *record, size_t i, struct span *name,
    struct span *value)
{
    const json_t *field =
        json_array_get(json_object_get(record->json, MEMBER_HEADERS), i);

    if (!field)
        return false;
    *name = span_of_json(json_array_get(field, 0));
    *value = span_of_json(json_array_get(field, 1));
    return true;
}

void record_fini(struct record *record)
{
    if (record->is_complete)
        result_fini(&record->result);
    else
        free(record->result.checks);
    record->is_complete = false;
    record->result.checks = NULL;
    record->result.check_count = 0;
    json_decref(record->json);
    record->json = NULL;
}
