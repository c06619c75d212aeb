/*
 * DNS: the resolver as it is, and a name server on the same loop that says
 * what the input says.
 *
 * The first byte is the family.  Each message then is a byte how, one for
 * its length, and its bytes.  The k-th question gets the k-th message, or
 * several; those without one get silence.
 *
 * A lookup ends with addresses of its family or with a code of ours.
 */
#include "fuzz.h"
#include "server.h"
#include "wellformed.h"

#include "async/core/error.h"
#include "async/dns/resolve.h"
#include "fetch/failure.h"
#include "record/result.h"

#include <string.h>

enum {
    HOW_ID = 1, /* the question's id goes into the first two bytes */
    HOW_FRAMED = 2, /* flags and counts, then the question, then the rest */
    HOW_MORE = 4, /* the next message answers the same question */
    HOW_BARE = 8, /* by TCP: as it is, without a length ahead of it */
    HOW_LONG = 16, /* the length counts eights */
};

enum { ID, FLAGS = 2, COUNTS = 4, HEADER = 12 };
enum { FRAMED_MIN = 5 }; /* two of flags, counts of the three sections */

/* Passes of the loop in which all that is going to happen has happened. */
enum { PASSES = 40 };

static struct span messages;
static int wanted; /* family */

static struct span next_message(unsigned *how)
{
    *how = fuzz_byte(messages, 0);
    size_t len = fuzz_byte(messages, 1) * (*how & HOW_LONG ? 8 : 1);
    span_take(&messages, messages.len < 2 ? messages.len : 2);
    return span_take(&messages, len < messages.len ? len : messages.len);
}

/* The answer's size. */
static size_t frame(unsigned char *answer,
    const struct server_question *question, struct span message)
{
    memcpy(answer, question->bytes, question->size);
    memcpy(answer + FLAGS, message.at, 2);
    for (int section = 1; section < 4; section++)
        answer[COUNTS + 2 * section + 1] =
            (unsigned char)message.at[1 + section];
    span_take(&message, FRAMED_MIN);
    /* The question alone: an EDNS record may have followed. */
    size_t size = HEADER + question->name_len + 4;
    size_t room = SERVER_MESSAGE_MAX - size;
    size_t len = message.len < room ? message.len : room;
    memcpy(answer + size, message.at, len);
    return size + len;
}

static void send_one(
    const struct server_question *question, unsigned how, struct span message)
{
    unsigned char answer[SERVER_MESSAGE_MAX];
    size_t size = message.len < sizeof answer ? message.len : sizeof answer;
    memcpy(answer, message.at, size);
    if (how & HOW_FRAMED && message.len >= FRAMED_MIN)
        size = frame(answer, question, message);
    if (how & HOW_ID && size >= 2)
        memcpy(answer + ID, question->bytes + ID, 2);
    server_send(question, answer, size, how & HOW_BARE);
}

/* It was asked for the family only that was wanted. */
static void check_type(const struct server_question *question)
{
    const unsigned char *type = question->bytes + HEADER + question->name_len;
    fuzz_must(type[0] == 0 && type[2] == 0 && type[3] == 1);
    fuzz_must(type[1] == 1 || type[1] == 28);
    fuzz_must(wanted != AF_INET || type[1] == 1);
    fuzz_must(wanted != AF_INET6 || type[1] == 28);
}

static void answer(const struct server_question *question)
{
    check_type(question);
    unsigned how = HOW_MORE;
    while (how & HOW_MORE && messages.len > 0) {
        struct span message = next_message(&how);
        send_one(question, how, message);
    }
}

/* --- asking --- */

struct asking {
    struct lookup lookup;
    int result;
};

static int wait_task(void *arg)
{
    struct asking *asking = arg;
    asking->result = lookup_wait(&asking->lookup);
    return 0;
}

static void check_addresses(struct asking *asking)
{
    union address address;
    int count = 0;
    while (lookup_next(&asking->lookup, &address)) {
        int family = address.sa.sa_family;
        fuzz_must(family == AF_INET || family == AF_INET6);
        fuzz_must(wanted == AF_UNSPEC || wanted == family);
        fuzz_must(address.in.sin_port == 0);
        fuzz_must(++count <= 2 * DNS_ANSWER_ADDRESSES_MAX);
    }
    fuzz_must((count > 0) == (asking->result == 0));
}

/* Whatever happened, a record has a code of its own for it. */
static void check_code(int error)
{
    struct result result;
    result_init(&result);
    failure_tell(&result, PHASE_DNS, error);
    fuzz_must(result.error != FETCH_SYSTEM);
    check_message(result_message(&result));
    result_fini(&result);
}

static void check_asking(struct asking *asking)
{
    if (asking->result == 0)
        check_addresses(asking);
    else
        check_code(asking->result);
}

static void ask(struct resolver *resolver)
{
    struct asking asking;
    struct lookup_name name = {"www.a.test", wanted, false};
    struct task *task;
    fuzz_must(lookup_start(&asking.lookup, resolver, &name) == 0);
    fuzz_must(task_spawn(&task, wait_task, &asking) == 0);
    for (int i = 0; i < PASSES && lookup_pending(&asking.lookup); i++)
        task_sleep(0);
    task_sleep(0);
    task_cancel(task);
    task_join(task);
    check_asking(&asking);
    lookup_stop(&asking.lookup);
}

static int run_dns(void *arg)
{
    (void)arg;
    struct server server;
    struct resolver *resolver;
    server_open(&server, answer);
    struct resolver_config config = {
        .servers = server.address, .hosts_file = "/dev/null"};
    fuzz_must(resolver_create(&resolver, loop_running(), &config) == 0);
    ask(resolver);
    ask(resolver); /* perhaps of the cache */
    resolver_destroy(resolver);
    server_close(&server);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const int families[] = {AF_UNSPEC, AF_INET, AF_INET6, AF_INET};
    messages = (struct span){(const char *)bytes, size};
    wanted = families[fuzz_byte(messages, 0) & 3];
    span_take(&messages, size > 0);
    fuzz_run(run_dns, NULL);
    return 0;
}
