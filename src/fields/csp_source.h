/*
 * csp_source - source lists of a policy (CSP3 section 2.3.1): what they allow.
 */
#ifndef AFETCH_FIELDS_CSP_SOURCE_H
#define AFETCH_FIELDS_CSP_SOURCE_H

#include "fields/audience.h"
#include "fields/lines.h"

/* Takes the white space off both ends. */
void csp_trim(struct piece *list);
/* Is there this token, in any case of letters? */
bool csp_has_token(const struct piece *list, const char *token);

/* Does the list allow all inline behavior for scripts (section 6.7.3.2)? */
bool csp_allows_inline(const struct piece *list);
/* Does it allow strings to be compiled (section 4.4.1)? */
bool csp_allows_eval(const struct piece *list);
/* Whom does a list of frame-ancestors match (section 6.4.2)? */
enum audience csp_read_ancestors(const struct piece *list);

#endif
