/*
 * socks - see socks.h.
 */
#include "fetch/socks.h"

#include <string.h>

enum { LOGIN_VERSION = 1, COMMAND_CONNECT = 1 };

/* RFC 1928 section 5. */
enum { TYPE_V4 = 1, TYPE_NAME = 3, TYPE_V6 = 4 };
enum { V4_SIZE = 4, V6_SIZE = 16, PORT_SIZE = 2 };

/* RFC 1928 section 6. */
enum { REPLY_NOT_ALLOWED = 2, REPLY_NO_COMMAND = 7, REPLY_NO_TYPE = 8 };

static const char *const replies[] = {
    "succeeded",
    "general failure",
    "not allowed by its ruleset",
    "network unreachable",
    "host unreachable",
    "connection refused",
    "the connection took too long (TTL expired)",
    "command not supported",
    "address type not supported",
};

size_t socks_methods(unsigned char out[SOCKS_METHODS_MAX], bool with_login)
{
    out[0] = SOCKS_VERSION;
    out[1] = with_login ? 2 : 1;
    out[2] = SOCKS_METHOD_NONE;
    if (with_login)
        out[3] = SOCKS_METHOD_LOGIN;
    return 2u + out[1];
}

static bool fits_byte(const char *text)
{
    return strlen(text) <= SOCKS_TEXT_MAX;
}

/* A byte with the length, then the text. */
static unsigned char *put_socks_text(unsigned char *out, const char *text)
{
    size_t len = strlen(text);
    *out++ = (unsigned char)len;
    memcpy(out, text, len);
    return out + len;
}

size_t socks_login(
    unsigned char out[SOCKS_LOGIN_MAX], const char *user, const char *password)
{
    if (!fits_byte(user) || !fits_byte(password))
        return 0;
    out[0] = LOGIN_VERSION;
    return (
        size_t)(put_socks_text(put_socks_text(out + 1, user), password) - out);
}

size_t socks_connect(
    unsigned char out[SOCKS_CONNECT_MAX], const struct socks_end *end)
{
    unsigned char *at = out;
    if (end->name && !fits_byte(end->name))
        return 0;
    *at++ = SOCKS_VERSION;
    *at++ = COMMAND_CONNECT;
    *at++ = 0;
    if (end->name) {
        *at++ = TYPE_NAME;
        at = put_socks_text(at, end->name);
    } else {
        size_t size = end->is_v6 ? V6_SIZE : V4_SIZE;
        *at++ = end->is_v6 ? TYPE_V6 : TYPE_V4;
        memcpy(at, end->address, size);
        at += size;
    }
    *at++ = (unsigned char)(end->port >> 8);
    *at++ = (unsigned char)end->port;
    return (size_t)(at - out);
}

/* Version, reply, a zero, then type, address and port. */
size_t socks_reply_size(const unsigned char *bytes, size_t len)
{
    if (len == 0)
        return 1;
    if (bytes[0] != SOCKS_VERSION)
        return 0;
    if (len < 2 || bytes[1] != 0)
        return 2;
    if (len < 5)
        return 5;
    switch (bytes[3]) {
    case TYPE_V4:
        return 4 + V4_SIZE + PORT_SIZE;
    case TYPE_V6:
        return 4 + V6_SIZE + PORT_SIZE;
    case TYPE_NAME:
        return 5u + bytes[4] + PORT_SIZE;
    default:
        return 0;
    }
}

const char *socks_reply_words(unsigned char reply)
{
    if (reply < sizeof replies / sizeof *replies)
        return replies[reply];
    return "unknown reply";
}

bool socks_reply_is_of_target(unsigned char reply)
{
    return reply != REPLY_NOT_ALLOWED && reply != REPLY_NO_COMMAND &&
           reply != REPLY_NO_TYPE;
}
