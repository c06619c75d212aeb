/*
 * pattern - see pattern.h.
 *
 * Invariant: what a match may cost is set when the pattern is compiled, and
 * no text can raise it.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "judge/pattern.h"

#include "text/utf8.h"

#include <errno.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    STEPS_MAX = 200000, /* of pcre2's own count: a few ms */
    HEAP_MAX = 1024, /* KiB */
};

struct pattern {
    pcre2_code *code;
    pcre2_match_data *data; /* scratch; one match at a time */
    pcre2_match_context *context;
};

/* Bytes, unless the pattern itself has characters. */
static uint32_t options_for(struct span text, bool any_case)
{
    uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
    if (any_case)
        options |= PCRE2_CASELESS;
    if (!span_is(text, byte_is_ascii) && utf8_valid(text.at, text.len))
        options |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    return options;
}

static int tell_fault(int code, size_t at, struct pattern_fault *fault)
{
    PCRE2_UCHAR text[sizeof fault->text];
    if (code == PCRE2_ERROR_NOMEMORY || code == PCRE2_ERROR_HEAP_FAILED)
        return -ENOMEM;
    if (pcre2_get_error_message(code, text, sizeof text) < 0)
        snprintf((char *)text, sizeof text, "not a regular expression");
    fault->at = at;
    snprintf(fault->text, sizeof fault->text, "%s", (char *)text);
    return -EINVAL;
}

static int set_limits(struct pattern *pattern)
{
    pattern->context = pcre2_match_context_create(NULL);
    pattern->data = pcre2_match_data_create(1, NULL);
    if (!pattern->context || !pattern->data)
        return -ENOMEM;
    pcre2_set_match_limit(pattern->context, STEPS_MAX);
    pcre2_set_depth_limit(pattern->context, STEPS_MAX);
    pcre2_set_heap_limit(pattern->context, HEAP_MAX);
    return 0;
}

int pattern_compile(struct span text, bool any_case, struct pattern **out,
    struct pattern_fault *fault)
{
    int code;
    PCRE2_SIZE at;
    struct pattern *pattern = calloc(1, sizeof *pattern);
    if (!pattern)
        return -ENOMEM;
    pattern->code = pcre2_compile((PCRE2_SPTR)text.at, text.len,
        options_for(text, any_case), &code, &at, NULL);
    int error =
        pattern->code ? set_limits(pattern) : tell_fault(code, at, fault);
    if (error)
        pattern_destroy(pattern);
    else
        *out = pattern;
    return error;
}

void pattern_destroy(struct pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_match_data_free(pattern->data);
    pcre2_match_context_free(pattern->context);
    pcre2_code_free(pattern->code);
    free(pattern);
}

int pattern_match(const struct pattern *pattern, struct span text)
{
    int found = pcre2_match(pattern->code, (PCRE2_SPTR)text.at, text.len, 0, 0,
        pattern->data, pattern->context);
    switch (found) {
    case PCRE2_ERROR_NOMATCH:
        return 0;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
        return -E2BIG;
    default:
        return found >= 0 ? 1 : -ENOMEM;
    }
}
