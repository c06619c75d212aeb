/*
 * tls_session - a table of slots, found by a hash, without chains.
 */
#include "tls_session.h"

#include <stdbool.h>
#include <stdlib.h>
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
    return slot->session && slot->port == server->port &&
           a->sa.sa_family == b->sa.sa_family &&
           !memcmp(a, b, address_length(b)) &&
           !strcmp(slot->name, server->name);
}

static void slot_clear(struct tls_session *slot)
{
    SSL_SESSION_free(slot->session);
    free(slot->name);
    *slot = (struct tls_session){0};
}

void tls_sessions_put(struct tls_sessions *sessions,
    const struct tls_server_id *server, SSL_SESSION *session)
{
    struct tls_session *slot = slot_of(sessions, server);
    char *name = strdup(server->name);
    if (!name) {
        SSL_SESSION_free(session);
        return;
    }
    slot_clear(slot);
    *slot = (struct tls_session){session, name, server->port, *server->address};
}

SSL_SESSION *tls_sessions_take(
    struct tls_sessions *sessions, const struct tls_server_id *server)
{
    struct tls_session *slot = slot_of(sessions, server);
    if (!is_of(slot, server))
        return NULL;
    SSL_SESSION *session = slot->session;
    SSL_SESSION_up_ref(session);
    if (SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION)
        slot_clear(slot);
    return session;
}

void tls_sessions_clear(struct tls_sessions *sessions)
{
    for (int i = 0; i < TLS_SESSIONS; i++)
        slot_clear(&sessions->slots[i]);
}
