/*
 * grammar_page - the grammars of fields that protect a page or its cookies,
 * which have rooms of their own.
 */
#include "fields/cookies.h"
#include "fields/cors.h"
#include "fields/csp.h"
#include "fields/framing.h"
#include "fields/grammar.h"
#include "fields/hsts.h"
#include "fields/list_field.h"
#include "fields/nosniff.h"
#include "fields/referrer.h"

/* RFC 6797 section 6.1: names in any case, quotes or not; between commas is
 * another list. */
static bool hsts_is_equal(const struct lines *lines, const struct lines *other)
{
    return list_field_is_equal(
        LIST_NAME_TOKEN | LIST_PARAMETERS | LIST_BLANKS, lines, other);
}

const struct grammar grammar_hsts = {.get_member_of = hsts_get_member,
    .get_valid_of = hsts_get_valid,
    .is_equal = hsts_is_equal};
const struct grammar grammar_csp = {
    .get_member_of = csp_get_member, .get_valid_of = csp_get_valid};
const struct grammar grammar_framing = {.get_valid_of = framing_get_valid,
    .is_equal = tokens_are_equal,
    .has_member = tokens_have};
const struct grammar grammar_nosniff = {
    .get_valid_of = nosniff_get_valid, .is_equal = tokens_are_equal};
const struct grammar grammar_referrer = {.get_valid_of = referrer_get_valid,
    .is_equal = tokens_are_equal,
    .has_member = tokens_have};
const struct grammar grammar_cors = {.get_valid_of = cors_get_valid};
const struct grammar grammar_corp = {.get_valid_of = corp_get_valid};
const struct grammar grammar_cookies = {
    .get_member_of = cookies_get_member, .get_valid_of = cookies_get_valid};
