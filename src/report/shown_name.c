/*
 * shown_name - see shown_name.h.
 *
 * Invariant: no more of the name is looked at than there is room for.
 */
#include "report/shown_name.h"

#include "text/escape.h"

#include <string.h>

void shown_name(char name[TOTALS_HOST_MAX], const struct result *result)
{
    static const char mark[] = "...";
    char escaped[ESCAPE_LEN * TOTALS_HOST_MAX + 1];
    size_t len = result_input_len(result);
    size_t looked = len < TOTALS_HOST_MAX ? len : TOTALS_HOST_MAX;
    size_t size = escape_write(escaped, sizeof escaped, result->input, looked);
    if (size < TOTALS_HOST_MAX && looked == len) {
        memcpy(name, escaped, size + 1);
        return;
    }
    size = TOTALS_HOST_MAX - sizeof mark;
    while (size > 0 && ((unsigned char)escaped[size] & 0xc0) == 0x80)
        size--;
    memcpy(name, escaped, size);
    memcpy(name + size, mark, sizeof mark);
}
