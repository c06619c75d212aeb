/*
 * bench-epoll - the plain epoll reference: what the machine itself takes for
 * afetch's work (-4: A question, connect, send, read the head, print).
 *
 * One flat state machine on six system calls a host: socket, connect,
 * epoll_ctl, send, recv, close; questions and answers go in batches.  The
 * conversation is epoll_plain's, or epoll_tls's.
 */
#include "epoll.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 64, EVENTS = 256 };

static int epoll_fd;

void slot_connect(struct slot *slot, in_addr_t address)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = client.port,
        .sin_addr.s_addr = address};
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = slot};
    slot->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (slot->fd < 0)
        die("socket: %s", strerror(errno));
    if (connect(slot->fd, (struct sockaddr *)&to, sizeof to) &&
        errno != EINPROGRESS)
        slot_end(slot, strerror(errno));
    else if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, slot->fd, &event))
        die("epoll_ctl: %s", strerror(errno));
}

static void answers_receive(void)
{
    static unsigned char bytes[BATCH][ANSWER_MAX];
    static struct mmsghdr messages[BATCH];
    static struct iovec parts[BATCH];
    int n;
    do {
        for (int i = 0; i < BATCH; i++) {
            parts[i] = (struct iovec){bytes[i], sizeof bytes[i]};
            messages[i].msg_hdr.msg_iov = &parts[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        n = recvmmsg(client.dns_fd, messages, BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < n; i++)
            answer_take(bytes[i], messages[i].msg_len);
    } while (n == BATCH);
}

static void slot_event(struct slot *slot, uint32_t events)
{
    if (!slot->sent && events & (EPOLLERR | EPOLLHUP)) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(slot->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        slot_end(slot, strerror(error));
        return;
    }
    slot_talk(slot, events);
}

static void events_wait(void)
{
    static struct epoll_event events[EVENTS];
    int n = epoll_wait(epoll_fd, events, EVENTS, 1000);
    client.now = time(NULL);
    for (int i = 0; i < n; i++)
        if (events[i].data.ptr)
            slot_event(events[i].data.ptr, events[i].events);
        else
            answers_receive();
}

int main(int argc, char **argv)
{
    client_open(argc, argv);
    talk_open();
    struct epoll_event event = {.events = EPOLLIN};
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0 ||
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, client.dns_fd, &event))
        die("epoll: %s", strerror(errno));
    time_t checked = client.now;
    client_begin();
    while (client.busy) {
        client_flush();
        events_wait();
        client_begin();
        if (client.now != checked)
            client_check();
        checked = client.now;
    }
    return client_close();
}
