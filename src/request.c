/*
 * request - see request.h.
 */
#include "request.h"

#include "http.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

/* Most requests fit at once; a longer one is measured. */
enum { USUAL_SIZE = 512 };

static struct http_request request_for(
    const struct request_wishes *wishes, const struct request_turn *turn)
{
    const struct target *target = turn->target;
    return (struct http_request){
        .method = turn->method,
        .target = target->path,
        .host = target->host,
        .host_is_v6 = strchr(target->host, ':') != NULL,
        .port = target->port,
        .default_port = target->scheme == TARGET_HTTP ? 80 : 443,
        .user_agent = wishes->user_agent,
        .authorization = wishes->authorization,
        .http11 = wishes->http11,
        .fields = wishes->fields,
        .field_count = wishes->field_count,
        .without = turn->without,
    };
}

char *request_write(const struct request_wishes *wishes,
    const struct request_turn *turn, size_t *len)
{
    struct http_request request = request_for(wishes, turn);
    for (size_t size = USUAL_SIZE;; size = http_request_size(&request)) {
        char *bytes = malloc(size);
        long written = bytes ? http_request_write(bytes, size, &request) : 0;
        *len = (size_t)written;
        if (written >= 0)
            return bytes;
        free(bytes);
    }
}

/* RFC 9110 sections 15.5.22 and 15.6.6: Upgrade Required, HTTP Version Not
 * Supported. */
const char *request_hint(const struct request_wishes *wishes, int status)
{
    if (!wishes->http11 && (status == 426 || status == 505))
        return "the server does not serve HTTP/1.0, try --http1.1";
    return NULL;
}
