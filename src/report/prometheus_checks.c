/*
 * prometheus_checks - see prometheus_checks.h.
 *
 * Invariant: no two checks of a target have the same label.
 */
#include "report/prometheus_checks.h"

#include "output/buffer.h"
#include "record/result.h"
#include "report/verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct prometheus_check *find_label(
    const struct prometheus_checks *checks, const char *label)
{
    for (size_t i = 0; i < checks->count; i++)
        if (strcmp(checks->items[i].label, label) == 0)
            return &checks->items[i];
    return NULL;
}

static void take_check(
    struct prometheus_checks *checks, const struct check *check)
{
    const char *label = check->id ? check->id : check->expr;
    bool holds = check->outcome == CHECK_OK;
    struct prometheus_check *same = find_label(checks, label);
    if (same)
        same->holds &= holds;
    else
        checks->items[checks->count++] =
            (struct prometheus_check){label, holds};
}

int prometheus_checks_take(
    struct prometheus_checks *checks, const struct result *result)
{
    *checks = (struct prometheus_checks){0};
    if (result->check_count == 0)
        return 0;
    checks->items = calloc(result->check_count, sizeof *checks->items);
    if (!checks->items)
        return -ENOMEM;
    for (size_t i = 0; i < result->check_count; i++)
        if (result->checks[i].outcome != CHECK_SKIPPED)
            take_check(checks, &result->checks[i]);
    return 0;
}

void prometheus_checks_fini(struct prometheus_checks *checks)
{
    free(checks->items);
    *checks = (struct prometheus_checks){0};
}

static const char *escape_label(char byte)
{
    return byte == '"' ? "\\\"" : byte == '\\' ? "\\\\" : NULL;
}

void prometheus_checks_put(struct output *out, const char *target,
    const struct prometheus_checks *checks)
{
    for (size_t i = 0; i < checks->count; i++) {
        const struct prometheus_check *check = &checks->items[i];
        output_puts(out, "afetch_check{target=\"");
        output_puts(out, target);
        output_puts(out, "\",check=\"");
        verdict_put_escaped(
            out, check->label, strlen(check->label), escape_label);
        output_puts(out, check->holds ? "\"} 1\n" : "\"} 0\n");
    }
}
