/*
 * shown_name - the name of a target, for a place of bounded size.
 */
#ifndef AFETCH_SHOWN_NAME_H
#define AFETCH_SHOWN_NAME_H

#include "record/result.h"
#include "record/totals.h"

/* Writes the name, escaped; a longer one is cut between characters and ends in
 * dots. */
void shown_name(char name[TOTALS_HOST_MAX], const struct result *result);

#endif
