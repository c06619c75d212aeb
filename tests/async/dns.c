/*
 * dns - messages of RFC 1035 section 4, as few as the tests need.
 */
#include "dns.h"

#include "harness.h"
#include "pair.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEADER = 12, FLAGS = 2, ANSWERS = 7 };

/* --- answering --- */

void dns_send(const struct dns_query *query, const void *bytes, size_t size)
{
    if (query->tcp < 0) {
        const struct sockaddr *to = &query->from.sa;
        sendto(
            query->dns->udp, bytes, size, 0, to, address_length(&query->from));
        return;
    }
    unsigned char framed[2 + DNS_MESSAGE_MAX];
    framed[0] = (unsigned char)(size >> 8);
    framed[1] = (unsigned char)size;
    memcpy(framed + 2, bytes, size);
    ck_assert_int_eq(write(query->tcp, framed, size + 2), (ssize_t)size + 2);
}

/* The question as an answer: QR, RD, RA. */
static void reply_begin(unsigned char *reply, const struct dns_query *query)
{
    memcpy(reply, query->message, query->size);
    reply[FLAGS] = 0x81;
    reply[FLAGS + 1] = 0x80;
}

static size_t add_record(
    unsigned char *at, int type, int ttl, const char *address)
{
    size_t size = type == DNS_A ? 4 : 16;
    const unsigned char head[12] = {0xc0, HEADER, 0, (unsigned char)type, 0, 1,
        0, 0, (unsigned char)(ttl >> 8), (unsigned char)ttl, 0,
        (unsigned char)size};
    memcpy(at, head, sizeof head);
    int family = type == DNS_A ? AF_INET : AF_INET6;
    ck_assert_int_eq(inet_pton(family, address, at + sizeof head), 1);
    return sizeof head + size;
}

void dns_answer(const struct dns_query *query, const char *addresses, int ttl)
{
    unsigned char reply[DNS_MESSAGE_MAX];
    char words[1000], *rest;
    size_t size = query->size;
    reply_begin(reply, query);
    snprintf(words, sizeof words, "%s", addresses);
    char *word = strtok_r(words, " ", &rest);
    for (; word; word = strtok_r(NULL, " ", &rest)) {
        size += add_record(reply + size, query->type, ttl, word);
        reply[ANSWERS]++;
    }
    dns_send(query, reply, size);
}

void dns_claim(const struct dns_query *query, unsigned flags, unsigned answers)
{
    unsigned char reply[DNS_MESSAGE_MAX];
    reply_begin(reply, query);
    reply[FLAGS] = (unsigned char)(flags >> 8);
    reply[FLAGS + 1] = (unsigned char)flags;
    reply[ANSWERS] = (unsigned char)answers;
    dns_send(query, reply, query->size);
}

void dns_fail(const struct dns_query *query, int code)
{
    dns_claim(query, 0x8180u | (unsigned)code, 0);
}

void dns_truncate(const struct dns_query *query)
{
    dns_claim(query, 0x8380, 0);
}

/* --- holding --- */

struct dns_query dns_held[DNS_HELD_MAX];
size_t dns_held_count;

void dns_hold(const struct dns_query *query)
{
    ck_assert_uint_lt(dns_held_count, DNS_HELD_MAX);
    dns_held[dns_held_count++] = *query;
}

void dns_answer_held(int type, const char *addresses, int ttl)
{
    size_t kept = 0;
    for (size_t i = 0; i < dns_held_count; i++)
        if (dns_held[i].type == type)
            dns_answer(&dns_held[i], addresses, ttl);
        else
            dns_held[kept++] = dns_held[i];
    dns_held_count = kept;
    settle();
}

/* --- listening --- */

/* "www.example.test" from 3www7example4test0; the type behind it. */
static void query_parse(struct dns_query *query)
{
    const unsigned char *at = query->message + HEADER;
    char *name = query->name;
    ck_assert_uint_gt(query->size, HEADER + 5);
    while (*at) {
        name +=
            sprintf(name, "%s%.*s", name > query->name ? "." : "", *at, at + 1);
        at += *at + 1;
    }
    query->type = at[1] << 8 | at[2];
    query->dns->asked++;
    query->dns->asked_by_tcp += query->tcp >= 0;
    query->dns->serve(query);
}

static void udp_event(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct dns_query query = {.dns = arg, .tcp = -1};
    backstage++;
    for (;;) {
        socklen_t length = sizeof query.from;
        ssize_t n = recvfrom(fd, query.message, sizeof query.message,
            MSG_DONTWAIT, &query.from.sa, &length);
        if (n < 0)
            break;
        query.size = (size_t)n;
        query_parse(&query);
    }
    backstage--;
}

static void client_close(struct dns_client *client)
{
    if (client->fd < 0)
        return;
    event_del(&client->event);
    close(client->fd);
    client->fd = -1;
}

/* A question comes whole. */
static void client_event(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct dns_client *client = arg;
    struct dns_query query = {.dns = client->dns, .tcp = fd};
    unsigned char size[2];
    backstage++;
    if (read(fd, size, 2) == 2) {
        query.size = (size_t)(size[0] << 8 | size[1]);
        ck_assert_uint_le(query.size, sizeof query.message);
        ssize_t n = read(fd, query.message, query.size);
        ck_assert_int_eq(n, (ssize_t)query.size);
        query_parse(&query);
    } else {
        client_close(client);
    }
    backstage--;
}

static void tcp_event(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct dns *dns = arg;
    struct dns_client *client = dns->clients;
    backstage++;
    while (client->fd >= 0)
        ck_assert_ptr_ne(++client, dns->clients + DNS_CLIENTS_MAX);
    client->dns = dns;
    client->fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    ck_assert_int_ge(client->fd, 0);
    event_assign(&client->event, loop_base(loop_running()), client->fd,
        EV_READ | EV_PERSIST, client_event, client);
    event_add(&client->event, NULL);
    backstage--;
}

/* The port that TCP is given may be somebody else's by UDP. */
static void bind_both(struct dns *dns, union address *address)
{
    dns->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(dns->udp, 0);
    dns->tcp = listen_on("127.0.0.1", address);
    while (bind(dns->udp, &address->sa, address_length(address))) {
        ck_assert_int_eq(errno, EADDRINUSE);
        close(dns->tcp);
        dns->tcp = listen_on("127.0.0.1", address);
    }
}

void dns_open(struct dns *dns, dns_serve *serve)
{
    union address address;
    struct event_base *base = loop_base(loop_running());
    backstage++;
    *dns = (struct dns){.serve = serve};
    dns_held_count = 0;
    for (int i = 0; i < DNS_CLIENTS_MAX; i++)
        dns->clients[i].fd = -1;
    bind_both(dns, &address);
    snprintf(dns->server, sizeof dns->server, "127.0.0.1:%u",
        ntohs(address.in.sin_port));
    event_assign(
        &dns->udp_event, base, dns->udp, EV_READ | EV_PERSIST, udp_event, dns);
    event_assign(
        &dns->tcp_event, base, dns->tcp, EV_READ | EV_PERSIST, tcp_event, dns);
    event_add(&dns->udp_event, NULL);
    event_add(&dns->tcp_event, NULL);
    backstage--;
}

void dns_close_tcp(struct dns *dns)
{
    if (dns->tcp < 0)
        return;
    event_del(&dns->tcp_event);
    close(dns->tcp);
    dns->tcp = -1;
}

void dns_hang_up(struct dns *dns)
{
    for (int i = 0; i < DNS_CLIENTS_MAX; i++)
        client_close(&dns->clients[i]);
}

void dns_hang_up_on(const struct dns_query *query)
{
    struct dns_client *client = query->dns->clients;
    while (client->fd != query->tcp)
        client++;
    client_close(client);
}

void dns_close(struct dns *dns)
{
    dns_close_tcp(dns);
    dns_hang_up(dns);
    event_del(&dns->udp_event);
    close(dns->udp);
}
