/*
 * web - blocking sockets in a thread.
 */
#include "web.h"

#include "print.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOSTS_MAX = 8 };

static struct web {
    const struct web_host *hosts;
    int count, listener;
    int clients[HOSTS_MAX]; /* by host */
    struct sockaddr_in address;
    char hosts_file[32];
    pthread_t thread;
} web;

static void send_text(int fd, const char *text)
{
    (void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

/* Reads up to the blank line; returns whose Host it names, or -1. */
static int read_request(int fd)
{
    char request[1000] = "", host[300];
    size_t len = 0;
    while (!strstr(request, "\r\n\r\n")) {
        ssize_t n = recv(fd, request + len, sizeof request - 1 - len, 0);
        if (n <= 0)
            return -1;
        len += (size_t)n;
        request[len] = '\0';
    }
    for (int i = 0; i < web.count; i++) {
        snprintf(host, sizeof host, "\r\nHost: %s\r\n", web.hosts[i].name);
        if (strstr(request, host))
            return i;
    }
    return -1;
}

static int accept_all(void)
{
    for (int i = 0; i < web.count; i++) {
        int fd = accept4(web.listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            return -1;
        int host = read_request(fd);
        if (host < 0 || web.clients[host] >= 0) {
            close(fd);
            return -1;
        }
        web.clients[host] = fd;
    }
    return 0;
}

static void answer_all(void)
{
    int printed = web.count; /* "wget HOST..." */
    for (int line = 0; web.hosts[0].head[line]; line++)
        for (int i = 0; i < web.count; i++) {
            if (!printed_wait(printed++))
                return;
            send_text(web.clients[i], web.hosts[i].head[line]);
            send_text(web.clients[i], "\r\n");
        }
    for (int i = 0; i < web.count; i++)
        send_text(web.clients[i], "\r\n<html>not for us</html>\n");
}

static void *serve(void *arg)
{
    (void)arg;
    if (!accept_all())
        answer_all();
    for (int i = 0; i < web.count; i++)
        if (web.clients[i] >= 0)
            close(web.clients[i]);
    return NULL;
}

static int listen_on_loopback(void)
{
    struct sockaddr *address = (struct sockaddr *)&web.address;
    socklen_t size = sizeof web.address;
    web.address = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    web.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return bind(web.listener, address, size) ||
           listen(web.listener, HOSTS_MAX) ||
           getsockname(web.listener, address, &size);
}

static int write_hosts_file(void)
{
    strcpy(web.hosts_file, "/tmp/afetch-hosts-XXXXXX");
    int fd = mkstemp(web.hosts_file);
    if (fd < 0)
        return -1;
    for (int i = 0; i < web.count; i++)
        dprintf(fd, "127.0.0.1 %s\n", web.hosts[i].name);
    return close(fd);
}

int web_open(const struct web_host *hosts, int count)
{
    web.hosts = hosts;
    web.count = count;
    for (int i = 0; i < HOSTS_MAX; i++)
        web.clients[i] = -1;
    if (listen_on_loopback() || write_hosts_file())
        return -1;
    return pthread_create(&web.thread, NULL, serve, NULL) ? -1 : 0;
}

void web_close(void)
{
    shutdown(web.listener, SHUT_RDWR); /* ends a blocked accept */
    pthread_join(web.thread, NULL);
    close(web.listener);
    unlink(web.hosts_file);
}

const char *web_hosts_file(void)
{
    return web.hosts_file;
}

uint16_t web_port(void)
{
    return ntohs(web.address.sin_port);
}
