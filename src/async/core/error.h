/*
 * error - the runtime's own results beside -errno, and one text for all.
 */
#ifndef ASYNC_ERROR_H
#define ASYNC_ERROR_H

enum async_error {
    ASYNC_EOF = -10001, /* the peer has closed; no byte is left */
    ASYNC_EOF_IN_LINE = -10002, /* … in the middle of a line */
    ASYNC_LINE_TOO_LONG = -10003,
    ASYNC_WRONG_FAMILY = -10004, /* not that of the source */
    ASYNC_OTHER_FAMILY = -10005, /* no given address is of that wanted */
    ASYNC_DNS_NXDOMAIN = -10006, /* the name does not exist */
    ASYNC_DNS_NODATA = -10007, /* it has no address of this family */
    ASYNC_DNS_SERVFAIL = -10008,
    ASYNC_DNS_REFUSED = -10009,
    ASYNC_DNS_UNREACHABLE = -10010, /* no server could be asked */
    ASYNC_DNS_TIMEOUT = -10011, /* no server answered */
    ASYNC_DNS_BAD_ANSWER = -10012, /* another error, or no answer */
    ASYNC_DNS_FORMERR = -10013,
    ASYNC_DNS_NOTIMP = -10014,
    ASYNC_DNS_ALIAS = -10015, /* its target is not asked for */
    ASYNC_DNS_REFERRAL = -10016, /* to servers that would know */
    ASYNC_DNS_UNSPECIFIED = -10017, /* :: or 0.0.0.0 only */
    ASYNC_DNS_BAD_NAME = -10018, /* cannot be a DNS name */
    ASYNC_DNS_NO_TCP = -10019, /* it needs TCP, and nobody listens there */
    ASYNC_DNS_TCP_TIMEOUT = -10020, /* … or nobody answers there */
    ASYNC_NO_SOURCE = -10021, /* no own address that leads to that one */
    ASYNC_BLACKHOLE = -10022, /* a blackhole route */
    ASYNC_PROHIBITED = -10023, /* by a route or a rule of this machine */
    /* The certificate (tls_info tells more in words): */
    ASYNC_TLS_EXPIRED = -10024,
    ASYNC_TLS_NOT_YET_VALID = -10025,
    ASYNC_TLS_NAME_MISMATCH = -10026, /* it is for other hosts */
    ASYNC_TLS_SELF_SIGNED = -10027,
    ASYNC_TLS_UNKNOWN_ISSUER = -10028, /* not issued by a trusted authority */
    ASYNC_TLS_CERTIFICATE = -10029, /* anything else about it */
    /* The protocol: */
    ASYNC_TLS_NOT_TLS = -10030, /* the peer speaks something else */
    ASYNC_TLS_PROTOCOL = -10031, /* only versions that are too old */
    ASYNC_TLS_ALERT = -10032, /* the peer ended it, by an alert */
    ASYNC_TLS_HANDSHAKE = -10033, /* it failed otherwise, or was cut off */
    ASYNC_TLS_BROKEN = -10034, /* after the handshake */
    ASYNC_TLS_NO_CERTIFICATES = -10035, /* a file of them has none */
    ASYNC_TLS_DAMAGED = -10036, /* … has one that cannot be read */
    ASYNC_TLS_SETUP = -10037, /* invalid OpenSSL configuration */
    ASYNC_TLS_NO_HTTP1 = -10038, /* the peer has no HTTP/1.1 behind TLS */
    ASYNC_DNS_NOTAUTH = -10039, /* the server has not the name's zone */
};

/* The text for a negative result of this library; static. */
const char *async_strerror(int error);

/* Of two errors of one question, from several servers or names, the one to
 * report; the first may be 0: none yet. */
int async_dns_more_telling(int so_far, int error);

#endif
