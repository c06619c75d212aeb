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
#include "async/dns/dns_message.h"
#include "async/dns/resolv_conf.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Where resolv.conf(5) does not say it: c-ares doubles the time with each try,
 * 1 s, 2 s, 4 s. */
enum { TIMEOUT = 1, TRIES = 3 };
/* For each of those that wait for their turn. */
enum { BRIEF_MS = 1000 };
/* How often c-ares looks for questions that must be asked again. */
#define TICK (100 * LOOP_MILLISECOND)

/* Random ids are got so many at a time. */
enum { IDS = 64 };

struct channel {
    struct loop *loop;
    enum channel_kind kind;
    ares_channel ares;
    unsigned open; /* questions */
    struct loop_timer clock;
    bool clock_runs;
    uint16_t ids[IDS];
    unsigned id_count; /* not used yet */
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

/* What an answer says is not told here. */
static int channel_result(const struct channel *channel, int status)
{
    switch (status) {
    case ARES_SUCCESS:
        return 0;
    case ARES_ETIMEOUT:
        return ASYNC_DNS_TIMEOUT;
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
    unsigned char question[];
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

static int fill_ids(struct channel *channel)
{
    if (getrandom(channel->ids, sizeof channel->ids, 0) < 0)
        return -errno;
    channel->id_count = IDS;
    return 0;
}

/* Not that of another open question, if chance has it so at all: c-ares 1.18
 * sends it as it is, and 1.34 one of its own. */
static int next_id(struct channel *channel)
{
    int id = 0;
    for (int tries = 0; tries < IDS; tries++) {
        int error = channel->id_count ? 0 : fill_ids(channel);
        if (error)
            return error;
        id = channel->ids[--channel->id_count];
        if (!response_codes_have(&channel->sockets.verdicts, (uint16_t)id))
            break;
    }
    return id;
}

/* RFC 1035 section 4.1: one question, recursion desired. */
static void send_query(struct open_question *q, int id)
{
    const unsigned char header[NS_HFIXEDSZ] = {
        (unsigned char)(id >> 8), (unsigned char)id, 0x01, 0, 0, 1};
    unsigned char message[NS_HFIXEDSZ + DNS_QUESTION_MAX];
    size_t size = q->verdict.question_size;
    memcpy(message, header, sizeof header);
    memcpy(message + sizeof header, q->verdict.question, size);
    q->channel->open++;
    q->channel->sockets.error = 0;
    ares_send(q->channel->ares, message, (int)(sizeof header + size),
        ares_answered, q);
}

void channel_ask(struct channel *channel,
    const struct channel_question *question, channel_done *done, void *arg)
{
    int id = next_id(channel);
    struct open_question *q =
        id < 0 ? NULL : malloc(sizeof *q + dns_question_room(question->name));
    if (!q) {
        done(arg, id < 0 ? id : -ENOMEM, NULL, 0);
        return;
    }
    q->channel = channel;
    q->done = done;
    q->arg = arg;
    q->verdict.name = question->name;
    q->verdict.type = question->type;
    q->verdict.question = q->question;
    if (!response_code_begin(&channel->sockets.verdicts, &q->verdict)) {
        free(q);
        done(arg, ASYNC_DNS_BAD_NAME, NULL, 0);
        return;
    }
    send_query(q, id);
    clock_start(channel);
}

void channel_flush(struct channel *channel)
{
    channel_sockets_flush(&channel->sockets);
}
