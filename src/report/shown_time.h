/*
 * shown_time - a time for people, of three digits or so.
 */
#ifndef AFETCH_SHOWN_TIME_H
#define AFETCH_SHOWN_TIME_H

#include <stdint.h>

enum { SHOWN_TIME_WIDTH = 7 }; /* of any time below 100 hours */

struct shown_time {
    char text[48]; /* whatever int64_t is */
};

/* "0.3 ms", "20.6 ms", "301 ms", "1.3 s", "16m40s", "2h56m"; of ns, "-" of
 * what is negative. */
struct shown_time shown_time(int64_t ns);

#endif
