/*
 * json_base64 - bytes put as base64, in as many pieces as they come in.
 *
 * Invariant: between calls fewer than three bytes are held.
 */
#include "report/json_base64.h"

#include "output/buffer.h"
#include "text/base64.h"

static void put_group(
    struct output *out, const unsigned char held[3], size_t count)
{
    char group[4];

    base64_group(group, held, count);
    output_put(out, group, sizeof(group));
}

void base64_put(
    struct base64 *base64, struct output *out, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        base64->held[base64->count++] = (unsigned char)bytes[i];
        if (base64->count == sizeof(base64->held)) {
            put_group(out, base64->held, base64->count);
            *base64 = (struct base64){.count = 0};
        }
    }
}

void base64_end(struct base64 *base64, struct output *out)
{
    if (base64->count > 0)
        put_group(out, base64->held, base64->count);
    *base64 = (struct base64){.count = 0};
}
