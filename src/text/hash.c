/*
 * hash - see hash.h.
 */
#include "text/hash.h"

enum { WORD = 8 };

struct state {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate_left(uint64_t word, unsigned by)
{
    return word << by | word >> (64 - by);
}

static void mix_round(struct state *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate_left(s->v1, 13) ^ s->v0;
    s->v3 = rotate_left(s->v3, 16) ^ s->v2;
    s->v0 = rotate_left(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate_left(s->v1, 17) ^ s->v2;
    s->v3 = rotate_left(s->v3, 21) ^ s->v0;
    s->v2 = rotate_left(s->v2, 32);
}

static void mix_word(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    mix_round(s);
    mix_round(s);
    s->v0 ^= word;
}

static uint64_t finish_word(struct state *s)
{
    for (int i = 0; i < 4; i++)
        mix_round(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* Up to a word of bytes, the first one lowest. */
static uint64_t read_word(const char *text, size_t len)
{
    uint64_t word = 0;
    for (size_t i = 0; i < len; i++)
        word |= (uint64_t)(unsigned char)text[i] << 8 * i;
    return word;
}

struct hash hash_text(const struct hash_key *key, const char *text, size_t len)
{
    const uint64_t *k = key->words;
    struct state s = {
        k[0] ^ 0x736f6d6570736575,
        k[1] ^ 0x646f72616e646f6d ^ 0xee,
        k[0] ^ 0x6c7967656e657261,
        k[1] ^ 0x7465646279746573,
    };
    size_t at = 0;
    for (; at + WORD <= len; at += WORD)
        mix_word(&s, read_word(text + at, WORD));
    mix_word(&s, read_word(text + at, len - at) | (uint64_t)len << 56);
    s.v2 ^= 0xee;
    struct hash hash;
    hash.words[0] = finish_word(&s);
    s.v1 ^= 0xdd;
    hash.words[1] = finish_word(&s);
    return hash;
}
