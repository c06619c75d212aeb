/*
 * cors - see cors.h.
 */
#include "fields/cors.h"

#include "fields/lines.h"

/* The joined value, as a whole. */
static bool read_value(
    const struct field_head *head, const char *name, struct piece *out)
{
    struct lines lines;
    if (!lines_init(&lines, head, span_of_string(name)))
        return false;
    *out = (struct piece){.from = lines};
    for (; lines_peek(&lines) >= 0; out->len++)
        lines_skip(&lines);
    return true;
}

static bool byte_is_lower(char c)
{
    return byte_is_alnum(c) && !(c >= 'A' && c <= 'Z');
}

static bool byte_is_scheme_lower(char c)
{
    return byte_is_scheme(c) && !(c >= 'A' && c <= 'Z');
}

static bool byte_is_host(char c)
{
    return byte_is_lower(c) || c == '-' || c == '.' || c == '_';
}

static bool byte_is_literal(char c)
{
    return byte_is_hex(c) || c == ':' || c == '.';
}

/* A name, or an address in brackets. */
static bool take_host(struct lines *lines)
{
    if (lines_take(lines, '['))
        return lines_take_all(lines, byte_is_literal) > 0 &&
               lines_take(lines, ']');
    return lines_take_all(lines, byte_is_host) > 0;
}

/* Nothing, or a port that browsers write: the scheme's own one they do not. */
static bool take_port(struct lines *lines, const struct piece *scheme)
{
    struct piece port;
    if (!lines_take(lines, ':'))
        return true;
    port = (struct piece){.from = *lines};
    port.len = lines_take_all(lines, byte_is_digit);
    if (piece_is(scheme, span_of_string("https")))
        return port.len > 0 && !piece_is(&port, span_of_string("443"));
    if (piece_is(scheme, span_of_string("http")))
        return port.len > 0 && !piece_is(&port, span_of_string("80"));
    return port.len > 0;
}

/* scheme "://" host [ ":" port ], as browsers write it: in lower case (HTML,
 * serialization of an origin). */
static bool is_origin(const struct piece *value)
{
    struct lines lines = value->from;
    struct piece scheme = {.from = lines};
    scheme.len = lines_take_all(&lines, byte_is_scheme_lower);
    return scheme.len > 0 && lines_take(&lines, ':') &&
           lines_take(&lines, '/') && lines_take(&lines, '/') &&
           take_host(&lines) && take_port(&lines, &scheme) &&
           lines_peek(&lines) < 0;
}

static bool allows_credentials(const struct field_head *head)
{
    struct piece value;
    return read_value(head, "Access-Control-Allow-Credentials", &value) &&
           piece_is(&value, span_of_string("true"));
}

void cors_get_origin(const struct field_head *head, struct field_value *out)
{
    struct piece value;
    if (!read_value(head, "Access-Control-Allow-Origin", &value))
        field_set_none(out, "there is no Access-Control-Allow-Origin");
    else if (piece_is(&value, span_of_string("*")))
        field_set_text(out, "*",
            allows_credentials(head)
                ? "with credentials it counts for nobody (Fetch, CORS check)"
                : NULL);
    else if (piece_is(&value, span_of_string("null")) || is_origin(&value))
        piece_get_text(&value, false, out);
    else
        field_set_none(out,
            "Access-Control-Allow-Origin is no single origin, so it matches "
            "none (Fetch, CORS check)");
}

void cors_get_valid(const struct field_head *head, struct field_value *out)
{
    struct piece value;
    if (!read_value(head, "Access-Control-Allow-Origin", &value)) {
        field_set_none(out, NULL);
        return;
    }
    cors_get_origin(head, out);
    field_set_bool(out, out->type != FIELD_NONE,
        out->type == FIELD_NONE ? out->why : NULL);
}

void corp_get_valid(const struct field_head *head, struct field_value *out)
{
    static const char *const policies[] = {
        "same-origin", "same-site", "cross-origin"};
    struct piece value;
    if (!read_value(head, "Cross-Origin-Resource-Policy", &value)) {
        field_set_none(out, NULL);
        return;
    }
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        if (piece_is(&value, span_of_string(policies[i]))) {
            field_set_bool(out, true, NULL);
            return;
        }
    field_set_bool(out, false,
        "it is none of same-origin, same-site and cross-origin (Fetch, "
        "Cross-Origin-Resource-Policy)");
}
