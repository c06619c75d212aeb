/*
 * tunnel - through a proxy, which one is connected to, on to a target.
 */
#ifndef AFETCH_TUNNEL_H
#define AFETCH_TUNNEL_H

#include <stdbool.h>
#include <stddef.h>

struct proxy;
struct request_wishes;
struct result;
struct route;
struct stream;

struct tunnel {
    struct stream *stream; /* to the proxy */
    const struct proxy *proxy;
    const struct route *to; /* a name goes to the proxy as it is */
    const struct request_wishes *wishes;
    size_t max_header_size; /* of a proxy's reply */
    struct result *result;
    bool *has_content; /* set when an http proxy announces content with its
                          2xx, which a tunnel does not have */
};

/*
 * Awaits.  0: from here on the stream leads to the target, whose first bytes
 * may have come already; RESULT_FAILED: the result says what is wrong, in
 * phase connect, and that the proxy says so; or -ENOMEM.
 */
int tunnel_open(const struct tunnel *tunnel);

#endif
