/*
 * error - the runtime's own results beside -errno, and one text for all.
 */
#ifndef ASYNC_ERROR_H
#define ASYNC_ERROR_H

enum async_error {
    ASYNC_EOF = -10001, /* the peer has closed; no byte is left */
    ASYNC_EOF_IN_LINE = -10002, /* … in the middle of a line */
    ASYNC_LINE_TOO_LONG = -10003,
    ASYNC_WRONG_FAMILY = -10012, /* not that of the source */
    ASYNC_OTHER_FAMILY = -10013, /* no given address is of that wanted */
    ASYNC_DNS_NXDOMAIN = -10004, /* the name does not exist */
    ASYNC_DNS_NODATA = -10005, /* it has no address of this family */
    ASYNC_DNS_SERVFAIL = -10006,
    ASYNC_DNS_REFUSED = -10007,
    ASYNC_DNS_UNREACHABLE = -10008, /* no server could be asked */
    ASYNC_DNS_TIMEOUT = -10009, /* no server answered */
    ASYNC_DNS_BAD_ANSWER = -10010, /* NOTAUTH, …, or no answer */
    ASYNC_DNS_FORMERR = -10014,
    ASYNC_DNS_NOTIMP = -10015,
    ASYNC_DNS_ALIAS = -10016, /* its target is not asked for */
    ASYNC_DNS_REFERRAL = -10017, /* to servers that would know */
    ASYNC_DNS_UNSPECIFIED = -10018, /* :: or 0.0.0.0 only */
    ASYNC_DNS_BAD_NAME = -10011, /* cannot be a DNS name */
    /* The certificate (tls_info tells more in words): */
    ASYNC_TLS_EXPIRED = -10020,
    ASYNC_TLS_NOT_YET_VALID = -10021,
    ASYNC_TLS_NAME_MISMATCH = -10022, /* it is for other hosts */
    ASYNC_TLS_SELF_SIGNED = -10023,
    ASYNC_TLS_UNKNOWN_ISSUER = -10024, /* nobody trusted signed it */
    ASYNC_TLS_CERTIFICATE = -10025, /* anything else about it */
    /* The talk: */
    ASYNC_TLS_NOT_TLS = -10026, /* the peer speaks something else */
    ASYNC_TLS_PROTOCOL = -10027, /* only versions that are too old */
    ASYNC_TLS_ALERT = -10028, /* the peer ended it, by an alert */
    ASYNC_TLS_HANDSHAKE = -10029, /* it failed otherwise, or was cut off */
    ASYNC_TLS_BROKEN = -10030, /* after the handshake */
    ASYNC_TLS_NO_CERTIFICATES = -10031, /* a file of them has none */
};

/* The text for a negative result of this library; static. */
const char *async_strerror(int error);

/* Of two things said against one question, by servers or of the names that
 * stand for it, the one to tell; the first may be 0: none yet. */
int async_dns_more_telling(int so_far, int error);

#endif
