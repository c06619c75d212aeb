/*
 * error - the texts.
 */
#include "error.h"

#include <string.h>

const char *async_strerror(int error)
{
    switch (error) {
    case ASYNC_EOF:
        return "end of stream";
    case ASYNC_EOF_IN_LINE:
        return "end of stream in the middle of a line";
    case ASYNC_LINE_TOO_LONG:
        return "line too long";
    case ASYNC_DNS_NXDOMAIN:
        return "no such name";
    case ASYNC_DNS_NODATA:
        return "the name has no address";
    case ASYNC_DNS_SERVFAIL:
        return "the name server failed";
    case ASYNC_DNS_REFUSED:
        return "the name server refused";
    case ASYNC_DNS_UNREACHABLE:
        return "no name server could be reached";
    case ASYNC_DNS_TIMEOUT:
        return "no name server answered";
    case ASYNC_DNS_BAD_ANSWER:
        return "the name server's answer makes no sense";
    case ASYNC_DNS_BAD_NAME:
        return "not a DNS name";
    default:
        return strerror(-error);
    }
}
