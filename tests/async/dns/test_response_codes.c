/*
 * verdicts: what is said when none of several name servers was of use.
 */
#include "dns.h"
#include "harness.h"
#include "pair.h"

#include "async/core/error.h"
#include "async/dns/dns_message.h"
#include "async/dns/nameserver.h"
#include "async/dns/response_codes.h"

#include <ares.h>
#include <stdio.h>
#include <string.h>

int __real_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);
int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);

/* Nobody waits for seconds here. */
int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask)
{
    options->timeout = 10;
#ifdef ARES_OPT_MAXTIMEOUTMS /* c-ares 1.22; 1.32 has a minimum, too */
    options->maxtimeout = 10;
    mask |= ARES_OPT_MAXTIMEOUTMS;
#endif
    return __real_ares_init_options(channel, options, mask);
}

/* --- two servers --- */

/* The more telling before the less. */
enum kind {
    GOOD,
    SERVFAIL,
    REFUSED,
    BARE,
    NOTIMP,
    FORMERR,
    ALIAS,
    REFERRAL,
    NOTAUTH,
    UNKNOWN,
    LAME,
    LAME_RD,
    BROKEN,
    SILENT,
    CLOSED,
    KINDS
};

static const struct {
    const char *name;
    unsigned flags, answers;
    int result;
} kinds[KINDS] = {
    [GOOD] = {"good", 0, 0, 0},
    [SERVFAIL] = {"SERVFAIL", 0x8182, 0, ASYNC_DNS_SERVFAIL},
    [REFUSED] = {"REFUSED", 0x8185, 0, ASYNC_DNS_REFUSED},
    [BARE] = {"REFUSED, bare", 0x8105, 0, ASYNC_DNS_REFUSED},
    [NOTIMP] = {"NOTIMP", 0x8184, 0, ASYNC_DNS_NOTIMP},
    [FORMERR] = {"FORMERR", 0x8181, 0, ASYNC_DNS_FORMERR},
    [ALIAS] = {"alias", 0x8500, 0, ASYNC_DNS_ALIAS},
    [REFERRAL] = {"referral", 0x8100, 0, ASYNC_DNS_REFERRAL},
    [NOTAUTH] = {"NOTAUTH", 0x8189, 0, ASYNC_DNS_NOTAUTH},
    [UNKNOWN] = {"15", 0x818f, 0, ASYNC_DNS_BAD_ANSWER},
    [LAME] = {"lame", 0x8000, 0, ASYNC_DNS_BAD_ANSWER},
    [LAME_RD] = {"lame, RD", 0x8100, 0, ASYNC_DNS_BAD_ANSWER},
    [BROKEN] = {"broken", 0x8180, 1, ASYNC_DNS_BAD_ANSWER},
    [SILENT] = {"silent", 0, 0, ASYNC_DNS_TIMEOUT},
    [CLOSED] = {"closed", 0, 0, ASYNC_DNS_UNREACHABLE},
};

/* The header, without the question. */
static void send_bare(const struct dns_query *query, unsigned flags)
{
    unsigned char header[12] = {query->message[0], query->message[1],
        (unsigned char)(flags >> 8), (unsigned char)flags};
    dns_send(query, header, sizeof header);
}

/* One record that names another name, in this section (1: answers). */
static void send_name(
    const struct dns_query *query, unsigned flags, int section, int type)
{
    const unsigned char record[] = {0xc0, 12, 0, (unsigned char)type, 0, 1, 0,
        0, 0, 60, 0, 7, 5, 'o', 't', 'h', 'e', 'r', 0};
    unsigned char reply[DNS_MESSAGE_MAX];
    memcpy(reply, query->message, query->size);
    reply[2] = (unsigned char)(flags >> 8);
    reply[3] = (unsigned char)flags;
    reply[5 + 2 * section] = 1;
    memcpy(reply + query->size, record, sizeof record);
    dns_send(query, reply, query->size + sizeof record);
}

/* Does as its `arg`, a kind, says. */
static void serve(const struct dns_query *query)
{
    const enum kind *kind = query->dns->arg;
    if (*kind == GOOD)
        dns_answer(query, "192.0.2.1", 60);
    else if (*kind == BARE)
        send_bare(query, kinds[BARE].flags);
    else if (*kind == ALIAS)
        send_name(query, kinds[ALIAS].flags, 1, 5);
    else if (*kind == REFERRAL)
        send_name(query, kinds[REFERRAL].flags, 2, 2);
    else
        dns_claim(query, kinds[*kind].flags, kinds[*kind].answers);
}

static void keep_silent(const struct dns_query *query)
{
    (void)query;
}

/* A socket that takes nothing but its own is closed to others. */
static void close_to_others(const struct dns *dns)
{
    union address own;
    socklen_t length = sizeof own;
    ck_assert_int_eq(getsockname(dns->udp, &own.sa, &length), 0);
    ck_assert_int_eq(connect(dns->udp, &own.sa, length), 0);
}

struct world {
    enum kind two[2];
    struct dns dns[2];
    struct nameserver *ns;
};

static void server_open(struct world *world, int i)
{
    enum kind kind = world->two[i];
    struct dns *dns = &world->dns[i];
    dns_open(dns, kind == SILENT ? keep_silent : serve);
    dns->arg = &world->two[i];
    if (kind == CLOSED)
        close_to_others(dns);
}

static void world_open(struct world *world, enum kind first, enum kind second)
{
    char servers[80];
    world->two[0] = first;
    world->two[1] = second;
    server_open(world, 0);
    server_open(world, 1);
    snprintf(servers, sizeof servers, "%.31s,%.31s", world->dns[0].server,
        world->dns[1].server);
    ck_assert_int_eq(
        nameserver_create(&world->ns, loop_running(), servers, 0), 0);
}

static void world_close(struct world *world)
{
    nameserver_destroy(world->ns);
    dns_close(&world->dns[0]);
    dns_close(&world->dns[1]);
}

/* --- one question --- */

struct asked {
    struct future done;
    int said, result;
};

static void answered(void *arg, const struct dns_answer *answer)
{
    struct asked *asked = arg;
    asked->result = answer->result;
    future_set(&asked->done, answer->result);
}

static void ask(struct nameserver *ns, struct asked *asked, const char *name)
{
    struct nameserver_question question = {name, AF_INET, NULL};
    *asked = (struct asked){.said = 0};
    nameserver_ask(ns, &question, &asked->said, answered, asked);
    nameserver_flush(ns);
}

/* --- what is said --- */

static bool is_right(int result, enum kind first, enum kind second)
{
    enum kind telling = first < second ? first : second;
    if (telling == SILENT && result == ASYNC_DNS_UNREACHABLE)
        return first != second; /* as good a word, where one is closed */
    return result == kinds[telling].result;
}

/* So many pairs at once that the first one's time is not over before the last
 * one is asked. */
enum { PAIRS = KINDS * KINDS, BATCH = 3 * KINDS };

static int ask_pairs(void *arg)
{
    static struct world worlds[BATCH];
    struct asked asked[BATCH];
    const int *from = arg;
    for (int i = 0; i < BATCH; i++) {
        int pair = *from + i;
        world_open(
            &worlds[i], (enum kind)(pair / KINDS), (enum kind)(pair % KINDS));
        ask(worlds[i].ns, &asked[i], "a.test");
    }
    for (int i = 0; i < BATCH; i++) {
        const enum kind *two = worlds[i].two;
        int result = await(&asked[i].done);
        ck_assert_msg(is_right(result, two[0], two[1]), "%s, %s: %s",
            kinds[two[0]].name, kinds[two[1]].name,
            result ? async_strerror(result) : "fine");
        world_close(&worlds[i]);
    }
    return 0;
}

/* A second server is asked at once, whatever the first one answers; and there
 * are answers that only look like one of those. */
static int ask_the_second(void *arg)
{
    (void)arg;
    for (enum kind kind = SERVFAIL; kind < SILENT; kind++) {
        struct world world;
        struct asked asked;
        world_open(&world, kind, GOOD);
        ask(world.ns, &asked, "a.test");
        ck_assert_msg(!await(&asked.done), "%s", kinds[kind].name);
        ck_assert_uint_eq(world.dns[0].asked, 1);
        ck_assert_uint_eq(world.dns[1].asked, 1);
        world_close(&world);
    }
    return 0;
}

START_TEST(the_next_server_is_asked)
{
    run(ask_the_second, NULL);
}
END_TEST

/* No address: authoritative, or from a server that asks others. */
static void serve_nothing(const struct dns_query *query)
{
    dns_claim(query, query->dns->asked % 2 ? 0x8400 : 0x8080, 0);
}

static int ask_for_nothing(void *arg)
{
    struct world world;
    struct asked asked;
    (void)arg;
    world_open(&world, GOOD, GOOD);
    world.dns[0].serve = serve_nothing;
    for (int i = 0; i < 4; i++) {
        ask(world.ns, &asked, "a.test");
        ck_assert_int_eq(await(&asked.done), ASYNC_DNS_NODATA);
    }
    ck_assert_uint_eq(world.dns[1].asked, 0);
    world_close(&world);
    return 0;
}

START_TEST(no_address_is_an_answer)
{
    run(ask_for_nothing, NULL);
}
END_TEST

START_TEST(the_more_telling_of_two_servers_counts)
{
    ck_assert_int_eq(PAIRS % BATCH, 0);
    for (int from = 0; from < PAIRS; from += BATCH)
        run(ask_pairs, &from);
}
END_TEST

/* Each question knows of its own; the first server is silent about one. */
static void serve_by_name(const struct dns_query *query)
{
    if (!strcmp(query->name, "servfail.test"))
        dns_fail(query, DNS_SERVFAIL);
    else if (!strcmp(query->name, "refused.test"))
        dns_fail(query, DNS_REFUSED);
}

static int ask_three(void *arg)
{
    struct world world;
    struct asked servfail, refused, silent;
    (void)arg;
    world_open(&world, SILENT, SILENT);
    world.dns[0].serve = serve_by_name;
    ask(world.ns, &servfail, "servfail.test");
    ask(world.ns, &silent, "silent.test");
    ask(world.ns, &refused, "refused.test");
    while (world.dns[1].asked < 2)
        ck_assert_int_eq(task_sleep(LOOP_MILLISECOND), 0);
    ck_assert_int_eq(servfail.said, ASYNC_DNS_SERVFAIL);
    ck_assert_int_eq(refused.said, ASYNC_DNS_REFUSED);
    ck_assert_int_eq(silent.said, 0);
    ck_assert_int_eq(await(&servfail.done), ASYNC_DNS_SERVFAIL);
    ck_assert_int_eq(await(&refused.done), ASYNC_DNS_REFUSED);
    ck_assert_int_eq(await(&silent.done), ASYNC_DNS_TIMEOUT);
    world_close(&world);
    return 0;
}

START_TEST(it_is_known_before_all_have_failed)
{
    run(ask_three, NULL);
}
END_TEST

/* --- messages --- */

/* Bytes of an answer with this id and this question; returns their size. */
static size_t write_answer(
    unsigned char *to, int id, int flags, const char *name, int type)
{
    const unsigned char header[12] = {(unsigned char)(id >> 8),
        (unsigned char)id, 0x81, (unsigned char)flags, 0, 1};
    memcpy(to, header, sizeof header);
    return sizeof header + dns_question_write(to + sizeof header, name, type);
}

/* A question of this id goes out by a socket. */
static void send_question(struct response_codes *verdicts, int id, int socket)
{
    unsigned char bytes[64];
    struct response_message question = {bytes, 0, sizeof bytes, socket, false};
    question.size = write_answer(bytes, id, 0, "a.test", DNS_A);
    response_codes_sent(verdicts, &question);
}

/* --- an error without its question --- */

/* What is made of a bare message; its size, -1: nothing. */
static int receive_bare(struct response_codes *verdicts, int id, int flags,
    const struct response_message *how)
{
    const unsigned char bare[12] = {(unsigned char)(id >> 8), (unsigned char)id,
        0x81, (unsigned char)flags};
    struct response_message answer = *how;
    memcpy(answer.bytes, bare, sizeof bare);
    answer.size = sizeof bare;
    return response_codes_received(verdicts, &answer) ? (int)answer.size : -1;
}

/* It must be of a question that is open and come from where that went last,
 * and there must be room for the question. */
START_TEST(a_bare_error_is_of_what_was_asked)
{
    static struct response_codes verdicts;
    unsigned char bytes[64];
    int said = 1;
    struct response_code verdict = {
        .name = "a.test", .type = DNS_A, .said = &said};
    struct response_message by_7 = {bytes, 0, sizeof bytes, 7, false};
    struct response_message by_8 = {bytes, 0, sizeof bytes, 8, false};
    struct response_message narrow = {bytes, 0, 23, 7, false};
    response_code_begin(&verdicts, &verdict);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 5, &by_7), -1);
    send_question(&verdicts, 0x1234, 7);
    send_question(&verdicts, 0x1235, 8); /* nobody's */
    ck_assert_int_eq(receive_bare(&verdicts, 0x1235, 5, &by_8), -1);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 5, &by_8), -1);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 0, &by_7), -1);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 5, &narrow), -1);
    ck_assert_int_eq(said, 0);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 5, &by_7), 24);
    ck_assert_mem_eq(
        bytes, "\x12\x34\x81\5\0\1\0\0\0\0\0\0\1a\4test\0\0\1\0\1", 24);
    ck_assert_int_eq(said, ASYNC_DNS_REFUSED);
    send_question(&verdicts, 0x1234, 8); /* asked again elsewhere */
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 2, &by_7), -1);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 2, &by_8), 24);
    ck_assert_int_eq(said, ASYNC_DNS_SERVFAIL);
    response_code_end(&verdict);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 2, &by_8), -1);
}
END_TEST

/* --- a late answer, whose id has another question now --- */

/* What counts is what was asked, in either case of letters; it goes on to
 * c-ares as it is, which drops what it did not ask. */
START_TEST(an_answer_is_about_its_question)
{
    static struct response_codes verdicts;
    static const struct {
        const char *name;
        int type, flags, said;
    } rows[] = {
        {"b.test", DNS_A, 2, 0},
        {"a.test", DNS_AAAA, 2, 0},
        {"a.tes", DNS_A, 2, 0},
        {"b.test", DNS_A, 4, 0},
        {"A.tesT", DNS_A, 2, ASYNC_DNS_SERVFAIL},
        {"a.test", DNS_A, 5, ASYNC_DNS_REFUSED},
    };
    unsigned char bytes[64], copy[64];
    int said;
    struct response_code verdict = {
        .name = "a.test", .type = DNS_A, .said = &said};
    response_code_begin(&verdicts, &verdict);
    send_question(&verdicts, 0x1234, 7);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct response_message answer = {bytes, 0, sizeof bytes, 7, false};
        said = 0;
        answer.size = write_answer(
            bytes, 0x1234, rows[i].flags, rows[i].name, rows[i].type);
        memcpy(copy, bytes, answer.size);
        ck_assert(response_codes_received(&verdicts, &answer));
        ck_assert_mem_eq(bytes, copy, answer.size);
        ck_assert_int_eq(said, rows[i].said);
    }
    response_code_end(&verdict);
}
END_TEST

SUITE("verdicts", a_bare_error_is_of_what_was_asked,
    an_answer_is_about_its_question, the_next_server_is_asked,
    no_address_is_an_answer, the_more_telling_of_two_servers_counts,
    it_is_known_before_all_have_failed)
