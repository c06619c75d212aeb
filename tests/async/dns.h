/*
 * dns - a name server on the running loop, UDP and TCP on one port of
 * 127.0.0.1.  Each question is remembered and shown to the test's function,
 * which answers it, keeps a copy to answer later, or keeps silent.
 */
#ifndef TESTS_ASYNC_DNS_H
#define TESTS_ASYNC_DNS_H

#include "async/core/address.h"
#include "async/core/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DNS_A = 1, DNS_AAAA = 28 };
enum { DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3, DNS_REFUSED = 5 };
enum { DNS_MESSAGE_MAX = 1024, DNS_CLIENTS_MAX = 32 };

struct dns;

struct dns_query {
    struct dns *dns;
    char name[256];
    int type; /* DNS_A, … */
    int tcp; /* the connection; -1: UDP */
    union address from;
    unsigned char message[DNS_MESSAGE_MAX];
    size_t size;
};

typedef void dns_serve(const struct dns_query *query);

struct dns_client {
    struct dns *dns;
    struct event event;
    int fd; /* -1: free */
};

struct dns {
    char server[32]; /* "127.0.0.1:PORT" */
    dns_serve *serve;
    void *arg; /* the test's */
    unsigned asked, asked_by_tcp;
    int udp, tcp;
    struct event udp_event, tcp_event;
    struct dns_client clients[DNS_CLIENTS_MAX];
};

/* The caller's storage, in a task. */
void dns_open(struct dns *dns, dns_serve *serve);
void dns_close(struct dns *dns);
/* Closes the TCP connections there are. */
void dns_hang_up(struct dns *dns);
/* Closes the TCP connection that a question came by. */
void dns_hang_up_on(const struct dns_query *query);
/* From now on nobody listens for TCP. */
void dns_close_tcp(struct dns *dns);

/* An answer with these addresses (of the type asked for, words in one text)
 * and this TTL; no addresses: NODATA. */
void dns_answer(const struct dns_query *query, const char *addresses, int ttl);
/* One with a code and nothing else. */
void dns_fail(const struct dns_query *query, int code);
/* One with these flags (RFC 1035 section 4.1.1) that counts so many records
 * and has none. */
void dns_claim(const struct dns_query *query, unsigned flags, unsigned answers);
/* One that is too long for a datagram. */
void dns_truncate(const struct dns_query *query);
/* Any bytes, in the answer's place. */
void dns_send(const struct dns_query *query, const void *bytes, size_t size);

/* Keeps the question in dns_held; the test answers. */
void dns_hold(const struct dns_query *query);

enum { DNS_HELD_MAX = 300 };
extern struct dns_query dns_held[DNS_HELD_MAX];
extern size_t dns_held_count;

/* Answers all those of a type with these addresses, and waits a little. */
void dns_answer_held(int type, const char *addresses, int ttl);

#endif
