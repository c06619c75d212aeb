/*
 * crawl - the list in, at most N fetches at once, every target to exactly
 * one record.
 */
#ifndef AFETCH_CRAWL_H
#define AFETCH_CRAWL_H

#include "crawl/backpressure.h"
#include "crawl/flights.h"
#include "fetch/fetch.h"
#include "input/list.h"
#include "judge/rules.h"
#include "record/totals.h"
#include "report/order.h"
#include "report/report.h"

#include <stdbool.h>
#include <stddef.h>

struct workers;

struct crawl {
    struct list *list;
    struct fetch_config fetch; /* keep_head and the like are the report's */
    struct rules *rules; /* by which results are judged; NULL: none */
    struct baseline *baseline; /* with which they are compared; NULL: none */
    struct odd *odd; /* to which they are added; NULL: none */
    unsigned round; /* from 1; 0: there is but one */
    struct statistics *statistics; /* of results; NULL: none, as the next two */
    struct until *until; /* keeps results back, and targets that are right */
    struct changes *changes; /* results that are as before are not reported */
    struct learning *learning; /* by which each is fetched twice; NULL: none */
    struct report *report; /* is told of results, and of lines */
    enum order_mode order; /* in which it is told */
    struct backpressure
        *backpressure; /* of the report: is waited for when full */
    struct run_totals *totals; /* wall, concurrency, signal: the caller's */
    struct workers *workers; /* that fetch; NULL: this loop does */
    unsigned concurrency; /* at most so many at once */
    bool all_addresses; /* of each target, not the first that connects */
    int64_t start_interval; /* ns between two starts; 0: none */
    int64_t deadline; /* ns for the whole list; 0: none */
    struct flights flights; /* crawl's own, to be looked at: zeroed before */
};

/*
 * Awaits.  Fetches the whole list.  0, also after the deadline; -ECANCELED: it
 * was interrupted; or the negative error of reading list_source(), after
 * fetching what came before.  After an interruption or the deadline, targets
 * in flight have their records, and totals->not_begun counts the rest.
 */
int crawl(struct crawl *crawl);

#endif
