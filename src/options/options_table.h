/*
 * options_table - the one table of options, for the rooms of options only.
 *
 * A new option is a field in struct options and a row in options_table.c.
 */
#ifndef AFETCH_OPTIONS_TABLE_H
#define AFETCH_OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct options;
struct option_row;

enum option_group {
    GROUP_TARGETS,
    GROUP_CONCURRENCY,
    GROUP_TIME,
    GROUP_CONNECTION,
    GROUP_REQUEST,
    GROUP_TLS,
    GROUP_JUDGING,
    GROUP_OUTPUT,
    GROUP_RUNS,
    GROUP_OTHER,
};

/*
 * Checks an argument and puts it where the row says.  Returns 0; -EINVAL
 * with *why set to a static text that goes after the quoted argument ("is
 * not a ..."); or -ENOMEM.
 */
typedef int option_take(struct options *options, const struct option_row *row,
    const char *argument, const char **why);

struct option_choice {
    const char *name; /* NULL ends the list */
    int value;
    const char *unavailable; /* why it cannot be had, as *why; NULL: it can */
};

struct option_row {
    enum option_group group;
    const char *name; /* long, without dashes; never NULL */
    char letter; /* short, or 0 */
    const char *argument; /* what help calls it; NULL: takes none */
    const char *initial; /* the default, as on the command line; or NULL */
    const char *help; /* no full stop, no default; NULL: hidden */
    bool repeatable; /* each one counts, not the last only */
    bool secret; /* the argument is not shown in messages */
    const char *brief; /* of the thirty that people use: its line in the short
                          help; NULL: not in it */
    bool helps; /* shows help, of what its argument or the next word says */

    option_take *take;
    size_t field; /* offset in struct options */
    unsigned least; /* of a number */
    const char *preset; /* given to take where the user gives no argument */
    const struct option_choice *choices;
    const char *mismatch; /* take's *why for a wrong argument */
    void (*print)(FILE *out); /* instead of take: print this, end */
};

/* For the room that is made for them; the compiler sees to it. */
enum { OPTION_ROWS_MAX = 128 };

extern const struct option_row option_rows[];
extern const size_t option_row_count;

/* "Time" */
const char *option_group_title(enum option_group group);

/* The rows' `print`: options_print.c. */
void options_print_version(FILE *out);
/*
 * The table for other programs: a line a visible row, of eight columns
 * between tabs: name, letter, argument, default, choices (between "|"),
 * "repeatable", group, help; "-" for what there is none of.
 */
void options_print_table(FILE *out);

#endif
