/*
 * evidence - what bytes tell about the proxy that sent them: whether it is
 * one, of which kind, and whether a response is its own.  Pure.
 *
 * All words are static.  A head is status line and fields, as in a result;
 * NULL where there is none.
 */
#ifndef AFETCH_EVIDENCE_H
#define AFETCH_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>

struct http_field;

/* "it speaks SOCKS 5, try socks5h://": by the first bytes that came from
 * what was taken for another kind of proxy; NULL: unknown. */
const char *evidence_speaks(const char *bytes, size_t size);

/* Does the head announce content?  A 2xx to CONNECT has none, and what a
 * proxy says of it is ignored (RFC 9110 section 9.3.6); but a server
 * that answers any request like that opens no tunnel. */
bool evidence_content(const char *head, size_t len);

/* Does it ask for credentials (Proxy-Authenticate), but not for Basic? */
bool evidence_no_basic(const char *head, size_t len);

/* The field in which a proxy says what went wrong; false: there is none. */
bool evidence_field(const char *head, size_t len, struct http_field *out);

/*
 * Words for a response that a proxy generated itself, instead of passing the
 * target's on; NULL: nothing shows that.  By Proxy-Status (RFC 9209), or by
 * what squid, tinyproxy, Privoxy and Varnish put into their error pages,
 * unless another proxy has passed it on (Via).
 */
const char *evidence_generated(const char *head, size_t len);

/* A hint for the response of an http proxy that was sent the target's request;
 * NULL: none. */
const char *evidence_hint(
    bool with_login, int status, const char *head, size_t len);

#endif
