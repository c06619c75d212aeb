/*
 * doubt - messages for a server that is not a proxy, or is one of another kind
 * than its URL says.
 */
#ifndef AFETCH_DOUBT_H
#define AFETCH_DOUBT_H

#include "record/result.h"

struct timings;
struct stream;

/*
 * As failure_tell, where an http proxy's response or a SOCKS proxy's first
 * reply could not be read.  Where what came, or that nothing did, tells of
 * another kind of proxy, the result says so.
 */
int doubt_http(
    struct stream *stream, struct result *result, enum phase phase, int error);
int doubt_socks(
    struct stream *stream, struct result *result, enum phase phase, int error);

/*
 * CONNECT was answered 2xx with content, and what came then was not of the
 * target: all that the result tells since is undone, and it fails at the
 * proxy.  Returns RESULT_FAILED.
 */
int doubt_tunnel(struct result *result, struct timings *phases);

#endif
