/*
 * paint - see paint.h.
 *
 * Invariant: the eight colors that every terminal has, so that its owner's
 * choice of them holds.
 */
#include "report/paint.h"

#include "output/buffer.h"

const char *paint_code(bool has_color, enum paint color)
{
    static const char *const sequences[] = {
        [PAINT_OFF] = "\033[m",
        [PAINT_NAME] = "\033[1m",
        [PAINT_FIELD] = "\033[36m",
        [PAINT_GOOD] = "\033[32m",
        [PAINT_MOVED] = "\033[34m",
        [PAINT_BAD] = "\033[33m",
        [PAINT_FAILED] = "\033[31m",
        [PAINT_FAINT] = "\033[2m",
    };
    return has_color ? sequences[color] : "";
}

enum paint paint_status(int status)
{
    static const enum paint by_class[] = {
        PAINT_FAILED, PAINT_MOVED, PAINT_GOOD, PAINT_MOVED, PAINT_BAD};
    return status >= 100 && status < 500 ? by_class[status / 100]
                                         : PAINT_FAILED;
}

void paint_put(struct output *out, enum paint color, const char *bytes,
    size_t len, bool has_color)
{
    output_puts(out, paint_code(has_color, color));
    output_put_escaped(out, bytes, len);
    output_puts(out, paint_code(has_color, PAINT_OFF));
}
