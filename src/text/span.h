/*
 * span - a piece of text that somebody else owns, and what its bytes are.
 *
 * Bytes are ASCII or nothing, whatever the locale (<ctype.h> asks it, and a
 * name's or port's letters are the same in Turkish); a NUL is a byte like any
 * other.  No function looks beyond a span's length or allocates.  What runs
 * once a byte is inline.
 */
#ifndef AFETCH_SPAN_H
#define AFETCH_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *at; /* not NULL */
    size_t len;
};

typedef bool byte_kind(char c);

static inline bool byte_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool byte_is_hex(char c)
{
    return byte_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool byte_is_alnum(char c)
{
    return byte_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool byte_is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

/* The lower case letter of an upper case one; other bytes are unchanged. */
static inline int byte_lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* The value of a hexadecimal digit (byte_is_hex). */
static inline int byte_hex_value(char c)
{
    return byte_is_digit(c) ? c - '0' : byte_lower(c) - 'a' + 10;
}

/* SP and HTAB */
static inline bool byte_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The ASCII whitespace of the Infra standard. */
static inline bool byte_is_space(char c)
{
    return byte_is_blank(c) || c == '\n' || c == '\f' || c == '\r';
}

/* RFC 9110 section 5.6.2 */
static inline bool byte_is_token(char c)
{
    return byte_is_alnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

/* RFC 3986 section 3.1 */
static inline bool byte_is_scheme(char c)
{
    return byte_is_alnum(c) || c == '+' || c == '-' || c == '.';
}

static inline struct span span_of_string(const char *text)
{
    return (struct span){text, strlen(text)};
}

/* Is it the same in any case of ASCII letters? */
bool span_is_like(struct span span, struct span other);

/* Does it begin with a quote, single or double? */
static inline bool span_is_quoted(struct span span)
{
    return span.len && (*span.at == '\'' || *span.at == '"');
}

/* How many bytes at its beginning are of one kind. */
static inline size_t span_of(struct span span, byte_kind *is)
{
    size_t len = 0;
    while (len < span.len && is(span.at[len]))
        len++;
    return len;
}

static inline bool span_is(struct span span, byte_kind *is)
{
    return span_of(span, is) == span.len;
}

/* Without those of one kind at either end. */
struct span span_trim(struct span span, byte_kind *is);

/* How many bytes stand before the first of these stops. */
size_t span_until(struct span span, const char *stops);

/* Whether the byte is anywhere in it. */
bool span_has(struct span span, char byte);
/* Whether it begins with this string, in the same case. */
bool span_has_prefix(struct span span, const char *prefix);

/* Takes its first `len` bytes off and returns them. */
static inline struct span span_take(struct span *span, size_t len)
{
    struct span taken = {span->at, len};
    span->at += len;
    span->len -= len;
    return taken;
}

/* Takes blanks and the column behind them off and returns the column. */
struct span span_take_column(struct span *line);

/* Copies it to where the caller has made room; returns the end of the copy. */
static inline char *span_write(char *out, struct span span)
{
    memcpy(out, span.at, span.len);
    return out + span.len;
}

/* Writes a string for functions that want one; false if it does not fit. */
bool span_copy(struct span span, char *out, size_t size);

#endif
