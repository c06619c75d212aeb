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
    case ASYNC_WRONG_FAMILY:
        return "the address is of another family than that of --interface";
    case ASYNC_OTHER_FAMILY:
        return "no address given for the name is of the family wanted";
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
    case ASYNC_DNS_FORMERR:
        return "the name server did not understand the question (FORMERR)";
    case ASYNC_DNS_NOTIMP:
        return "the name server does not answer such questions (NOTIMP)";
    case ASYNC_DNS_BAD_NAME:
        return "not a DNS name";
    case ASYNC_TLS_EXPIRED:
        return "the certificate has expired";
    case ASYNC_TLS_NOT_YET_VALID:
        return "the certificate is not valid yet";
    case ASYNC_TLS_NAME_MISMATCH:
        return "the certificate is for another host";
    case ASYNC_TLS_SELF_SIGNED:
        return "the certificate is self-signed";
    case ASYNC_TLS_UNKNOWN_ISSUER:
        return "the certificate's issuer is not known";
    case ASYNC_TLS_CERTIFICATE:
        return "the certificate is refused";
    case ASYNC_TLS_NOT_TLS:
        return "the server does not speak TLS here";
    case ASYNC_TLS_PROTOCOL:
        return "the server speaks no TLS from version 1.2 up";
    case ASYNC_TLS_ALERT:
        return "the server sent a TLS alert";
    case ASYNC_TLS_HANDSHAKE:
        return "the TLS handshake failed";
    case ASYNC_TLS_BROKEN:
        return "a broken TLS record";
    case ASYNC_TLS_NO_CERTIFICATES:
        return "no certificate in it";
    default:
        return strerror(-error);
    }
}
