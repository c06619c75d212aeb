/*
 * totals - a whole run, in constant memory: counts by outcome,
 * times, streaming quantiles per phase.
 */
#ifndef AFETCH_TOTALS_H
#define AFETCH_TOTALS_H

#include "input/shard.h"
#include "record/quantiles.h"
#include "record/result.h"

#include <stdbool.h>
#include <stdint.h>

enum { TOTALS_HOST_MAX = 256 };

/* --versus-serial: the same list run both ways, medians over the rounds. */
struct versus_totals {
    int rounds; /* 0: not asked for, or cut */
    int64_t concurrent_wall, serial_wall; /* ns */
    char decided_by[TOTALS_HOST_MAX]; /* ended last in the concurrent run */
    int64_t decided_total; /* that host's own time, ns */
    int64_t decided_queued; /* that host's time in the queue, ns */
    int64_t lost_to_queue; /* concurrent wall minus the slowest target, ns */
    bool cut; /* --deadline ended a run: there is nothing to compare */
};

/* What was expected, of all targets and rules. */
struct check_totals {
    bool any; /* something was */
    uint64_t
        by_outcome[CHECK_OUTCOME_COUNT]; /* but for warnings that failed: */
    uint64_t warned;
};

/* Since the run of --baseline, by targets. */
struct drift_totals {
    bool any; /* there is one */
    uint64_t by_outcome[DRIFT_OUTCOME_COUNT];
    uint64_t removed;
};

/* Large (80 KB): not for a coroutine's stack. */
struct run_totals {
    uint64_t targets; /* records written */
    uint64_t ok, failed;
    uint64_t by_error[FETCH_ERROR_COUNT];
    uint64_t not_begun; /* after a signal: known, but never started */
    uint64_t by_status_class[10]; /* [2]: 2xx, … */
    int64_t wall; /* ns, set by whoever ran it */
    int64_t sum; /* ns, of the targets' own total times */
    unsigned rounds; /* of the list; 0: it was run once */
    bool each_round; /* a target counts in each of them */
    unsigned concurrency; /* -j in effect; 0: not known */
    bool paced; /* --rate: it decides the wall time */
    bool insecure; /* -k: any certificate is accepted */
    uint64_t unverified; /* targets with an unverified certificate */
    int signal; /* ended by this one, or 0 */
    struct shard shard; /* of the list; count 0: all of it */
    int64_t listed; /* targets of the list, all shards'; -1: not known */
    int64_t resumed; /* targets that had a record already; -1: none was
                        looked for */
    bool read_back; /* from summaries: not empty, whatever they count */
    struct quantiles phases[PHASE_COUNT];
    struct check_totals checks;
    struct drift_totals drift;
    uint64_t groups; /* of --odd-one-out; 0: not asked for, or no target */
    struct versus_totals versus;
};

/* Without any target; nothing needs to be freed. */
void totals_init(struct run_totals *totals);
/* One more target, by the result that it ended with; keeps none of it. */
void totals_add(struct run_totals *totals, const struct result *result);
/* sum / wall: the speedup by concurrency; 0 when wall is 0. */
double totals_ratio(const struct run_totals *totals);
/* The serial wall time over the concurrent one; 0 when that is 0. */
double versus_ratio(const struct versus_totals *versus);
/* The signal of this name; 0: none that ends a run. */
int totals_signal_number(const char *name);
/* "SIGINT"; NULL when no signal ended the run. */
const char *totals_signal_name(const struct run_totals *totals);
/* Did a target fail, give no answer to a check, or was one not begun? */
bool totals_have_failures(const struct run_totals *totals);
/* Has no check failed, nothing drifted, is no target the odd one? */
bool totals_are_as_expected(const struct run_totals *totals);
/* No target, and none not begun: there is nothing to report. */
bool totals_empty(const struct run_totals *totals);

#endif
