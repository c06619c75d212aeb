/*
 * setup - see setup.h.
 *
 * Invariant: options go into a run here and nowhere else.
 */
#include "crawl/setup.h"

#include "async/core/error.h"
#include "async/tls/tls.h"
#include "crawl/descriptors.h"
#include "crawl/rounds.h"
#include "exit.h"
#include "options/options.h"
#include "record/totals.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* libevent's three, a mailbox, the pool of stacks, one to spare. */
enum { DESCRIPTORS_A_LOOP = 6, CONNECTIONS_LEAST = 4 }; /* of a thread */

/* --- what is opened --- */

/* Once, whichever thread is the first. */
static void warn_of_trust(const char *text)
{
    static atomic_flag said = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&said))
        warn("%s", text);
}

static int open_tls(struct setup *setup, unsigned wants, struct tls **out)
{
    const struct options *o = setup->options;
    char why[TLS_WHY_MAX];
    struct tls_config config = {
        .ca_file = o->ca_file,
        .insecure = o->insecure,
        .brief = !(wants & REPORT_WANTS_TLS),
        .certs = wants & REPORT_WANTS_CERTS,
        .why = why,
        .warn = o->silent || o->insecure ? NULL : warn_of_trust,
    };
    int error = tls_create(out, &config);
    if (error == -ENOMEM || error == ASYNC_TLS_SETUP)
        return fatal(
            EXIT_CANNOT_GO_ON, "%s", *why ? why : async_strerror(error));
    if (error)
        return fatal(EXIT_USAGE, "--cacert: %s: %s", o->ca_file,
            *why ? why : async_strerror(error));
    return 0;
}

static bool is_shortage(int error)
{
    return error == -EMFILE || error == -ENFILE || error == -ENOBUFS ||
           error == -ENOMEM;
}

static int open_source(struct setup *setup)
{
    const struct options *o = setup->options;
    if (!o->interface)
        return 0;
    int error = source_parse(&setup->source, o->interface);
    if (error == -EADDRNOTAVAIL || error == -ENODEV)
        return fatal(EXIT_USAGE,
            "--interface: %s: not an address or device of this machine",
            o->interface);
    if (error)
        return fatal(is_shortage(error) ? EXIT_CANNOT_GO_ON : EXIT_USAGE,
            "--interface: %s: %s", o->interface, strerror(-error));
    int family = setup->source.address.sa.sa_family;
    if (family != AF_UNSPEC && o->family != AF_UNSPEC && o->family != family)
        return fatal(EXIT_USAGE, "--interface: %s: not an IPv%d address",
            o->interface, o->family == AF_INET ? 4 : 6);
    if (family != AF_UNSPEC)
        setup->family = family;
    return 0;
}

/* 0 is "auto": as many as there are cores for the program. */
static unsigned threads_of(const struct options *o)
{
    cpu_set_t usable;
    unsigned threads = o->threads;
    if (!threads && !sched_getaffinity(0, sizeof usable, &usable))
        threads = (unsigned)CPU_COUNT(&usable);
    if (threads > o->concurrency)
        threads = o->concurrency;
    return threads ? threads : 1;
}

/* What the loops of so many threads keep open, and the first one's mailbox. */
static unsigned descriptors_of(unsigned threads)
{
    return threads > 1 ? DESCRIPTORS_A_LOOP * threads : 0;
}

static bool has_descriptors_for(unsigned threads, unsigned long *limit)
{
    unsigned least = descriptors_of(threads) + threads * CONNECTIONS_LEAST;
    return descriptors_allow(least, limit) == least;
}

/* As many as leave enough descriptors for connections. */
static unsigned allowed_threads(const struct options *o)
{
    unsigned long limit = 0;
    unsigned wanted = threads_of(o), threads = wanted;
    while (threads > 1 && !has_descriptors_for(threads, &limit))
        threads--;
    if (threads < wanted && !o->silent)
        warn("%u of %u threads: only %lu files may be open (RLIMIT_NOFILE)",
            threads, wanted, limit);
    return threads;
}

int setup_open(
    struct setup *setup, const struct options *options, unsigned wants)
{
    *setup = (struct setup){.options = options, .family = options->family};
    setup->threads = allowed_threads(options);
    setup->tls = calloc(setup->threads, sizeof *setup->tls);
    if (!setup->tls)
        return fatal(EXIT_CANNOT_GO_ON, "%s", strerror(ENOMEM));
    int error = 0;
    for (unsigned i = 0; !error && i < setup->threads; i++)
        error = open_tls(setup, wants, &setup->tls[i]);
    return error ? error : open_source(setup);
}

void setup_close(struct setup *setup)
{
    for (unsigned i = 0; setup->tls && i < setup->threads; i++)
        tls_destroy(setup->tls[i]);
    free(setup->tls);
    setup->tls = NULL;
}

/* --- what is asked for --- */

static unsigned allowed_concurrency(const struct setup *setup)
{
    const struct options *o = setup->options;
    unsigned taken = descriptors_of(setup->threads);
    unsigned long limit = 0;
    unsigned allowed = descriptors_allow(o->concurrency + taken, &limit);
    allowed = allowed > taken ? allowed - taken : 1;
    if (allowed < o->concurrency && !o->silent)
        warn("concurrency cut from %u to %u: only %lu files may be open "
             "(RLIMIT_NOFILE)",
            o->concurrency, allowed, limit);
    return allowed;
}

static struct request_wishes request_wishes(const struct options *o)
{
    return (struct request_wishes){
        .method = o->method,
        .user_agent = o->user_agent ? o->user_agent : "afetch/" AFETCH_VERSION,
        .authorization = o->authorization,
        .fields = o->fields,
        .field_count = o->field_count,
        .http11 = o->http11,
    };
}

static struct connect_config connect_config(const struct setup *setup)
{
    const struct options *o = setup->options;
    return (struct connect_config){
        .tls = setup->tls[0],
        .routes = {o->resolve_rules, o->resolve_rule_count, o->connect_rules,
            o->connect_rule_count},
        .family = setup->family,
        .proxies = &o->proxies,
        .timeout = o->connect_timeout,
    };
}

static struct fetch_config fetch_config(const struct setup *setup)
{
    const struct options *o = setup->options;
    return (struct fetch_config){
        .connect = connect_config(setup),
        .max_time = o->max_time,
        .max_header_size = o->max_header_size,
        .max_chain_size = FETCH_CHAIN_HEADS * o->max_header_size,
        .request = request_wishes(o),
        .retries = o->retries,
        .follow = o->follow,
        .max_redirs = o->max_redirs,
    };
}

/* Lines of a target that may not be shown wait for its end. */
static enum order_mode order_of(const struct options *o)
{
    bool may_be_hidden = o->until || o->changes;
    return may_be_hidden && o->order == ORDER_ARRIVAL ? ORDER_DONE : o->order;
}

void setup_run(struct setup *setup, struct run *run)
{
    const struct options *o = setup->options;
    *run = (struct run){
        .crawl =
            {
                .fetch = fetch_config(setup),
                .concurrency = allowed_concurrency(setup),
                .all_addresses = o->all_addresses,
                .order = order_of(o),
                .start_interval = o->start_interval,
                .deadline = o->deadline,
            },
        .per_address = o->per_address,
        .threads = setup->threads,
        .tls = setup->tls,
        .source = o->interface ? &setup->source : NULL,
        .dns_servers = o->dns_servers,
    };
}

void setup_totals(const struct options *options, struct run_totals *totals)
{
    totals_init(totals);
    totals->insecure = options->insecure;
    totals->paced = options->start_interval > 0 || rounds_asked(options);
    totals->shard = options->shard;
}
