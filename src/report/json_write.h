/*
 * json_write - JSON's values put into an output, always valid UTF-8, without
 * stdio: a record is on the path of every target.
 *
 * Strings hold no control character, DEL, C1 control, U+2028 or U+2029 as
 * such: they come as \uXXXX.
 */
#ifndef AFETCH_JSON_WRITE_H
#define AFETCH_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct output;

/* Text that is part of the format itself. */
#define JSON_PUT(out, literal) output_put(out, literal, sizeof(literal) - 1)

/* Quoted; UTF-8 if it is well-formed, else decoded as ISO-8859-1. */
void json_put_string(struct output *out, const char *bytes, size_t len);
/* As json_put_string, NUL-terminated; NULL gives null. */
void json_put_text(struct output *out, const char *text);
/* Quoted; decoded as ISO-8859-1 whatever it is. */
void json_put_latin1(struct output *out, const char *bytes, size_t len);

/* What stands between the quotes, for strings that come in pieces. */
void json_put_utf8_part(struct output *out, const char *bytes, size_t len);
void json_put_latin1_part(struct output *out, const char *bytes, size_t len);

void json_put_bool(struct output *out, bool value);
/* In decimal, every digit. */
void json_put_uint(struct output *out, uint64_t value);
/* ns as milliseconds with three decimals, rounded; null when negative. */
void json_put_ms(struct output *out, int64_t ns);

/* "2026-11-22T09:40:12.123Z", quoted; remembers the last second's text. */
struct json_clock { /* all zero to begin with */
    time_t second;
    char text[32]; /* up to the seconds; "" at first */
    size_t len;
};
void json_put_time(
    struct json_clock *clock, struct output *out, const struct timespec *time);

#endif
