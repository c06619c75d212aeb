/*
 * grammar - how the joined lines of a field are read, for the table of
 * fields.c: one grammar serves all fields that share it.
 */
#ifndef AFETCH_FIELDS_GRAMMAR_H
#define AFETCH_FIELDS_GRAMMAR_H

#include "fields/lines.h"

struct grammar {
    /* As field_get_member; `out` is all zero.  NULL: has no members. */
    void (*get_member)(
        const struct lines *lines, struct span member, struct field_value *out);
    /* What does not conform, with the section; NULL: all does. */
    const char *(*fault)(const struct lines *lines);
    /* Do they say the same?  NULL: when their bytes are the same. */
    bool (*is_equal)(const struct lines *lines, const struct lines *other);
    /* NULL: has what get_member gives, and is not false. */
    bool (*has_member)(const struct lines *lines, struct span member);
    /* Instead of get_member and fault, for fields whose lines are not just
     * joined. */
    void (*get_member_of)(const struct field_head *head, struct span member,
        struct field_value *out);
    void (*get_valid_of)(
        const struct field_head *head, struct field_value *out);
    /* Equal bytes that do not conform are nothing, so not equal. */
    bool is_void_unequal;
};

/* RFC 9651.  A dictionary's members are those of its keys; a list's are its
 * items, and the parameters of its last one; an item's are its parameters. */
extern const struct grammar grammar_dictionary, grammar_structured_list;
/* An item of this type, whatever its parameters. */
extern const struct grammar grammar_token_item, grammar_boolean_item,
    grammar_date_item;
/* RFC 9218; RFC 8942; draft-ietf-httpapi-ratelimit-headers. */
extern const struct grammar grammar_priority, grammar_accept_ch,
    grammar_ratelimit;

/* RFC 9111; #token in any case of letters; RFC 7838; Server Timing; Clear Site
 * Data; RFC 8288; RFC 9110 section 8.3. */
extern const struct grammar grammar_cache_control, grammar_tokens, grammar_vary,
    grammar_alt_svc, grammar_server_timing, grammar_clear_site_data,
    grammar_link, grammar_media_type;

/* RFC 9110: section 5.6.7, digits, section 10.2.3. */
extern const struct grammar grammar_date, grammar_number, grammar_retry_after;
/* What protects a page: rooms of their own. */
extern const struct grammar grammar_hsts, grammar_csp, grammar_framing,
    grammar_nosniff, grammar_referrer, grammar_cors, grammar_corp,
    grammar_cookies;
/* Of fields that afetch does not know. */
extern const struct grammar grammar_unknown;

/* Of #token: are they the same in any case; is it one of them? */
bool tokens_are_equal(const struct lines *lines, const struct lines *other);
bool tokens_have(const struct lines *lines, struct span member);

#endif
