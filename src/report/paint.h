/*
 * paint - the colors of what is written for people at a terminal.
 *
 * They are written around escaped text only: no escape sequence comes from
 * anywhere else.
 */
#ifndef AFETCH_PAINT_H
#define AFETCH_PAINT_H

#include <stdbool.h>
#include <stddef.h>

struct output;

enum paint {
    PAINT_OFF, /* as the terminal is */
    PAINT_NAME, /* of a target */
    PAINT_FIELD, /* the name of a header field */
    PAINT_GOOD, /* 2xx */
    PAINT_MOVED, /* 1xx, 3xx */
    PAINT_BAD, /* 4xx, and what is a warning */
    PAINT_FAILED, /* 5xx, and what has failed */
    PAINT_FAINT, /* what matters less */
};

/* The escape sequence; "" without color. */
const char *paint_code(bool has_color, enum paint color);

/* The color of a status code. */
enum paint paint_status(int status);

/* Writes the bytes, escaped, in this color if there is color. */
void paint_put(struct output *out, enum paint color, const char *bytes,
    size_t len, bool has_color);

#endif
