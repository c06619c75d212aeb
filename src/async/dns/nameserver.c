/*
 * nameserver - one question of one type, by UDP, by TCP where the answer is
 * truncated.
 *
 * A connection that the server closes is lost for all questions on it, even
 * when it closed because of one.  Each of them is then asked once more, alone
 * on a connection: only the one that the server will not have fails.
 *
 * Invariant: until it is done, an asking has exactly one question open in one
 * of the channels, or is in `lost`.
 */
#include "async/dns/nameserver.h"

#include "async/core/error.h"
#include "async/dns/channel.h"
#include "async/dns/resolv_conf.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

/* So many are asked alone at the same time. */
enum { LANES = 4 };

struct nameserver {
    struct loop *loop;
    struct resolv_conf conf; /* of one server; the configuration's own */
    struct channel *udp;
    struct channel *tcp; /* made when it is needed, as those of the lanes */
    struct lane {
        struct channel *channel;
        struct asking *asking; /* NULL: free */
    } lanes[LANES];
    TAILQ_HEAD(, asking) lost; /* until a lane is free */
    struct loop_call fill_lanes;
    bool closing;
};

/* A question on its way. */
struct asking {
    struct nameserver *ns;
    const char *name;
    nameserver_done *done;
    void *arg;
    int *said;
    int family;
    bool truncated; /* an answer by UDP was */
    enum { BY_UDP, BY_TCP, ALONE } way;
    struct lane *lane; /* ALONE and not in `lost` */
    TAILQ_ENTRY(asking) link; /* of `lost` */
};

static void fill_lanes(void *arg);

static void asking_finish(struct asking *a, const struct dns_answer *answer)
{
    a->done(a->arg, answer);
    free(a);
}

int nameserver_create(struct nameserver **out, struct loop *loop,
    const struct resolv_conf *conf, size_t server)
{
    struct nameserver *ns = calloc(1, sizeof *ns);
    if (!ns)
        return -ENOMEM;
    ns->loop = loop;
    ns->conf = *conf;
    ns->conf.servers = &conf->servers[server];
    ns->conf.server_count = 1;
    TAILQ_INIT(&ns->lost);
    loop_call_init(&ns->fill_lanes, fill_lanes, ns);
    int result = channel_create(&ns->udp, loop, CHANNEL_UDP, &ns->conf);
    if (result)
        nameserver_destroy(ns);
    else
        *out = ns;
    return result;
}

void nameserver_destroy(struct nameserver *ns)
{
    if (!ns)
        return;
    ns->closing = true;
    channel_destroy(ns->udp);
    channel_destroy(ns->tcp);
    for (int i = 0; i < LANES; i++)
        channel_destroy(ns->lanes[i].channel);
    while (!TAILQ_EMPTY(&ns->lost)) {
        struct asking *a = TAILQ_FIRST(&ns->lost);
        TAILQ_REMOVE(&ns->lost, a, link);
        asking_finish(a, &(struct dns_answer){.result = -ECANCELED});
    }
    loop_call_cancel(ns->loop, &ns->fill_lanes);
    free(ns);
}

void nameserver_flush(struct nameserver *ns)
{
    channel_flush(ns->udp);
    if (ns->tcp)
        channel_flush(ns->tcp);
}

/* --- asking --- */

static void channel_answered(
    void *arg, int result, const unsigned char *bytes, int size);

static void asking_ask(struct asking *a, struct channel *channel)
{
    struct channel_question question = {
        a->name, a->family == AF_INET ? ns_t_a : ns_t_aaaa};
    if (a->truncated)
        *a->said = ASYNC_DNS_TCP_TIMEOUT;
    channel_ask(channel, &question, channel_answered, a);
}

/* Asks on a channel for TCP, which is made when it is first needed. */
static void ask_on(struct asking *a, struct channel **tcp)
{
    struct nameserver *ns = a->ns;
    enum channel_kind kind = a->way == ALONE ? CHANNEL_TCP_BRIEF : CHANNEL_TCP;
    int result = *tcp ? 0 : channel_create(tcp, ns->loop, kind, &ns->conf);
    if (result) {
        channel_answered(a, result, NULL, 0);
        return;
    }
    asking_ask(a, *tcp);
}

static void ask_by_tcp(struct asking *a)
{
    a->way = BY_TCP;
    ask_on(a, &a->ns->tcp);
}

/* --- alone --- */

static void ask_alone(struct asking *a)
{
    a->way = ALONE;
    TAILQ_INSERT_TAIL(&a->ns->lost, a, link);
    loop_call_soon(a->ns->loop, &a->ns->fill_lanes);
}

static void lane_leave(struct asking *a)
{
    a->lane->asking = NULL;
    a->lane = NULL;
    loop_call_soon(a->ns->loop, &a->ns->fill_lanes);
}

/* With a channel of its own: the last one's connection may be closing.  The
 * lane may be free again before ask_on returns. */
static void lane_fill(struct lane *lane, struct nameserver *ns)
{
    struct asking *a;
    while (!lane->asking && (a = TAILQ_FIRST(&ns->lost))) {
        channel_destroy(lane->channel);
        lane->channel = NULL;
        TAILQ_REMOVE(&ns->lost, a, link);
        lane->asking = a;
        a->lane = lane;
        ask_on(a, &lane->channel);
    }
}

/* The loop's call. */
static void fill_lanes(void *arg)
{
    struct nameserver *ns = arg;
    for (int i = 0; i < LANES; i++)
        lane_fill(&ns->lanes[i], ns);
}

/* --- answers --- */

static bool says_truncated(const unsigned char *bytes, int size)
{
    return bytes && dns_answer_is_truncated(bytes, (size_t)size);
}

/* Or more than UDP may bring without EDNS, which c-ares cuts there. */
static bool is_truncated(const unsigned char *bytes, int size)
{
    return says_truncated(bytes, size) || size >= NS_PACKETSZ;
}

/* What this way could not bring may come another way. */
static bool asked_otherwise(
    struct asking *a, int result, const unsigned char *bytes, int size)
{
    if (a->lane)
        lane_leave(a);
    if (a->ns->closing)
        return false;
    if (a->way == BY_UDP && is_truncated(bytes, size)) {
        a->truncated = true;
        ask_by_tcp(a);
        return true;
    }
    if (a->way == BY_TCP && result == ASYNC_DNS_UNREACHABLE) {
        ask_alone(a);
        return true;
    }
    return false;
}

/* What a result by TCP is, where UDP had brought the half of an answer. */
static int result_by_tcp(int result)
{
    switch (result) {
    case ASYNC_DNS_UNREACHABLE:
        return ASYNC_DNS_NO_TCP;
    case ASYNC_DNS_TIMEOUT:
        return ASYNC_DNS_TCP_TIMEOUT;
    default:
        return result;
    }
}

static void channel_answered(
    void *arg, int result, const unsigned char *bytes, int size)
{
    struct asking *a = arg;
    struct dns_answer answer;
    answer.result = a->truncated ? result_by_tcp(result) : result;
    answer.count = 0;
    answer.ttl = 0;
    if (asked_otherwise(a, result, bytes, size))
        return;
    if (a->way != BY_UDP && says_truncated(bytes, size))
        answer.result = ASYNC_DNS_BAD_ANSWER; /* again: of no use */
    else if (!result)
        dns_answer_read(&answer, a->family, bytes, (size_t)size);
    asking_finish(a, &answer);
}

void nameserver_ask(struct nameserver *ns,
    const struct nameserver_question *question, int *said,
    nameserver_done *done, void *arg)
{
    struct asking *a = malloc(sizeof *a);
    if (!a) {
        done(arg, &(struct dns_answer){.result = -ENOMEM});
        return;
    }
    *a = (struct asking){
        .ns = ns,
        .name = question->name,
        .done = done,
        .arg = arg,
        .said = said,
        .family = question->family,
        .way = BY_UDP,
    };
    if (ns->conf.use_vc)
        ask_by_tcp(a);
    else
        asking_ask(a, ns->udp);
}
