/*
 * tunnel - see tunnel.h.
 */
#include "fetch/tunnel.h"

#include "fetch/failure.h"
#include "fetch/tunnel_inside.h"
#include "route/proxy.h"
#include "route/route.h"

#include <errno.h>
#include <stdlib.h>

int tunnel_open(const struct tunnel *tunnel)
{
    char *to = route_text(tunnel->to);
    if (!to)
        return -ENOMEM;
    int error = tunnel->proxy->kind == PROXY_HTTP ? tunnel_http(tunnel, to)
                                                  : tunnel_socks(tunnel);
    if (error)
        error = failure_at_proxy(tunnel->result, PHASE_CONNECT, error, to);
    free(to);
    return error;
}
