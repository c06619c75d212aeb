/*
 * totals - what a whole run came to, in constant memory.
 *
 * Invariant: targets = ok + failed, and failed is the sum of by_error.
 */
#include "record/totals.h"

#include "async/tls/tls_info.h"

#include <signal.h>
#include <string.h>

void totals_init(struct run_totals *totals)
{
    memset(totals, 0, sizeof(*totals));
    totals->listed = totals->resumed = -1;
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        quantiles_init(&totals->phases[phase]);
}

static bool response_is_unverified(const struct response *response)
{
    return response->tls && !response->tls->verified;
}

/* At any of its hops or addresses. */
static bool is_unverified(const struct result *result)
{
    for (size_t i = 0; i < result->address_count; i++)
        if (is_unverified(&result->addresses[i]))
            return true;
    for (size_t i = 0; i < result->hop_count; i++)
        if (response_is_unverified(&result->hops[i].response))
            return true;
    return response_is_unverified(&result->response);
}

static void add_outcome(struct run_totals *totals, const struct result *result)
{
    totals->targets++;
    if (result_has_failed(result)) {
        totals->failed++;
        totals->by_error[result->error]++;
    } else if (result->error != FETCH_OK) {
        totals->ok++;
    } else {
        totals->ok++;
        totals->by_status_class[result->response.status / 100 % 10]++;
        totals->unverified += is_unverified(result);
    }
}

static void add_checks(struct check_totals *totals, const struct result *result)
{
    totals->any |= result->check_count > 0;
    for (size_t i = 0; i < result->check_count; i++) {
        const struct check *check = &result->checks[i];
        if (check->is_warning && check->outcome == CHECK_FAILED)
            totals->warned++;
        else
            totals->by_outcome[check->outcome]++;
    }
}

static void add_drift(struct drift_totals *totals, const struct result *result)
{
    if (!result->drift)
        return;
    totals->any = true;
    totals->by_outcome[result->drift->outcome]++;
}

/* Has anything changed, come or gone since the run of --baseline? */
static bool totals_drifted(const struct run_totals *totals)
{
    const struct drift_totals *drift = &totals->drift;
    return drift->by_outcome[DRIFT_CHANGED] || drift->by_outcome[DRIFT_ADDED] ||
           drift->removed;
}

void totals_add(struct run_totals *totals, const struct result *result)
{
    add_outcome(totals, result);
    add_checks(&totals->checks, result);
    add_drift(&totals->drift, result);
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        if (result->timings[phase] != PHASE_NONE)
            quantiles_add(&totals->phases[phase], result->timings[phase]);
    if (result->timings[PHASE_TOTAL] != PHASE_NONE)
        totals->sum += result->timings[PHASE_TOTAL];
}

double totals_ratio(const struct run_totals *totals)
{
    if (totals->wall == 0)
        return 0;
    return (double)totals->sum / (double)totals->wall;
}

double versus_ratio(const struct versus_totals *versus)
{
    if (versus->concurrent_wall == 0)
        return 0;
    return (double)versus->serial_wall / (double)versus->concurrent_wall;
}

/* What can end a run. */
static const struct {
    const char *name;
    int number;
} signals[] = {
    {"SIGHUP", SIGHUP},
    {"SIGINT", SIGINT},
    {"SIGPIPE", SIGPIPE},
    {"SIGQUIT", SIGQUIT},
    {"SIGTERM", SIGTERM},
};

enum { SIGNALS = sizeof signals / sizeof *signals };

int totals_signal_number(const char *name)
{
    for (size_t i = 0; i < SIGNALS; i++)
        if (strcmp(name, signals[i].name) == 0)
            return signals[i].number;
    return 0;
}

const char *totals_signal_name(const struct run_totals *totals)
{
    for (size_t i = 0; i < SIGNALS; i++)
        if (totals->signal == signals[i].number)
            return signals[i].name;
    return totals->signal ? "a signal" : NULL;
}

bool totals_have_failures(const struct run_totals *totals)
{
    return totals->failed || totals->not_begun || totals->versus.cut ||
           totals->checks.by_outcome[CHECK_NO_ANSWER];
}

bool totals_are_as_expected(const struct run_totals *totals)
{
    return !totals->checks.by_outcome[CHECK_FAILED] &&
           !totals_drifted(totals) && totals->groups <= 1;
}

bool totals_empty(const struct run_totals *totals)
{
    return totals->targets == 0 && totals->not_begun == 0 && !totals->read_back;
}
