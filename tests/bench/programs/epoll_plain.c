/* epoll_plain - bench-epoll over plain TCP; see epoll.h. */
#include "epoll.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

void talk_open(void)
{
}

void slot_close(struct slot *slot)
{
    close(slot->fd);
}

static void request_send(struct slot *slot)
{
    char request[REQUEST_MAX];
    int len = slot_request(slot, request);
    slot->sent = true;
    ssize_t n = send(slot->fd, request, (size_t)len, MSG_NOSIGNAL);
    if (n != len)
        slot_end(slot, n < 0 ? strerror(errno) : "send: cut off");
}

static void head_read(struct slot *slot)
{
    static char chunk[CHUNK];
    ssize_t n;
    do {
        n = recv(slot->fd, chunk, sizeof chunk, 0);
        if (n < 0 && errno == EAGAIN)
            return;
    } while (!slot_take(slot, chunk, n < 0 ? -errno : n));
}

void slot_talk(struct slot *slot, uint32_t events)
{
    if (!slot->sent && events & EPOLLOUT)
        request_send(slot);
    if (slot->fd >= 0 && slot->sent && events & EPOLLIN)
        head_read(slot);
}
