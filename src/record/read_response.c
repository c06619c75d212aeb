/*
 * read_response - a response as it was, from what a record has of it.
 *
 * Invariant: the fields of the head that is made are those that the record
 * has: names, values and bare lines, byte for byte.
 */
#include "record/read_inside.h"

#include "record/members.h"
#include "text/base64.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char read_no_memory[] = "out of memory";

/* --- bytes --- */

/* A text of characters up to U+00FF is the bytes that it was decoded from;
 * their count, or -1. */
static long take_latin1(const char *text, size_t len, char *out)
{
    char *end = out;
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte >= 0x80) {
            if ((byte != 0xc2 && byte != 0xc3) || ++i == len)
                return -1;
            byte = (unsigned char)(byte << 6 | ((unsigned char)text[i] & 0x3f));
        }
        *end++ = (char)byte;
    }
    return end - out;
}

/* A line that is being made. */
struct draft {
    char *bytes;
    size_t len;
};

static void put_bytes(struct draft *draft, const char *bytes, size_t len)
{
    memcpy(draft->bytes + draft->len, bytes, len);
    draft->len += len;
}

/* --- fields --- */

/* The value: as text, or, when it is none, as base64; false: it is wrong. */
static bool put_value(
    struct draft *draft, const json_t *value, const json_t *raw)
{
    if (!json_is_string(value) || (raw && !json_is_string(raw)))
        return false;
    put_bytes(draft, ": ", 2);
    if (!raw) {
        put_bytes(draft, json_string_value(value), json_string_length(value));
        return true;
    }
    long len = base64_decode(json_string_value(raw), json_string_length(raw),
        draft->bytes + draft->len);
    draft->len += len > 0 ? (size_t)len : 0;
    return len >= 0;
}

/* [name, value] or [line, null]; behind it the time of --stamp, and of a value
 * that is no text its base64. */
static bool put_pair(struct draft *draft, const json_t *pair)
{
    const json_t *name = json_array_get(pair, 0);
    const json_t *value = json_array_get(pair, 1);
    if (!json_is_string(name))
        return false;
    long len = take_latin1(
        json_string_value(name), json_string_length(name), draft->bytes);
    if (len < 0)
        return false;
    draft->len = (size_t)len;
    size_t raw = json_is_number(json_array_get(pair, 2)) ? 3 : 2;
    return json_is_null(value) ||
           put_value(draft, value, json_array_get(pair, raw));
}

/* Room for what put_pair puts. */
static size_t pair_size(const json_t *pair)
{
    size_t size = 2;
    for (size_t i = 0; i < json_array_size(pair); i++)
        size += json_string_length(json_array_get(pair, i));
    return size;
}

static int keep_line(
    struct response *response, const struct draft *draft, bool interim)
{
    if (memchr(draft->bytes, '\n', draft->len))
        return -EINVAL;
    return response_keep_line(response, interim, draft->bytes, draft->len);
}

static int keep_pair(
    struct response *response, const json_t *pair, bool interim)
{
    struct draft draft = {malloc(pair_size(pair)), 0};
    if (!draft.bytes)
        return -ENOMEM;
    int error =
        put_pair(&draft, pair) ? keep_line(response, &draft, interim) : -EINVAL;
    free(draft.bytes);
    return error;
}

static int keep_pairs(
    struct response *response, const json_t *json, bool interim)
{
    const json_t *headers = json_object_get(json, MEMBER_HEADERS), *pair;
    size_t i;
    if (!json_is_array(headers))
        return -EINVAL;
    json_array_foreach(headers, i, pair)
    {
        int error = keep_pair(response, pair, interim);
        if (error)
            return error;
    }
    return 0;
}

/* --- the head --- */

/* One that failed has no status any more, but it had a status line. */
static int keep_status_line(
    struct response *response, const json_t *json, bool interim)
{
    const json_t *reason = read_member(json, SELECTOR_REASON);
    size_t len = json_string_length(reason);
    struct draft draft = {malloc(sizeof "HTTP/1.1 200 " + len), 0};
    uint64_t status = 0;
    if (!draft.bytes)
        return -ENOMEM;
    if (!read_uint(json, selector_key(SELECTOR_STATUS), &status) ||
        status < 100 || status > 999)
        status = 200;
    draft.len = (size_t)sprintf(draft.bytes, "HTTP/%d.%d %03d ",
        response->http_major ? response->http_major : 1, response->http_minor,
        (int)status);
    if (len)
        put_bytes(&draft, json_string_value(reason), len);
    int error = keep_line(response, &draft, interim);
    free(draft.bytes);
    return error;
}

static int keep_head(struct response *response, const json_t *json)
{
    const json_t *headers = json_object_get(json, MEMBER_HEADERS);
    bool is_there = response->status || json_array_size(headers) > 0;
    int error = is_there ? keep_status_line(response, json, false) : 0;
    return error ? error : keep_pairs(response, json, false);
}

/* Each with the empty line that ends it. */
static int keep_interim(struct response *response, const json_t *json)
{
    const json_t *heads = json_object_get(json, MEMBER_INTERIM), *head;
    int error = 0;
    size_t i;
    json_array_foreach(heads, i, head)
    {
        error = keep_status_line(response, head, true);
        if (!error)
            error = keep_pairs(response, head, true);
        if (!error)
            error = response_keep_line(response, true, "", 0);
        if (error)
            return error;
    }
    return 0;
}

static bool take_version(struct response *response, const json_t *json)
{
    const char *text = read_text(json, SELECTOR_HTTP_VERSION);
    uint64_t status = 0;
    if (!text)
        return !json_is_integer(read_member(json, SELECTOR_STATUS));
    if (strlen(text) != 3 || text[0] < '0' || text[0] > '9' || text[1] != '.' ||
        text[2] < '0' || text[2] > '9' ||
        !read_uint(json, selector_key(SELECTOR_STATUS), &status) ||
        status < 100 || status > 999)
        return false;
    response->http_major = text[0] - '0';
    response->http_minor = text[2] - '0';
    response->status = (int)status;
    return true;
}

/* --- from where --- */

bool read_ip(const char *text, union address *out)
{
    out->sa.sa_family = AF_INET;
    if (inet_pton(AF_INET, text, &out->in.sin_addr) == 1)
        return true;
    out->in6 = (struct sockaddr_in6){.sin6_family = AF_INET6};
    return inet_pton(AF_INET6, text, &out->in6.sin6_addr) == 1;
}

static bool take_remote(struct response *response, const json_t *json)
{
    const char *ip = read_text(json, SELECTOR_REMOTE_IP);
    union address *remote = &response->remote;
    uint64_t port = 0;
    if (!ip)
        return true;
    if (!read_uint(json, selector_key(SELECTOR_REMOTE_PORT), &port) ||
        port > UINT16_MAX)
        return false;
    if (!read_ip(ip, remote))
        return false;
    address_set_port(remote, (uint16_t)port);
    return true;
}

static void copy_name(char out[TLS_NAME_MAX], const char *text)
{
    snprintf(out, TLS_NAME_MAX, "%s", text ? text : "");
}

/* "2026-11-22T09:40:12Z"; years have more digits than four, too. */
static int64_t take_date(const char *text)
{
    struct tm tm = {0};
    const char *end = text ? strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm) : NULL;
    return end && !*end ? timegm(&tm) : INT64_MIN;
}

static int take_tls(struct response *response, const json_t *json)
{
    const json_t *tls = json_object_get(json, MEMBER_TLS);
    if (!json_is_object(tls))
        return tls && !json_is_null(tls) ? -EINVAL : 0;
    struct tls_info *info = calloc(1, sizeof *info);
    if (!info)
        return -ENOMEM;
    const json_t *verified = read_member(tls, SELECTOR_TLS_VERIFIED);
    info->version = read_text(tls, SELECTOR_TLS_VERSION);
    info->cipher = read_text(tls, SELECTOR_TLS_CIPHER);
    info->has_certificate = json_is_boolean(verified);
    info->verified = json_is_true(verified);
    info->not_after = take_date(read_text(tls, SELECTOR_TLS_NOT_AFTER));
    copy_name(info->subject, read_text(tls, SELECTOR_TLS_SUBJECT));
    copy_name(info->issuer, read_text(tls, SELECTOR_TLS_ISSUER));
    response->tls = info;
    return 0;
}

static const char *fill_response(const json_t *json, struct response *out)
{
    uint64_t bytes = 0;
    if (!take_version(out, json))
        return "invalid status or http_version";
    if (!take_remote(out, json))
        return "invalid remote_ip or remote_port";
    if (!read_uint(json, selector_key(SELECTOR_HEADER_BYTES), &bytes))
        return "invalid header_bytes";
    out->header_bytes = bytes;
    out->proxy = read_text(json, SELECTOR_PROXY);
    int error = keep_head(out, json);
    if (!error)
        error = keep_interim(out, json);
    if (error)
        return error == -ENOMEM ? read_no_memory : "invalid headers";
    error = take_tls(out, json);
    if (error)
        return error == -ENOMEM ? read_no_memory : "invalid tls";
    return read_tried(json, out);
}

const char *read_response(const json_t *json, struct response *out)
{
    *out = (struct response){0};
    const char *wrong = fill_response(json, out);
    if (wrong)
        response_fini(out);
    return wrong;
}
