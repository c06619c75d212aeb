/*
 * tunnel_inside - the kinds of tunnels, for tunnel.c only.
 */
#ifndef AFETCH_TUNNEL_INSIDE_H
#define AFETCH_TUNNEL_INSIDE_H

#include "fetch/tunnel.h"

/* Await.  0; RESULT_FAILED: code and words are in the result; or a negative
 * result of the stream. */
int tunnel_http(const struct tunnel *tunnel, const char *to);
int tunnel_socks(const struct tunnel *tunnel);

#endif
