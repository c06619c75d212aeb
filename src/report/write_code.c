/*
 * write_code - see write_code.h; curl(1), EXIT CODES.
 */
#include "report/write_code.h"

#include "record/result.h"

/* What failures are to curl, but those that their phase decides. */
static const unsigned char codes[FETCH_ERROR_COUNT] = {
    [FETCH_BAD_TARGET] = 3, /* URL malformed */
    [FETCH_NXDOMAIN] = 6, /* could not resolve host */
    [FETCH_NODATA] = 6,
    [FETCH_SERVFAIL] = 6,
    [FETCH_DNS_REFUSED] = 6,
    [FETCH_DNS_UNREACHABLE] = 6,
    [FETCH_DNS_BAD_ANSWER] = 6,
    [FETCH_TIMEOUT] = 28,
    [FETCH_REFUSED] = 7, /* failed to connect */
    [FETCH_UNREACHABLE] = 7,
    [FETCH_NO_LOCAL_PORT] = 7,
    [FETCH_NO_DESCRIPTORS] = 7,
    [FETCH_SYSTEM] = 7,
    [FETCH_PROXY_LOGIN] = 56,
    [FETCH_PROXY_REFUSED] = 56,
    [FETCH_PROXY_FAILED] = 56,
    [FETCH_NOT_SOCKS] = 97, /* proxy handshake error */
    [FETCH_TLS_EXPIRED] = 60, /* certificate cannot be authenticated */
    [FETCH_TLS_NOT_YET_VALID] = 60,
    [FETCH_TLS_NAME_MISMATCH] = 60,
    [FETCH_TLS_SELF_SIGNED] = 60,
    [FETCH_TLS_UNKNOWN_ISSUER] = 60,
    [FETCH_TLS_CERTIFICATE] = 60,
    [FETCH_TLS_NOT_TLS] = 35, /* TLS connecting failed */
    [FETCH_TLS_PROTOCOL] = 35,
    [FETCH_TLS_ALERT] = 35,
    [FETCH_TLS_HANDSHAKE] = 35,
    [FETCH_TLS_BROKEN] = 56, /* failure in receiving */
    [FETCH_RESET] = 56,
    [FETCH_TRUNCATED] = 56,
    [FETCH_HEADER_TOO_LARGE] = 56,
    [FETCH_EMPTY_REPLY] = 52,
    [FETCH_NOT_HTTP] = 1, /* unsupported protocol: HTTP/0.9 */
    [FETCH_BAD_REDIRECT] = 3,
    [FETCH_REDIRECT_LOOP] = 47, /* too many redirects */
    [FETCH_TOO_MANY_REDIRECTS] = 47,
    [FETCH_CANCELED] = 42, /* aborted */
    [FETCH_NO_MEMORY] = 27,
};

int write_exit_code(const struct result *result)
{
    if (result->error == FETCH_RESET && result->error_phase == PHASE_CONNECT)
        return 7;
    if (result->error == FETCH_RESET && result->error_phase == PHASE_TLS)
        return 35;
    return codes[result->error];
}
