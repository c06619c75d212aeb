/*
 * tls - one SSL a connection.
 *
 * Invariant: OpenSSL runs on the loop's own stack, with an empty error queue
 * and a budget of bytes: so no coroutine's stack grows by its frames, no
 * host's error is told of another, and no peer keeps the loop to itself.
 */
#include "async/tls/tls.h"

#include "async/core/error.h"
#include "async/core/task.h"
#include "async/tls/tls_connection.h"
#include "async/tls/tls_session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

/* Read in one call at most, or little more: a full record. */
enum { BUDGET = 16 * 1024 };

static struct tls_server_id server_of(const struct tls_connection *connection)
{
    return (struct tls_server_id){
        connection->name, connection->port, connection->link.address};
}

static void session_keep(struct tls_connection *connection)
{
    struct tls_server_id server = server_of(connection);
    tls_sessions_put(
        &connection->tls->sessions, &server, SSL_get0_session(connection->ssl));
}

static bool is_address(const char *name)
{
    unsigned char address[16];
    return inet_pton(AF_INET, name, address) == 1 ||
           inet_pton(AF_INET6, name, address) == 1;
}

/* What the certificate must be for, and SNI.  False: no memory; whatever a
 * target's host is, OpenSSL takes it. */
static bool name_set(SSL *ssl, const char *name)
{
    if (is_address(name))
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                               X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, name) == 1 &&
           SSL_set_tlsext_host_name(ssl, name) == 1;
}

static void session_offer(struct tls_connection *connection)
{
    struct tls_server_id server = server_of(connection);
    SSL_SESSION *session =
        tls_sessions_take(&connection->tls->sessions, &server);
    if (session)
        SSL_set_session(connection->ssl, session);
    SSL_SESSION_free(session);
}

static int connection_set(struct tls_connection *connection)
{
    SSL *ssl = connection->ssl;
    if (!SSL_set_app_data(ssl, connection) || !name_set(ssl, connection->name))
        return -ENOMEM;
    BIO *bio = tls_bio(connection->tls->bio_method, connection);
    if (!bio)
        return -ENOMEM;
    SSL_set_bio(ssl, bio, bio);
    SSL_set_connect_state(ssl);
    session_offer(connection);
    return 0;
}

struct call {
    struct tls_connection *connection;
    char *bytes;
    const char *output;
    size_t size;
    ssize_t result;
};

static void begin_call(struct tls_connection *connection)
{
    ERR_clear_error();
    errno = 0;
    connection->budget = BUDGET;
    connection->needs = EV_READ;
}

static void call_open(void *arg)
{
    struct call *call = arg;
    struct tls_connection *connection = call->connection;
    char *why = connection->link.info->why;
    begin_call(connection);
    call->result = tls_context_need(connection->tls, why);
    if (call->result)
        return;
    connection->ssl = SSL_new(connection->tls->context);
    call->result =
        connection->ssl ? connection_set(connection) : tls_setup_fault(why);
}

static void call_close(void *arg)
{
    struct tls_connection *connection = arg;
    /* One that is resumed has no other certificate than the server's own. */
    if (connection->has_session && !connection->tls->certs)
        session_keep(connection);
    /* Nothing is said to the peer, which is not read to its end anyway; and
     * OpenSSL need not think that the session went wrong. */
    if (connection->ssl && connection->established)
        SSL_set_shutdown(
            connection->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(connection->ssl);
    X509_free(connection->certificate);
    ERR_clear_error();
    free(connection);
}

int tls_open(struct tls_connection **out, struct tls *tls,
    const struct tls_peer *peer, const struct tls_link *link)
{
    size_t size = strlen(peer->name) + 1;
    struct tls_connection *connection = calloc(1, sizeof *connection + size);
    if (!connection)
        return -ENOMEM;
    connection->tls = tls;
    connection->link = *link;
    connection->needs = EV_READ;
    connection->port = peer->port;
    memcpy(connection->name, peer->name, size);
    struct call call = {.connection = connection};
    task_on_loop_stack(call_open, &call);
    if (call.result) {
        tls_close(connection);
        return (int)call.result;
    }
    *out = connection;
    return 0;
}

void tls_close(struct tls_connection *connection)
{
    if (connection)
        task_on_loop_stack(call_close, connection);
}

/* The result of a call that returned `outcome`, which is no success. */
static ssize_t call_unsuccessful(struct tls_connection *connection, int outcome)
{
    int what = SSL_get_error(connection->ssl, outcome);
    if (what == SSL_ERROR_WANT_READ || what == SSL_ERROR_WANT_WRITE) {
        connection->needs = what == SSL_ERROR_WANT_READ ? EV_READ : EV_WRITE;
        return -EAGAIN;
    }
    if (connection->error)
        return -connection->error;
    if (connection->established &&
        (what == SSL_ERROR_ZERO_RETURN || connection->ended))
        return 0;
    return tls_fault(connection);
}

/* `n`: the result if it was a success. */
static ssize_t result_of(
    struct tls_connection *connection, int outcome, size_t n)
{
    tls_note_memory(connection);
    if (tls_limits_passed(connection))
        return tls_fault(connection);
    return outcome == 1 ? (ssize_t)n : call_unsuccessful(connection, outcome);
}

/* 0 or -ENOMEM. */
static int handshake_over(struct tls_connection *connection)
{
    SSL *ssl = connection->ssl;
    struct tls_info *info = connection->link.info;
    connection->established = true;
    info->resumed = SSL_session_reused(ssl);
    info->verified = SSL_get_verify_result(ssl) == X509_V_OK;
    if (SSL_version(ssl) == TLS1_2_VERSION)
        connection->certificate = SSL_get1_peer_certificate(ssl);
    if (!info->has_certificate && !connection->tls->brief)
        tls_certificate_note(info, SSL_get0_peer_certificate(ssl));
    return connection->tls->certs
               ? tls_chain_note(info, SSL_get_peer_cert_chain(ssl))
               : 0;
}

static void note_agreed(struct tls_connection *connection)
{
    struct tls_info *info = connection->link.info;
    const SSL_CIPHER *cipher = SSL_get_current_cipher(connection->ssl);
    if (!cipher)
        cipher = SSL_get_pending_cipher(connection->ssl);
    if (!cipher)
        return;
    info->version = SSL_get_version(connection->ssl);
    info->cipher = SSL_CIPHER_get_name(cipher);
}

static void call_handshake(void *arg)
{
    struct call *call = arg;
    begin_call(call->connection);
    int outcome = SSL_do_handshake(call->connection->ssl);
    call->result = result_of(call->connection, outcome, 0);
    if (call->result != -EAGAIN)
        note_agreed(call->connection);
    if (!call->result)
        call->result = handshake_over(call->connection);
    ERR_clear_error();
}

int tls_handshake(struct tls_connection *connection)
{
    struct call call = {.connection = connection};
    task_on_loop_stack(call_handshake, &call);
    return (int)call.result;
}

static void call_read(void *arg)
{
    struct call *call = arg;
    size_t n = 0;
    begin_call(call->connection);
    int outcome =
        SSL_read_ex(call->connection->ssl, call->bytes, call->size, &n);
    tls_limits_content(call->connection, n);
    call->result = result_of(call->connection, outcome, n);
    ERR_clear_error();
}

ssize_t tls_read(struct tls_connection *connection, void *bytes, size_t size)
{
    struct call call = {.connection = connection, .bytes = bytes, .size = size};
    task_on_loop_stack(call_read, &call);
    return call.result;
}

static void call_write(void *arg)
{
    struct call *call = arg;
    size_t n = 0;
    begin_call(call->connection);
    int outcome =
        SSL_write_ex(call->connection->ssl, call->output, call->size, &n);
    call->result = result_of(call->connection, outcome, n);
    ERR_clear_error();
}

ssize_t tls_write(
    struct tls_connection *connection, const void *bytes, size_t size)
{
    struct call call = {
        .connection = connection, .output = bytes, .size = size};
    task_on_loop_stack(call_write, &call);
    return call.result;
}

short tls_needs(const struct tls_connection *connection)
{
    return connection->needs;
}
