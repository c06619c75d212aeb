/*
 * shown_time - see shown_time.h.
 *
 * Invariant: what rounds up to the next unit is shown in that one.
 */
#include "report/shown_time.h"

#include <inttypes.h>
#include <stdio.h>

enum { MS = 1000 * 1000, SECOND = 1000 }; /* ns, ms */

struct shown_time shown_time(int64_t ns)
{
    struct shown_time shown = {"-"};
    char *to = shown.text;
    size_t size = sizeof shown.text;
    double ms = (double)ns / MS, s = ms / SECOND;
    int64_t seconds = (int64_t)(s + 0.5), minutes = (int64_t)(s / 60 + 0.5);
    if (ns < 0)
        return shown;
    if (ms < 99.95)
        snprintf(to, size, "%.1f ms", ms);
    else if (ms < 999.5)
        snprintf(to, size, "%.0f ms", ms);
    else if (s < 99.95)
        snprintf(to, size, "%.1f s", s);
    else if (seconds < 3600)
        snprintf(
            to, size, "%" PRId64 "m%02" PRId64 "s", seconds / 60, seconds % 60);
    else
        snprintf(
            to, size, "%" PRId64 "h%02" PRId64 "m", minutes / 60, minutes % 60);
    return shown;
}
