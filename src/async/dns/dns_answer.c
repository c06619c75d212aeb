/*
 * dns_answer - see dns_answer.h.
 *
 * Invariant: an address belongs to the end of the chain of aliases that begins
 * with the name asked.
 */
#include "async/dns/dns_answer.h"

#include "async/core/address.h"
#include "async/core/error.h"
#include "async/dns/dns_message.h"

#include <arpa/nameser.h>
#include <string.h>

/* Servers that ask others go on for 8 to 20; an answer with more is broken. */
enum { ALIASES_MAX = 128 };

enum { AA = 0x04, TC = 0x02 }; /* of byte 2 */
enum { RA = 0x80, RCODE = 0x0f }; /* of byte 3 */
enum { ANSWERS = 6, AUTHORITY = 8 }; /* where they are counted */

/* --- the server --- */

static int rcode_of(const unsigned char *bytes)
{
    return bytes[3] & RCODE;
}

static bool is_recursive(const unsigned char *bytes)
{
    return bytes[3] & RA;
}

/* Is there a record of a type in the authority section at `at`, one of a zone
 * that `name` belongs to, if it is not 0? */
static bool has_authority(
    const struct dns_message *message, size_t at, unsigned type, size_t name)
{
    struct dns_record record;
    unsigned count = dns_read_16(message->bytes + AUTHORITY);
    while (count-- > 0 && dns_record_read(message, &at, &record))
        if (record.type == type &&
            (!name || dns_name_is_in(message, name, record.owner)))
            return true;
    return false;
}

/* From a server that neither has the name nor asks others for it: a referral
 * to them, or nothing at all.  Who tells only the name's zone has it, whatever
 * the header says (RFC 2308 section 2.2). */
static int lame_against(const unsigned char *bytes, size_t size)
{
    struct dns_message message = {bytes, size};
    if (dns_read_16(bytes + ANSWERS) || bytes[2] & (AA | TC) ||
        is_recursive(bytes))
        return 0;
    size_t at = dns_question_end(&message);
    if (at && has_authority(&message, at, ns_t_ns, 0))
        return ASYNC_DNS_REFERRAL;
    return at && has_authority(&message, at, ns_t_soa, NS_HFIXEDSZ)
               ? 0
               : ASYNC_DNS_BAD_ANSWER;
}

int dns_answer_against(const unsigned char *bytes, size_t size)
{
    switch (rcode_of(bytes)) {
    case ns_r_noerror:
        return lame_against(bytes, size);
    case ns_r_nxdomain:
        return 0;
    case ns_r_servfail:
        return ASYNC_DNS_SERVFAIL;
    case ns_r_refused:
        return ASYNC_DNS_REFUSED;
    case ns_r_formerr:
        return ASYNC_DNS_FORMERR;
    case ns_r_notimpl:
        return ASYNC_DNS_NOTIMP;
    case ns_r_notauth:
        return ASYNC_DNS_NOTAUTH;
    default:
        return ASYNC_DNS_BAD_ANSWER;
    }
}

bool dns_answer_is_truncated(const unsigned char *bytes, size_t size)
{
    return size >= NS_HFIXEDSZ && bytes[2] & TC;
}

/* --- the answer section --- */

struct walk {
    struct dns_message message;
    unsigned type; /* A or AAAA */
    size_t first; /* record */
    size_t authority; /* where that section begins */
    size_t name; /* the one asked, then what it is an alias of */
    uint32_t ttl;
    size_t aliases_count;
    struct alias {
        size_t owner, target;
        uint32_t ttl;
    } aliases[ALIASES_MAX];
};

static bool alias_note(struct walk *walk, const struct dns_record *record)
{
    if (walk->aliases_count == ALIASES_MAX)
        return false;
    if (dns_name_end(&walk->message, record->data) !=
        record->data + record->length)
        return false;
    walk->aliases[walk->aliases_count++] =
        (struct alias){record->owner, record->data, record->ttl};
    return true;
}

/* Looks at all records once.  False: one is broken. */
static bool walk_records(struct walk *walk)
{
    struct dns_record record;
    size_t at = walk->first;
    unsigned count = dns_read_16(walk->message.bytes + ANSWERS);
    while (count-- > 0) {
        if (!dns_record_read(&walk->message, &at, &record))
            return false;
        if (record.type == ns_t_cname && record.class == ns_c_in &&
            !alias_note(walk, &record))
            return false;
    }
    walk->authority = at;
    return true;
}

static const struct alias *alias_of(const struct walk *walk)
{
    for (size_t i = 0; i < walk->aliases_count; i++)
        if (dns_name_is_same(
                &walk->message, walk->aliases[i].owner, walk->name))
            return &walk->aliases[i];
    return NULL;
}

/* To the end of the chain; in a loop, as far as there are aliases. */
static void walk_aliases(struct walk *walk)
{
    const struct alias *alias;
    for (size_t n = walk->aliases_count; n > 0 && (alias = alias_of(walk));
         n--) {
        walk->name = alias->target;
        if (alias->ttl < walk->ttl)
            walk->ttl = alias->ttl;
    }
}

static bool is_unspecified(const unsigned char *bytes, size_t size)
{
    union address address = {0};
    if (size == NS_INADDRSZ) {
        address.sa.sa_family = AF_INET;
        memcpy(&address.in.sin_addr, bytes, size);
    } else {
        address.sa.sa_family = AF_INET6;
        memcpy(&address.in6.sin6_addr, bytes, size);
    }
    return address_is_unspecified(&address);
}

/* Takes the address of a record, if it is one. */
static int address_take(struct dns_answer *answer, const struct walk *walk,
    const struct dns_record *record)
{
    const unsigned char *bytes = walk->message.bytes + record->data;
    size_t size = walk->type == ns_t_a ? NS_INADDRSZ : NS_IN6ADDRSZ;
    if (record->length != size)
        return ASYNC_DNS_BAD_ANSWER;
    if (record->ttl < answer->ttl)
        answer->ttl = record->ttl;
    if (is_unspecified(bytes, size))
        return ASYNC_DNS_UNSPECIFIED;
    if (answer->count == DNS_ANSWER_ADDRESSES_MAX)
        return 0;
    if (walk->type == ns_t_a)
        memcpy(&answer->addresses.in[answer->count++], bytes, size);
    else
        memcpy(&answer->addresses.in6[answer->count++], bytes, size);
    return 0;
}

/* 0, or what the records say of addresses that are none. */
static int take_addresses(struct dns_answer *answer, const struct walk *walk)
{
    struct dns_record record;
    size_t at = walk->first;
    int said = 0;
    while (
        at < walk->authority && dns_record_read(&walk->message, &at, &record)) {
        if (record.type != walk->type || record.class != ns_c_in ||
            !dns_name_is_same(&walk->message, record.owner, walk->name))
            continue;
        int result = address_take(answer, walk, &record);
        if (result == ASYNC_DNS_BAD_ANSWER)
            return result;
        if (result)
            said = result;
    }
    return answer->count ? 0 : said;
}

/* An alias whose end the server does not know, for it would have told its
 * zone (RFC 2308 section 2.2), and does not ask for. */
static bool is_dangling(const struct walk *walk)
{
    return walk->name != NS_HFIXEDSZ && !is_recursive(walk->message.bytes) &&
           !has_authority(
               &walk->message, walk->authority, ns_t_soa, walk->name);
}

static int walk_answer(struct dns_answer *answer, struct walk *walk)
{
    if (rcode_of(walk->message.bytes) == ns_r_nxdomain)
        return ASYNC_DNS_NXDOMAIN;
    if (!walk_records(walk))
        return ASYNC_DNS_BAD_ANSWER;
    walk_aliases(walk);
    answer->ttl = walk->ttl;
    int result = take_addresses(answer, walk);
    if (result || answer->count)
        return result;
    return is_dangling(walk) ? ASYNC_DNS_ALIAS : ASYNC_DNS_NODATA;
}

/* The question's type and class are as they were asked. */
static bool walk_begin(
    struct walk *walk, int family, const unsigned char *bytes, size_t size)
{
    walk->message = (struct dns_message){bytes, size};
    walk->type = family == AF_INET ? ns_t_a : ns_t_aaaa;
    walk->first = dns_question_end(&walk->message);
    walk->name = NS_HFIXEDSZ;
    walk->ttl = INT32_MAX;
    walk->aliases_count = 0;
    return walk->first && dns_read_16(bytes + walk->first - 4) == walk->type &&
           dns_read_16(bytes + walk->first - 2) == ns_c_in;
}

int dns_answer_read(struct dns_answer *answer, int family,
    const unsigned char *bytes, size_t size)
{
    struct walk walk;
    answer->count = 0;
    answer->ttl = 0;
    answer->result = ASYNC_DNS_BAD_ANSWER;
    if (size < NS_HFIXEDSZ)
        return answer->result;
    int against = dns_answer_against(bytes, size);
    if (against)
        answer->result = against;
    else if (walk_begin(&walk, family, bytes, size))
        answer->result = walk_answer(answer, &walk);
    return answer->result;
}
