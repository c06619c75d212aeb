/*
 * tls: what a server may cost, and what is said of one that costs more.
 */
#include "async/core/error.h"
#include "async/net/stream.h"
#include "harness.h"
#include "pair.h"
#include "tls_client.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

#define GOOD .certificate = {.san = "DNS:a.test", .rsa_bits = 2048}

static const struct tls_client client = {.name = "a.test"};

static void check(struct tls_server server, int handshake, const char *why)
{
    struct tls_client its = client;
    tls_meet(&server, &its);
    ck_assert_msg(its.handshake == handshake, "%s: %s",
        async_strerror(its.handshake), its.info.why);
    ck_assert_str_eq(its.info.why, why);
    ck_assert_str_eq(its.text, handshake ? "" : "ok");
}

#define NOTHING_IN_COMMON "the server sent the alert \"handshake failure\" (40)"

/* --- key exchange --- */

START_TEST(groups_of_the_servers_own)
{
    struct tls_server server = {GOOD, .max_version = TLS1_2_VERSION};
    server.ciphers = "kDHE";
    check(server, ASYNC_TLS_ALERT, NOTHING_IN_COMMON);
    server.ciphers = "kRSA";
    check(server, 0, "");
    server.ciphers = "kDHE:kECDHE";
    check(server, 0, "");
}
END_TEST

START_TEST(groups_that_are_large)
{
    struct tls_server server = {GOOD};
    static const struct {
        const char *groups;
        int handshake;
    } all[] = {{"ffdhe2048", 0}, {"ffdhe3072", 0},
        {"ffdhe4096", ASYNC_TLS_ALERT}, {"ffdhe6144", ASYNC_TLS_ALERT},
        {"ffdhe8192", ASYNC_TLS_ALERT}, {"ffdhe8192:X448", 0}, {"P-521", 0},
        {"P-384", 0}, {"P-256", 0}, {"X25519", 0}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        server.groups = all[i].groups;
        check(server, all[i].handshake,
            all[i].handshake ? NOTHING_IN_COMMON : "");
    }
}
END_TEST

/* TLS 1.2 with DHE-RSA-AES128-GCM-SHA256, which was not offered. */
static int choose_unasked(void *arg)
{
    struct tls *tls = arg;
    struct tls_peer peer = {"a.test", 443};
    struct tls_info info = {0};
    struct pair pair;
    char hello[47] = "\x16\3\3\0\x2a\2\0\0\x26\3\3";
    memcpy(hello + sizeof hello - 4, "\0\0\x9e\0", 4);
    pair_open(&pair);
    peer_send_bytes(&pair, hello, sizeof hello);
    ck_assert_int_eq(
        stream_start_tls(pair.stream, tls, &peer, &info), ASYNC_TLS_HANDSHAKE);
    ck_assert_str_eq(
        info.why, "the TLS handshake failed: wrong cipher returned");
    pair_close(&pair);
    return 0;
}

START_TEST(servers_that_choose_unasked)
{
    struct tls *tls;
    struct tls_config config = {.ca_file = tls_ca_file()};
    ck_assert_int_eq(tls_create(&tls, &config), 0);
    run(choose_unasked, tls);
    tls_destroy(tls);
}
END_TEST

/* --- certificates --- */

START_TEST(certificates_without_end)
{
    check((struct tls_server){GOOD, .extra_certificates = 20}, 0, "");
    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++)
        check((struct tls_server){GOOD, .extra_certificates = 200,
                  .max_version = version},
            ASYNC_TLS_HANDSHAKE,
            "the server's certificates are larger than 65536 bytes");
}
END_TEST

/* --- after the handshake --- */

static void check_chatter(struct tls_server server, int read)
{
    struct tls_client its = client;
    tls_meet(&server, &its);
    ck_assert_int_eq(its.handshake, 0);
    ck_assert_msg(its.read == read, "%s", async_strerror(its.read));
    ck_assert_str_eq(its.text, read ? "" : "ok");
    ck_assert_str_eq(its.info.why,
        read ? "more than 100 post-handshake TLS messages before the headers"
             : "");
}

START_TEST(messages_without_end)
{
    check_chatter((struct tls_server){GOOD, .key_updates = 50}, 0);
    check_chatter((struct tls_server){GOOD, .tickets = 50}, 0);
    check_chatter(
        (struct tls_server){GOOD, .key_updates = 2000}, ASYNC_TLS_BROKEN);
    check_chatter((struct tls_server){GOOD, .tickets = 500}, ASYNC_TLS_BROKEN);
}
END_TEST

SUITE("tls_limits", groups_of_the_servers_own, groups_that_are_large,
    servers_that_choose_unasked, certificates_without_end, messages_without_end)
