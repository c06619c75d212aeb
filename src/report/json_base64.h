/*
 * json_base64 - bytes put as base64 (RFC 4648 section 4, with padding), in as
 * many pieces as they come in.
 */
#ifndef AFETCH_BASE64_H
#define AFETCH_BASE64_H

#include <stddef.h>

struct output;

struct base64 { /* all zero to begin with */
    unsigned char held[3]; /* not yet a whole group */
    size_t count;
};

/* The next bytes; up to two are held until their group is whole. */
void base64_put(
    struct base64 *base64, struct output *out, const char *bytes, size_t len);
/* The last group and its padding; base64 is as new afterwards. */
void base64_end(struct base64 *base64, struct output *out);

#endif
