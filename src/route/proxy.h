/*
 * proxy - one proxy, from its URL.  Pure.
 *
 *     [http://|socks5h://|socks5://|socks://][USER:PASS@]HOST[:PORT][/]
 *
 * Its credentials are in no member that is for showing.
 */
#ifndef AFETCH_PROXY_H
#define AFETCH_PROXY_H

#include <stddef.h>

struct target;

enum proxy_kind {
    PROXY_HTTP, /* given whole URLs, or asked to CONNECT */
    PROXY_SOCKS5H, /* RFC 1928, given names */
    PROXY_SOCKS5, /* given addresses only */
};

/* Bytes of a user name, and of a password, in SOCKS (RFC 1929). */
enum { PROXY_SECRET_MAX = 255 };

struct proxy {
    enum proxy_kind kind;
    struct target *server; /* for its host, port and address only */
    char *url; /* as it may be shown: "http://proxy.test:3128" */
    char *authorization; /* PROXY_HTTP: a field's value; NULL: none */
    char *user, *password; /* decoded; NULL: none */
};

/*
 * Without a scheme it is http, without a port 1080, as curl has it; socks is
 * socks5h, as GNOME means it (SOCKS 4 with curl).  In user name and password,
 * "%3a" is a colon.
 * Returns 0 and a proxy that the caller destroys; -EINVAL with *why set to
 * static words that go after "the argument"; or -ENOMEM.
 */
int proxy_parse(const char *text, struct proxy **out, const char **why);

/* NULL-safe. */
void proxy_destroy(struct proxy *proxy);

#endif
