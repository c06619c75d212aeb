/*
 * speech: what a peer speaks, by its first bytes.
 */
#include "fetch/speech.h"

#include "run.h"

#include <string.h>

static const struct {
    const char *bytes;
    size_t len;
    enum speech speech;
    size_t decided; /* with so many bytes */
} rows[] = {
    /* SETTINGS with three of them, with none (nginx, Node) and more behind. */
    {"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03", 11, SPEECH_HTTP2, 9},
    {"\x00\x00\x00\x04\x00\x00\x00\x00\x00", 9, SPEECH_HTTP2, 9},
    /* GOAWAY; 10 is the byte of a line end. */
    {"\x00\x00\x08\x07\x00\x00\x00\x00\x00", 9, SPEECH_HTTP2, 9},
    {"\x00\x00\x0a\x07\x00\x00\x00\x00\x00", 9, SPEECH_HTTP2, 9},
    {"\x15\x03\x01\x00\x02\x02\x46", 7, SPEECH_TLS, 5},
    {"\x15\x03\x03\x00\x02\x02\x0a", 7, SPEECH_TLS, 5},
    {"\x15\x03\x00\x00\x02\x01\x00", 7, SPEECH_TLS, 5},
    /* Neither. */
    {"\x00\x00\x11\x04\x00\x00\x00\x00\x00", 9, SPEECH_UNKNOWN, 0},
    {"\x00\x00\x12\x04\x01\x00\x00\x00\x00", 9, SPEECH_UNKNOWN, 0},
    {"\x00\x00\x12\x04\x00\x00\x00\x00\x01", 9, SPEECH_UNKNOWN, 0},
    {"\x00\x00\x12\x01\x00\x00\x00\x00\x00", 9, SPEECH_UNKNOWN, 0},
    {"\x00\x00\x07\x07\x00\x00\x00\x00\x00", 9, SPEECH_UNKNOWN, 0},
    {"\x01\x00\x12\x04\x00\x00\x00\x00\x00", 9, SPEECH_UNKNOWN, 0},
    {"\x15\x03\x05\x00\x02\x02\x46", 7, SPEECH_UNKNOWN, 0},
    {"\x15\x04\x01\x00\x02\x02\x46", 7, SPEECH_UNKNOWN, 0},
    {"\x15\x03\x01\x00\x03\x02\x46", 7, SPEECH_UNKNOWN, 0},
    {"\x16\x03\x01\x00\x02\x02\x46", 7, SPEECH_UNKNOWN, 0},
    {"HTTP/1.1 200 OK\r\n", 17, SPEECH_UNKNOWN, 0},
    {"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 10, SPEECH_UNKNOWN, 0},
};

START_TEST(table)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t len = 0; len <= rows[i].len; len++)
            ck_assert_int_eq(speech_of(rows[i].bytes, len),
                len < rows[i].decided ? SPEECH_UNKNOWN : rows[i].speech);
}
END_TEST

int main(void)
{
    return run_tests("speech", (const TTest *const[]){table, NULL});
}
