/*
 * literal_value: numbers, durations, dates; what is none; the largest.
 */
#include "judge/literal_value.h"

#include "run.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NINES "99999999999999999999999999999999999999999999999999"

static const struct {
    const char *text, *shown; /* NULL: it is none */
    bool is_duration;
} numbers[] = {
    {"0", "0", false},
    {"042", "42", false},
    {"-1", "-1", false},
    {"0.5", "0.5", false},
    {"-0.25", "-0.25", false},
    {"1.0009999999999", "1", false},
    {"1K", "1024", false},
    {"1.5K", "1536", false},
    {"2M", "2097152", false},
    {"500ms", "0.5", true},
    {"1s", "1", true},
    {"2m", "120", true},
    {"1.5h", "5400", true},
    {"30d", "2592000", true},
    {"26w", "15724800", true},
    {NINES, "1000000000000000000", false},
    {NINES "w", "1000000000000000000", true},
    {"-" NINES "w", "-1000000000000000000", true},
    {"", NULL, false},
    {"-", NULL, false},
    {".5", NULL, false},
    {"1.", NULL, false},
    {"1k", NULL, false},
    {"1 s", NULL, false},
    {"1y", NULL, false},
    {"0x1", NULL, false},
    {"1e3", NULL, false},
};

START_TEST(numbers_and_durations)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        char shown[QUANTITY_TEXT_MAX];
        quantity value = 0;
        bool is_duration = false;
        struct span text = {numbers[i].text, strlen(numbers[i].text)};
        bool is = literal_parse(text, &value, &is_duration);
        ck_assert_msg(is == (numbers[i].shown != NULL), "%s", numbers[i].text);
        if (!is)
            continue;
        quantity_write(value, shown);
        ck_assert_str_eq(shown, numbers[i].shown);
        ck_assert_int_eq(is_duration, numbers[i].is_duration);
    }
}
END_TEST

START_TEST(dates)
{
    static const struct {
        const char *text;
        int64_t seconds; /* -1: it is none */
    } table[] = {{"1970-01-01", 0}, {"2027-03-31", 1806451200},
        {"2024-02-29", 1709164800}, {"2027-03-31T00:00:01Z", 1806451201},
        {"2023-02-29", -1}, {"2027-3-31", -1}, {"2027-03-31T00:00Z", -1},
        {"2027-13-01", -1}, {"2027-03-31T24:00:00Z", -1}, {"2027-03", -1},
        {"2027-03-31 ", -1}, {"", -1}, {"20270331", -1}};
    for (size_t i = 0; i < COUNT(table); i++) {
        quantity value;
        struct span text = {table[i].text, strlen(table[i].text)};
        bool is = literal_date(text, &value);
        ck_assert_msg(is == (table[i].seconds >= 0), "%s", table[i].text);
        if (is)
            ck_assert(value == table[i].seconds * QUANTITY_ONE);
    }
}
END_TEST

int main(void)
{
    return run_tests("literal_value",
        (const TTest *const[]){numbers_and_durations, dates, NULL});
}
