/*
 * channel_sockets - see channel_sockets.h.
 *
 * Invariant: a socket has one registration here from its opening to its
 * closing.
 */
#define CARES_NO_DEPRECATED
#include "async/dns/channel_sockets.h"

#include "async/dns/datagrams.h"
#include "async/dns/resolv_conf.h"
#include "async/dns/tcp_frames.h"

#include <ares.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Some thousand answers; the kernel may give less. */
enum { RECEIVE_BUFFER = 4 * 1024 * 1024 };

struct channel_socket {
    struct channel_sockets *sockets;
    int fd;
    short events; /* EV_READ, EV_WRITE */
    struct datagrams *datagrams; /* NULL: TCP */
    struct tcp_frames asked, answered; /* TCP */
    bool ended; /* TCP: the server closes it */
    union address server; /* what c-ares takes for the server's address */
    int error; /* of what was fetched or flushed; told when c-ares reads */
    struct event event;
    LIST_ENTRY(channel_socket) link;
};

/* --- their events --- */

/* A socket that cannot send is broken: c-ares learns it as it would from one
 * that tells later, by reading.  A full send buffer only loses questions. */
void channel_sockets_flush(struct channel_sockets *sockets)
{
    struct channel_socket *s;
    LIST_FOREACH (s, &sockets->all, link) {
        int error = s->datagrams ? datagrams_flush(s->datagrams) : 0;
        if (!error || error == -EAGAIN)
            continue;
        s->error = error;
        event_active(&s->event, EV_READ, 0);
    }
}

static struct channel_socket *socket_find(
    struct channel_sockets *sockets, int fd)
{
    struct channel_socket *s;
    LIST_FOREACH (s, &sockets->all, link)
        if (s->fd == fd)
            break;
    return s;
}

/* c-ares may have closed it, and the next one have its number. */
static bool has_more(struct channel_sockets *sockets, int fd)
{
    const struct channel_socket *s = socket_find(sockets, fd);
    if (!s || s->error)
        return false;
    return s->datagrams ? !datagrams_received(s->datagrams)
                        : tcp_frames_has_message(&s->answered);
}

/* Once, however much there is: others have their turn. */
static int stream_fetch(struct channel_socket *s)
{
    size_t size;
    if (tcp_frames_has_message(&s->answered))
        return 0;
    unsigned char *space = tcp_frames_space(&s->answered, &size);
    if (!space)
        return s->sockets->error = -ENOMEM;
    ssize_t n = recv(s->fd, space, size, MSG_DONTWAIT);
    int error = n < 0 ? -errno : 0;
    tcp_frames_put(&s->answered, n > 0 ? (size_t)n : 0);
    s->ended = n == 0;
    return error;
}

/* By UDP c-ares 1.18 reads all that is there; by TCP a part of a message at a
 * time, and later ones a message, either way. */
static void socket_event(evutil_socket_t fd, short what, void *arg)
{
    struct channel_socket *s = arg;
    struct channel_sockets *sockets = s->sockets;
    if (what & EV_READ && !s->error)
        s->error =
            s->datagrams ? datagrams_fetch(s->datagrams) : stream_fetch(s);
    ares_process_fd(sockets->ares, what & EV_READ ? fd : ARES_SOCKET_BAD,
        what & EV_WRITE ? fd : ARES_SOCKET_BAD);
    while (has_more(sockets, fd))
        ares_process_fd(sockets->ares, fd, ARES_SOCKET_BAD);
    channel_sockets_flush(sockets);
}

/* --- as c-ares wants them --- */

static int socket_register(struct channel_socket *s, short events)
{
    s->events = events;
    event_assign(&s->event, loop_base(s->sockets->loop), s->fd,
        (short)(EV_PERSIST | events), socket_event, s);
    return event_add(&s->event, NULL) ? -ENOMEM : 0;
}

static int socket_add(struct channel_sockets *sockets, int fd, int type)
{
    struct channel_socket *s = calloc(1, sizeof *s);
    if (!s)
        return -ENOMEM;
    s->sockets = sockets;
    s->fd = fd;
    if ((type == SOCK_DGRAM && datagrams_create(&s->datagrams, fd)) ||
        socket_register(s, EV_READ)) {
        datagrams_destroy(s->datagrams);
        free(s);
        return -ENOMEM;
    }
    LIST_INSERT_HEAD(&sockets->all, s, link);
    return 0;
}

static ares_socket_t dns_socket(int domain, int type, int protocol, void *arg)
{
    struct channel_sockets *sockets = arg;
    int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (fd < 0) {
        /* Without IPv6 its servers cannot be reached: no shortage. */
        sockets->error = errno == EAFNOSUPPORT ? 0 : -errno;
        return ARES_SOCKET_BAD;
    }
    sockets->error = socket_add(sockets, fd, type);
    if (sockets->error) {
        close(fd);
        return ARES_SOCKET_BAD;
    }
    int size = RECEIVE_BUFFER;
    if (type == SOCK_DGRAM)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    return fd;
}

static int dns_close(ares_socket_t fd, void *arg)
{
    struct channel_socket *s = socket_find(arg, fd);
    event_del(&s->event);
    LIST_REMOVE(s, link);
    datagrams_destroy(s->datagrams);
    tcp_frames_fini(&s->asked);
    tcp_frames_fini(&s->answered);
    free(s);
    return close(fd);
}

struct in6_addr channel_sockets_alias(size_t i)
{
    struct in6_addr alias = {.s6_addr = {0x01}}; /* 100::/64 */
    for (int at = 15; at > 11; at--, i >>= 8)
        alias.s6_addr[at] = (unsigned char)(i & 0xff);
    return alias;
}

/* Who c-ares means. */
static const union address *find_server(
    const struct channel_sockets *sockets, const union address *meant)
{
    for (size_t i = 0; i < sockets->server_count; i++) {
        struct in6_addr alias = channel_sockets_alias(i);
        if (IN6_ARE_ADDR_EQUAL(&alias, &meant->in6.sin6_addr))
            return &sockets->servers[i];
    }
    return meant;
}

static int dns_connect(ares_socket_t fd, const struct sockaddr *address,
    ares_socklen_t length, void *arg)
{
    struct channel_sockets *sockets = arg;
    struct channel_socket *s = socket_find(sockets, fd);
    const union address *server = &s->server;
    memcpy(&s->server, address, length);
    if (address->sa_family == AF_INET6)
        server = find_server(sockets, server);
    return connect(fd, &server->sa, address_length(server));
}

/* c-ares 1.34 takes what is no answer for a broken server and asks all over
 * again. */
static ares_ssize_t receive_answer(struct channel_socket *s, void *bytes,
    size_t size, struct sockaddr *from, ares_socklen_t *length)
{
    struct response_message answer = {bytes, 0, size, s->fd, false};
    do {
        ssize_t n = datagrams_receive(s->datagrams, bytes, size, from, length);
        if (n < 0)
            return n;
        answer.size = (size_t)n;
    } while (!response_codes_received(&s->sockets->verdicts, &answer));
    /* The socket is connected: nobody else was heard. */
    if (from && s->server.sa.sa_family == AF_INET6) {
        *length = address_length(&s->server);
        memcpy(from, &s->server, *length);
    }
    return (ares_ssize_t)answer.size;
}

static ares_ssize_t receive_stream(
    struct channel_socket *s, void *bytes, size_t size)
{
    struct tcp_frame frame;
    size_t taken;
    while (!(taken = tcp_frames_take(&s->answered, bytes, size)) &&
           tcp_frames_next(&s->answered, &frame)) {
        struct response_message answer = {
            frame.bytes, frame.size, frame.room, s->fd, true};
        bool passes = response_codes_received(&s->sockets->verdicts, &answer);
        tcp_frames_pass(&s->answered, passes ? answer.size : 0);
    }
    if (taken == 0 && !s->ended) {
        errno = EAGAIN;
        return -1;
    }
    return (ares_ssize_t)taken;
}

static ares_ssize_t dns_receive(ares_socket_t fd, void *bytes, size_t size,
    int flags, struct sockaddr *from, ares_socklen_t *length, void *arg)
{
    (void)flags;
    struct channel_socket *s = socket_find(arg, fd);
    if (s->error) {
        errno = -s->error;
        s->error = 0;
        return -1;
    }
    if (s->datagrams)
        return receive_answer(s, bytes, size, from, length);
    return receive_stream(s, bytes, size);
}

static ares_ssize_t send_question(
    struct channel_socket *s, const struct iovec *parts, int count)
{
    struct response_message question = {
        parts->iov_base, parts->iov_len, parts->iov_len, s->fd, false};
    response_codes_sent(&s->sockets->verdicts, &question);
    return datagrams_send(s->datagrams, parts, count);
}

/* Notes the questions among the bytes that went out. */
static void stream_sent(struct channel_socket *s)
{
    struct tcp_frame frame;
    while (tcp_frames_next(&s->asked, &frame)) {
        struct response_message question = {
            frame.bytes, frame.size, frame.room, s->fd, true};
        response_codes_sent(&s->sockets->verdicts, &question);
        tcp_frames_pass(&s->asked, 0);
    }
}

/* So much of the parts as there is room for, in one piece. */
static size_t gather_parts(
    unsigned char *to, size_t room, const struct iovec *parts, int count)
{
    size_t size = 0;
    for (int i = 0; i < count && size < room; i++) {
        size_t left = room - size;
        size_t len = parts[i].iov_len < left ? parts[i].iov_len : left;
        memcpy(to + size, parts[i].iov_base, len);
        size += len;
    }
    return size;
}

static ares_ssize_t send_stream(
    struct channel_socket *s, const struct iovec *parts, int count)
{
    size_t room;
    unsigned char *bytes = tcp_frames_space(&s->asked, &room);
    if (!bytes) {
        s->sockets->error = -ENOMEM;
        errno = ENOMEM;
        return -1;
    }
    size_t size = gather_parts(bytes, room, parts, count);
    ssize_t n = send(s->fd, bytes, size, MSG_NOSIGNAL);
    int error = errno;
    tcp_frames_put(&s->asked, n > 0 ? (size_t)n : 0);
    stream_sent(s);
    errno = error;
    return n;
}

static ares_ssize_t dns_send(
    ares_socket_t fd, const struct iovec *parts, int count, void *arg)
{
    struct channel_socket *s = socket_find(arg, fd);
    return s->datagrams ? send_question(s, parts, count)
                        : send_stream(s, parts, count);
}

static const struct ares_socket_functions socket_functions = {
    .asocket = dns_socket,
    .aclose = dns_close,
    .aconnect = dns_connect,
    .arecvfrom = dns_receive,
    .asendv = dns_send,
};

/* c-ares tells what it wants to know of a socket: always to read, until it
 * closes it, sometimes to write. */
void channel_sockets_state(void *arg, int fd, int readable, int writable)
{
    struct channel_socket *s = socket_find(arg, fd);
    short events = (short)(EV_READ | (writable ? EV_WRITE : 0));
    if (!s || s->events == events || !(readable || writable))
        return;
    event_del(&s->event);
    socket_register(s, events); /* it was: nothing new is needed */
}

void channel_sockets_init(struct channel_sockets *sockets, struct loop *loop,
    const struct resolv_conf *conf)
{
    *sockets = (struct channel_sockets){
        .loop = loop,
        .servers = conf->servers,
        .server_count = conf->server_count,
    };
    LIST_INIT(&sockets->all);
}

void channel_sockets_serve(struct channel_sockets *sockets, ares_channel ares)
{
    sockets->ares = ares;
    ares_set_socket_functions(ares, &socket_functions, sockets);
}
