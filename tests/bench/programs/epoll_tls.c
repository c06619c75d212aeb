/*
 * epoll_tls - bench-epoll over TLS, as OpenSSL's manual has it: a socket BIO,
 * and each event goes on where the last one had to stop; see epoll.h.
 *
 * Trusts the file SSL_CERT_FILE, and checks names.  No handshake is short:
 * sessions are not kept.  Nothing is said at the end, as afetch does.
 */
#include "epoll.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static SSL_CTX *context;

void talk_open(void)
{
    static const unsigned char alpn[] = "\x08http/1.1";
    const char *trusted = getenv("SSL_CERT_FILE");
    context = SSL_CTX_new(TLS_client_method());
    if (!context || !trusted ||
        SSL_CTX_load_verify_locations(context, trusted, NULL) != 1)
        die("cannot load SSL_CERT_FILE");
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_alpn_protos(context, alpn, sizeof alpn - 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    /* One recv for a flight of records; and buffers that are free in between
     * are still in the caches when the next connection takes them. */
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    signal(SIGPIPE, SIG_IGN); /* a socket BIO calls write(2) */
}

void slot_close(struct slot *slot)
{
    SSL_free(slot->tls);
    slot->tls = NULL;
    ERR_clear_error();
    close(slot->fd);
}

static void tls_begin(struct slot *slot)
{
    int on = 1;
    SSL *ssl = slot->tls = SSL_new(context);
    /* The request goes at once, not when our last flight is acknowledged. */
    setsockopt(slot->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!ssl || SSL_set_fd(ssl, slot->fd) != 1 ||
        SSL_set1_host(ssl, slot->name) != 1 ||
        SSL_set_tlsext_host_name(ssl, slot->name) != 1)
        die("out of memory");
    SSL_set_connect_state(ssl);
}

/* Whether the call that returned `result` was done; else it waits for an
 * event, or the slot has ended. */
static bool is_done(struct slot *slot, int result)
{
    if (result > 0)
        return true;
    int why = SSL_get_error(slot->tls, result);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
        return false;
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    slot_end(slot, reason ? reason : "closed too early");
    return false;
}

static void request_send(struct slot *slot)
{
    char request[REQUEST_MAX];
    int len = slot_request(slot, request);
    slot->sent = is_done(slot, SSL_write(slot->tls, request, len));
}

static void head_read(struct slot *slot)
{
    static char chunk[CHUNK];
    int n;
    do
        n = SSL_read(slot->tls, chunk, sizeof chunk);
    while (is_done(slot, n) && !slot_take(slot, chunk, n));
}

void slot_talk(struct slot *slot, uint32_t events)
{
    (void)events; /* OpenSSL knows what it waits for */
    if (!slot->tls)
        tls_begin(slot);
    if (!SSL_is_init_finished(slot->tls) &&
        !is_done(slot, SSL_do_handshake(slot->tls)))
        return;
    if (!slot->sent)
        request_send(slot);
    if (slot->sent)
        head_read(slot);
}
