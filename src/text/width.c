/*
 * width - see width.h.
 *
 * Invariant: a cut is never within a character.
 */
#include "text/width.h"

#include "text/utf8.h"

#include <stdint.h>

struct range {
    uint32_t first, last;
};

static const struct range none[] = {{0x300, 0x36f}, {0x483, 0x489},
    {0x591, 0x5bd}, {0x610, 0x61a}, {0x64b, 0x65f}, {0x93c, 0x93c},
    {0x941, 0x948}, {0x94d, 0x94d}, {0xe31, 0xe31}, {0xe34, 0xe3a},
    {0xe47, 0xe4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f},
    {0x2028, 0x202e}, {0x2060, 0x2064}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f},
    {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0000, 0xe0fff}};

static const struct range two[] = {{0x1100, 0x115f}, {0x231a, 0x231b},
    {0x23e9, 0x23ec}, {0x2614, 0x2615}, {0x2648, 0x2653}, {0x26aa, 0x26ab},
    {0x26bd, 0x26be}, {0x2705, 0x2705}, {0x274c, 0x274c}, {0x2753, 0x2755},
    {0x2757, 0x2757}, {0x2b1b, 0x2b1c}, {0x2b50, 0x2b50}, {0x2e80, 0x303e},
    {0x3041, 0xa4cf}, {0xa960, 0xa97f}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
    {0xfe10, 0xfe19}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
    {0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff}, {0x1f18e, 0x1f18e},
    {0x1f191, 0x1f19a}, {0x1f1e6, 0x1f64f}, {0x1f680, 0x1f6ff},
    {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1faff}, {0x20000, 0x3fffd}};

#define IN(ranges, character)                                                  \
    is_in(ranges, sizeof(ranges) / sizeof *(ranges), character)

static int is_in(const struct range *ranges, size_t count, uint32_t character)
{
    for (size_t i = 0; i < count && ranges[i].first <= character; i++)
        if (character <= ranges[i].last)
            return 1;
    return 0;
}

/* Of a sequence of 2 to 4 bytes. */
static uint32_t decode_utf8(const char *text, size_t len)
{
    uint32_t character = (unsigned char)text[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++)
        character = character << 6 | ((unsigned char)text[i] & 0x3fu);
    return character;
}

/* The bytes of the first character, and what it takes. */
static size_t take_character(const char *text, size_t len, size_t *width)
{
    size_t bytes = utf8_sequence(text, len);
    uint32_t character = bytes > 1 ? decode_utf8(text, bytes) : 0;
    *width = IN(two, character) ? 2 : IN(none, character) ? 0 : 1;
    return bytes ? bytes : 1;
}

size_t width_cut(const char *text, size_t len, size_t width, size_t *taken)
{
    size_t used = 0;
    *taken = 0;
    while (used < len) {
        size_t more, bytes = take_character(text + used, len - used, &more);
        if (*taken + more > width)
            break;
        *taken += more;
        used += bytes;
    }
    return used;
}

size_t width_of(const char *text, size_t len)
{
    size_t taken;
    width_cut(text, len, (size_t)-1, &taken);
    return taken;
}
