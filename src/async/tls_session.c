/*
 * tls_session - a table of slots, found by a hash, without chains.
 */
#include "tls_session.h"

#include <stdlib.h>
#include <string.h>

static struct tls_session *slot_of(
    struct tls_sessions *sessions, const char *name, uint16_t port)
{
    uint32_t hash = 2166136261u ^ port; /* FNV-1a */
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return &sessions->slots[(hash ^ hash >> 16) % TLS_SESSIONS];
}

static void slot_clear(struct tls_session *slot)
{
    SSL_SESSION_free(slot->session);
    free(slot->name);
    *slot = (struct tls_session){0};
}

void tls_sessions_put(struct tls_sessions *sessions, const char *name,
    uint16_t port, SSL_SESSION *session)
{
    struct tls_session *slot = slot_of(sessions, name, port);
    char *copy = strdup(name);
    if (!copy) {
        SSL_SESSION_free(session);
        return;
    }
    slot_clear(slot);
    *slot = (struct tls_session){session, copy, port};
}

SSL_SESSION *tls_sessions_take(
    struct tls_sessions *sessions, const char *name, uint16_t port)
{
    struct tls_session *slot = slot_of(sessions, name, port);
    if (!slot->session || slot->port != port || strcmp(slot->name, name))
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
