/*
 * prometheus_checks - what is kept of a target's checks, and their samples.
 */
#ifndef AFETCH_PROMETHEUS_CHECKS_H
#define AFETCH_PROMETHEUS_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

struct output;
struct result;

struct prometheus_checks {
    struct prometheus_check {
        const char *label; /* the rule's ID, else its expression; the rule's */
        bool holds;
    } * items; /* heap */
    size_t count;
};

/* Those of the result that were judged; of equal labels all must hold.  0 or
 * -ENOMEM. */
int prometheus_checks_take(
    struct prometheus_checks *checks, const struct result *result);
void prometheus_checks_fini(struct prometheus_checks *checks);

/* Their samples; `target` is as it stands between the quotes. */
void prometheus_checks_put(struct output *out, const char *target,
    const struct prometheus_checks *checks);

#endif
