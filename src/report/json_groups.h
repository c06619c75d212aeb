/*
 * json_groups - the groups of --odd-one-out, kept for the summary record.
 */
#ifndef AFETCH_JSON_GROUPS_H
#define AFETCH_JSON_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

struct output;
struct report_group;

/* All zero: none. */
struct json_groups {
    struct json_group *items; /* heap, in the order in which they are told */
    size_t count;
    bool is_cut; /* there was no memory for all of them */
};

/* One more, of copies. */
void json_groups_add(
    struct json_groups *groups, const struct report_group *group);
/* An array of {"targets","status","inputs","changes"}; null when there are none
 * or some are missing. */
void json_put_groups(struct output *out, const struct json_groups *groups);
void json_groups_fini(struct json_groups *groups);

#endif
