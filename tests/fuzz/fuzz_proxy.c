/*
 * A proxy's replies, and what comes behind them: fetch as it is, through
 * each kind of proxy, on an answer cut as the input says.
 *
 * The first line of the input is the plan, a byte each: the proxy and how
 * the answer ends, the limit, then the cuts.  The rest is what the proxy
 * says, on one connection.  With the plan "*" it is a proxy's URL, a list of
 * exceptions and a host, a line each.
 *
 * However it is cut, the outcome is that of the whole; a proxy is sent
 * nothing but what it is due; nobody is told the password.
 */
#include "fetching.h"
#include "fuzz.h"
#include "wellformed.h"

#include "http/http.h"
#include "input/target.h"
#include "route/no_proxy.h"
#include "route/proxies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WHICH, LIMIT, CUTS };
enum { CASES = 6, ENDING = 8 };

struct message {
    const char *bytes;
    size_t len;
    bool optional;
};

#define MESSAGE(text)                                                          \
    {                                                                          \
        text, sizeof(text) - 1, false                                          \
    }
#define OPTIONAL(text)                                                         \
    {                                                                          \
        text, sizeof(text) - 1, true                                           \
    }

/* Whoever is asked for what, and with which messages of SOCKS. */
static const struct {
    const char *proxy, *target;
    struct message messages[3];
} cases[CASES] = {
    {"http://192.0.2.9:3128", "http://a.test:81/x", {{0}}},
    {"http://us%65r:s%65cret@192.0.2.9", "https://a.test/", {{0}}},
    {"http://user:secret@192.0.2.9", "http://[2001:db8::1]/", {{0}}},
    {"socks5h://192.0.2.9", "http://a.test/",
        {MESSAGE("\5\1\0"), MESSAGE("\5\1\0\3\6a.test\0\x50")}},
    {"socks5h://user:secret@192.0.2.9", "http://[2001:db8::1]:81/",
        {MESSAGE("\5\2\0\2"), OPTIONAL("\1\4user\6secret"),
            MESSAGE("\5\1\0\4\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1\0\x51")}},
    {"socks5://192.0.2.9", "http://192.0.2.7:258/",
        {MESSAGE("\5\1\0"), MESSAGE("\5\1\0\1\300\0\2\7\1\2")}},
};

static bool holds(struct span text, const char *word)
{
    return memmem(text.at, text.len, word, strlen(word)) != NULL;
}

/* What the peer itself did not say, an escape ahead of it perhaps ("\x9c"). */
static void check_secret(const char *text, struct span replies)
{
    static const char *const secrets[] = {"secret", "c2VjcmV0"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        fuzz_must(!strstr(text, secrets[i]) || holds(replies, secrets[i] + 1));
}

/* --- a URL --- */

static void check_url(struct span input)
{
    struct proxy *proxy, *again;
    const char *why;
    char *url = fuzz_string(fuzz_take(&input, '\n'));
    char *list = fuzz_string(fuzz_take(&input, '\n'));
    char *host = fuzz_string(input);
    int error = proxy_parse(url, &proxy, &why);
    fuzz_must(error == 0 || error == -EINVAL);
    if (error) {
        check_message(why);
    } else {
        fuzz_must(!strchr(proxy->url, '@'));
        fuzz_must(proxy_parse(proxy->url, &again, &why) == 0);
        fuzz_must(strcmp(proxy->url, again->url) == 0);
        fuzz_must(proxy->kind == again->kind);
        check_target(proxy->server);
        proxy_destroy(proxy);
        proxy_destroy(again);
    }
    bool has = no_proxy_has(list, host);
    fuzz_must(has || !no_proxy_is_all(list));
    free(url);
    free(list);
    free(host);
}

/* --- replies --- */

/* Past the messages of SOCKS, as far as they went. */
static struct span skip_messages(
    struct span sent, const struct message messages[3])
{
    for (int i = 0; i < 3 && messages[i].len > 0; i++) {
        const struct message *message = &messages[i];
        bool there = sent.len >= message->len &&
                     !memcmp(sent.at, message->bytes, message->len);
        fuzz_must(there || message->optional || sent.len == 0);
        if (there)
            span_take(&sent, message->len);
    }
    return sent;
}

/* One request of HTTP, with what else behind a tunnel is TLS. */
static void check_sent(const struct fetching *f, unsigned which)
{
    struct span sent = {f->wire.sent, f->wire.sent_len};
    sent = skip_messages(sent, cases[which].messages);
    if (sent.len == 0)
        return;
    const char *end = memmem(sent.at, sent.len, "\r\n\r\n", 4);
    fuzz_must(end);
    struct span request = span_take(&sent, (size_t)(end + 4 - sent.at));
    check_request(request.at, request.len);
    fuzz_must(sent.len == 0 || (which == 1 && *sent.at == 0x16));
}

static void check(const struct fetching *f, unsigned which)
{
    const struct result *result = &f->result;
    fuzz_must(!result->error == (result->response.status != 0));
    check_sent(f, which);
    check_secret(result_message(result), f->wire.bytes);
    if (result->error)
        check_message(result_message(result));
    if (result->response.proxy)
        check_secret(result->response.proxy, f->wire.bytes);
}

static void set_up(
    unsigned which, struct proxies *proxies, struct target **target)
{
    const char *why, *text = cases[which].target;
    fuzz_must(proxies_give(proxies, cases[which].proxy, &why) == 0);
    fuzz_must(target_parse(text, strlen(text), target, &why) == 0);
}

static void check_replies(struct span plan, struct span replies)
{
    unsigned how = fuzz_byte(plan, WHICH), which = how % ENDING % CASES;
    struct proxies proxies = {0};
    struct target *target;
    struct span cuts = plan;
    char *bytes = fuzz_copy(replies);
    set_up(which, &proxies, &target);
    span_take(&cuts, plan.len < CUTS ? plan.len : CUTS);
    struct fetching whole = {.wire.bytes = {bytes, replies.len},
        .wire.ending = how & ENDING ? ECONNRESET : 0,
        .max_header_size = fuzz_byte(plan, LIMIT) & 1 ? 100 : HTTP_HEAD_MAX,
        .target = target,
        .proxies = &proxies};
    struct fetching cut = whole;
    cut.wire.cuts = cuts;
    cut.wire.unit = 1;
    fetching_run(&whole);
    fetching_run(&cut);
    check(&whole, which);
    check(&cut, which);
    /* What comes ahead of all TLS is none, whatever it would be within. */
    if (whole.result.error_phase != PHASE_TLS &&
        cut.result.error_phase != PHASE_TLS)
        fetching_check_same(&whole, &cut);
    fetching_fini(&whole);
    fetching_fini(&cut);
    proxies_fini(&proxies);
    target_destroy(target);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size};
    struct span plan = fuzz_take(&input, '\n');
    if (plan.len == 1 && *plan.at == '*')
        check_url(input);
    else
        check_replies(plan, input);
    return 0;
}
