/*
 * prometheus_metrics - the table of what is written of a target; rows of one
 * metric, which differ in their phase, stand together.
 */
#ifndef AFETCH_PROMETHEUS_METRICS_H
#define AFETCH_PROMETHEUS_METRICS_H

#include <stdint.h>

struct result;

#define METRIC_NONE INT64_MIN /* there is no such sample */

enum metric_unit { METRIC_WHOLE, METRIC_SECONDS };

struct prometheus_metric {
    const char *name, *help;
    const char *phase; /* its label, of blackbox_exporter; or NULL */
    enum metric_unit unit; /* of METRIC_SECONDS the values are in ns */
    int64_t (*get)(const struct result *result);
};

enum { PROMETHEUS_METRICS = 11 };
extern const struct prometheus_metric prometheus_metrics[PROMETHEUS_METRICS];

#endif
