/*
 * target - one target of the command line or line of a list, taken apart.
 *
 * Pure: no I/O, no DNS.  A target is one allocation; it is immutable.
 */
#ifndef AFETCH_TARGET_H
#define AFETCH_TARGET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum target_scheme { TARGET_HTTP, TARGET_HTTPS };

struct target {
    const char *input; /* as the user wrote it, without the second column */
    const char *host; /* for DNS, Host and SNI: A-labels, as written in case;
                         no brackets, trailing dot or scope id */
    const char *path; /* origin-form (RFC 9112 section 3.2.1): from "/" on,
                         query included, fragment dropped */
    const char *url; /* scheme://authority/path, what is asked for; the
                        port only when it is not the scheme's default */
    enum target_scheme scheme;
    uint16_t port; /* host byte order, never 0 */
    bool literal; /* host is an IPv4 or IPv6 address */
    bool absolute; /* host was written with a trailing dot: no search list */
    bool has_address; /* connect to `address`, ask nobody */
    bool routed; /* `address` is where rules have led: none changes it */
    union {
        struct sockaddr sa;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } address; /* a literal host's own, or the list's second column; the
                  port is the target's */
};

/*
 * Parses one line (command-line argument or list line, without line end, of
 * any bytes; not blank, not a comment).  Forms: host, host:port, [v6]:port,
 * a bare IPv4 or IPv6 literal (RFC 4291, RFC 6874 scope ids), http:// and
 * https:// URLs (RFC 3986) with path and query, each optionally followed by
 * blanks and an address to connect to.  International names are converted
 * (IDNA 2008, libidn2).
 *
 * Returns 0 and a target that the caller destroys; -EINVAL with *reason set
 * to a static text for the user ("port out of range"); or -ENOMEM.
 */
int target_parse(
    const char *line, size_t len, struct target **out, const char **reason);

/*
 * A copy for one of the addresses that the target's host and the rules lead
 * to: connected to there, its input "INPUT[ADDRESS]".  The caller destroys
 * it; NULL when there is no memory.
 */
struct target *target_at(
    const struct target *target, const struct sockaddr *address);

enum { TARGET_IP_MAX = 46 }; /* bytes of an IP address as text, with NUL */

/* The target's address, without port and scope, written to `text`. */
const char *target_ip(const struct target *target, char text[TARGET_IP_MAX]);

/* NULL-safe. */
void target_destroy(struct target *target);

/*
 * What may be shown of a line, good or bad: its first column, userinfo
 * replaced by "***", at most TARGET_SHOWN_MAX bytes.  Control bytes stay,
 * NUL, too: whoever prints escapes.  *shown_len is its length, behind which
 * stands a NUL.  The caller frees it; NULL when there is no memory.
 */
#define TARGET_SHOWN_MAX (64 * 1024 + 3) /* the longest line, masked */
char *target_shown(const char *line, size_t len, size_t *shown_len);

#endif
