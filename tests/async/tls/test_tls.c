/*
 * tls: handshakes, ends, and what is said of peers that speak something else.
 */
#include "async/core/error.h"
#include "async/net/stream.h"
#include "harness.h"
#include "pair.h"
#include "tls_client.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOOD .certificate = {.san = "DNS:a.test,IP:127.0.0.1"}

/* --- good ones --- */

START_TEST(names_are_sent_and_addresses_not)
{
    struct tls_server server = {GOOD};
    struct tls_client client = {.name = "a.test"};
    tls_meet(&server, &client);
    ck_assert_str_eq(client.text, "ok");
    ck_assert_str_eq(server.sni, "a.test");
    ck_assert_str_eq(server.alpn, "http/1.1");
    client.name = "127.0.0.1";
    tls_meet(&server, &client);
    ck_assert_str_eq(client.text, "ok");
    ck_assert_str_eq(server.sni, "");
}
END_TEST

START_TEST(version_and_cipher)
{
    struct tls_server server = {GOOD, .max_version = TLS1_2_VERSION};
    struct tls_client client = {.name = "a.test"};
    tls_meet(&server, &client);
    ck_assert_str_eq(client.info.version, "TLSv1.2");
    ck_assert_str_eq(client.info.cipher, "ECDHE-ECDSA-AES256-GCM-SHA384");
}
END_TEST

/* --- ends --- */

static void check_end(struct tls_server server, int result, const char *text)
{
    struct tls_client client = {.name = "a.test"};
    tls_meet(&server, &client);
    ck_assert_int_eq(client.handshake, 0);
    ck_assert_int_eq(client.read, result);
    ck_assert_str_eq(client.text, text);
}

START_TEST(end_with_or_without_close_notify)
{
    for (int no_notify = 0; no_notify < 2; no_notify++) {
        check_end(
            (struct tls_server){GOOD, .reply = "a\n", .no_notify = no_notify},
            0, "a");
        check_end(
            (struct tls_server){GOOD, .reply = "a", .no_notify = no_notify},
            ASYNC_EOF_IN_LINE, "");
        check_end(
            (struct tls_server){GOOD, .reply = "", .no_notify = no_notify},
            ASYNC_EOF, "");
    }
}
END_TEST

START_TEST(early_bytes_are_not_lost)
{
    check_end((struct tls_server){GOOD, .reply = "early\n", .early = true}, 0,
        "early");
}
END_TEST

/* --- bad ones --- */

static void check_fault(struct tls_server server, int result, const char *why)
{
    struct tls_client client = {.name = "a.test"};
    tls_meet(&server, &client);
    ck_assert_msg(
        client.handshake == result, "%s", async_strerror(client.handshake));
    ck_assert_str_eq(client.info.why, why);
    ck_assert(!client.info.has_certificate);
    ck_assert(!client.info.verified);
    ck_assert_int_eq(client.info.closed, result == ASYNC_TLS_HANDSHAKE);
}

#define RAW(bytes) ((struct tls_server){GOOD, .raw = (bytes)})

START_TEST(peers_that_speak_something_else)
{
    check_fault(RAW("HTTP/1.1 400 Bad Request\r\nA: b\r\n\r\n"),
        ASYNC_TLS_NOT_TLS,
        "the server does not speak TLS here: \"HTTP/1.1 400 Bad Request\"");
    check_fault(RAW("SSH-2.0-x\x1b[2J\xff"), ASYNC_TLS_NOT_TLS,
        "the server does not speak TLS here: \"SSH-2.0-x\\x1b[2J\\xff\"");
    check_fault(RAW("2"), ASYNC_TLS_NOT_TLS,
        "the server does not speak TLS here: \"2\"");
    check_fault(RAW("\x16\x04garbage"), ASYNC_TLS_NOT_TLS,
        "the server does not speak TLS here: \"\\x16\\x04garbage\"");
}
END_TEST

START_TEST(peers_that_break_off)
{
    check_fault(RAW(""), ASYNC_TLS_HANDSHAKE,
        "the server closed the connection during the TLS handshake");
    check_fault(RAW("\x16\x03\x03"), ASYNC_TLS_HANDSHAKE,
        "the server closed the connection during the TLS handshake");
}
END_TEST

START_TEST(versions_too_old)
{
    check_fault((struct tls_server){GOOD, .max_version = TLS1_1_VERSION},
        ASYNC_TLS_PROTOCOL, "no common TLS version (1.2 or later needed)");
}
END_TEST

START_TEST(trust_that_cannot_be_read)
{
    struct tls *tls = NULL;
    ck_assert_int_eq(
        tls_create(&tls, &(struct tls_config){.ca_file = "/nowhere"}), -ENOENT);
    ck_assert_int_eq(
        tls_create(&tls, &(struct tls_config){.ca_file = "/dev/null"}),
        ASYNC_TLS_NO_CERTIFICATES);
    ck_assert_int_eq(tls_create(&tls, &(struct tls_config){.ca_file = "/tmp"}),
        ASYNC_TLS_NO_CERTIFICATES);
    ck_assert_ptr_null(tls);
    tls_destroy(NULL);
    ck_assert_uint_eq(ERR_peek_error(), 0);
}
END_TEST

/* --- memory --- */

static bool no_memory;

int __real_SSL_set_ex_data(SSL *ssl, int index, void *data);
int __wrap_SSL_set_ex_data(SSL *ssl, int index, void *data);
int __real_SSL_CTX_load_verify_file(SSL_CTX *context, const char *file);
int __wrap_SSL_CTX_load_verify_file(SSL_CTX *context, const char *file);

int __wrap_SSL_set_ex_data(SSL *ssl, int index, void *data)
{
    return no_memory ? 0 : __real_SSL_set_ex_data(ssl, index, data);
}

int __wrap_SSL_CTX_load_verify_file(SSL_CTX *context, const char *file)
{
    if (!no_memory)
        return __real_SSL_CTX_load_verify_file(context, file);
    ERR_raise(ERR_LIB_X509, ERR_R_MALLOC_FAILURE);
    ERR_raise(ERR_LIB_PEM, ERR_R_ASN1_LIB);
    return 0;
}

START_TEST(connections_without_memory)
{
    struct tls_config config = {.ca_file = tls_ca_file()};
    struct tls_server server = {GOOD};
    struct tls_client client = {.name = "a.test"};
    ck_assert_int_eq(tls_create(&client.tls, &config), 0);
    no_memory = true;
    tls_meet(&server, &client);
    ck_assert_int_eq(client.handshake, -ENOMEM);
    no_memory = false;
    tls_destroy(client.tls);
}
END_TEST

/* Lack of memory is no fault of the file's. */
START_TEST(trust_without_memory)
{
    struct tls *tls;
    struct tls_config config = {.ca_file = tls_ca_file()};
    no_memory = true;
    ck_assert_int_eq(tls_create(&tls, &config), -ENOMEM);
    no_memory = false;
    ck_assert_uint_eq(ERR_peek_error(), 0);
}
END_TEST

/* --- waiting --- */

static struct tls *any_tls(void)
{
    struct tls *tls;
    struct tls_config config = {.ca_file = tls_ca_file()};
    ck_assert_int_eq(tls_create(&tls, &config), 0);
    return tls;
}

static struct tls_info started; /* of the last start */

/* Starts TLS with a peer that says this and no more; for 50 ms. */
static int start(const char *bytes, size_t size, bool canceled)
{
    struct tls *tls = any_tls();
    struct tls_peer peer = {"a.test", 443};
    struct wait_for limit;
    started = (struct tls_info){0};
    struct pair pair;
    pair_open(&pair);
    peer_send_bytes(&pair, bytes, size);
    if (canceled)
        task_cancel(task_current());
    wait_for_enter(&limit, 50 * LOOP_MILLISECOND);
    int result = wait_for_leave(
        &limit, stream_start_tls(pair.stream, tls, &peer, &started));
    pair_close(&pair);
    tls_destroy(tls);
    return result;
}

static int start_with(const char *bytes, size_t size)
{
    return start(bytes, size, false);
}

static int stall(void *arg)
{
    (void)arg;
    ck_assert_int_eq(start_with("", 0), -ETIMEDOUT);
    ck_assert_int_eq(start_with("\x16", 1), -ETIMEDOUT);
    ck_assert_int_eq(start_with("\x16\x03\x03\x40", 4), -ETIMEDOUT);
    ck_assert_int_eq(
        start_with("\x15\x03\x03\0\x02\x02\x28", 7), ASYNC_TLS_ALERT);
    ck_assert_int_eq(
        start_with("\x15\x03\x03\0\x02\x02\x46", 7), ASYNC_TLS_PROTOCOL);
    ck_assert_int_eq(start_with("HTTP/", 5), ASYNC_TLS_NOT_TLS);
    ck_assert_int_eq(start("", 0, true), -ECANCELED);
    return 0;
}

START_TEST(handshakes_that_stall)
{
    tls_ca_file();
    run(stall, NULL);
}
END_TEST

/* By close_notify, also behind the warning that may go before it; the others
 * fail in another way. */
static int close_within(void *arg)
{
    static const char closed[] =
        "the server closed the connection during the TLS handshake";
    (void)arg;
    ck_assert_int_eq(start_with("\x15\3\3\0\2\1\0", 7), ASYNC_TLS_HANDSHAKE);
    ck_assert_str_eq(started.why, closed);
    ck_assert(started.closed);
    ck_assert_int_eq(start_with("\x15\3\3\0\2\1\x5a\x15\3\3\0\2\1\0", 14),
        ASYNC_TLS_HANDSHAKE);
    ck_assert_str_eq(started.why, closed);
    ck_assert(started.closed);
    ck_assert_int_eq(start_with("\x14\3\3\0\1\2", 6), ASYNC_TLS_HANDSHAKE);
    ck_assert_ptr_nonnull(strstr(started.why, "the TLS handshake failed: "));
    ck_assert(!started.closed);
    ck_assert_int_eq(start_with("\x15\3\3\0\2\2\x28", 7), ASYNC_TLS_ALERT);
    ck_assert(!started.closed);
    return 0;
}

START_TEST(handshakes_that_are_closed)
{
    tls_ca_file();
    run(close_within, NULL);
}
END_TEST

/* The rest of a line, piece by piece. */
static int send_rest(void *arg)
{
    static const char *const pieces[] = {"400 B", "ad", "\r", "\nA: b"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        settle();
        peer_send(arg, pieces[i]);
    }
    return 0;
}

static int segments(void *arg)
{
    (void)arg;
    struct tls *tls = any_tls();
    struct tls_peer peer = {"a.test", 443};
    struct tls_info info = {0};
    struct pair pair;
    pair_open(&pair);
    peer_send(&pair, "HTTP/1.1 ");
    struct task *rest = spawn(send_rest, &pair);
    ck_assert_int_eq(
        stream_start_tls(pair.stream, tls, &peer, &info), ASYNC_TLS_NOT_TLS);
    ck_assert_str_eq(
        info.why, "the server does not speak TLS here: \"HTTP/1.1 400 Bad\"");
    ck_assert_int_eq(task_join(rest), 0);
    pair_close(&pair);
    tls_destroy(tls);
    return 0;
}

START_TEST(segments_make_no_other_message)
{
    tls_ca_file();
    run(segments, NULL);
}
END_TEST

/* --- one host's error is not another's --- */

static int mixed(void *arg)
{
    (void)arg;
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(
            start_with("HTTP/1.0 200 OK\r\n", 17), ASYNC_TLS_NOT_TLS);
        ck_assert_uint_eq(ERR_peek_error(), 0);
        ck_assert_int_eq(
            start_with("\x15\x03\x03\0\x02\x02\x50", 7), ASYNC_TLS_ALERT);
        ck_assert_uint_eq(ERR_peek_error(), 0);
    }
    return 0;
}

START_TEST(error_queue_is_left_empty)
{
    tls_ca_file();
    run(mixed, NULL);
}
END_TEST

SUITE("tls", names_are_sent_and_addresses_not, version_and_cipher,
    end_with_or_without_close_notify, early_bytes_are_not_lost,
    peers_that_speak_something_else, peers_that_break_off, versions_too_old,
    trust_that_cannot_be_read, connections_without_memory, trust_without_memory,
    handshakes_that_stall, handshakes_that_are_closed,
    segments_make_no_other_message, error_queue_is_left_empty)
