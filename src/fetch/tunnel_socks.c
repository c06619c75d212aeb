/*
 * tunnel_socks - a tunnel by SOCKS 5 (RFC 1928): a method is settled, a user
 * name and password are given if the proxy wants them, then it connects.
 *
 * Invariant: no byte behind the proxy's last reply is taken, it is the
 * target's.
 */
#include "fetch/tunnel_inside.h"

#include "async/core/error.h"
#include "async/net/stream.h"
#include "fetch/doubt.h"
#include "fetch/failure.h"
#include "fetch/quote.h"
#include "fetch/socks.h"
#include "record/result.h"
#include "route/proxy.h"
#include "route/route.h"

#include <errno.h>

static int send_message(
    const struct tunnel *t, const unsigned char *bytes, size_t len)
{
    int error = stream_write(t->stream, bytes, len);
    return error ? error : stream_drain(t->stream);
}

static int fail_reply(
    const struct tunnel *t, enum fetch_error error, const char *words)
{
    return result_fail(t->result, PHASE_CONNECT, error, "%s", words);
}

static int fail_version(const struct tunnel *t)
{
    return quote_peer(t->stream, t->result, PHASE_CONNECT, FETCH_NOT_SOCKS);
}

static const unsigned char *peek_reply(const struct tunnel *t, size_t *size)
{
    return (const unsigned char *)stream_peek(t->stream, size);
}

static int receive_reply(const struct tunnel *t, size_t size)
{
    int error = stream_fill_to(t->stream, size);
    if (error == ASYNC_EOF_IN_LINE)
        return fail_reply(
            t, FETCH_TRUNCATED, "incomplete: closed within a reply");
    return error;
}

/* A reply of two bytes, whose second one is its meaning.  The first one is a
 * version that not all get right (and curl does not look at either). */
static int read_short(const struct tunnel *t, unsigned char *out)
{
    size_t size;
    int error = receive_reply(t, SOCKS_SHORT_SIZE);
    if (error)
        return error;
    *out = peek_reply(t, &size)[1];
    stream_take(t->stream, SOCKS_SHORT_SIZE);
    return 0;
}

/* Whatever else it speaks, its first byte shows it. */
static int expect_socks(const struct tunnel *t)
{
    size_t size;
    int error = receive_reply(t, 1);
    return error || *peek_reply(t, &size) == SOCKS_VERSION ? error
                                                           : fail_version(t);
}

static int settle_method(const struct tunnel *t, unsigned char *method)
{
    unsigned char bytes[SOCKS_METHODS_MAX];
    bool with_login = t->proxy->user;
    int error = send_message(t, bytes, socks_methods(bytes, with_login));
    if (!error)
        error = expect_socks(t);
    if (error)
        return doubt_socks(t->stream, t->result, PHASE_CONNECT, error);
    error = read_short(t, method);
    if (error || *method == SOCKS_METHOD_NONE ||
        (*method == SOCKS_METHOD_LOGIN && with_login))
        return error;
    return with_login ? fail_reply(t, FETCH_PROXY_LOGIN,
                            "it does not accept a user name and password")
                      : fail_reply(t, FETCH_PROXY_LOGIN,
                            "it requires a user name and password, give them "
                            "in its URL");
}

/* RFC 1929. */
static int log_in(const struct tunnel *t)
{
    unsigned char bytes[SOCKS_LOGIN_MAX], status;
    size_t len = socks_login(bytes, t->proxy->user, t->proxy->password);
    int error = len > 0 ? send_message(t, bytes, len) : -EINVAL;
    if (!error)
        error = read_short(t, &status);
    if (error || status == 0)
        return error;
    return fail_reply(t, FETCH_PROXY_LOGIN,
        "it rejected the user name and password in its URL");
}

static struct socks_end end_of(const struct route *to)
{
    struct socks_end end = {.name = to->name, .port = to->port};
    if (to->name)
        return end;
    end.is_v6 = to->addresses->sa.sa_family == AF_INET6;
    end.address = end.is_v6 ? (const void *)&to->addresses->in6.sin6_addr
                            : (const void *)&to->addresses->in.sin_addr;
    return end;
}

static int send_connect(const struct tunnel *t)
{
    unsigned char bytes[SOCKS_CONNECT_MAX];
    struct socks_end end = end_of(t->to);
    size_t len = socks_connect(bytes, &end);
    return len > 0 ? send_message(t, bytes, len) : ASYNC_DNS_BAD_NAME;
}

/* The whole reply and no more; `out` is its second byte. */
static int read_reply(const struct tunnel *t, unsigned char *out)
{
    size_t size, needed;
    const unsigned char *bytes = peek_reply(t, &size);
    while ((needed = socks_reply_size(bytes, size)) > size) {
        int error = receive_reply(t, needed);
        if (error == ASYNC_EOF)
            return fail_reply(t, FETCH_PROXY_FAILED,
                "it closed the connection without a reply, as ssh -D does "
                "when it cannot connect");
        if (error)
            return error;
        bytes = peek_reply(t, &size);
    }
    if (needed == 0)
        return fail_version(t);
    *out = bytes[1];
    stream_take(t->stream, needed);
    return 0;
}

static int connect_on(const struct tunnel *t)
{
    unsigned char reply = 0;
    int error = send_connect(t);
    if (!error)
        error = read_reply(t, &reply);
    if (error || reply == 0)
        return error;
    return fail_reply(t,
        socks_reply_is_of_target(reply) ? FETCH_PROXY_FAILED
                                        : FETCH_PROXY_REFUSED,
        socks_reply_words(reply));
}

int tunnel_socks(const struct tunnel *t)
{
    unsigned char method = SOCKS_METHOD_REFUSED;
    int error = settle_method(t, &method);
    if (!error && method == SOCKS_METHOD_LOGIN)
        error = log_in(t);
    return error ? error : connect_on(t);
}
