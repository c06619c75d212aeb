/*
 * result - what became of one target, by value.
 *
 * Invariant: a result with an error has no status.  The response, hops and
 * error_message belong to the result, or, when it has addresses, to one of
 * those.
 */
#include "record/result.h"

#include "input/target.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const phase_names[PHASE_COUNT] = {[PHASE_INPUT] = "input",
#define X(id, name, help) [PHASE_##id] = name,
    PHASES(X)
#undef X
};

static const struct {
    const char *name, *text;
} errors[FETCH_ERROR_COUNT] = {[FETCH_OK] = {NULL, ""},
#define X(name, text) [FETCH_##name] = {#name, text},
    FETCH_ERRORS(X)
#undef X
};

const char *phase_name(enum phase phase)
{
    assert((unsigned)phase < PHASE_COUNT);
    return phase_names[phase];
}

const char *fetch_error_name(enum fetch_error error)
{
    assert((unsigned)error < FETCH_ERROR_COUNT);
    return errors[error].name;
}

const char *fetch_error_text(enum fetch_error error)
{
    assert((unsigned)error < FETCH_ERROR_COUNT);
    return errors[error].text;
}

void result_init(struct result *result)
{
    memset(result, 0, sizeof(*result));
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        result->timings[phase] = PHASE_NONE;
}

static void free_outcome(struct result *result)
{
    for (size_t i = 0; i < result->hop_count; i++) {
        target_destroy(result->hops[i].owned);
        if (i + 1 < result->hop_count) /* the last one's is the result's */
            response_fini(&result->hops[i].response);
    }
    free(result->hops);
    response_fini(&result->response);
    free(result->error_message);
}

static void free_checks(struct result *result)
{
    for (size_t i = 0; i < result->check_count; i++)
        check_fini(&result->checks[i]);
    free(result->checks);
    free(result->columns);
    result->columns = NULL;
    result->checks = NULL;
    result->check_count = 0;
}

static void free_addresses(struct result *result)
{
    for (size_t i = 0; i < result->address_count; i++) {
        free_outcome(&result->addresses[i]);
        free_checks(&result->addresses[i]);
        target_destroy(result->addresses[i].owned);
    }
    free(result->addresses);
    free(result->difference);
    result->addresses = NULL;
    result->address_count = 0;
    result->difference = NULL;
}

static void free_drift(struct result *result)
{
    if (result->drift)
        drift_fini(result->drift);
    free(result->drift);
    result->drift = NULL;
}

void result_fini(struct result *result)
{
    free_drift(result);
    free(result->learned);
    if (!result->addresses)
        free_outcome(result);
    free_addresses(result);
    free_checks(result);
    target_destroy(result->owned);
    free(result->shown);
    result->owned = NULL;
    result->shown = NULL;
    result->hops = NULL;
    result->hop_count = 0;
    result->response = (struct response){0};
    result->error_message = NULL;
}

int result_fail(struct result *result, enum phase phase, enum fetch_error error,
    const char *format, ...)
{
    char *message = NULL;

    assert(phase != PHASE_QUEUED && phase < PHASE_TOTAL);
    if (format) {
        va_list args;
        va_start(args, format);
        if (vasprintf(&message, format, args) < 0)
            message = NULL; /* then the default one says enough */
        va_end(args);
    }
    free(result->error_message);
    result->error_message = message;
    result->error = error;
    result->error_phase = phase;
    result->response.status = 0;
    result->response.http_major = 0;
    result->response.http_minor = 0;
    return RESULT_FAILED;
}

void result_forget(struct result *result)
{
    struct response whom = {
        .remote = result->response.remote, .proxy = result->response.proxy};
    response_fini(&result->response);
    result->response = whom;
    free(result->error_message);
    result->error = FETCH_OK;
    result->error_message = NULL;
    result->hint = NULL;
}

const char *result_message(const struct result *result)
{
    if (result->error_message)
        return result->error_message;
    return fetch_error_text(result->error);
}

bool result_has_failed(const struct result *result)
{
    return result->error != FETCH_OK && !result->excused;
}

bool result_is_answered(const struct result *result)
{
    return result->error == FETCH_OK && result->response.status != 0;
}

bool result_is_as_expected(const struct result *result)
{
    if (result_has_failed(result))
        return false;
    for (size_t i = 0; i < result->check_count; i++) {
        const struct check *check = &result->checks[i];
        if (check->outcome == CHECK_NO_ANSWER ||
            (check->outcome == CHECK_FAILED && !check->is_warning))
            return false;
    }
    return true;
}

size_t result_input_len(const struct result *result)
{
    return result->input_size ? result->input_size : strlen(result->input);
}
