/*
 * nameserver - c-ares on the loop.
 *
 * Invariant: a socket of the channel has one registration here from its
 * opening to its closing; the clock runs only while a question is open.
 */
#define CARES_NO_DEPRECATED
#include "nameserver.h"

#include "datagrams.h"
#include "error.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* c-ares doubles the time with each try: 1 s, 2 s, 4 s. */
enum { TRY_MS = 1000, TRIES = 3 };
/* How often c-ares looks for questions that must be asked again. */
#define TICK (100 * LOOP_MILLISECOND)
/* Some thousand answers; the kernel may give less. */
enum { RECEIVE_BUFFER = 4 * 1024 * 1024 };

struct dns_socket {
    struct nameserver *ns;
    int fd;
    struct datagrams *datagrams; /* NULL: TCP */
    int error; /* of sending datagrams; told when c-ares reads */
    struct event event;
    LIST_ENTRY(dns_socket) link;
};

struct nameserver {
    struct loop *loop;
    ares_channel channel;
    bool search; /* the system's search list holds */
    int socket_error; /* of the last socket(2) that failed */
    unsigned open; /* questions */
    struct loop_timer clock;
    bool clock_runs;
    LIST_HEAD(, dns_socket) sockets;
};

/* --- sockets, as c-ares wants them --- */

static struct dns_socket *socket_find(struct nameserver *ns, int fd)
{
    struct dns_socket *s;
    LIST_FOREACH (s, &ns->sockets, link)
        if (s->fd == fd)
            return s;
    return NULL;
}

static void socket_forget(struct dns_socket *s)
{
    event_del(&s->event);
    LIST_REMOVE(s, link);
    datagrams_destroy(s->datagrams);
    free(s);
}

static void socket_event(evutil_socket_t fd, short what, void *arg);

static int socket_add(struct nameserver *ns, int fd, int type)
{
    struct dns_socket *s = calloc(1, sizeof *s);
    if (!s)
        return -ENOMEM;
    if (type == SOCK_DGRAM && datagrams_create(&s->datagrams, fd)) {
        free(s);
        return -ENOMEM;
    }
    s->ns = ns;
    s->fd = fd;
    LIST_INSERT_HEAD(&ns->sockets, s, link);
    event_assign(&s->event, loop_base(ns->loop), fd, 0, socket_event, s);
    return 0;
}

static ares_socket_t dns_socket(int domain, int type, int protocol, void *arg)
{
    struct nameserver *ns = arg;
    int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (fd < 0) {
        ns->socket_error = -errno;
        return ARES_SOCKET_BAD;
    }
    if (socket_add(ns, fd, type)) {
        close(fd);
        ns->socket_error = -ENOMEM;
        errno = ENOMEM;
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
    if (s)
        socket_forget(s);
    return close(fd);
}

static int dns_connect(ares_socket_t fd, const struct sockaddr *address,
    ares_socklen_t length, void *arg)
{
    (void)arg;
    return connect(fd, address, length);
}

static ares_ssize_t dns_receive(ares_socket_t fd, void *bytes, size_t size,
    int flags, struct sockaddr *from, ares_socklen_t *length, void *arg)
{
    struct dns_socket *s = socket_find(arg, fd);
    if (s && s->error) {
        errno = -s->error;
        s->error = 0;
        return -1;
    }
    if (s && s->datagrams)
        return datagrams_receive(s->datagrams, bytes, size, from, length);
    return recvfrom(fd, bytes, size, flags, from, length);
}

/* ECONNREFUSED is of the datagram before: it must come again, when reading,
 * where c-ares takes it for all questions and not for this one alone. */
static ares_ssize_t dns_send(
    ares_socket_t fd, const struct iovec *parts, int count, void *arg)
{
    struct dns_socket *s = socket_find(arg, fd);
    if (s && s->datagrams)
        return datagrams_send(s->datagrams, parts, count);
    struct msghdr message = {
        .msg_iov = (struct iovec *)(uintptr_t)parts,
        .msg_iovlen = (size_t)count,
    };
    ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);
    if (n < 0 && errno == ECONNREFUSED)
        n = sendmsg(fd, &message, MSG_NOSIGNAL);
    return n;
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
void nameserver_flush(struct nameserver *ns)
{
    struct dns_socket *s;
    LIST_FOREACH (s, &ns->sockets, link) {
        int error = s->datagrams ? datagrams_flush(s->datagrams) : 0;
        if (!error || error == -EAGAIN)
            continue;
        s->error = error;
        event_active(&s->event, EV_READ, 0);
    }
}

/* --- events --- */

static void socket_event(evutil_socket_t fd, short what, void *arg)
{
    struct nameserver *ns = ((struct dns_socket *)arg)->ns;
    ares_process_fd(ns->channel, what & EV_READ ? fd : ARES_SOCKET_BAD,
        what & EV_WRITE ? fd : ARES_SOCKET_BAD);
    nameserver_flush(ns);
}

/* c-ares tells what it wants to know of a socket. */
static void socket_state(
    void *arg, ares_socket_t fd, int readable, int writable)
{
    struct nameserver *ns = arg;
    struct dns_socket *s = socket_find(ns, fd);
    if (!s)
        return;
    event_del(&s->event);
    if (!readable && !writable)
        return;
    event_assign(&s->event, loop_base(ns->loop), fd,
        (short)(EV_PERSIST | (readable ? EV_READ : 0) |
                (writable ? EV_WRITE : 0)),
        socket_event, s);
    event_add(&s->event, NULL); /* out of memory: the question times out */
}

static void clock_start(struct nameserver *ns);

static void clock_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct nameserver *ns = arg;
    ns->clock_runs = false;
    ares_process_fd(ns->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    nameserver_flush(ns);
    clock_start(ns);
}

static void clock_start(struct nameserver *ns)
{
    if (ns->clock_runs || ns->open == 0)
        return;
    ns->clock_runs = true;
    loop_timer_start(ns->loop, &ns->clock, TICK, clock_tick, ns);
}

/* --- the channel --- */

static int server_count(ares_channel channel)
{
    struct ares_addr_port_node *servers = NULL;
    if (ares_get_servers_ports(channel, &servers))
        return 0;
    int count = 0;
    for (struct ares_addr_port_node *s = servers; s; s = s->next)
        count++;
    ares_free_data(servers);
    return count;
}

static int channel_open(struct nameserver *ns, const char *servers, int flags)
{
    struct ares_options options = {
        .flags = ARES_FLAG_STAYOPEN | ARES_FLAG_NOALIASES | flags,
        .timeout = TRY_MS,
        .tries = TRIES,
        .sock_state_cb = socket_state,
        .sock_state_cb_data = ns,
    };
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
               ARES_OPT_SOCK_STATE_CB;
    if (ares_init_options(&ns->channel, &options, mask))
        return -ENOMEM;
    ares_set_socket_functions(ns->channel, &socket_functions, ns);
    if (servers && ares_set_servers_ports_csv(ns->channel, servers)) {
        ares_destroy(ns->channel);
        return -EINVAL;
    }
    return 0;
}

/*
 * With several servers c-ares goes to the next after SERVFAIL or REFUSED,
 * and in the end cannot say which it was.  A single server's word is taken
 * as it is.
 */
static int channel_create(struct nameserver *ns, const char *servers)
{
    int result = channel_open(ns, servers, 0);
    if (result || server_count(ns->channel) != 1)
        return result;
    ares_destroy(ns->channel);
    return channel_open(ns, servers, ARES_FLAG_NOCHECKRESP);
}

int nameserver_create(
    struct nameserver **out, struct loop *loop, const char *servers)
{
    struct nameserver *ns = calloc(1, sizeof *ns);
    if (!ns)
        return -ENOMEM;
    ns->loop = loop;
    ns->search = !servers;
    LIST_INIT(&ns->sockets);
    int result = channel_create(ns, servers);
    if (result)
        free(ns);
    else
        *out = ns;
    return result;
}

void nameserver_destroy(struct nameserver *ns)
{
    if (!ns)
        return;
    ares_destroy(ns->channel);
    while (!LIST_EMPTY(&ns->sockets))
        socket_forget(LIST_FIRST(&ns->sockets));
    if (ns->clock_runs)
        loop_timer_stop(&ns->clock);
    free(ns);
}

/* --- questions --- */

struct open_question {
    struct nameserver *ns;
    int family;
    nameserver_done *done;
    void *arg;
};

static int result_from(const struct nameserver *ns, int status)
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
        return ns->socket_error ? ns->socket_error : ASYNC_DNS_UNREACHABLE;
    default:
        return ASYNC_DNS_BAD_ANSWER;
    }
}

static int parse_a(
    struct nameserver_answer *answer, const unsigned char *bytes, int size)
{
    struct ares_addrttl found[NAMESERVER_ADDRESSES_MAX];
    int count = NAMESERVER_ADDRESSES_MAX;
    int status = ares_parse_a_reply(bytes, size, NULL, found, &count);
    if (status)
        return status;
    answer->count = (size_t)count;
    for (int i = 0; i < count; i++) {
        answer->addresses.in[i] = found[i].ipaddr;
        if (i == 0 || found[i].ttl < answer->ttl)
            answer->ttl = found[i].ttl;
    }
    return count ? ARES_SUCCESS : ARES_ENODATA;
}

static int parse_aaaa(
    struct nameserver_answer *answer, const unsigned char *bytes, int size)
{
    struct ares_addr6ttl found[NAMESERVER_ADDRESSES_MAX];
    int count = NAMESERVER_ADDRESSES_MAX;
    int status = ares_parse_aaaa_reply(bytes, size, NULL, found, &count);
    if (status)
        return status;
    answer->count = (size_t)count;
    for (int i = 0; i < count; i++) {
        memcpy(&answer->addresses.in6[i], &found[i].ip6addr,
            sizeof answer->addresses.in6[i]);
        if (i == 0 || found[i].ttl < answer->ttl)
            answer->ttl = found[i].ttl;
    }
    return count ? ARES_SUCCESS : ARES_ENODATA;
}

static void answered(
    void *arg, int status, int timeouts, unsigned char *bytes, int size)
{
    (void)timeouts;
    struct open_question *q = arg;
    struct nameserver_answer answer;
    answer.count = 0;
    answer.ttl = 0;
    if (status == ARES_SUCCESS)
        status = q->family == AF_INET ? parse_a(&answer, bytes, size)
                                      : parse_aaaa(&answer, bytes, size);
    answer.result = result_from(q->ns, status);
    q->ns->open--;
    q->done(q->arg, &answer);
    free(q);
}

void nameserver_ask(struct nameserver *ns,
    const struct nameserver_question *question, nameserver_done *done,
    void *arg)
{
    struct open_question *q = malloc(sizeof *q);
    if (!q) {
        done(arg, &(struct nameserver_answer){.result = -ENOMEM});
        return;
    }
    *q = (struct open_question){ns, question->family, done, arg};
    ns->open++;
    ns->socket_error = 0;
    int type = question->family == AF_INET ? ns_t_a : ns_t_aaaa;
    if (ns->search && !question->absolute)
        ares_search(ns->channel, question->name, ns_c_in, type, answered, q);
    else
        ares_query(ns->channel, question->name, ns_c_in, type, answered, q);
    clock_start(ns);
}
