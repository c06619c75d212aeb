/*
 * request - see request.h.
 */
#include "fetch/request.h"

#include "http/http.h"
#include "input/target.h"
#include "route/proxy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Most requests fit at once; a longer one is measured. */
enum { USUAL_SIZE = 512 };

const struct proxy *request_proxy(const struct request_turn *turn)
{
    return turn->tunnel ? NULL : turn->proxy;
}

static struct http_request request_for(
    const struct request_wishes *wishes, const struct request_turn *turn)
{
    const struct target *target = turn->target;
    const struct proxy *asked = request_proxy(turn);
    return (struct http_request){
        .method = turn->method,
        .target = asked ? target->url : target->path,
        .host = target->host,
        .host_is_v6 = strchr(target->host, ':') != NULL,
        .port = target->port,
        .default_port = target->scheme == TARGET_HTTP ? 80 : 443,
        .user_agent = wishes->user_agent,
        .authorization = wishes->authorization,
        .proxy_authorization = asked ? asked->authorization : NULL,
        .http11 = wishes->http11,
        .fields = wishes->fields,
        .field_count = wishes->field_count,
        .without = turn->without |
                   (turn->tunnel ? HTTP_WITHOUT_PROXY_CREDENTIALS : 0u),
    };
}

/* Gives the bytes out, or frees them when nothing was written. */
static int hand_over(char *bytes, long written, struct request_bytes *out)
{
    if (written < 0) {
        free(bytes);
        return (int)written;
    }
    *out = (struct request_bytes){bytes, (size_t)written};
    return 0;
}

static int write_in(
    size_t size, const struct http_request *request, struct request_bytes *out)
{
    char *bytes = malloc(size);
    long written = bytes ? http_request_write(bytes, size, request) : -ENOMEM;
    return hand_over(bytes, written, out);
}

int request_write(const struct request_wishes *wishes,
    const struct request_turn *turn, struct request_bytes *out)
{
    struct http_request request = request_for(wishes, turn);
    int error = write_in(USUAL_SIZE, &request, out);
    if (error == -ENOSPC)
        error = write_in(http_request_size(&request), &request, out);
    return error;
}

int request_write_connect(const struct request_wishes *wishes,
    const struct proxy *proxy, const char *to, struct request_bytes *out)
{
    struct http_connect connect = {
        to, wishes->user_agent, proxy->authorization};
    size_t size = http_connect_size(&connect);
    char *bytes = malloc(size);
    long written = bytes ? http_connect_write(bytes, size, &connect) : -ENOMEM;
    return hand_over(bytes, written, out);
}
