/*
 * json_tls - the record's "tls": the connection and the certificate.
 */
#include "report/json_tls.h"

#include "async/tls/tls_info.h"
#include "output/buffer.h"
#include "report/json_write.h"

#include <time.h>

enum { DAY = 24 * 60 * 60 }; /* seconds */

static void put_not_after(struct output *out, int64_t not_after)
{
    char text[64];
    time_t seconds = (time_t)not_after;
    struct tm tm;

    if (not_after == INT64_MIN || !gmtime_r(&seconds, &tm) ||
        !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
        json_put_text(out, NULL);
    else
        json_put_text(out, text);
}

/* Whole days from `now` on, negative once it is over. */
static void put_days_left(struct output *out, int64_t not_after, int64_t now)
{
    int64_t left, days;

    if (not_after == INT64_MIN) {
        JSON_PUT(out, "null");
        return;
    }
    left = not_after - now;
    days = left / DAY - (left % DAY < 0);
    if (days < 0)
        JSON_PUT(out, "-");
    json_put_uint(out, (uint64_t)(days < 0 ? -days : days));
}

static void put_certificate(
    struct output *out, const struct tls_info *tls, int64_t now)
{
    bool has = tls->has_certificate;

    JSON_PUT(out, ",\"subject\":");
    json_put_text(out, has ? tls->subject : NULL);
    JSON_PUT(out, ",\"issuer\":");
    json_put_text(out, has ? tls->issuer : NULL);
    JSON_PUT(out, ",\"not_after\":");
    put_not_after(out, has ? tls->not_after : INT64_MIN);
    JSON_PUT(out, ",\"days_left\":");
    put_days_left(out, has ? tls->not_after : INT64_MIN, now);
    JSON_PUT(out, ",\"verified\":");
    if (!has)
        JSON_PUT(out, "null");
    else if (tls->verified)
        JSON_PUT(out, "true");
    else
        JSON_PUT(out, "false");
}

void json_put_tls(struct output *out, const struct tls_info *tls, int64_t now)
{
    if (!tls || (!tls->version && !tls->has_certificate)) {
        JSON_PUT(out, "null");
        return;
    }
    JSON_PUT(out, "{\"version\":");
    json_put_text(out, tls->version);
    JSON_PUT(out, ",\"cipher\":");
    json_put_text(out, tls->cipher);
    put_certificate(out, tls, now);
    JSON_PUT(out, "}");
}
