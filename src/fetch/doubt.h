/*
 * doubt - messages for a server that is not a proxy, or is one of another kind
 * than its URL says.
 */
#ifndef AFETCH_DOUBT_H
#define AFETCH_DOUBT_H

#include "record/result.h"

struct phases;
struct stream;

/*
 * No line of an http proxy's response, or no first reply of a SOCKS proxy,
 * could be read.  If the bytes received, or their lack, suggest another kind of
 * proxy, the result says so and FAILURE_TOLD is returned, else `error`.
 */
int doubt_http(
    struct stream *stream, struct result *result, enum phase phase, int error);
int doubt_socks(
    struct stream *stream, struct result *result, enum phase phase, int error);

/*
 * CONNECT was answered 2xx with content, and what followed was not from the
 * target: what the result has since is undone, and it fails at the proxy.
 * Returns FAILURE_TOLD.
 */
int doubt_tunnel(struct result *result, struct phases *phases);

#endif
