/*
 * hash - SipHash-2-4 with 128 bits, as its authors' siphash.c has it: of texts
 * that strangers may have chosen, under a key that they cannot know.
 */
#ifndef AFETCH_HASH_H
#define AFETCH_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key {
    uint64_t words[2];
};

struct hash {
    uint64_t words[2];
};

struct hash hash_text(const struct hash_key *key, const char *text, size_t len);

#endif
