/*
 * channel - c-ares's sockets and times, in the loop's hands.
 *
 * Invariant: a socket has one registration here from its opening to its
 * closing; the clock runs only while a question is open.
 */
#define CARES_NO_DEPRECATED
#include "channel.h"

#include "datagrams.h"
#include "error.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* c-ares doubles the time with each try: 1 s, 2 s, 4 s.  From 1.32 on it
 * begins with 250 ms where the server has been quick so far. */
#if ARES_VERSION >= 0x012000
enum { TRY_MS = 1000, TRIES = 5 };
#else
enum { TRY_MS = 1000, TRIES = 3 };
#endif
/* How often c-ares looks for questions that must be asked again. */
#define TICK (100 * LOOP_MILLISECOND)
/* Some thousand answers; the kernel may give less. */
enum { RECEIVE_BUFFER = 4 * 1024 * 1024 };

struct dns_socket {
    struct channel *channel;
    int fd;
    short events; /* EV_READ, EV_WRITE */
    struct datagrams *datagrams; /* NULL: TCP */
    int error; /* of sending datagrams; told when c-ares reads */
    struct event event;
    LIST_ENTRY(dns_socket) link;
};

struct channel {
    struct loop *loop;
    ares_channel ares;
    struct ares_options options; /* as c-ares read them */
    int socket_error; /* of the last socket that could not be made */
    unsigned open; /* questions */
    struct loop_timer clock;
    bool clock_runs;
    LIST_HEAD(, dns_socket) sockets;
};

/* --- sockets, as c-ares wants them --- */

static void socket_event(evutil_socket_t fd, short what, void *arg)
{
    struct channel *channel = ((struct dns_socket *)arg)->channel;
    ares_process_fd(channel->ares, what & EV_READ ? fd : ARES_SOCKET_BAD,
        what & EV_WRITE ? fd : ARES_SOCKET_BAD);
    channel_flush(channel);
}

static struct dns_socket *socket_find(struct channel *channel, int fd)
{
    struct dns_socket *s;
    LIST_FOREACH (s, &channel->sockets, link)
        if (s->fd == fd)
            break;
    return s;
}

static int socket_register(struct dns_socket *s, short events)
{
    s->events = events;
    event_assign(&s->event, loop_base(s->channel->loop), s->fd,
        (short)(EV_PERSIST | events), socket_event, s);
    return event_add(&s->event, NULL) ? -ENOMEM : 0;
}

static int socket_add(struct channel *channel, int fd, int type)
{
    struct dns_socket *s = calloc(1, sizeof *s);
    if (!s)
        return -ENOMEM;
    s->channel = channel;
    s->fd = fd;
    if ((type == SOCK_DGRAM && datagrams_create(&s->datagrams, fd)) ||
        socket_register(s, EV_READ)) {
        datagrams_destroy(s->datagrams);
        free(s);
        return -ENOMEM;
    }
    LIST_INSERT_HEAD(&channel->sockets, s, link);
    return 0;
}

static ares_socket_t dns_socket(int domain, int type, int protocol, void *arg)
{
    struct channel *channel = arg;
    int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (fd < 0) {
        channel->socket_error = -errno;
        return ARES_SOCKET_BAD;
    }
    channel->socket_error = socket_add(channel, fd, type);
    if (channel->socket_error) {
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
    struct dns_socket *s = socket_find(arg, fd);
    event_del(&s->event);
    LIST_REMOVE(s, link);
    datagrams_destroy(s->datagrams);
    free(s);
    return close(fd);
}

static int dns_connect(ares_socket_t fd, const struct sockaddr *address,
    ares_socklen_t length, void *arg)
{
    (void)arg;
    return connect(fd, address, length);
}

/* An answer to one question, by its header (RFC 1035 section 4.1.1).  c-ares
 * 1.34 takes anything else for a broken server and asks all over again. */
static bool is_answer(const unsigned char *bytes, ssize_t size)
{
    return size >= NS_HFIXEDSZ && bytes[2] & 0x80 && bytes[4] == 0 &&
           bytes[5] == 1;
}

static ares_ssize_t receive_answer(struct dns_socket *s, void *bytes,
    size_t size, struct sockaddr *from, ares_socklen_t *length)
{
    ssize_t n;
    do
        n = datagrams_receive(s->datagrams, bytes, size, from, length);
    while (n >= 0 && !is_answer(bytes, n));
    return n;
}

static ares_ssize_t dns_receive(ares_socket_t fd, void *bytes, size_t size,
    int flags, struct sockaddr *from, ares_socklen_t *length, void *arg)
{
    struct dns_socket *s = socket_find(arg, fd);
    if (s->error) {
        errno = -s->error;
        s->error = 0;
        return -1;
    }
    if (s->datagrams)
        return receive_answer(s, bytes, size, from, length);
    return recvfrom(fd, bytes, size, flags, from, length);
}

static ares_ssize_t dns_send(
    ares_socket_t fd, const struct iovec *parts, int count, void *arg)
{
    struct dns_socket *s = socket_find(arg, fd);
    if (s->datagrams)
        return datagrams_send(s->datagrams, parts, count);
    struct msghdr message = {
        .msg_iov = (struct iovec *)(uintptr_t)parts,
        .msg_iovlen = (size_t)count,
    };
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

static const struct ares_socket_functions socket_functions = {
    .asocket = dns_socket,
    .aclose = dns_close,
    .aconnect = dns_connect,
    .arecvfrom = dns_receive,
    .asendv = dns_send,
};

/* A socket that cannot send is broken: c-ares learns it as it would from one
 * that tells later, by reading.  A full send buffer only loses questions. */
void channel_flush(struct channel *channel)
{
    struct dns_socket *s;
    LIST_FOREACH (s, &channel->sockets, link) {
        int error = s->datagrams ? datagrams_flush(s->datagrams) : 0;
        if (!error || error == -EAGAIN)
            continue;
        s->error = error;
        event_active(&s->event, EV_READ, 0);
    }
}

/* --- events --- */

/* c-ares tells what it wants to know of a socket: always to read, until it
 * closes it, sometimes to write. */
static void socket_state(
    void *arg, ares_socket_t fd, int readable, int writable)
{
    struct dns_socket *s = socket_find(arg, fd);
    short events = (short)(EV_READ | (writable ? EV_WRITE : 0));
    if (!s || s->events == events || !(readable || writable))
        return;
    event_del(&s->event);
    socket_register(s, events); /* it was: nothing new is needed */
}

static void clock_start(struct channel *channel);

static void clock_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct channel *channel = arg;
    channel->clock_runs = false;
    ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    channel_flush(channel);
    clock_start(channel);
}

static void clock_start(struct channel *channel)
{
    if (channel->clock_runs || channel->open == 0)
        return;
    channel->clock_runs = true;
    loop_timer_start(channel->loop, &channel->clock, TICK, clock_tick, channel);
}

/* --- the channel --- */

/* Or -ENOMEM. */
static int server_count(const struct channel *channel)
{
    struct ares_addr_port_node *servers = NULL;
    if (ares_get_servers_ports(channel->ares, &servers))
        return -ENOMEM;
    int count = 0;
    for (struct ares_addr_port_node *s = servers; s; s = s->next)
        count++;
    ares_free_data(servers);
    return count;
}

static int servers_set(struct channel *channel, const char *servers)
{
    if (!servers)
        return 0;
    if (!*servers) /* would leave the system's */
        return -EINVAL;
    int status = ares_set_servers_ports_csv(channel->ares, servers);
    if (status)
        return status == ARES_ENOMEM ? -ENOMEM : -EINVAL;
    return 0;
}

static int channel_open(struct channel *channel, const char *servers, int flags)
{
    struct ares_options options = {
        .flags = ARES_FLAG_STAYOPEN | ARES_FLAG_NOALIASES | flags,
        .timeout = TRY_MS,
        .tries = TRIES,
        .sock_state_cb = socket_state,
        .sock_state_cb_data = channel,
    };
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
               ARES_OPT_SOCK_STATE_CB;
#ifdef ARES_OPT_QUERY_CACHE /* c-ares 1.31; question has a cache of its own */
    options.qcache_max_ttl = 0;
    mask |= ARES_OPT_QUERY_CACHE;
#endif
    int status = ares_init_options(&channel->ares, &options, mask);
    if (status)
        return status == ARES_ENOMEM ? -ENOMEM : -EIO;
    ares_set_socket_functions(channel->ares, &socket_functions, channel);
    int result = servers_set(channel, servers);
    if (result)
        ares_destroy(channel->ares);
    return result;
}

/*
 * With several servers c-ares goes to the next after SERVFAIL or REFUSED,
 * and in the end cannot say which it was.  A single server's word is taken
 * as it is.
 */
static int channel_open_checking(
    struct channel *channel, const char *servers, int flags)
{
    int result = channel_open(channel, servers, flags);
    if (result)
        return result;
    int count = server_count(channel);
    if (count > 1)
        return 0;
    ares_destroy(channel->ares);
    if (count < 0)
        return count;
    return channel_open(channel, servers, flags | ARES_FLAG_NOCHECKRESP);
}

int channel_create(struct channel **out, struct loop *loop,
    enum channel_kind kind, const char *servers)
{
    struct channel *channel = calloc(1, sizeof *channel);
    int mask;
    if (!channel)
        return -ENOMEM;
    channel->loop = loop;
    LIST_INIT(&channel->sockets);
    int result = channel_open_checking(channel, servers,
        kind == CHANNEL_UDP ? ARES_FLAG_IGNTC : ARES_FLAG_USEVC);
    if (result) {
        free(channel);
        return result;
    }
    if (ares_save_options(channel->ares, &channel->options, &mask)) {
        channel_destroy(channel);
        return -ENOMEM;
    }
    *out = channel;
    return 0;
}

void channel_destroy(struct channel *channel)
{
    if (!channel)
        return;
    ares_destroy(channel->ares);
    assert(LIST_EMPTY(&channel->sockets));
    if (channel->clock_runs)
        loop_timer_stop(&channel->clock);
    ares_destroy_options(&channel->options);
    free(channel);
}

const char *channel_domain(const struct channel *channel, int i)
{
    return i < channel->options.ndomains ? channel->options.domains[i] : NULL;
}

int channel_ndots(const struct channel *channel)
{
    return channel->options.ndots;
}

/* --- questions --- */

int channel_result(const struct channel *channel, int status)
{
    switch (status) {
    case ARES_SUCCESS:
        return 0;
    case ARES_ENOTFOUND:
        return ASYNC_DNS_NXDOMAIN;
    case ARES_ENODATA:
        return ASYNC_DNS_NODATA;
    case ARES_ESERVFAIL:
        return ASYNC_DNS_SERVFAIL;
    case ARES_EREFUSED:
        return ASYNC_DNS_REFUSED;
    case ARES_ETIMEOUT:
        return ASYNC_DNS_TIMEOUT;
    case ARES_EBADNAME:
        return ASYNC_DNS_BAD_NAME;
    case ARES_ENOMEM:
        return -ENOMEM;
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION:
        return -ECANCELED;
    case ARES_ECONNREFUSED:
        return channel->socket_error ? channel->socket_error
                                     : ASYNC_DNS_UNREACHABLE;
    default:
        return ASYNC_DNS_BAD_ANSWER;
    }
}

struct open_question {
    struct channel *channel;
    channel_done *done;
    void *arg;
};

static void answered(
    void *arg, int status, int timeouts, unsigned char *bytes, int size)
{
    (void)timeouts;
    struct open_question *q = arg;
    q->channel->open--;
    q->done(q->arg, channel_result(q->channel, status), bytes, size);
    free(q);
}

void channel_ask(struct channel *channel, const char *name, int type,
    channel_done *done, void *arg)
{
    struct open_question *q = malloc(sizeof *q);
    if (!q) {
        done(arg, -ENOMEM, NULL, 0);
        return;
    }
    *q = (struct open_question){channel, done, arg};
    channel->open++;
    channel->socket_error = 0;
    ares_query(channel->ares, name, ns_c_in, type, answered, q);
    clock_start(channel);
}
