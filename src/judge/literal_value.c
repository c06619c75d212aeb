/*
 * literal_value - see literal_value.h.
 *
 * Invariant: nothing overflows: what is too large stays at the limit.
 */
#include "judge/literal_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *name;
    quantity factor; /* ns */
    bool is_duration;
} units[] = {
    {"K", QUANTITY_ONE * 1024, false},
    {"M", QUANTITY_ONE * 1024 * 1024, false},
    {"ms", QUANTITY_ONE / 1000, true},
    {"s", QUANTITY_ONE, true},
    {"m", QUANTITY_ONE * 60, true},
    {"h", QUANTITY_ONE * 60 * 60, true},
    {"d", QUANTITY_ONE * 24 * 60 * 60, true},
    {"w", QUANTITY_ONE * 7 * 24 * 60 * 60, true},
};

/* --- numbers --- */

static quantity add_digit(quantity value, char digit)
{
    value = value * 10 + (digit - '0') * QUANTITY_ONE;
    return value > QUANTITY_MOST ? QUANTITY_MOST : value;
}

static void take_fraction(struct span *text, quantity *value)
{
    struct span digits = span_take(text, span_of(*text, byte_is_digit));
    quantity unit = QUANTITY_ONE;
    for (size_t i = 0; i < digits.len && unit > 1; i++) {
        unit /= 10;
        *value += unit * (digits.at[i] - '0');
    }
}

/* Digits, and maybe a point and digits, off the front. */
static bool take_number(struct span *text, quantity *out)
{
    quantity value = 0;
    bool is_negative = text->len && *text->at == '-';
    span_take(text, is_negative);
    struct span digits = span_take(text, span_of(*text, byte_is_digit));
    if (!digits.len)
        return false;
    for (size_t i = 0; i < digits.len; i++)
        value = add_digit(value, digits.at[i]);
    if (text->len > 1 && *text->at == '.' && byte_is_digit(text->at[1])) {
        span_take(text, 1);
        take_fraction(text, &value);
    }
    *out = is_negative ? -value : value;
    return true;
}

bool quantity_parse(struct span text, quantity *out)
{
    quantity value;
    if (!take_number(&text, &value) || text.len)
        return false;
    *out = value;
    return true;
}

static quantity multiply_by(quantity value, quantity factor)
{
    /* Whole and rest apart, so that neither overflows 128 bits. */
    quantity product = value / QUANTITY_ONE * factor +
                       value % QUANTITY_ONE * factor / QUANTITY_ONE;
    if (product > QUANTITY_MOST)
        return QUANTITY_MOST;
    return product < -QUANTITY_MOST ? -QUANTITY_MOST : product;
}

bool literal_parse(struct span text, quantity *out, bool *is_duration)
{
    quantity value;
    if (!take_number(&text, &value))
        return false;
    *is_duration = false;
    if (!text.len) {
        *out = value;
        return true;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].name) == text.len &&
            memcmp(units[i].name, text.at, text.len) == 0) {
            *out = multiply_by(value, units[i].factor);
            *is_duration = units[i].is_duration;
            return true;
        }
    return false;
}

size_t quantity_write(quantity value, char out[QUANTITY_TEXT_MAX])
{
    bool is_negative = value < 0;
    quantity positive = is_negative ? -value : value;
    int64_t whole = (int64_t)(positive / QUANTITY_ONE);
    int64_t rest = (int64_t)(positive % QUANTITY_ONE) / 1000000;
    int len = snprintf(out, QUANTITY_TEXT_MAX, "%s%" PRId64 ".%03" PRId64,
        is_negative ? "-" : "", whole, rest);
    while (out[len - 1] == '0')
        len--;
    if (out[len - 1] == '.')
        len--;
    out[len] = '\0';
    return (size_t)len;
}

/* --- dates --- */

static bool take_digits(struct span *text, size_t count, int *out)
{
    if (text->len < count)
        return false;
    struct span digits = span_take(text, count);
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (!byte_is_digit(digits.at[i]))
            return false;
        *out = *out * 10 + (digits.at[i] - '0');
    }
    return true;
}

static bool take_only(struct span *text, char byte)
{
    return text->len && *span_take(text, 1).at == byte;
}

static bool take_day(struct span *text, struct tm *tm)
{
    return take_digits(text, 4, &tm->tm_year) && take_only(text, '-') &&
           take_digits(text, 2, &tm->tm_mon) && take_only(text, '-') &&
           take_digits(text, 2, &tm->tm_mday);
}

static bool take_clock(struct span *text, struct tm *tm)
{
    return take_only(text, 'T') && take_digits(text, 2, &tm->tm_hour) &&
           take_only(text, ':') && take_digits(text, 2, &tm->tm_min) &&
           take_only(text, ':') && take_digits(text, 2, &tm->tm_sec) &&
           take_only(text, 'Z');
}

/* timegm makes a date of any numbers; only what it leaves alone is one. */
bool literal_date(struct span text, quantity *out)
{
    struct tm tm = {0};
    if (!take_day(&text, &tm) || (text.len && !take_clock(&text, &tm)) ||
        text.len)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    struct tm same = tm;
    time_t seconds = timegm(&same);
    if (same.tm_mon != tm.tm_mon || same.tm_mday != tm.tm_mday ||
        same.tm_hour != tm.tm_hour || same.tm_min != tm.tm_min)
        return false;
    *out = seconds * QUANTITY_ONE;
    return true;
}
