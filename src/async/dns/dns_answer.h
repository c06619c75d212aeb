/*
 * dns_answer - a name server's answer to a question for addresses, read
 * (RFC 1035 section 4).  Bytes in, result out: no sockets, no memory of its
 * own.
 *
 * The records may stand in any order, and any byte in their names.
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
 * The addresses that the name asked has, over its aliases.  family: AF_INET
 * (A) or AF_INET6 (AAAA), as was asked.  Returns answer->result: 0: there are
 * some; enum async_error.  The unspecified address is none (RFC 4291 section
 * 2.5.2): without another one it is ASYNC_DNS_UNSPECIFIED.
 */
int dns_answer_read(struct dns_answer *answer, int family,
    const unsigned char *bytes, size_t size);

/*
 * What a message of at least a header says against its server, by the header
 * alone, or, where that has no answer and no error, by whom it names instead:
 * ASYNC_DNS_SERVFAIL, _REFUSED, _FORMERR, _NOTIMP, _REFERRAL, _BAD_ANSWER; or
 * 0.
 */
int dns_answer_against(const unsigned char *bytes, size_t size);

/* There is more than the message has room for (the TC bit). */
bool dns_answer_is_truncated(const unsigned char *bytes, size_t size);

#endif
