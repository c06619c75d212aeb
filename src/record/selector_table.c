/*
 * selector_table - the table of selectors, and how each value is got.
 *
 * Invariant: a getter writes a value of its row's type, or none.
 */
#include "record/selector_table.h"

#include "async/tls/tls_info.h"
#include "http/http.h"
#include "input/target.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

static void set_bytes(struct selector_value *out, const char *text, size_t len)
{
    out->type = SELECTOR_TEXT;
    out->text = text;
    out->len = len;
}

/* NULL: there is none. */
static void set_text(struct selector_value *out, const char *text)
{
    if (text)
        set_bytes(out, text, strlen(text));
}

static void set_number(
    struct selector_value *out, enum selector_type type, int64_t number)
{
    out->type = type;
    out->number = number;
}

/* --- what was asked for --- */

static void get_input(
    const struct selector_source *source, struct selector_value *out)
{
    set_bytes(out, source->result->input, result_input_len(source->result));
}

static void get_list_file(
    const struct selector_source *source, struct selector_value *out)
{
    set_text(out, source->result->list_file);
}

static void get_list_line(
    const struct selector_source *source, struct selector_value *out)
{
    if (source->result->list_line)
        set_number(out, SELECTOR_NUMBER, (int64_t)source->result->list_line);
}

static void get_index(
    const struct selector_source *source, struct selector_value *out)
{
    set_number(out, SELECTOR_NUMBER, (int64_t)source->result->index);
}

static void get_url(
    const struct selector_source *source, struct selector_value *out)
{
    set_text(out, source->target ? source->target->url : NULL);
}

static void get_host(
    const struct selector_source *source, struct selector_value *out)
{
    set_text(out, source->target ? source->target->host : NULL);
}

static void get_port(
    const struct selector_source *source, struct selector_value *out)
{
    if (source->target)
        set_number(out, SELECTOR_NUMBER, source->target->port);
}

static void get_final_url(
    const struct selector_source *source, struct selector_value *out)
{
    const struct target *final = result_final(source->result);
    set_text(out, final ? final->url : NULL);
}

/* --- whom it was asked --- */

static void get_remote_ip(
    const struct selector_source *source, struct selector_value *out)
{
    const union address *remote = &source->response->remote;
    const void *address = remote->sa.sa_family == AF_INET6
                              ? (const void *)&remote->in6.sin6_addr
                              : (const void *)&remote->in.sin_addr;
    static_assert(SELECTOR_TEXT_MAX >= INET6_ADDRSTRLEN, "holds an address");
    if (remote->sa.sa_family != AF_UNSPEC)
        set_text(out, inet_ntop(remote->sa.sa_family, address, out->made,
                          sizeof out->made));
}

static void get_remote_port(
    const struct selector_source *source, struct selector_value *out)
{
    const union address *remote = &source->response->remote;
    if (remote->sa.sa_family == AF_INET6)
        set_number(out, SELECTOR_NUMBER, ntohs(remote->in6.sin6_port));
    else if (remote->sa.sa_family == AF_INET)
        set_number(out, SELECTOR_NUMBER, ntohs(remote->in.sin_port));
}

static void get_proxy(
    const struct selector_source *source, struct selector_value *out)
{
    set_text(out, source->response->proxy);
}

static void get_started_at(
    const struct selector_source *source, struct selector_value *out)
{
    const struct timespec *at = &source->result->started_at;
    if (at->tv_sec != 0 || at->tv_nsec != 0)
        set_number(out, SELECTOR_DATE, at->tv_sec);
}

static void get_attempts(
    const struct selector_source *source, struct selector_value *out)
{
    set_number(out, SELECTOR_NUMBER, source->result->attempts);
}

static void get_hint(
    const struct selector_source *source, struct selector_value *out)
{
    set_text(out, source->result->hint);
}

/* --- the response --- */

static void get_status(
    const struct selector_source *source, struct selector_value *out)
{
    if (source->response->status)
        set_number(out, SELECTOR_NUMBER, source->response->status);
}

static void get_reason(
    const struct selector_source *source, struct selector_value *out)
{
    struct http_status status;
    if (source->response->status &&
        response_status_line(source->response, &status))
        set_bytes(out, status.reason, status.reason_len);
}

/* Both numbers are one digit (RFC 9112 section 2.3). */
static void get_http_version(
    const struct selector_source *source, struct selector_value *out)
{
    const struct response *response = source->response;
    if (response->status == 0)
        return;
    out->made[0] = (char)('0' + response->http_major);
    out->made[1] = '.';
    out->made[2] = (char)('0' + response->http_minor);
    set_bytes(out, out->made, 3);
}

static void get_header_bytes(
    const struct selector_source *source, struct selector_value *out)
{
    set_number(out, SELECTOR_NUMBER, (int64_t)source->response->header_bytes);
}

/* One when redirects were not to be followed. */
static void get_hops(
    const struct selector_source *source, struct selector_value *out)
{
    const struct result *result = source->result;
    size_t count = result->hop_count ? result->hop_count : result->attempts > 0;
    set_number(out, SELECTOR_NUMBER, (int64_t)count);
}

/* --- the outcome --- */

static void get_error(
    const struct selector_source *source, struct selector_value *out)
{
    set_text(out, fetch_error_name(source->result->error));
}

static void get_error_phase(
    const struct selector_source *source, struct selector_value *out)
{
    if (source->result->error)
        set_text(out, phase_name(source->result->error_phase));
}

static void get_error_message(
    const struct selector_source *source, struct selector_value *out)
{
    if (source->result->error)
        set_text(out, result_message(source->result));
}

static void get_time(
    const struct selector_source *source, struct selector_value *out)
{
    int64_t ns = source->timings[source->phase];
    if (ns != PHASE_NONE)
        set_number(out, SELECTOR_DURATION, ns);
}

/* --- TLS --- */

static void get_tls_version(
    const struct selector_source *source, struct selector_value *out)
{
    set_text(out, source->tls ? source->tls->version : NULL);
}

static void get_tls_cipher(
    const struct selector_source *source, struct selector_value *out)
{
    set_text(out, source->tls ? source->tls->cipher : NULL);
}

static void get_tls_subject(
    const struct selector_source *source, struct selector_value *out)
{
    set_text(out, source->certificate ? source->certificate->subject : NULL);
}

static void get_tls_issuer(
    const struct selector_source *source, struct selector_value *out)
{
    set_text(out, source->certificate ? source->certificate->issuer : NULL);
}

static bool has_not_after(const struct selector_source *source)
{
    return source->certificate && source->certificate->not_after != INT64_MIN;
}

static void get_tls_not_after(
    const struct selector_source *source, struct selector_value *out)
{
    if (has_not_after(source))
        set_number(out, SELECTOR_DATE, source->certificate->not_after);
}

/* Rounded down, so negative as soon as it is over. */
static void get_tls_days_left(
    const struct selector_source *source, struct selector_value *out)
{
    enum { DAY = 24 * 60 * 60 }; /* seconds */
    if (!has_not_after(source))
        return;
    int64_t left =
        source->certificate->not_after - source->result->started_at.tv_sec;
    set_number(out, SELECTOR_NUMBER, left / DAY - (left % DAY < 0));
}

static void get_tls_verified(
    const struct selector_source *source, struct selector_value *out)
{
    if (source->certificate)
        set_number(out, SELECTOR_BOOL, source->certificate->verified);
}

/* Without the last LF. */
static void get_certs(
    const struct selector_source *source, struct selector_value *out)
{
    const struct tls_info *tls = source->tls;
    if (!tls || !tls->certs)
        return;
    set_bytes(out, tls->certs, tls->certs_len - 1);
    out->type = SELECTOR_LIST;
}

/* --- the table --- */

const struct selector_row selector_rows[SELECTOR_COUNT] = {
#define ROW(id, name, type, unit, get, help)                                   \
    GROUPED(id, "", name, type, unit, get, help)
#define GROUPED(id, group, key, type, unit, get, help)                         \
    [SELECTOR_##id] = {group key, key, SELECTOR_##type, unit, get, 0, help}
    ROW(INDEX, "index", NUMBER, NULL, get_index,
        "number of the target in input order, from 0"),
    ROW(INPUT, "input", TEXT, NULL, get_input, "the target as it was written"),
    ROW(URL, "url", TEXT, NULL, get_url, "what was asked for"),
    ROW(HOST, "host", TEXT, NULL, get_host, "of the URL"),
    ROW(PORT, "port", NUMBER, NULL, get_port, "of the URL"),
    ROW(REMOTE_IP, "remote_ip", TEXT, NULL, get_remote_ip,
        "connected to (the proxy, with one), else the last address tried"),
    ROW(REMOTE_PORT, "remote_port", NUMBER, NULL, get_remote_port,
        "the port there"),
    ROW(HTTP_VERSION, "http_version", TEXT, NULL, get_http_version,
        "of the response, such as 1.1"),
    ROW(STATUS, "status", NUMBER, NULL, get_status,
        "status code of the response"),
    ROW(REASON, "reason", TEXT, NULL, get_reason,
        "the text behind it, maybe empty"),
    ROW(HEADER_BYTES, "header_bytes", NUMBER, "bytes", get_header_bytes,
        "size of the final head, to its blank line"),
    ROW(STARTED_AT, "started_at", DATE, NULL, get_started_at,
        "when the target was begun"),
    ROW(PROXY, "proxy", TEXT, NULL, get_proxy,
        "the URL of the proxy, without user name and password"),
    ROW(FINAL_URL, "final_url", TEXT, NULL, get_final_url,
        "the URL that redirects led to, else the same as url"),
    ROW(HOPS, "hops", NUMBER, NULL, get_hops,
        "number of requests, those of redirects included"),
    ROW(LIST_FILE, "list_file", TEXT, NULL, get_list_file,
        "the list that it stands in, none for an argument"),
    ROW(LIST_LINE, "list_line", NUMBER, NULL, get_list_line,
        "the line there, from 1"),
    ROW(HINT, "hint", TEXT, NULL, get_hint,
        "what to try for a better response"),
    ROW(ATTEMPTS, "attempts", NUMBER, NULL, get_attempts,
        "tries made, retries included"),
    [SELECTOR_ERROR] = {"error", "code", SELECTOR_TEXT, NULL, get_error, 0,
        "why the target failed: one of the error codes"},
    GROUPED(ERROR_PHASE, "error.", "phase", TEXT, NULL, get_error_phase,
        "the phase it failed in"),
    GROUPED(ERROR_MESSAGE, "error.", "message", TEXT, NULL, get_error_message,
        "the error in words"),
#define X(id, name, help)                                                      \
    [SELECTOR_TIME_##id] = {"time." name, name, SELECTOR_DURATION, "ms",       \
        get_time, PHASE_##id, help},
    PHASES(X)
#undef X
        GROUPED(TLS_VERSION, "tls.", "version", TEXT, NULL, get_tls_version,
            "such as TLSv1.3"),
    GROUPED(TLS_CIPHER, "tls.", "cipher", TEXT, NULL, get_tls_cipher,
        "cipher suite of the connection"),
    GROUPED(TLS_SUBJECT, "tls.", "subject", TEXT, NULL, get_tls_subject,
        "whom the server's certificate is for"),
    GROUPED(TLS_ISSUER, "tls.", "issuer", TEXT, NULL, get_tls_issuer,
        "who issued the certificate"),
    GROUPED(TLS_NOT_AFTER, "tls.", "not_after", DATE, NULL, get_tls_not_after,
        "when the certificate expires"),
    GROUPED(TLS_DAYS_LEFT, "tls.", "days_left", NUMBER, "days",
        get_tls_days_left,
        "whole days until then, negative when it has expired"),
    GROUPED(TLS_VERIFIED, "tls.", "verified", BOOL, NULL, get_tls_verified,
        "whether the certificate is valid for the host"),
    ROW(CERTS, "certs", LIST, NULL, get_certs,
        "the certificates that the server sent, each in words and as PEM"),
#undef ROW
#undef GROUPED
};
