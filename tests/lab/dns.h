/* The DNS server, by UDP (dns.c) and by TCP (dns_tcp.c). */
#ifndef LAB_DNS_H
#define LAB_DNS_H

#include "dns_wire.h"
#include "lab.h"

/* Serves on 127.0.0.1 and, where there is one, on ::1, port `*port` of both
 * (0: chosen and told). TCP only if `tcp`. 0 or -errno. */
int dns_open(struct lab *lab, uint16_t *port, bool tcp);
void dns_close(struct dns *dns);

/* What to do about a question: counts and logs it, finds the behaviour. */
void dns_decide(
    struct lab *lab, const struct question *q, bool tcp, struct behaviour *b);
/* The family's plan, or NULL for other types. */
const struct dns_plan *dns_plan_of(
    const struct question *q, const struct behaviour *b);

struct dns_tcp;
/* Takes a listening socket over. */
struct dns_tcp *dns_tcp_open(struct lab *lab, int fd);
void dns_tcp_close(struct dns_tcp *t);

#endif
