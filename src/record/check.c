/* check - see check.h. */
#include "record/check.h"

#include <assert.h>
#include <stdlib.h>

const char *check_outcome_name(enum check_outcome outcome)
{
    static const char *const names[CHECK_OUTCOME_COUNT] = {
        "ok", "skipped", "no answer", "failed"};
    assert((unsigned)outcome < CHECK_OUTCOME_COUNT);
    return names[outcome];
}

void check_fini(struct check *check)
{
    free(check->actual);
    free(check->why);
    check->actual = check->why = NULL;
}
