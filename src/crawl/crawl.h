/*
 * crawl - the list in, at most N fetches at once, every target to exactly
 * one record.
 */
#ifndef AFETCH_CRAWL_H
#define AFETCH_CRAWL_H

#include "crawl/backpressure.h"
#include "fetch/fetch.h"
#include "input/list.h"
#include "record/totals.h"
#include "report/report.h"

#include <stdbool.h>
#include <stddef.h>

struct crawl {
    struct list *list;
    struct fetch_config fetch; /* keep_head and the like are the report's */
    struct report *report; /* is told of results, and of lines */
    struct outlet *outlet; /* of the report: is waited for when full */
    struct run_totals *totals; /* wall, concurrency, signal: the caller's */
    unsigned concurrency; /* at most so many at once */
    bool all_addresses; /* of each target, not the first that connects */
    int64_t start_interval; /* ns between two starts; 0: none */
    int64_t deadline; /* ns for the whole list; 0: none */
};

/*
 * Awaits.  Fetches the whole list.  0; -ECANCELED: it was interrupted, what
 * was in flight has its records, totals->not_begun counts the rest (so it
 * is after the deadline, too, but that is 0); or the
 * negative error of reading list_source() - what came before is fetched.
 */
int crawl(struct crawl *crawl);

#endif
