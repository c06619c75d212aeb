/*
 * plan - what a run would do, in text: for people, and for diff; or as a
 * record.
 */
#ifndef AFETCH_PLAN_TEXT_H
#define AFETCH_PLAN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output;

enum { PLAN_BAD_MAX = 10, PLAN_LIMITS_MAX = 16, PLAN_MASKED_MAX = 128 };

/* A line that is no target. */
struct plan_bad {
    char *shown; /* any bytes */
    size_t shown_len;
    const char *source; /* NULL: the command line */
    size_t line;
    const char *reason;
};

struct plan_rule {
    const char *id, *text, *source, *only; /* NULL: none */
    bool is_warning;
    bool is_met; /* it is for one of the targets */
};

struct plan_limit {
    const char *name;
    char value[64];
};

struct plan {
    uint64_t http, https, bad; /* targets */
    uint64_t addresses; /* of the good ones, those that need no DNS */
    struct plan_bad bad_lines[PLAN_BAD_MAX]; /* the first of them */
    bool is_resumed; /* targets that have a record are left out: */
    uint64_t done, again; /* left out; to be fetched although they have one */
    uint64_t request_bytes; /* of all targets, the first request of each */
    int64_t least, most; /* ns that the run takes, at this rate, and when no
                            target answers; 0: not known */
    uint64_t memory; /* bytes, about */
    unsigned long open_files; /* that there may be */
    const struct plan_rule *rules;
    size_t rule_count;
    struct plan_limit limits[PLAN_LIMITS_MAX];
    size_t limit_count;
    /* Fields, or lists of them, that a comparison leaves out; none when nothing
     * is compared. */
    const char *masked[PLAN_MASKED_MAX];
    size_t masked_count;
    const char *url; /* of the first target; NULL: there is none */
    const char *proxy; /* that it is sent through; NULL: none */
    const char *request; /* the head that it would be sent */
    size_t request_len;
};

/* Credentials in the request are shown as "***". */
void report_plan(struct output *out, const struct plan *plan);
/* The same as one line of JSON. */
void report_plan_json(struct output *out, const struct plan *plan);

#endif
