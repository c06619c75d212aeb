/*
 * server - see server.h.
 */
#include "server.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void read_request(struct server *server, int fd)
{
    char bytes[4096];
    ssize_t len = recv(fd, bytes, sizeof bytes - 1, 0);
    bytes[len > 0 ? len : 0] = '\0';
    bytes[strcspn(bytes, "\r")] = '\0';
    snprintf(server->asked[server->count], SERVER_ASKED_MAX, "%.*s",
        SERVER_ASKED_MAX - 1, bytes);
}

static void *serve(void *arg)
{
    struct server *server = arg;
    for (const char *const *says = server->says; *says; says++) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0)
            break;
        read_request(server, fd);
        server->count++;
        send(fd, *says, strlen(*says), MSG_NOSIGNAL);
        close(fd);
    }
    return NULL;
}

/* Listens; the port that it got. */
static uint16_t listen_at(int fd, const char *ip, uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t size = sizeof address;
    struct sockaddr *any = (struct sockaddr *)&address;
    ck_assert_int_eq(inet_pton(AF_INET, ip, &address.sin_addr), 1);
    ck_assert_int_eq(bind(fd, any, size), 0);
    ck_assert_int_eq(getsockname(fd, any, &size), 0);
    ck_assert_int_eq(listen(fd, SERVER_TURNS_MAX), 0);
    return ntohs(address.sin_port);
}

void server_open_at(struct server *server, const char *ip, uint16_t port,
    const char *const *says)
{
    memset(server, 0, sizeof *server);
    server->says = says;
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    server->port = listen_at(server->listener, ip, port);
    ck_assert_int_eq(pthread_create(&server->thread, NULL, serve, server), 0);
}

void server_open(struct server *server, const char *ip, const char *const *says)
{
    server_open_at(server, ip, 0, says);
}

void server_close(struct server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

uint16_t server_closed_port(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    uint16_t port = listen_at(fd, "127.0.0.1", 0);
    close(fd);
    return port;
}
