/*
 * shown_name - the name of a target, for a place of bounded size.
 */
#ifndef AFETCH_SHOWN_NAME_H
#define AFETCH_SHOWN_NAME_H

#include "record/result.h"
#include "record/totals.h"

/* Escaped; cut at the beginning of a character and marked with dots when it is
 * longer. */
void shown_name(char name[TOTALS_HOST_MAX], const struct result *result);

#endif
