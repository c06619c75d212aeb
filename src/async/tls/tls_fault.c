/*
 * tls_fault - why a call of OpenSSL failed, from its error queue and from
 * what the peer began with.
 */
#include "async/core/error.h"
#include "async/tls/tls_connection.h"
#include "async/tls/tls_message.h"

#include <errno.h>
#include <event2/event.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>

#define WHY(info, ...) message_add((info)->why, sizeof(info)->why, __VA_ARGS__)

/* RFC 8446 section 5.1: each record begins with its type, then 3. */
enum { RECORD_TYPE_MIN = 20, RECORD_TYPE_MAX = 24, RECORD_MAJOR = 3 };

bool tls_is_record(const void *bytes, size_t len)
{
    const unsigned char *begin = bytes;
    if (len > 0 && (begin[0] < RECORD_TYPE_MIN || begin[0] > RECORD_TYPE_MAX))
        return false;
    return len < 2 || begin[1] == RECORD_MAJOR;
}

static bool quote_is_whole(const struct tls_connection *connection)
{
    return connection->begin_len == TLS_BEGIN_MAX ||
           memchr(connection->begin, '\n', connection->begin_len);
}

/* OpenSSL 3.5 looks at five bytes; what else comes makes the message.  True
 * when something still may come. */
static bool read_more(struct tls_connection *connection)
{
    while (!quote_is_whole(connection)) {
        ssize_t n =
            recv(connection->link.fd, connection->begin + connection->begin_len,
                TLS_BEGIN_MAX - connection->begin_len, MSG_DONTWAIT);
        if (n > 0) {
            connection->begin_len += (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            *connection->link.ready &= (short)~EV_READ;
            return n < 0 && errno == EAGAIN;
        }
    }
    return false;
}

int tls_quote(struct tls_connection *connection)
{
    struct tls_info *info = connection->link.info;
    bool more = read_more(connection);
    const char *begin = connection->begin;
    size_t len = connection->begin_len;
    const char *lf = memchr(begin, '\n', len);
    if (lf)
        len = (size_t)(lf - begin);
    if (len && begin[len - 1] == '\r')
        len--;
    info->is_http = len >= strlen("HTTP/") && !memcmp(begin, "HTTP/", 5);
    info->why[0] = '\0';
    WHY(info, "the server does not speak TLS here: \"");
    message_quote(info->why, sizeof info->why, begin, len, len);
    WHY(info, "\"");
    return more ? -EAGAIN : 0;
}

static bool is_version(int reason)
{
    switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_AD_REASON_OFFSET + SSL_AD_PROTOCOL_VERSION:
        return true;
    default:
        return false;
    }
}

/* RFC 7301 section 3.3: we offer HTTP/1.1 and nothing else. */
static int no_protocol(struct tls_info *info)
{
    WHY(info, "not HTTP/1: speaks HTTP/2 only (alert \"%s\")",
        SSL_alert_desc_string_long(SSL_AD_NO_APPLICATION_PROTOCOL));
    return ASYNC_TLS_NO_HTTP1;
}

static int fault_alert(const struct tls_connection *connection, int number)
{
    struct tls_info *info = connection->link.info;
    const char *name = tls_alert_name(number), *when = "";
    if (number == SSL_AD_NO_APPLICATION_PROTOCOL)
        return no_protocol(info);
    if (connection->renegotiations)
        when = " after it requested a renegotiation (it may require a client "
               "certificate)";
    if (name)
        WHY(info, "the server sent the alert \"%s\" (%d)%s", name, number,
            when);
    else
        WHY(info, "the server sent an unknown alert (%d)%s", number, when);
    return ASYNC_TLS_ALERT;
}

/* With TLS's own farewell or without; only alerts that are fatal are told as
 * such. */
static bool is_closed(const struct tls_connection *connection)
{
    return !connection->established &&
           (connection->ended ||
               SSL_get_shutdown(connection->ssl) & SSL_RECEIVED_SHUTDOWN);
}

static int fault_closed(struct tls_info *info)
{
    WHY(info, "the server closed the connection during the TLS handshake");
    info->closed = true;
    return ASYNC_TLS_HANDSHAKE;
}

/* It is told at the message's head. */
static bool is_too_large(const struct tls_connection *connection, int reason)
{
    return reason == SSL_R_EXCESSIVE_MESSAGE_SIZE &&
           SSL_get_state(connection->ssl) == TLS_ST_CR_CERT;
}

bool tls_is_no_memory(void)
{
    bool found = errno == ENOMEM;
    unsigned long code;
    while ((code = ERR_get_error()))
        found |= ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE;
    return found;
}

static int fault_broken(const struct tls_connection *connection)
{
    return connection->established ? ASYNC_TLS_BROKEN : ASYNC_TLS_HANDSHAKE;
}

static int too_much(
    struct tls_connection *connection, const struct tls_limit *limit)
{
    WHY(connection->link.info, "more than %d %s", limit->most, limit->what);
    return fault_broken(connection);
}

static int fault_plain(struct tls_connection *connection)
{
    struct tls_info *info = connection->link.info;
    WHY(info, "data after the TLS handshake is not TLS: \"");
    message_quote(info->why, sizeof info->why, connection->plain,
        sizeof connection->plain, sizeof connection->plain);
    WHY(info, "\"");
    return fault_broken(connection);
}

static const char *what_failed(const struct tls_connection *connection)
{
    if (!connection->established)
        return "the TLS handshake failed";
    if (connection->renegotiations && SSL_in_init(connection->ssl))
        return "the TLS renegotiation failed";
    return "a broken TLS record";
}

static int fault_failed(struct tls_connection *connection, unsigned long error)
{
    struct tls_info *info = connection->link.info;
    const char *reason = ERR_reason_error_string(error);
    if (is_too_large(connection, ERR_GET_REASON(error)))
        WHY(info, "the server's certificates are larger than %d bytes",
            TLS_CERTIFICATES_MAX);
    else
        WHY(info, "%s: %s", what_failed(connection),
            reason ? reason : "OpenSSL gave no reason");
    return fault_broken(connection);
}

/* Why, of what is wrong within TLS. */
static int tls_itself(
    struct tls_connection *connection, unsigned long error, int reason)
{
    struct tls_info *info = connection->link.info;
    const struct tls_limit *limit = tls_limits_passed(connection);
    if (limit)
        return too_much(connection, limit);
    if (connection->is_plain)
        return fault_plain(connection);
    if (!connection->established && is_version(reason)) {
        WHY(info, "no common TLS version (1.2 or later needed)");
        return ASYNC_TLS_PROTOCOL;
    }
    if (reason > SSL_AD_REASON_OFFSET &&
        reason <= SSL_AD_REASON_OFFSET + UINT8_MAX)
        return fault_alert(connection, reason - SSL_AD_REASON_OFFSET);
    if (is_closed(connection))
        return fault_closed(info);
    return fault_failed(connection, error);
}

int tls_fault(struct tls_connection *connection)
{
    unsigned long error = ERR_peek_error();
    int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED && connection->verdict)
        return connection->verdict;
    if (tls_is_no_memory() || connection->no_memory)
        return -ENOMEM;
    connection->link.info->why[0] = '\0';
    if (!connection->established &&
        !tls_is_record(connection->begin, connection->begin_len))
        return ASYNC_TLS_NOT_TLS;
    return tls_itself(connection, error, reason);
}
