/*
 * tls_session: what one connection leaves for the next, and for which.
 */
#include "async/core/error.h"
#include "async/tls/tls_session.h"
#include "harness.h"
#include "pair.h"
#include "tls_client.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

#define GOOD .certificate = {.san = "DNS:a.test,IP:127.0.0.1"}

static void reuse(int version)
{
    struct tls_config config = {.ca_file = tls_ca_file()};
    struct tls_server server = {GOOD, .max_version = version};
    struct tls_client client = {.name = "a.test", .times = 5};
    ck_assert_int_eq(tls_create(&client.tls, &config), 0);
    tls_meet(&server, &client);
    ck_assert_int_eq(server.handshakes, 5);
    ck_assert_int_eq(server.resumed, 4);
    ck_assert_int_eq(client.resumed, 4);
    ck_assert(client.info.verified);
    ck_assert_str_eq(client.info.subject, "CN=test");
    tls_destroy(client.tls);
}

START_TEST(sessions_are_reused)
{
    reuse(TLS1_2_VERSION);
    reuse(0);
}
END_TEST

/* Who connects how to one server, in turn, and what comes of it: a session
 * carries the verdict on its own name, under its own trust, and no other. */
enum trust { STRICT, BLIND, INSECURE, TRUSTS };

static const struct {
    enum trust trust;
    const char *name;
    int handshake;
    bool verified, resumed, forget; /* ... the sessions, before */
} turns[] = {
    {BLIND, "a.test", 0, false, false, false},
    {BLIND, "a.test", 0, false, true, false},
    {STRICT, "a.test", 0, true, false, false},
    {STRICT, "a.test", 0, true, true, false},
    {BLIND, "a.test", 0, false, true, false},
    {STRICT, "127.0.0.1", 0, true, false, false},
    {STRICT, "b.test", ASYNC_TLS_NAME_MISMATCH, false, false, false},
    {INSECURE, "b.test", 0, false, false, false},
    {INSECURE, "b.test", 0, false, true, false},
    {INSECURE, "a.test", 0, true, false, false},
    {INSECURE, "a.test", 0, true, true, false},
    {STRICT, "b.test", ASYNC_TLS_NAME_MISMATCH, false, false, false},
    {STRICT, "a.test", 0, true, true, false},
    {STRICT, "a.test", 0, true, false, true},
};
enum { TURNS = sizeof turns / sizeof *turns };

static struct tls *trusts[TRUSTS];

static void check_turn(const struct tls_client *client, size_t i)
{
    ck_assert_msg(client->handshake == turns[i].handshake &&
                      client->info.verified == turns[i].verified &&
                      client->info.resumed == turns[i].resumed,
        "turn %zu: %d, verified %d, resumed %d", i, client->handshake,
        client->info.verified, client->info.resumed);
}

static void take_turn(struct tls_client *client, size_t i)
{
    client->tls = trusts[turns[i].trust];
    client->name = turns[i].name;
    if (turns[i].forget)
        tls_forget(client->tls);
}

static void next_turn(struct tls_client *client, int left)
{
    size_t next = (size_t)(TURNS - left);
    check_turn(client, next - 1);
    take_turn(client, next);
}

static void take_turns(int max_version)
{
    const struct tls_config configs[TRUSTS] = {
        [STRICT] = {.ca_file = tls_ca_file()},
        [BLIND] = {.insecure = true}, /* the CA is not known */
        [INSECURE] = {.ca_file = tls_ca_file(), .insecure = true},
    };
    struct tls_server server = {GOOD, .max_version = max_version};
    struct tls_client client = {.times = TURNS, .met = next_turn};
    for (int i = 0; i < TRUSTS; i++)
        ck_assert_int_eq(tls_create(&trusts[i], &configs[i]), 0);
    take_turn(&client, 0);
    tls_meet(&server, &client);
    check_turn(&client, TURNS - 1);
    for (int i = 0; i < TRUSTS; i++)
        tls_destroy(trusts[i]);
}

START_TEST(sessions_carry_their_own_verdict)
{
    take_turns(TLS1_2_VERSION);
    take_turns(0);
}
END_TEST

static struct tls_sessions sessions; /* large */

/* As little as can be written down. */
static SSL_SESSION *session_create(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_SESSION *session = SSL_SESSION_new();
    ck_assert(context && session);
    SSL_SESSION_set_protocol_version(session, TLS1_2_VERSION);
    SSL_SESSION_set_cipher(
        session, sk_SSL_CIPHER_value(SSL_CTX_get_ciphers(context), 0));
    SSL_CTX_free(context);
    return session;
}

static bool is_kept_for(const char *name, uint16_t port, const char *ip)
{
    union address address;
    address_of(ip, &address);
    address_set_port(&address, 443);
    struct tls_server_id server = {name, port, &address};
    SSL_SESSION *session = tls_sessions_take(&sessions, &server);
    SSL_SESSION_free(session);
    return session;
}

START_TEST(sessions_are_kept_by_server)
{
    char name[20];
    union address address;
    SSL_SESSION *session = session_create();
    address_of("192.0.2.1", &address);
    address_set_port(&address, 443);
    tls_sessions_put(
        &sessions, &(struct tls_server_id){"a.test", 443, &address}, session);
    SSL_SESSION_free(session);
    for (int i = 0; i < 20 * TLS_SESSIONS; i++) {
        snprintf(name, sizeof name, "n%d.test", i);
        ck_assert(!is_kept_for(name, 443, "192.0.2.1"));
    }
    for (int port = 1; port < 65536; port++)
        ck_assert(
            port == 443 || !is_kept_for("a.test", (uint16_t)port, "192.0.2.1"));
    ck_assert(!is_kept_for("a.test", 443, "192.0.2.2"));
    ck_assert(!is_kept_for("a.test", 443, "::1"));
    ck_assert(is_kept_for("a.test", 443, "192.0.2.1"));
    tls_sessions_clear(&sessions);
    ck_assert(!is_kept_for("a.test", 443, "192.0.2.1"));
}
END_TEST

SUITE("tls_session", sessions_are_reused, sessions_carry_their_own_verdict,
    sessions_are_kept_by_server)
