/*
 * json_tls - the record's "tls": the connection and the certificate.
 */
#include "report/json_tls.h"

#include "async/tls/tls_info.h"
#include "output/buffer.h"
#include "report/json_member.h"
#include "report/json_write.h"

void json_put_tls(struct output *out, const struct selector_scope *scope)
{
    const struct tls_info *tls = selector_response(scope)->tls;

    if (!tls || (!tls->version && !tls->has_certificate)) {
        JSON_PUT(out, "null");
        return;
    }
    JSON_PUT(out, "{");
    json_put_members(out, SELECTOR_TLS_VERSION, SELECTOR_TLS_VERIFIED, scope);
    JSON_PUT(out, "}");
}
