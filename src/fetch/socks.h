/*
 * socks - messages of SOCKS 5 (RFC 1928) and of its user names and passwords
 * (RFC 1929), written and read.  Pure.
 */
#ifndef AFETCH_SOCKS_H
#define AFETCH_SOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SOCKS_VERSION = 5,
    SOCKS_TEXT_MAX = 255, /* bytes of a name, user name or password */
    /* Sizes of what is written: */
    SOCKS_METHODS_MAX = 4,
    SOCKS_LOGIN_MAX = 3 + 2 * SOCKS_TEXT_MAX,
    SOCKS_CONNECT_MAX = 7 + SOCKS_TEXT_MAX,
    /* Of the two short replies: */
    SOCKS_SHORT_SIZE = 2,
};

/* The second byte of the reply to socks_methods. */
enum socks_method {
    SOCKS_METHOD_NONE = 0, /* go on */
    SOCKS_METHOD_LOGIN = 2, /* socks_login is wanted */
    SOCKS_METHOD_REFUSED = 0xff, /* none of those offered will do */
};

/* What is to be connected to. */
struct socks_end {
    const char *name; /* at most SOCKS_TEXT_MAX bytes; NULL: the address */
    const void *address; /* in network byte order */
    bool is_v6; /* 16 bytes, else 4 */
    uint16_t port; /* host byte order */
};

/* The messages of a client, in their order; each returns its length, or 0
 * when one of the texts is longer than SOCKS_TEXT_MAX. */
size_t socks_methods(unsigned char out[SOCKS_METHODS_MAX], bool with_login);
size_t socks_login(
    unsigned char out[SOCKS_LOGIN_MAX], const char *user, const char *password);
size_t socks_connect(
    unsigned char out[SOCKS_CONNECT_MAX], const struct socks_end *end);

/*
 * The length of the reply to socks_connect, as far as its first `len` bytes
 * tell: no more than `len` when it is whole, 0 when it is none.  A refusal
 * is whole with its second byte, which says why: some proxies close behind
 * it.
 */
size_t socks_reply_size(const unsigned char *bytes, size_t len);

/* That second byte in words; 0 is success. */
const char *socks_reply_words(unsigned char reply);
/* Is it about the target, and not about what was asked? */
bool socks_reply_is_of_target(unsigned char reply);

#endif
