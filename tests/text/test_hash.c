/*
 * hash: the reference's vectors for 128 bits (key 00 01 ... 0f, text 00 01
 * ...).
 */
#include "text/hash.h"

#include "run.h"

#include <stdio.h>

static const struct hash_key key = {{0x0706050403020100, 0x0f0e0d0c0b0a0908}};

static const struct {
    size_t len;
    const char *hash; /* its bytes, in hex */
} rows[] = {
    {0, "a3817f04ba25a8e66df67214c7550293"},
    {1, "da87c1d86b99af44347659119b22fc45"},
    {2, "8177228da4a45dc7fca38bdef60affe4"},
    {8, "3b62a9ba6258f5610f83e264f31497b4"},
    {13, "9869e247e9c08b10d029934fc4b952f7"}, /* by OpenSSL */
};

static void put_word(char *out, uint64_t word)
{
    for (unsigned i = 0; i < 8; i++)
        sprintf(out + 2 * i, "%02x", (unsigned)(word >> 8 * i & 0xff));
}

START_TEST(as_the_reference)
{
    char text[16], out[33];
    for (int i = 0; i < 16; i++)
        text[i] = (char)i;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hash hash = hash_text(&key, text, rows[i].len);
        put_word(out, hash.words[0]);
        put_word(out + 16, hash.words[1]);
        ck_assert_str_eq(out, rows[i].hash);
    }
}
END_TEST

int main(void)
{
    return run_tests("hash", (const TTest *const[]){as_the_reference, NULL});
}
