/*
 * date - see date.h.
 *
 * Invariant: a date is taken only when each byte of it fits its form, and the
 * day is one that its month has.
 */
#include "http/date.h"

#include <string.h>

#define SECONDS_OF_DAY INT64_C(86400)

struct moment {
    int year, month, day; /* month: 0 to 11 */
    int hour, minute, second;
    bool is_short; /* year is two digits */
};

/* %D day of the week, %L the same in full, %d %b %Y %y %T as in strptime, %e
 * a digit of the day may be a blank. */
static const char *const forms[] = {
    "%D, %d %b %Y %T GMT",
    "%L, %d-%b-%y %T GMT",
    "%D %b %e %T %Y",
};

static char upper_byte(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Takes this word, which is in capitals, off. */
static bool take_word(struct span *text, const char *word, size_t len)
{
    if (text->len < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (upper_byte(text->at[i]) != word[i])
            return false;
    span_take(text, len);
    return true;
}

/* Which of these words, each of three letters, comes; -1: none. */
static int take_name(struct span *text, const char *words)
{
    for (int i = 0; words[3 * i]; i++)
        if (take_word(text, words + 3 * i, 3))
            return i;
    return -1;
}

static bool take_day_name(struct span *text, bool in_full)
{
    static const char *const rest[] = {
        "DAY", "DAY", "SDAY", "NESDAY", "RSDAY", "DAY", "URDAY"};
    int day = take_name(text, "SUNMONTUEWEDTHUFRISAT");
    return day >= 0 &&
           (!in_full || take_word(text, rest[day], strlen(rest[day])));
}

static bool take_digits(struct span *text, size_t count, int *out)
{
    int number = 0;
    if (text->len < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!byte_is_digit(text->at[i]))
            return false;
        number = number * 10 + (text->at[i] - '0');
    }
    span_take(text, count);
    *out = number;
    return true;
}

static bool take_time(struct span *text, struct moment *out)
{
    return take_digits(text, 2, &out->hour) && take_word(text, ":", 1) &&
           take_digits(text, 2, &out->minute) && take_word(text, ":", 1) &&
           take_digits(text, 2, &out->second) && out->hour < 24 &&
           out->minute < 60 && out->second <= 60;
}

static bool take_part(struct span *text, char part, struct moment *out)
{
    switch (part) {
    case 'D':
    case 'L':
        return take_day_name(text, part == 'L');
    case 'b':
        out->month = take_name(text, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC");
        return out->month >= 0;
    case 'e':
        if (take_word(text, " ", 1))
            return take_digits(text, 1, &out->day);
        return take_digits(text, 2, &out->day);
    case 'd':
        return take_digits(text, 2, &out->day);
    case 'T':
        return take_time(text, out);
    default:
        out->is_short = part == 'y';
        return take_digits(text, out->is_short ? 2 : 4, &out->year);
    }
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool take_form(struct span text, const char *form, struct moment *out)
{
    for (; *form; form++) {
        bool taken = *form == '%' ? take_part(&text, *++form, out)
                                  : take_word(&text, form, 1);
        if (!taken)
            return false;
    }
    return text.len == 0;
}

/* Days before the first of March of a year that begins there. */
static int64_t days_of_years(int year)
{
    return INT64_C(365) * year + year / 4 - year / 100 + year / 400;
}

static int64_t seconds_of(const struct moment *at)
{
    static const int before[] = {
        306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275};
    /* From the first of March of the year 0, 719468 days before 1970; that
     * years are not negative is seen to by a whole cycle of 400. */
    int year = at->year - (at->month < 2) + 400;
    int64_t days = days_of_years(year) + before[at->month] + at->day - 1;
    return (days - 719468 - 146097) * SECONDS_OF_DAY + at->hour * 3600 +
           at->minute * 60 + at->second;
}

static bool is_day(const struct moment *at)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int most = days[at->month] + (at->month == 1 && is_leap(at->year));
    return at->day >= 1 && at->day <= most;
}

/* Puts two digits of a year into their century. */
static void find_century(struct moment *at, int64_t now)
{
    struct moment next = *at;
    /* Until the next one, 50 years before it, would not be past. */
    for (next.year += 50; next.year < 10000; next.year += 100) {
        if (seconds_of(&next) > now)
            break;
        at->year = next.year + 50;
    }
}

bool date_parse(struct span text, int64_t now, int64_t *out)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct moment at = {0};
        if (!take_form(text, forms[i], &at))
            continue;
        if (at.is_short)
            find_century(&at, now);
        if (is_day(&at))
            *out = seconds_of(&at);
        return is_day(&at);
    }
    return false;
}
