/*
 * json_drift - what has changed, as JSON: "what", "from" and "to" of each.
 */
#ifndef AFETCH_JSON_DRIFT_H
#define AFETCH_JSON_DRIFT_H

struct drift;
struct output;

/* The array; NULL: an empty one. */
void json_put_changes(struct output *out, const struct drift *drift);

#endif
