/*
 * terminal - what a descriptor is to the one who looks at it.
 */
#ifndef AFETCH_TERMINAL_H
#define AFETCH_TERMINAL_H

#include <stdbool.h>

enum { TERMINAL_WIDTH = 80 }; /* where nobody says another one */

struct terminal {
    bool is_one;
    bool is_dumb; /* by TERM: it knows no escape sequences */
    bool has_color; /* escape sequences may be written, for people */
    unsigned width; /* of a line, above 0 */
};

enum terminal_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Color with COLOR_AUTO: on a terminal, unless NO_COLOR is set and not empty
 * or TERM is "dumb". */
struct terminal terminal_look(int fd, enum terminal_color color);

/* The columns of the window now; COLUMNS may say that they are fewer.
 * TERMINAL_WIDTH where fd is no terminal. */
unsigned terminal_width(int fd);

/* Are both the same terminal?  By the terminals themselves: /dev/tty and
 * /dev/ptmx lead to another one each time. */
bool terminal_is_same(int a, int b);

#endif
