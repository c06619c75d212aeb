/*
 * terminal - whether a descriptor is a terminal, and what it can show.
 */
#ifndef AFETCH_TERMINAL_H
#define AFETCH_TERMINAL_H

#include <stdbool.h>

enum { TERMINAL_WIDTH = 80 }; /* where the width is not known */

struct terminal {
    bool is_one;
    bool is_dumb; /* by TERM: it knows no escape sequences */
    bool has_color; /* escape sequences may be written, for people */
    unsigned width; /* of a line, above 0 */
    int fd; /* of the terminal; 0: its width stays as it is */
};

enum terminal_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Color with COLOR_AUTO: on a terminal, unless NO_COLOR is set and not empty
 * or TERM is "dumb". */
struct terminal terminal_look(int fd, enum terminal_color color);

/* Takes the width again: the window may have been resized. */
void terminal_refresh(struct terminal *terminal);

/* The columns of the window now; COLUMNS may say that they are fewer.
 * TERMINAL_WIDTH where fd is no terminal. */
unsigned terminal_width(int fd);

/* Whether both are the same terminal.  Compares the terminals, not the device
 * files: /dev/tty and /dev/ptmx stand for another terminal each time. */
bool terminal_is_same(int a, int b);

#endif
