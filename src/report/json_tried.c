/*
 * json_tried - see json_tried.h.
 */
#include "report/json_tried.h"

#include "output/buffer.h"
#include "record/members.h"
#include "record/result.h"
#include "report/json_member.h"
#include "report/json_write.h"

#include <arpa/inet.h>

static void put_ip(struct output *out, const union address *address)
{
    char text[INET6_ADDRSTRLEN];
    const void *bytes = address->sa.sa_family == AF_INET6
                            ? (const void *)&address->in6.sin6_addr
                            : (const void *)&address->in.sin_addr;
    json_put_text(
        out, inet_ntop(address->sa.sa_family, bytes, text, sizeof text));
}

static void put_try(struct output *out, const struct response_tried *tried)
{
    JSON_PUT(out, "{" MEMBER(MEMBER_IP));
    put_ip(out, &tried->address);
    JSON_PUT(out, "," MEMBER(MEMBER_PHASE));
    json_put_text(out, phase_name(PHASE_CONNECT));
    JSON_PUT(out, "," MEMBER(MEMBER_CODE));
    json_put_text(out, fetch_error_name((enum fetch_error)tried->error));
    JSON_PUT(out, "," MEMBER(MEMBER_MS));
    json_put_ms(out, tried->took);
    JSON_PUT(out, "}");
}

void json_put_tried(struct output *out, const struct response *response)
{
    JSON_PUT(out, "[");
    for (size_t i = 0; i < response->tried_count; i++) {
        if (i > 0)
            JSON_PUT(out, ",");
        put_try(out, &response->tried[i]);
    }
    JSON_PUT(out, "]");
}
