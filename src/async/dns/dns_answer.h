/*
 * dns_answer - parses a name server's response to a query for addresses (RFC
 * 1035 section 4).  Bytes in, result out: no sockets, no allocation.
 *
 * Records may be in any order, and their names may contain any byte.
 */
#ifndef ASYNC_DNS_ANSWER_H
#define ASYNC_DNS_ANSWER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DNS_ANSWER_ADDRESSES_MAX = 32 }; /* more are dropped */

struct dns_answer {
    int result; /* 0 or enum async_error, -EMFILE, -ENOMEM */
    int64_t ttl; /* s; the least of the addresses' and aliases' */
    size_t count;
    union {
        struct in_addr in[DNS_ANSWER_ADDRESSES_MAX];
        struct in6_addr in6[DNS_ANSWER_ADDRESSES_MAX];
    } addresses; /* by the family asked for */
};

/*
 * The addresses of the queried name, through its aliases.  family: AF_INET
 * (A) or AF_INET6 (AAAA), as was asked.  Returns answer->result: 0: there are
 * some; enum async_error.  The unspecified address is ignored (RFC 4291 section
 * 2.5.2): without another one the result is ASYNC_DNS_UNSPECIFIED.
 */
int dns_answer_read(struct dns_answer *answer, int family,
    const unsigned char *bytes, size_t size);

/*
 * The error that a message (at least a header) reports, by its header or, if
 * that has no answer and no error, by the servers it refers to:
 * ASYNC_DNS_SERVFAIL, _REFUSED, _FORMERR, _NOTIMP, _NOTAUTH, _REFERRAL,
 * _BAD_ANSWER; or 0.
 */
int dns_answer_against(const unsigned char *bytes, size_t size);

/* The response was truncated (the TC bit). */
bool dns_answer_is_truncated(const unsigned char *bytes, size_t size);

#endif
