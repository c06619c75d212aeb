/*
 * error - the texts.
 */
#include "async/core/error.h"

#include <stddef.h>
#include <string.h>

static const struct {
    enum async_error error;
    const char *text;
} texts[] = {
    {ASYNC_EOF, "end of stream"},
    {ASYNC_EOF_IN_LINE, "end of stream in the middle of a line"},
    {ASYNC_LINE_TOO_LONG, "line too long"},
    {ASYNC_WRONG_FAMILY,
        "the address is not of the address family of --interface"},
    {ASYNC_OTHER_FAMILY,
        "no address given for the name is of the requested family"},
    {ASYNC_DNS_NXDOMAIN, "no such name"},
    {ASYNC_DNS_NODATA, "the name has no address"},
    {ASYNC_DNS_SERVFAIL, "the name server failed"},
    {ASYNC_DNS_REFUSED, "the name server refused"},
    {ASYNC_DNS_UNREACHABLE, "no name server could be reached"},
    {ASYNC_DNS_TIMEOUT, "no name server answered"},
    {ASYNC_DNS_BAD_ANSWER, "malformed or unusable DNS response"},
    {ASYNC_DNS_FORMERR, "the name server could not parse the query (FORMERR)"},
    {ASYNC_DNS_NOTIMP, "the name server does not support the query (NOTIMP)"},
    {ASYNC_DNS_NOTAUTH,
        "the name server is not authoritative for the name (NOTAUTH)"},
    {ASYNC_DNS_ALIAS,
        "the name server is not recursive: it returned an alias without its "
        "address"},
    {ASYNC_DNS_REFERRAL,
        "the name server is not recursive: it returned only a referral"},
    {ASYNC_DNS_UNSPECIFIED,
        "the name has no address but 0.0.0.0 or :: (it may be blocked)"},
    {ASYNC_DNS_BAD_NAME, "not a DNS name"},
    {ASYNC_DNS_NO_TCP, "the DNS response was truncated, and no name server "
                       "could be reached by "
                       "TCP"},
    {ASYNC_DNS_TCP_TIMEOUT, "timed out: the DNS response was truncated, and no "
                            "name server answered "
                            "by TCP"},
    {ASYNC_NO_SOURCE,
        "network unreachable: this machine has no address of that family"},
    {ASYNC_BLACKHOLE, "network unreachable: a blackhole route on this machine"},
    {ASYNC_PROHIBITED,
        "network unreachable: prohibited by a route or firewall of this "
        "machine"},
    {ASYNC_TLS_EXPIRED, "the certificate has expired"},
    {ASYNC_TLS_NOT_YET_VALID, "the certificate is not valid yet"},
    {ASYNC_TLS_NAME_MISMATCH, "the certificate is for another host"},
    {ASYNC_TLS_SELF_SIGNED, "the certificate is self-signed"},
    {ASYNC_TLS_UNKNOWN_ISSUER,
        "the certificate was issued by an unknown authority"},
    {ASYNC_TLS_CERTIFICATE, "the certificate was rejected"},
    {ASYNC_TLS_NOT_TLS, "the server does not speak TLS here"},
    {ASYNC_TLS_PROTOCOL, "no common TLS version (1.2 or later needed)"},
    {ASYNC_TLS_ALERT, "the server sent a TLS alert"},
    {ASYNC_TLS_HANDSHAKE, "the TLS handshake failed"},
    {ASYNC_TLS_NO_HTTP1, "not HTTP/1: speaks HTTP/2 only"},
    {ASYNC_TLS_BROKEN, "a broken TLS record"},
    {ASYNC_TLS_NO_CERTIFICATES, "no certificate in it"},
    {ASYNC_TLS_DAMAGED, "a certificate in it is damaged"},
    {ASYNC_TLS_SETUP, "invalid OpenSSL configuration"},
};

const char *async_strerror(int error)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if ((int)texts[i].error == error)
            return texts[i].text;
    return strerror(-error);
}

/* SERVFAIL is about the name, REFUSED about who asks, NOTIMP, FORMERR and
 * what follows about the server; that there is no such name is said of many
 * that are tried. */
int async_dns_more_telling(int so_far, int error)
{
    static const int order[] = {ASYNC_DNS_NODATA, ASYNC_DNS_SERVFAIL,
        ASYNC_DNS_REFUSED, ASYNC_DNS_NOTIMP, ASYNC_DNS_FORMERR, ASYNC_DNS_ALIAS,
        ASYNC_DNS_REFERRAL, ASYNC_DNS_NOTAUTH, ASYNC_DNS_NXDOMAIN};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (so_far == order[i] || error == order[i])
            return order[i];
    return error;
}
