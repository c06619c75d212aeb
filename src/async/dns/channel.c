/*
 * channel - c-ares's questions and times, in the loop's hands.
 *
 * Invariant: the clock runs only while a question is open.
 */
#define CARES_NO_DEPRECATED
#include "async/dns/channel.h"

#include "async/core/error.h"
#include "async/dns/channel_sockets.h"
#include "async/dns/dns_answer.h"
#include "async/dns/resolv_conf.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where resolv.conf(5) does not say it: c-ares doubles the time with each try,
 * 1 s, 2 s, 4 s. */
enum { TIMEOUT = 1, TRIES = 3 };
/* For each of those that wait for their turn. */
enum { BRIEF_MS = 1000 };
/* How often c-ares looks for questions that must be asked again. */
#define TICK (100 * LOOP_MILLISECOND)

struct channel {
    struct loop *loop;
    enum channel_kind kind;
    ares_channel ares;
    unsigned open; /* questions */
    struct loop_timer clock;
    bool clock_runs;
    struct channel_sockets sockets;
};

/* --- the clock --- */

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

/* c-ares knows no zones, and passes over addresses that were once for sites:
 * an IPv6 address stands for itself in the sockets only. */
static void server_describe(struct ares_addr_port_node *node,
    const struct channel_sockets *sockets, size_t i)
{
    const union address *server = &sockets->servers[i];
    node->family = server->sa.sa_family;
    if (node->family == AF_INET) {
        node->addr.addr4 = server->in.sin_addr;
        node->udp_port = ntohs(server->in.sin_port);
    } else {
        struct in6_addr alias = channel_sockets_alias(i);
        memcpy(&node->addr.addr6, &alias, sizeof alias);
        node->udp_port = ntohs(server->in6.sin6_port);
    }
    node->tcp_port = node->udp_port;
}

static int servers_set(struct channel *channel)
{
    const struct channel_sockets *sockets = &channel->sockets;
    size_t count = sockets->server_count;
    struct ares_addr_port_node *nodes = calloc(count, sizeof *nodes);
    if (!nodes)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        server_describe(&nodes[i], sockets, i);
        nodes[i].next = i + 1 < count ? &nodes[i + 1] : NULL;
    }
    int status = ares_set_servers_ports(channel->ares, nodes);
    free(nodes);
    if (status)
        return status == ARES_ENOMEM ? -ENOMEM : -EIO;
    return 0;
}

static int timeout_ms(const struct resolv_conf *conf)
{
    return 1000 * (conf->timeout ? conf->timeout : TIMEOUT);
}

static int ares_tries(const struct resolv_conf *conf)
{
    return conf->attempts ? conf->attempts : TRIES;
}

/* From 1.32 on c-ares begins with 250 ms where the server has been quick so
 * far: as many tries more as it takes to double that to the time-out. */
static int udp_tries(const struct resolv_conf *conf)
{
    int more = 0;
#if ARES_VERSION >= 0x012000
    while (250 << more < timeout_ms(conf))
        more++;
#endif
    return ares_tries(conf) + more;
}

/* A connection loses nothing, so there is one try on it, for as long as all
 * tries by UDP take. */
static int try_ms(const struct channel *channel, const struct resolv_conf *conf)
{
    if (channel->kind == CHANNEL_TCP_BRIEF)
        return BRIEF_MS;
    if (channel->kind == CHANNEL_TCP)
        return timeout_ms(conf) * ((1 << ares_tries(conf)) - 1);
    return timeout_ms(conf);
}

/* The server's word is taken as it is. */
static int ares_flags(const struct channel *channel)
{
    return ARES_FLAG_STAYOPEN | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP |
           (channel->kind == CHANNEL_UDP ? ARES_FLAG_IGNTC : ARES_FLAG_USEVC);
}

/* What resolv_conf read c-ares shall not read again, each of its versions in
 * another way. */
static int channel_open(struct channel *channel, const struct resolv_conf *conf)
{
    static char nothing[] = "/dev/null";
    struct ares_options options = {
        .flags = ares_flags(channel),
        .timeout = try_ms(channel, conf),
        .tries = channel->kind == CHANNEL_UDP ? udp_tries(conf) : 1,
        .sock_state_cb = channel_sockets_state,
        .sock_state_cb_data = &channel->sockets,
        .resolvconf_path = nothing,
    };
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
               ARES_OPT_SOCK_STATE_CB | ARES_OPT_RESOLVCONF | ARES_OPT_NOROTATE;
#ifdef ARES_OPT_MAXTIMEOUTMS /* c-ares 1.22: the last try that was wanted */
    options.maxtimeout = try_ms(channel, conf) << (ares_tries(conf) - 1);
    mask |= ARES_OPT_MAXTIMEOUTMS;
#endif
#ifdef ARES_OPT_QUERY_CACHE /* c-ares 1.31; question has a cache of its own */
    options.qcache_max_ttl = 0;
    mask |= ARES_OPT_QUERY_CACHE;
#endif
    int status = ares_init_options(&channel->ares, &options, mask);
    if (status)
        return status == ARES_ENOMEM ? -ENOMEM : -EIO;
    channel_sockets_serve(&channel->sockets, channel->ares);
    int result = servers_set(channel);
    if (result)
        ares_destroy(channel->ares);
    return result;
}

int channel_create(struct channel **out, struct loop *loop,
    enum channel_kind kind, const struct resolv_conf *conf)
{
    struct channel *channel = calloc(1, sizeof *channel);
    if (!channel)
        return -ENOMEM;
    channel->loop = loop;
    channel->kind = kind;
    channel_sockets_init(&channel->sockets, loop, conf);
    int result = channel_open(channel, conf);
    if (result) {
        free(channel);
        return result;
    }
    *out = channel;
    return 0;
}

void channel_destroy(struct channel *channel)
{
    if (!channel)
        return;
    ares_destroy(channel->ares);
    assert(LIST_EMPTY(&channel->sockets.all));
    if (channel->clock_runs)
        loop_timer_stop(&channel->clock);
    free(channel);
}

/* --- questions --- */

static int channel_result(const struct channel *channel, int status)
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
    case ARES_EFORMERR:
        return ASYNC_DNS_FORMERR;
    case ARES_ENOTIMP:
        return ASYNC_DNS_NOTIMP;
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
        return channel->sockets.error ? channel->sockets.error
                                      : ASYNC_DNS_UNREACHABLE;
    default:
        return ASYNC_DNS_BAD_ANSWER;
    }
}

struct open_question {
    struct channel *channel;
    struct response_code verdict;
    channel_done *done;
    void *arg;
};

/* What c-ares makes of an answer of no use. */
static bool is_failure(int result)
{
    return result == ASYNC_DNS_SERVFAIL || result == ASYNC_DNS_REFUSED ||
           result == ASYNC_DNS_BAD_ANSWER || result == ASYNC_DNS_FORMERR ||
           result == ASYNC_DNS_NOTIMP || result == ASYNC_DNS_NOTAUTH ||
           result == ASYNC_DNS_REFERRAL || result == ASYNC_DNS_TIMEOUT ||
           result == ASYNC_DNS_UNREACHABLE;
}

/* c-ares 1.27 speaks of a time-out, too, when each try has broken a socket:
 * nobody listens there. */
static void ares_answered(
    void *arg, int status, int timeouts, unsigned char *bytes, int size)
{
    struct open_question *q = arg;
    if (status == ARES_ETIMEOUT && timeouts == 0)
        status = ARES_ECONNREFUSED;
    int result = channel_result(q->channel, status);
    int against =
        size >= NS_HFIXEDSZ ? dns_answer_against(bytes, (size_t)size) : 0;
    if (against)
        result = against;
    if (is_failure(result) && q->verdict.said)
        result = q->verdict.said;
    response_code_end(&q->verdict);
    q->channel->open--;
    q->done(q->arg, result, bytes, size);
    free(q);
}

void channel_ask(struct channel *channel,
    const struct channel_question *question, channel_done *done, void *arg)
{
    struct open_question *q = malloc(sizeof *q);
    if (!q) {
        done(arg, -ENOMEM, NULL, 0);
        return;
    }
    *q = (struct open_question){
        .channel = channel,
        .verdict = {.name = question->name, .type = question->type},
        .done = done,
        .arg = arg,
    };
    response_code_begin(&channel->sockets.verdicts, &q->verdict);
    channel->open++;
    channel->sockets.error = 0;
    ares_query(channel->ares, question->name, ns_c_in, question->type,
        ares_answered, q);
    clock_start(channel);
}

void channel_flush(struct channel *channel)
{
    channel_sockets_flush(&channel->sockets);
}
