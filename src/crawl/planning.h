/*
 * planning - instead of a run: what it would do, with nothing sent.
 */
#ifndef AFETCH_PLANNING_H
#define AFETCH_PLANNING_H

struct list;
struct options;
struct output;
struct rules;
struct selection;
struct setup;

struct planning {
    const struct options *options;
    struct setup *setup; /* opened */
    const struct rules *rules;
    struct list *list; /* is read to its end */
    const struct selection *selection; /* what it leaves out */
    struct output *out;
};

/* Neither asks DNS nor opens a socket.  0, or the exit code after a message. */
int planning_run(const struct planning *planning);

#endif
