/*
 * cookie_date - see cookie_date.h.
 */
#include "fields/cookie_date.h"

#include <string.h>
#include <strings.h>
#include <time.h>

struct date {
    bool has_time, has_day, has_month, has_year;
    int hour, minute, second, day, month, year;
};

static bool byte_is_delimiter(char byte)
{
    unsigned char c = (unsigned char)byte;
    return c == '\t' || (c >= 0x20 && c <= 0x2f) || (c >= 0x3b && c <= 0x40) ||
           (c >= 0x5b && c <= 0x60) || (c >= 0x7b && c <= 0x7e);
}

static bool byte_is_part(char c)
{
    return !byte_is_delimiter(c);
}

/* least to most digits, and no digit behind them. */
static bool take_number(struct span *text, size_t least, size_t most, int *out)
{
    size_t len = span_of(*text, byte_is_digit);
    int number = 0;
    if (len < least || len > most)
        return false;
    for (struct span digits = span_take(text, len); digits.len > 0;)
        number = number * 10 + (*span_take(&digits, 1).at - '0');
    *out = number;
    return true;
}

static bool take_colon(struct span *text)
{
    return text->len > 0 && *span_take(text, 1).at == ':';
}

static bool read_time(struct span token, struct date *date)
{
    return take_number(&token, 1, 2, &date->hour) && take_colon(&token) &&
           take_number(&token, 1, 2, &date->minute) && take_colon(&token) &&
           take_number(&token, 1, 2, &date->second);
}

static bool read_month(struct span token, int *out)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int i = 0; token.len >= 3 && i < 12; i++)
        if (strncasecmp(token.at, names + i * 3, 3) == 0) {
            *out = i;
            return true;
        }
    return false;
}

/* The first thing that is still missing and that the token can be. */
static void read_token(struct span token, struct date *date)
{
    struct span rest = token;
    if (!date->has_time && read_time(token, date))
        date->has_time = true;
    else if (!date->has_day && take_number(&rest, 1, 2, &date->day))
        date->has_day = true;
    else if (!date->has_month && read_month(token, &date->month))
        date->has_month = true;
    else if (!date->has_year && take_number(&token, 2, 4, &date->year))
        date->has_year = true;
}

static bool is_date(const struct date *date)
{
    return date->has_time && date->has_day && date->has_month &&
           date->has_year && date->day >= 1 && date->day <= 31 &&
           date->year >= 1601 && date->hour <= 23 && date->minute <= 59 &&
           date->second <= 59;
}

bool cookie_date_parse(struct span text, int64_t *out)
{
    struct date date = {0};
    while (text.len > 0) {
        span_take(&text, span_of(text, byte_is_delimiter));
        read_token(span_take(&text, span_of(text, byte_is_part)), &date);
    }
    if (date.has_year && date.year < 100)
        date.year += date.year < 70 ? 2000 : 1900;
    if (!is_date(&date))
        return false;
    struct tm tm = {.tm_year = date.year - 1900,
        .tm_mon = date.month,
        .tm_mday = date.day,
        .tm_hour = date.hour,
        .tm_min = date.minute,
        .tm_sec = date.second};
    int64_t seconds = timegm(&tm);
    if (tm.tm_mday != date.day) /* there is no such day */
        return false;
    *out = seconds;
    return true;
}
