/*
 * error - the runtime's own results beside -errno, and one text for all.
 */
#ifndef ASYNC_ERROR_H
#define ASYNC_ERROR_H

enum async_error {
    ASYNC_EOF = -10001, /* the peer has closed; no byte is left */
    ASYNC_EOF_IN_LINE = -10002, /* … in the middle of a line */
    ASYNC_LINE_TOO_LONG = -10003,
    ASYNC_DNS_NXDOMAIN = -10004, /* the name does not exist */
    ASYNC_DNS_NODATA = -10005, /* it has no address of this family */
    ASYNC_DNS_SERVFAIL = -10006,
    ASYNC_DNS_REFUSED = -10007,
    ASYNC_DNS_UNREACHABLE = -10008, /* no server could be asked */
    ASYNC_DNS_TIMEOUT = -10009, /* no server answered */
    ASYNC_DNS_BAD_ANSWER = -10010, /* FORMERR, NOTIMP, or not DNS */
    ASYNC_DNS_BAD_NAME = -10011, /* cannot be a DNS name */
};

/* The text for a negative result of this library; static. */
const char *async_strerror(int error);

#endif
