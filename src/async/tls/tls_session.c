/*
 * tls_session - a table of slots, found by a hash, without chains.
 *
 * Sessions are written down (ASN.1).  As OpenSSL has them they are hundreds of
 * pieces, the certificate's, which are slow to free when they have long left
 * the processor's caches: that is dear for what is seldom asked for again.
 */
#include "async/tls/tls_session.h"

#include <stdbool.h>
#include <string.h>

static struct tls_session *slot_of(
    struct tls_sessions *sessions, const struct tls_server_id *server)
{
    uint32_t hash = 2166136261u ^ server->port; /* FNV-1a */
    for (const char *name = server->name; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return &sessions->slots[(hash ^ hash >> 16) % TLS_SESSIONS];
}

static bool is_of(
    const struct tls_session *slot, const struct tls_server_id *server)
{
    const union address *a = &slot->address, *b = server->address;
    return slot->bytes && slot->port == server->port &&
           a->sa.sa_family == b->sa.sa_family &&
           !memcmp(a, b, address_length(b)) &&
           !strcmp((const char *)slot->bytes + slot->size, server->name);
}

/* Its bytes are secret. */
static void slot_clear(struct tls_session *slot)
{
    OPENSSL_clear_free(slot->bytes, slot->size);
    *slot = (struct tls_session){0};
}

void tls_sessions_put(struct tls_sessions *sessions,
    const struct tls_server_id *server, const SSL_SESSION *session)
{
    struct tls_session *slot = slot_of(sessions, server);
    int size = i2d_SSL_SESSION(session, NULL);
    size_t name = strlen(server->name) + 1;
    unsigned char *bytes =
        size > 0 ? OPENSSL_malloc((size_t)size + name) : NULL;
    if (!bytes)
        return;
    unsigned char *end = bytes;
    i2d_SSL_SESSION(session, &end);
    memcpy(end, server->name, name);
    slot_clear(slot);
    *slot = (struct tls_session){
        bytes, (size_t)size, server->port, *server->address};
}

SSL_SESSION *tls_sessions_take(
    struct tls_sessions *sessions, const struct tls_server_id *server)
{
    struct tls_session *slot = slot_of(sessions, server);
    if (!is_of(slot, server))
        return NULL;
    const unsigned char *bytes = slot->bytes;
    SSL_SESSION *session = d2i_SSL_SESSION(NULL, &bytes, (long)slot->size);
    if (session && SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION)
        slot_clear(slot);
    return session;
}

void tls_sessions_clear(struct tls_sessions *sessions)
{
    for (int i = 0; i < TLS_SESSIONS; i++)
        slot_clear(&sessions->slots[i]);
}
