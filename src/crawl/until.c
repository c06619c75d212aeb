/*
 * until - see until.h.
 *
 * Invariant: a target is met, held, or has not ended yet.
 */
#include "crawl/until.h"

#include "record/result.h"
#include "record/totals.h"
#include "report/order.h"
#include "text/array.h"

#include <stdlib.h>

struct place {
    struct result *held; /* heap; NULL: none */
    bool is_met;
};

struct until {
    struct place *places; /* by index */
    size_t room;
    uint64_t left;
    bool is_over; /* a target has no place: no round follows */
};

struct until *until_create(void)
{
    return calloc(1, sizeof(struct until));
}

static void place_drop(struct until *until, struct place *place)
{
    if (!place->held)
        return;
    result_fini(place->held);
    free(place->held);
    place->held = NULL;
    until->left--;
}

void until_destroy(struct until *until)
{
    if (!until)
        return;
    for (size_t i = 0; i < until->room; i++)
        place_drop(until, &until->places[i]);
    free(until->places);
    free(until);
}

bool until_is_met(const struct until *until, uint64_t index)
{
    return index < until->room && until->places[index].is_met;
}

/* NULL when there is no memory. */
static struct place *place_of(struct until *until, uint64_t index)
{
    struct place *places =
        array_grow(until->places, &until->room, index, sizeof *places);
    if (!places)
        return NULL;
    until->places = places;
    return &until->places[index];
}

/* What was cut short says less than what came before.  False: there is no
 * memory. */
static bool place_hold(
    struct until *until, struct place *place, struct result *result)
{
    if (place->held && result->error == FETCH_CANCELED) {
        result_fini(result);
        return true;
    }
    struct result *held = malloc(sizeof *held);
    place_drop(until, place);
    if (!held)
        return false;
    *held = *result;
    place->held = held;
    until->left++;
    return true;
}

static void fail_held(struct result *result)
{
    if (!result->error)
        result_fail(result, PHASE_RECEIVE, FETCH_NO_MEMORY, NULL);
}

/* Without memory it is a failure that is reported at once, for nobody knows
 * how it would end. */
bool until_holds(struct until *until, struct result *result)
{
    struct place *place = place_of(until, result->index);
    if (!place) {
        until->is_over = true;
        fail_held(result);
        return false;
    }
    /* An invalid target stays invalid. */
    bool is_final = !result->target || result_is_as_expected(result);
    if (!is_final && place_hold(until, place, result))
        return true;
    if (!is_final)
        fail_held(result);
    place_drop(until, place);
    place->is_met = true;
    return false;
}

uint64_t until_left(const struct until *until)
{
    return until->is_over ? 0 : until->left;
}

void until_tell(
    struct until *until, struct report *report, struct run_totals *totals)
{
    for (size_t i = 0; i < until->room; i++) {
        struct place *place = &until->places[i];
        if (!place->held)
            continue;
        totals_add(totals, place->held);
        order_report(report, place->held);
        place_drop(until, place);
    }
}
