/*
 * write_variable - the variables of -w: curl's names, meaning and units.
 *
 * Invariant: a variable is either text or a number, whatever became of the
 * target; %{json} has both as such.
 */
#include "async/tls/tls_info.h"
#include "http/http.h"
#include "http/location.h"
#include "input/target.h"
#include "output/buffer.h"
#include "record/result.h"
#include "report/json_write.h"
#include "report/write_code.h"
#include "report/write_headers.h"
#include "report/write_out.h"
#include "report/write_time.h"

#include <inttypes.h>
#include <string.h>

enum variable_type { TEXT, LINES, NUMBER, CODE, SECONDS, JSON };

/* Room for a text that is made for the occasion. */
struct made {
    char text[SELECTOR_TEXT_MAX];
    struct target *target; /* or its URL */
};

struct write_variable {
    const char *name;
    enum variable_type type;
    /* One of them. */
    struct span (*get_text)(
        const struct write_source *source, struct made *made);
    int64_t (*get_number)(const struct write_source *source);
    void (*put)(struct output *out, const struct write_source *source);
};

/* --- text --- */

static struct span no_text(void)
{
    return (struct span){"", 0};
}

static struct span get_known(
    const struct write_source *source, enum selector_id id, struct made *made)
{
    const struct selector_scope scope = {.result = source->result};
    struct selector_value value;
    selector_get_known(id, &scope, &value);
    if (value.type != SELECTOR_TEXT)
        return no_text();
    if (value.text != value.made)
        return (struct span){value.text, value.len};
    memcpy(made->text, value.made, value.len);
    return (struct span){made->text, value.len};
}

static struct span get_input(
    const struct write_source *source, struct made *made)
{
    return get_known(source, SELECTOR_INPUT, made);
}

static struct span get_final_url(
    const struct write_source *source, struct made *made)
{
    return get_known(source, SELECTOR_FINAL_URL, made);
}

/* Only of a connection that there was. */
static bool was_connected(const struct result *result)
{
    return result->timings[PHASE_CONNECT] != PHASE_NONE &&
           (result->error == FETCH_OK || result->error_phase > PHASE_CONNECT);
}

static struct span get_remote_ip(
    const struct write_source *source, struct made *made)
{
    return was_connected(source->result)
               ? get_known(source, SELECTOR_REMOTE_IP, made)
               : no_text();
}

/* Lines that end in LF. */
static struct span get_certs(
    const struct write_source *source, struct made *made)
{
    const struct tls_info *tls = source->result->response.tls;
    (void)made;
    return tls && tls->certs ? (struct span){tls->certs, tls->certs_len}
                             : no_text();
}

static struct span get_message(
    const struct write_source *source, struct made *made)
{
    return get_known(source, SELECTOR_ERROR_MESSAGE, made);
}

static struct span get_method(
    const struct write_source *source, struct made *made)
{
    (void)made;
    return (struct span){source->method, strlen(source->method)};
}

static struct span get_scheme(
    const struct write_source *source, struct made *made)
{
    const struct target *target = result_final(source->result);
    (void)made;
    if (!target || !was_connected(source->result))
        return no_text();
    return target->scheme == TARGET_HTTPS ? (struct span){"https", 5}
                                          : (struct span){"http", 4};
}

/* "1" of HTTP/1.0, as curl has it; "0" without a response. */
static struct span get_version(
    const struct write_source *source, struct made *made)
{
    const struct response *response = &source->result->response;
    if (response->status == 0)
        return (struct span){"0", 1};
    made->text[0] = (char)('0' + response->http_major);
    made->text[1] = '.';
    made->text[2] = (char)('0' + response->http_minor);
    return (struct span){made->text, response->http_minor ? 3 : 1};
}

static struct span get_field(
    const struct write_source *source, const char *name)
{
    const struct response *response = &source->result->response;
    struct http_field field;
    struct http_status status;
    if (!response_status_line(response, &status) ||
        !http_field_find(response->head, response->head_len, name, &field))
        return no_text();
    return (struct span){field.value, field.value_len};
}

static struct span get_content_type(
    const struct write_source *source, struct made *made)
{
    (void)made;
    return get_field(source, "Content-Type");
}

/* Where a redirect would have led that was not followed. */
static struct span get_redirect_url(
    const struct write_source *source, struct made *made)
{
    const struct target *from = result_final(source->result);
    int status = source->result->response.status;
    struct span location = get_field(source, "Location");
    const char *reason;
    if (!from || status / 100 != 3 || location.len == 0 ||
        location_resolve(from, location, &made->target, &reason))
        return no_text();
    return (struct span){made->target->url, strlen(made->target->url)};
}

/* --- numbers --- */

static int64_t get_status(const struct write_source *source)
{
    return source->result->response.status;
}

static int64_t count_headers(const struct write_source *source)
{
    const struct response *response = &source->result->response;
    struct http_status status;
    struct http_fields fields;
    struct http_field field;
    int64_t count = 0;
    if (!response_status_line(response, &status))
        return 0;
    http_fields_init(&fields, response->head, response->head_len);
    while (http_fields_next(&fields, &field))
        count += field.kind == HTTP_FIELD;
    return count;
}

static int64_t count_certs(const struct write_source *source)
{
    const struct tls_info *tls = source->result->response.tls;
    return tls ? tls->cert_count : 0;
}

static int64_t count_redirects(const struct write_source *source)
{
    size_t hops = source->result->hop_count;
    return hops > 0 ? (int64_t)hops - 1 : 0;
}

/* Of all hops. */
static int64_t get_header_bytes(const struct write_source *source)
{
    const struct result *result = source->result;
    int64_t bytes = 0;
    if (result->hop_count == 0)
        return (int64_t)result->response.header_bytes;
    for (size_t i = 0; i < result->hop_count; i++)
        bytes += (int64_t)result->hops[i].response.header_bytes;
    return bytes;
}

static int64_t get_remote_port(const struct write_source *source)
{
    const struct selector_scope scope = {.result = source->result};
    struct selector_value value;
    selector_get_known(SELECTOR_REMOTE_PORT, &scope, &value);
    return was_connected(source->result) && value.type == SELECTOR_NUMBER
               ? value.number
               : 0;
}

static int64_t get_exit_code(const struct write_source *source)
{
    return write_exit_code(source->result);
}

static int64_t get_index(const struct write_source *source)
{
    return (int64_t)source->result->index;
}

/* --- JSON --- */

static void put_header_json(
    struct output *out, const struct write_source *source)
{
    write_headers_json(out, &source->result->response);
}

static void put_json(struct output *out, const struct write_source *source);

/* --- the table --- */

#define ROW_TEXT(get) TEXT, get, NULL, NULL
#define ROW_NUMBER(get) NUMBER, NULL, get, NULL
#define ROW_SECONDS(get) SECONDS, NULL, get, NULL

static const struct write_variable variables[] = {
    {"certs", LINES, get_certs, NULL, NULL},
    {"content_type", ROW_TEXT(get_content_type)},
    {"errormsg", ROW_TEXT(get_message)},
    {"exitcode", ROW_NUMBER(get_exit_code)},
    {"header_json", JSON, NULL, NULL, put_header_json},
    {"http_code", CODE, NULL, get_status, NULL},
    {"http_version", ROW_TEXT(get_version)},
    {"json", JSON, NULL, NULL, put_json},
    {"method", ROW_TEXT(get_method)},
    {"num_certs", ROW_NUMBER(count_certs)},
    {"num_headers", ROW_NUMBER(count_headers)},
    {"num_redirects", ROW_NUMBER(count_redirects)},
    {"redirect_url", ROW_TEXT(get_redirect_url)},
    {"remote_ip", ROW_TEXT(get_remote_ip)},
    {"remote_port", ROW_NUMBER(get_remote_port)},
    {"response_code", CODE, NULL, get_status, NULL},
    {"scheme", ROW_TEXT(get_scheme)},
    {"size_header", ROW_NUMBER(get_header_bytes)},
    {"time_appconnect", ROW_SECONDS(write_time_tls)},
    {"time_connect", ROW_SECONDS(write_time_connect)},
    {"time_namelookup", ROW_SECONDS(write_time_dns)},
    {"time_pretransfer", ROW_SECONDS(write_time_pretransfer)},
    {"time_starttransfer", ROW_SECONDS(write_time_starttransfer)},
    {"time_total", ROW_SECONDS(write_time_total)},
    {"url", ROW_TEXT(get_input)},
    {"url_effective", ROW_TEXT(get_final_url)},
    {"urlnum", ROW_NUMBER(get_index)},
};

enum { VARIABLES = sizeof variables / sizeof *variables };

const struct write_variable *write_variable_find(struct span name)
{
    for (size_t i = 0; i < VARIABLES; i++)
        if (strlen(variables[i].name) == name.len &&
            memcmp(variables[i].name, name.at, name.len) == 0)
            return &variables[i];
    return NULL;
}

bool write_variable_needs_certs(const struct write_variable *variable)
{
    return variable->get_text == get_certs ||
           variable->get_number == count_certs || variable->put == put_json;
}

const char *write_variable_name(size_t i)
{
    return i < VARIABLES ? variables[i].name : NULL;
}

/* --- their values --- */

static void put_number(struct output *out,
    const struct write_variable *variable, const struct write_source *source)
{
    int64_t number = variable->get_number(source);
    int64_t us = (number + 500) / 1000;
    if (variable->type == SECONDS)
        output_printf(
            out, "%" PRId64 ".%06" PRId64, us / 1000000, us % 1000000);
    else
        output_printf(out, "%" PRId64, number);
}

typedef void put_text_fn(struct output *out, const char *bytes, size_t len);

static void put_text(struct output *out, const struct write_variable *variable,
    const struct write_source *source, put_text_fn *put)
{
    struct made made = {.target = NULL};
    struct span text = variable->get_text(source, &made);
    bool is_null = put == json_put_string && variable->type != LINES;
    if (is_null && text.len == 0)
        JSON_PUT(out, "null");
    else
        put(out, text.at, text.len);
    target_destroy(made.target);
}

static void put_lines(struct output *out, const char *bytes, size_t len)
{
    struct span rest = {bytes, len};
    while (rest.len > 0) {
        struct span line = span_take(&rest, span_until(rest, "\n"));
        output_put_escaped(out, line.at, line.len);
        if (rest.len > 0)
            output_puts(out, "\n");
        span_take(&rest, rest.len > 0);
    }
}

void write_variable_put(struct output *out,
    const struct write_variable *variable, const struct write_source *source)
{
    if (variable->type == JSON)
        variable->put(out, source);
    else if (variable->type == TEXT)
        put_text(out, variable, source, output_put_escaped);
    else if (variable->type == LINES)
        put_text(out, variable, source, put_lines);
    else if (variable->type == CODE)
        output_printf(out, "%03d", (int)variable->get_number(source));
    else
        put_number(out, variable, source);
}

static void put_json_value(struct output *out,
    const struct write_variable *variable, const struct write_source *source)
{
    if (variable->get_text)
        put_text(out, variable, source, json_put_string);
    else
        put_number(out, variable, source);
}

/* All but what is JSON itself. */
static void put_json(struct output *out, const struct write_source *source)
{
    for (size_t i = 0; i < VARIABLES; i++) {
        if (variables[i].type == JSON)
            continue;
        output_printf(out, "%s\"%s\":", i == 0 ? "{" : ",", variables[i].name);
        put_json_value(out, &variables[i], source);
    }
    JSON_PUT(out, "}");
}
