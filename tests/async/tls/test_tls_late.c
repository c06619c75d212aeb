/*
 * tls: what a server may do once the handshake is over: ask for another one,
 * send what has no content, go on without TLS; and how much of it.
 */
#include "async/core/error.h"
#include "async/net/stream.h"
#include "harness.h"
#include "tls_client.h"
#include "tls_records.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define GOOD .certificate = {.san = "DNS:a.test"}

static void check(struct tls_server server, int read, const char *why)
{
    struct tls_client client = {.name = "a.test"};
    tls_meet(&server, &client);
    ck_assert_msg(client.handshake == 0, "%s: %s",
        async_strerror(client.handshake), client.info.why);
    ck_assert_msg(client.read == read, "%s: %s", async_strerror(client.read),
        client.info.why);
    ck_assert_str_eq(client.info.why, why);
    ck_assert_str_eq(client.text, read ? "" : "ok");
    ck_assert(client.info.verified);
    ck_assert_str_eq(client.info.subject, "CN=test");
}

/* --- another handshake --- */

static int renegotiations; /* that the server asks for */
static int asked; /* for a client's certificate: a flag of SSL_VERIFY_PEER */
static const struct tls_certificate *next; /* NULL: the same */

static bool renegotiate(SSL *ssl)
{
    char byte;
    if (next)
        tls_server_certify(ssl, next);
    SSL_set_session_id_context(ssl, (const unsigned char *)"test", 4);
    SSL_set_verify(ssl, SSL_VERIFY_PEER | asked, NULL);
    SSL_clear_mode(ssl, SSL_MODE_AUTO_RETRY);
    SSL_renegotiate(ssl);
    SSL_do_handshake(ssl);
    SSL_peek(ssl, &byte, 1); /* drives it on, to its end */
    return !SSL_renegotiate_pending(ssl) && SSL_is_init_finished(ssl);
}

static void renegotiate_often(struct tls_server *server, SSL *ssl)
{
    (void)server;
    for (int i = 0; i < renegotiations; i++)
        if (!renegotiate(ssl))
            return;
    SSL_write(ssl, "ok\n", 3);
}

#define RENEGOTIATE                                                            \
    {                                                                          \
        GOOD, .max_version = TLS1_2_VERSION, .script = renegotiate_often       \
    }

START_TEST(another_handshake)
{
    renegotiations = 1;
    check((struct tls_server)RENEGOTIATE, 0, "");
    renegotiations = 5;
    check((struct tls_server)RENEGOTIATE, 0, "");
}
END_TEST

START_TEST(handshakes_without_end)
{
    renegotiations = 1000;
    check((struct tls_server)RENEGOTIATE, ASYNC_TLS_BROKEN,
        "more than 5 renegotiations before the headers");
}
END_TEST

START_TEST(client_certificate_that_must_be)
{
    renegotiations = 1;
    asked = SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    check((struct tls_server)RENEGOTIATE, ASYNC_TLS_ALERT,
        "the server sent the alert \"handshake failure\" (40) after it "
        "requested a renegotiation (it may require a client certificate)");
}
END_TEST

/* Good or not, with -k or without: it is another one. */
START_TEST(another_certificate)
{
    static const struct tls_certificate others[] = {{.san = "DNS:a.test"},
        {.san = "DNS:b.test"},
        {.san = "DNS:a.test", .signer = SIGNED_BY_UNKNOWN}};
    renegotiations = 1;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (int insecure = 0; insecure < 2; insecure++) {
            struct tls_server server = RENEGOTIATE;
            struct tls_client client = {
                .name = "a.test", .config.insecure = insecure};
            next = &others[i];
            tls_meet(&server, &client);
            ck_assert_int_eq(client.read, ASYNC_TLS_CERTIFICATE);
            ck_assert_str_eq(client.info.why,
                "the server changed its certificate in a renegotiation");
            ck_assert(client.info.verified);
        }
}
END_TEST

/* TLS 1.3's way to ask. */
static void ask_later(struct tls_server *server, SSL *ssl)
{
    (void)server;
    char byte;
    struct timeval limit = {.tv_usec = 200 * 1000};
    setsockopt(SSL_get_fd(ssl), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    SSL_set_verify(ssl, SSL_VERIFY_PEER | asked, NULL);
    ck_assert(SSL_verify_client_post_handshake(ssl) == 1);
    SSL_do_handshake(ssl);
    SSL_peek(ssl, &byte, 1); /* the client's answer, and nothing else */
    SSL_write(ssl, "ok\n", 3);
}

START_TEST(certificate_asked_later)
{
    check((struct tls_server){GOOD, .script = ask_later}, 0, "");
    asked = SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    check((struct tls_server){GOOD, .script = ask_later}, ASYNC_TLS_ALERT,
        "the server sent the alert \"certificate required\" (116)");
}
END_TEST

/* --- records of its own making --- */

static struct {
    int type, count;
    const char *bytes;
    size_t size, padding;
} row;

static void send_records(struct tls_server *server, SSL *ssl)
{
    struct tls_records records;
    tls_records_open(&records, server, ssl);
    for (int i = 0; i < row.count; i++)
        if (!tls_records_send(
                &records, row.type, row.bytes, row.size, row.padding))
            return;
    tls_records_send(&records, RECORD_DATA, "ok\n", 3, 0);
}

static const struct tls_server by_hand[] = {
    {GOOD, .ciphers = TLS_RECORDS_12, .max_version = TLS1_2_VERSION,
        .script = send_records},
    {GOOD, .suites = TLS_RECORDS_13, .script = send_records}};

#define EMPTY "more than 1048576 bytes of almost empty TLS records"

START_TEST(some_records_without_content)
{
    row.type = RECORD_DATA;
    row.count = 20;
    check(by_hand[0], 0, "");
    check(by_hand[1], 0, "");
    row.padding = 16000;
    check(by_hand[1], 0, "");
}
END_TEST

/* OpenSSL or we find it too many first. */
static void check_without_end(const struct tls_server *server)
{
    struct tls_client client = {.name = "a.test"};
    struct tls_server its = *server;
    tls_meet(&its, &client);
    ck_assert_msg(client.read == ASYNC_TLS_BROKEN, "%s: %s",
        async_strerror(client.read), client.info.why);
}

START_TEST(padding_without_end)
{
    row.type = RECORD_DATA;
    row.count = 100000;
    row.padding = 16000;
    check_without_end(&by_hand[1]);
    row.bytes = "x";
    row.size = 1;
    check(by_hand[1], ASYNC_TLS_BROKEN, EMPTY);
}
END_TEST

START_TEST(empty_records_without_end)
{
    row.type = RECORD_DATA;
    row.count = 10 * 1000 * 1000;
    check_without_end(&by_hand[0]);
    check_without_end(&by_hand[1]);
}
END_TEST

START_TEST(warnings_without_end)
{
    row.type = RECORD_ALERT;
    row.bytes = "\1\x5a"; /* user canceled, which TLS 1.3 has, too */
    row.size = 2;
    row.count = 10 * 1000 * 1000;
    check_without_end(&by_hand[0]);
    check_without_end(&by_hand[1]);
}
END_TEST

START_TEST(hello_requests_without_end)
{
    row.type = RECORD_HANDSHAKE;
    row.bytes = "\0\0\0\0";
    row.size = 4;
    row.count = 10 * 1000 * 1000;
    check_without_end(&by_hand[0]);
    check_without_end(&by_hand[1]);
}
END_TEST

/* --- alerts --- */

static void check_alert(int number, const char *name)
{
    char alert[] = {2, (char)number}, why[200];
    snprintf(why, sizeof why,
        name ? "the server sent the alert \"%s\" (%d)"
             : "the server sent an unknown alert%s (%d)",
        name ? name : "", number);
    row.type = RECORD_ALERT;
    row.count = 1;
    row.bytes = alert;
    row.size = 2;
    for (int i = 0; i < 2; i++)
        check(by_hand[i], ASYNC_TLS_ALERT, why);
}

START_TEST(alerts_have_their_names)
{
    check_alert(10, "unexpected message");
    check_alert(70, "protocol version");
    check_alert(86, "inappropriate fallback");
    check_alert(109, "missing extension");
    check_alert(116, "certificate required");
    check_alert(117, "general error");
    check_alert(121, "ECH required");
    check_alert(200, NULL);
    check_alert(255, NULL);
}
END_TEST

/* --- no TLS any more --- */

static void go_on_without(struct tls_server *server, SSL *ssl)
{
    (void)server;
    send(SSL_get_fd(ssl), "HTTP/1.1 200 OK\r\n\r\n", 19, MSG_NOSIGNAL);
}

START_TEST(plain_text)
{
    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++)
        check((struct tls_server){GOOD, .max_version = version,
                  .script = go_on_without},
            ASYNC_TLS_BROKEN,
            "data after the TLS handshake is not TLS: \"HTTP/\"");
}
END_TEST

SUITE("tls_late", another_handshake, handshakes_without_end,
    client_certificate_that_must_be, another_certificate,
    certificate_asked_later, some_records_without_content, padding_without_end,
    empty_records_without_end, warnings_without_end, hello_requests_without_end,
    alerts_have_their_names, plain_text)
