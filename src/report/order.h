/*
 * order - results that have ended, held until those before them in the list
 * have (--order input), within a window.
 *
 * A target takes its place when it begins, in the order of the list, and its
 * result goes there when it has ended.  The window is only asked before a
 * target begins: the first, for which all others wait, has begun, so that it
 * can always end.
 */
#ifndef AFETCH_ORDER_H
#define AFETCH_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct order;
struct report;
struct result;

enum order_mode {
    ORDER_ARRIVAL, /* lines as they arrive */
    ORDER_DONE, /* a target's lines together, when it has ended */
    ORDER_INPUT, /* the same, in the order of the list */
};

/* The window.  Targets that have begun may go beyond the bytes. */
enum {
    ORDER_TARGETS_MAX = 64 * 1024, /* from the first that has not ended */
    ORDER_BYTES_MAX = 64 * 1024 * 1024 /* of results, as of result_size */
};

/* NULL when there is no memory. */
struct order *order_create(void);
/* NULL-safe; the results that it still has go with it. */
void order_destroy(struct order *order);

/* One more may begin.  Always true when none is held or under way; false
 * also while there is no memory. */
bool order_has_room(struct order *order);
/* One more begins; order_has_room() was true.  Its place, behind all others,
 * for order_end. */
uint64_t order_begin(struct order *order);
/* What became of it, which is the order's now. */
void order_end(
    struct order *order, uint64_t place, const struct result *result);
/* The first of the list, if it has ended, which is the caller's now. */
bool order_next(struct order *order, struct result *out);

/* Tells of a whole target at once: the lines that it has kept, of each hop
 * and address, and its result. */
void order_report(struct report *report, const struct result *result);

#endif
