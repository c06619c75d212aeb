/* TLS for the HTTPS listeners: handshakes, and who decides about them. */
#ifndef LAB_TLS_H
#define LAB_TLS_H

#include "lab.h"
#include "wire.h"

struct conn;

/* Makes the keys and the CA. NULL on failure. */
struct tls *tls_create(void);
void tls_destroy(struct tls *t);
/* The CA's certificate as PEM. */
void tls_ca_pem(const struct tls *t, struct buf *out);

/* Puts TLS on a fresh wire; the first wire_read begins the handshake and
 * calls conn_hello. 0 or -ENOMEM. */
int tls_start(struct tls *t, struct wire *w, struct conn *owner);
/* Takes TLS off again, unfinished: from here on the wire is plain. */
void tls_drop(struct wire *w);
/* The name the client asked for, or NULL; also of a plain wire. */
const char *tls_sni(const struct wire *w);

/* conn.c: a ClientHello came. Returns the behaviour to shake hands by, or
 * NULL to leave the handshake where it is; called again at each read. */
const struct behaviour *conn_hello(struct conn *c, struct text sni);
/* conn.c: the name a certificate is made for. */
struct text conn_hello_name(const struct conn *c);

#endif
