/*
 * server - see server.h.
 */
#include "server.h"

#include "fuzz.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEADER = 12, QUESTION_TAIL = 4 };

void server_send(const struct server_question *question, const void *bytes,
    size_t size, bool bare)
{
    unsigned char framed[2 + SERVER_MESSAGE_MAX];
    fuzz_must(size <= SERVER_MESSAGE_MAX);
    if (!question->tcp) {
        sendto(question->fd, bytes, size, 0, &question->from.sa,
            sizeof question->from.in);
        return;
    }
    framed[0] = (unsigned char)(size >> 8);
    framed[1] = (unsigned char)size;
    memcpy(framed + 2, bytes, size);
    size_t skipped = bare ? 2 : 0;
    send(question->fd, framed + skipped, size + 2 - skipped, MSG_NOSIGNAL);
}

static void answer(struct server *server, struct server_question *question)
{
    size_t at = HEADER;
    fuzz_must(question->size > HEADER + QUESTION_TAIL);
    while (question->bytes[at]) {
        at += 1U + question->bytes[at];
        fuzz_must(at + QUESTION_TAIL < question->size);
    }
    question->name_len = at + 1 - HEADER;
    server->answer(question);
}

static void udp_event(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct server_question question = {.fd = fd};
    socklen_t length = sizeof question.from;
    ssize_t n = recvfrom(fd, question.bytes, sizeof question.bytes,
        MSG_DONTWAIT, &question.from.sa, &length);
    question.size = (size_t)n;
    if (n >= 0)
        answer(arg, &question);
}

/* So that the other side does not stay in TIME_WAIT: there would soon be no
 * port left. */
static void reset(int fd)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
}

static void client_close(struct server_client *client)
{
    if (client->fd < 0)
        return;
    event_del(&client->event);
    reset(client->fd);
    client->fd = -1;
}

/* Questions come whole, on loopback. */
static void client_event(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct server_client *client = arg;
    struct server_question question = {.fd = fd, .tcp = true};
    unsigned char length[2];
    if (read(fd, length, 2) != 2) {
        client_close(client);
        return;
    }
    question.size = (size_t)(length[0] << 8 | length[1]);
    fuzz_must(question.size <= sizeof question.bytes);
    ssize_t n = read(fd, question.bytes, question.size);
    fuzz_must(n == (ssize_t)question.size);
    answer(client->server, &question);
}

static void tcp_event(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct server *server = arg;
    int accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    if (accepted < 0)
        return;
    for (int i = 0; i < SERVER_CLIENTS_MAX; i++) {
        struct server_client *client = &server->clients[i];
        if (client->fd >= 0)
            continue;
        client->server = server;
        client->fd = accepted;
        event_assign(&client->event, loop_base(loop_running()), accepted,
            EV_READ | EV_PERSIST, client_event, client);
        event_add(&client->event, NULL);
        return;
    }
    reset(accepted);
}

/* Both on one port, which is free for TCP but may not be for UDP. */
static bool try_bind(struct server *server, union address *address)
{
    socklen_t length = sizeof address->in;
    address->in = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    server->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    server->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    fuzz_must(server->tcp >= 0 && server->udp >= 0);
    if (!bind(server->tcp, &address->sa, length) &&
        !getsockname(server->tcp, &address->sa, &length) &&
        !bind(server->udp, &address->sa, length))
        return true;
    close(server->tcp);
    close(server->udp);
    return false;
}

static void listen_to(
    struct event *event, int fd, event_callback_fn fn, struct server *server)
{
    event_assign(
        event, loop_base(loop_running()), fd, EV_READ | EV_PERSIST, fn, server);
    event_add(event, NULL);
}

void server_open(struct server *server, server_answer *answer_fn)
{
    union address address;
    *server = (struct server){.answer = answer_fn};
    for (int i = 0; i < SERVER_CLIENTS_MAX; i++)
        server->clients[i].fd = -1;
    while (!try_bind(server, &address))
        ;
    fuzz_must(listen(server->tcp, SERVER_CLIENTS_MAX) == 0);
    snprintf(server->address, sizeof server->address, "127.0.0.1:%u",
        ntohs(address.in.sin_port));
    listen_to(&server->udp_event, server->udp, udp_event, server);
    listen_to(&server->tcp_event, server->tcp, tcp_event, server);
}

void server_close(struct server *server)
{
    event_del(&server->udp_event);
    event_del(&server->tcp_event);
    close(server->udp);
    close(server->tcp);
    for (int i = 0; i < SERVER_CLIENTS_MAX; i++)
        client_close(&server->clients[i]);
}
