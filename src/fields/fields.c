/*
 * fields - see fields.h.
 *
 * Invariant: a field in the table is judged by its own row only, never by the
 * general notation.
 */
#include "fields/fields.h"

#include "fields/date_field.h"
#include "fields/grammar.h"
#include "fields/structured.h"

struct row {
    const char *name;
    const struct grammar *grammar;
};

static const struct row rows[] = {
    {"accept-ch", &grammar_accept_ch},
    {"accept-ranges", &grammar_tokens},
    {"accept-signature", &grammar_dictionary},
    {"access-control-allow-origin", &grammar_cors},
    {"age", &grammar_number},
    {"allow", &grammar_tokens},
    {"alt-svc", &grammar_alt_svc},
    {"cache-control", &grammar_cache_control},
    {"cache-status", &grammar_structured_list},
    {"cdn-cache-control", &grammar_dictionary},
    {"clear-site-data", &grammar_clear_site_data},
    {"connection", &grammar_tokens},
    {"content-digest", &grammar_dictionary},
    {"content-encoding", &grammar_tokens},
    {"content-language", &grammar_tokens},
    {"content-length", &grammar_number},
    {"content-security-policy", &grammar_csp},
    {"content-type", &grammar_media_type},
    {"critical-ch", &grammar_accept_ch},
    {"cross-origin-embedder-policy", &grammar_token_item},
    {"cross-origin-embedder-policy-report-only", &grammar_token_item},
    {"cross-origin-opener-policy", &grammar_token_item},
    {"cross-origin-opener-policy-report-only", &grammar_token_item},
    {"cross-origin-resource-policy", &grammar_corp},
    {"date", &grammar_date},
    {"deprecation", &grammar_date_item},
    {"document-policy", &grammar_dictionary},
    {"document-policy-report-only", &grammar_dictionary},
    {"expires", &grammar_date},
    {"integrity-policy", &grammar_dictionary},
    {"integrity-policy-report-only", &grammar_dictionary},
    {"last-modified", &grammar_date},
    {"link", &grammar_link},
    {"no-vary-search", &grammar_dictionary},
    {"origin-agent-cluster", &grammar_boolean_item},
    {"permissions-policy", &grammar_dictionary},
    {"permissions-policy-report-only", &grammar_dictionary},
    {"priority", &grammar_priority},
    {"proxy-status", &grammar_structured_list},
    {"ratelimit", &grammar_ratelimit},
    {"ratelimit-policy", &grammar_ratelimit},
    {"referrer-policy", &grammar_referrer},
    {"reporting-endpoints", &grammar_dictionary},
    {"repr-digest", &grammar_dictionary},
    {"retry-after", &grammar_retry_after},
    {"server-timing", &grammar_server_timing},
    {"set-cookie", &grammar_cookies},
    {"signature", &grammar_dictionary},
    {"signature-input", &grammar_dictionary},
    {"strict-transport-security", &grammar_hsts},
    {"sunset", &grammar_date},
    {"trailer", &grammar_tokens},
    {"transfer-encoding", &grammar_tokens},
    {"vary", &grammar_vary},
    {"want-content-digest", &grammar_dictionary},
    {"want-repr-digest", &grammar_dictionary},
    {"x-content-type-options", &grammar_nosniff},
    {"x-frame-options", &grammar_framing},
};

static const struct grammar *find_grammar(struct span name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (span_is_like(name, span_of_string(rows[i].name)))
            return rows[i].grammar;
    return &grammar_unknown;
}

void field_get_member(const struct field_head *head, struct span name,
    struct span member, struct field_value *out)
{
    const struct grammar *grammar = find_grammar(name);
    struct lines lines;
    if (grammar->get_member_of)
        grammar->get_member_of(head, member, out);
    else if (lines_init(&lines, head, name) && grammar->get_member)
        grammar->get_member(&lines, member, out);
}

void field_get_valid(
    const struct field_head *head, struct span name, struct field_value *out)
{
    const struct grammar *grammar = find_grammar(name);
    struct lines lines;
    if (grammar->get_valid_of) {
        grammar->get_valid_of(head, out);
        return;
    }
    if (!lines_init(&lines, head, name))
        return;
    if (!grammar->fault) {
        out->why = "the grammar of this field is not known";
        return;
    }
    out->why = grammar->fault(&lines);
    out->type = FIELD_BOOL;
    out->number = !out->why;
}

static bool is_same(struct span value, struct span text)
{
    struct piece piece = {.len = value.len};
    lines_init_spans(&piece.from, &value, 1);
    return piece_is(&piece, text);
}

bool field_is_equal(struct span name, struct span value, struct span text)
{
    const struct grammar *grammar = find_grammar(name);
    struct lines lines, other;
    if (!grammar->is_void_unequal && is_same(value, text))
        return true;
    lines_init_spans(&lines, &value, 1);
    lines_init_spans(&other, &text, 1);
    return grammar->is_equal && grammar->is_equal(&lines, &other);
}

bool field_has_member(
    const struct field_head *head, struct span name, struct span member)
{
    const struct grammar *grammar = find_grammar(name);
    struct field_value value = {0};
    struct lines lines;
    if (!lines_init(&lines, head, name))
        return false;
    if (grammar->has_member)
        return grammar->has_member(&lines, member);
    if (grammar->get_member_of)
        grammar->get_member_of(head, member, &value);
    else if (grammar->get_member)
        grammar->get_member(&lines, member, &value);
    return value.type != FIELD_NONE &&
           (value.type != FIELD_BOOL || value.number);
}

/* RFC 9651 section 3.3.7. */
static bool get_structured_date(const struct lines *lines, int64_t *out)
{
    struct structured reader;
    struct structured_part part;
    structured_init(&reader, STRUCTURED_ITEM, lines);
    if (!structured_next(&reader, &part) || part.value.type != BARE_DATE ||
        structured_fault(STRUCTURED_ITEM, lines))
        return false;
    *out = part.value.number;
    return true;
}

void field_get_date(
    const struct field_head *head, struct span name, struct field_value *out)
{
    struct lines lines;
    int64_t date;
    if (!lines_init(&lines, head, name))
        return;
    enum date_state state = date_field_read(head, name, &date);
    if (state == DATE_GOOD || get_structured_date(&lines, &date)) {
        out->type = FIELD_DATE;
        out->number = date;
    } else {
        out->why = state == DATE_CONFLICT
                       ? "it stands twice with different values"
                       : "it is no date (RFC 9110 section 5.6.7)";
    }
}
