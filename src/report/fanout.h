/*
 * fanout - a report that is many: what happens in a run goes to each of them.
 */
#ifndef AFETCH_FANOUT_H
#define AFETCH_FANOUT_H

#include "report/report.h"

struct fanout_branch;

struct fanout {
    struct report report; /* to be hung on the run; wants what any wants */
    struct fanout_branch *branches; /* fanout's own, as what follows */
    size_t count;
};

/* No report yet. */
void fanout_init(struct fanout *fanout);
/* Destroys the reports. */
void fanout_fini(struct fanout *fanout);

/* Lets go of the reports, which are the caller's again. */
void fanout_release(struct fanout *fanout);

/*
 * One report more, the last to be told of anything; it wants `wants`
 * (REPORT_WANTS_…).  The fan-out owns it from now on.  0; or -ENOMEM, when it
 * is destroyed, or was NULL: so the result of a report's create can be given.
 */
int fanout_add(struct fanout *fanout, struct report *report, unsigned wants);

/* What finish of this one of them (in the order added) has returned; 0 before
 * that.  A report that fails keeps no other from finishing. */
int fanout_error(const struct fanout *fanout, size_t i);

#endif
