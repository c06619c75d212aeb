/*
 * response_codes - questions by their ids, which c-ares keeps to itself, and
 * may give to two that are open at the same time.
 *
 * Invariant: an open question is in `begun`, by its bytes, until it is sent,
 * then in `sent`, by its id.
 */
#include "async/dns/response_codes.h"

#include "async/core/error.h"
#include "async/dns/dns_answer.h"
#include "async/dns/dns_message.h"

#include <arpa/nameser.h>
#include <string.h>
#include <strings.h>

/* --- open questions --- */

bool response_code_begin(
    struct response_codes *verdicts, struct response_code *verdict)
{
    verdict->question_size =
        dns_question_write(verdict->question, verdict->name, verdict->type);
    verdict->said = 0;
    if (verdict->question_size)
        LIST_INSERT_HEAD(&verdicts->begun, verdict, link);
    return verdict->question_size > 0;
}

void response_code_end(struct response_code *verdict)
{
    LIST_REMOVE(verdict, link);
}

static uint16_t message_id(const unsigned char *message)
{
    return (uint16_t)dns_read_16(message);
}

/* Its question is the one that was asked, in either case of letters. */
static bool is_about(
    const struct response_code *verdict, const struct response_message *message)
{
    size_t size = verdict->question_size;
    if (NS_HFIXEDSZ + size > message->size)
        return false;
    const unsigned char *theirs = message->bytes + NS_HFIXEDSZ;
    if (!memcmp(verdict->question, theirs, size))
        return true;
    for (size_t i = 0; i < size; i++)
        if (dns_lower(verdict->question[i]) != dns_lower(theirs[i]))
            return false;
    return true;
}

bool response_codes_have(const struct response_codes *verdicts, uint16_t id)
{
    const struct response_code *verdict;
    LIST_FOREACH (verdict, &verdicts->sent[id % RESPONSE_CODE_BUCKETS], link)
        if (verdict->id == id)
            return true;
    return false;
}

/* By its id and question. */
static struct response_code *response_code_find(
    const struct response_codes *verdicts, const struct response_message *about)
{
    struct response_code *verdict;
    uint16_t id = message_id(about->bytes);
    LIST_FOREACH (verdict, &verdicts->sent[id % RESPONSE_CODE_BUCKETS], link)
        if (verdict->id == id && is_about(verdict, about))
            break;
    return verdict;
}

/* By its id and socket: the answer says no more. */
static struct response_code *response_code_guess(
    const struct response_codes *verdicts, const struct response_message *bare)
{
    struct response_code *verdict;
    uint16_t id = message_id(bare->bytes);
    LIST_FOREACH (verdict, &verdicts->sent[id % RESPONSE_CODE_BUCKETS], link)
        if (verdict->id == id && verdict->socket == bare->socket)
            break;
    return verdict;
}

static struct response_code *begun_find(const struct response_codes *verdicts,
    const struct response_message *question)
{
    struct response_code *verdict;
    LIST_FOREACH (verdict, &verdicts->begun, link)
        if (is_about(verdict, question))
            break;
    return verdict;
}

static void begun_send(struct response_codes *verdicts,
    struct response_code *verdict, const unsigned char *message)
{
    verdict->id = message_id(message);
    LIST_REMOVE(verdict, link);
    LIST_INSERT_HEAD(
        &verdicts->sent[verdict->id % RESPONSE_CODE_BUCKETS], verdict, link);
}

/* Asked again, it has the same id. */
void response_codes_sent(
    struct response_codes *verdicts, const struct response_message *question)
{
    struct response_code *verdict = begun_find(verdicts, question);
    if (verdict)
        begun_send(verdicts, verdict, question->bytes);
    else if (question->size >= NS_HFIXEDSZ)
        verdict = response_code_find(verdicts, question);
    if (verdict)
        verdict->socket = question->socket;
}

/* --- one answer --- */

enum { QR = 0x80, AA = 0x04, TC = 0x02 }; /* of byte 2 */
enum { RCODE = 0x0f }; /* of byte 3 */
enum { QUESTIONS = 4, ANSWERS = 6 }; /* where they are counted */

static bool is_error(const unsigned char *answer)
{
    return answer[3] & RCODE;
}

/* The header and this many bytes of a question are left. */
static void cut_message(struct response_message *answer, size_t question)
{
    memset(answer->bytes + ANSWERS, 0, NS_HFIXEDSZ - ANSWERS);
    answer->size = NS_HFIXEDSZ + question;
}

/* Gives a bare error the question that it must be about: it has the id of one
 * that is open and comes from where that went. */
static bool complete_message(
    const struct response_code *verdict, struct response_message *answer)
{
    size_t size = verdict->question_size;
    if (!is_error(answer->bytes))
        return false;
    if (NS_HFIXEDSZ + size > answer->room)
        return false;
    memcpy(answer->bytes + NS_HFIXEDSZ, verdict->question, size);
    answer->bytes[QUESTIONS + 1] = 1;
    answer->bytes[2] &= (unsigned char)~TC;
    cut_message(answer, size);
    return true;
}

/* It says something against its server. */
static bool is_against(int result)
{
    return result && result != ASYNC_DNS_NXDOMAIN &&
           result != ASYNC_DNS_NODATA && result != ASYNC_DNS_UNSPECIFIED;
}

/* By UDP there may be more of it: nobody has asked for so much (RFC 1035
 * section 4.2.1), nor is more than a datagram's room received. */
static bool may_be_cut(const struct response_message *answer)
{
    return !answer->by_tcp && answer->size >= NS_PACKETSZ;
}

static bool is_cut(const struct response_message *answer)
{
    return dns_answer_is_truncated(answer->bytes, answer->size);
}

/* As dns_answer_read does, but 0 if TCP has to tell the rest: is_cut. */
static int answer_read(struct dns_answer *read,
    const struct response_code *verdict, struct response_message *answer)
{
    int family = verdict->type == ns_t_a ? AF_INET : AF_INET6;
    int result = dns_answer_read(read, family, answer->bytes, answer->size);
    if (is_against(result) && may_be_cut(answer))
        answer->bytes[2] |= TC;
    if (!is_cut(answer))
        return result;
    read->count = 0;
    return dns_answer_against(answer->bytes, answer->size);
}

static void make_servfail(
    const struct response_code *verdict, struct response_message *answer)
{
    unsigned char *flags = answer->bytes + 3;
    *flags = (unsigned char)((*flags & ~RCODE) | ns_r_servfail);
    cut_message(answer, verdict->question_size);
}

static void addresses_write(const struct response_code *verdict,
    struct response_message *answer, const struct dns_answer *read)
{
    size_t length = verdict->type == ns_t_a ? NS_INADDRSZ : NS_IN6ADDRSZ;
    answer->bytes[ANSWERS + 1] = (unsigned char)read->count;
    for (size_t i = 0; i < read->count; i++) {
        dns_address_write(answer->bytes + answer->size, verdict->type,
            (const unsigned char *)&read->addresses + i * length,
            (uint32_t)read->ttl);
        answer->size += DNS_ADDRESS_HEADER + length;
    }
}

/* c-ares 1.34 parses and rewrites a response before it passes it on, and fails
 * if an owner is not a host name (RFC 2181 section 11 allows any byte), or if a
 * record was cut off.  So it gets the addresses as records of the name asked
 * for, and no record that says nothing. */
static void make_plain(const struct response_code *verdict,
    struct response_message *answer, const struct dns_answer *read)
{
    size_t length = verdict->type == ns_t_a ? NS_INADDRSZ : NS_IN6ADDRSZ;
    size_t records = read->count * (DNS_ADDRESS_HEADER + length);
    size_t size = verdict->question_size;
    if (NS_HFIXEDSZ + size + records > answer->room)
        return;
    cut_message(answer, size);
    addresses_write(verdict, answer, read);
}

/* Nobody's address alone. */
static void make_unspecified(struct dns_answer *read)
{
    memset(&read->addresses, 0, sizeof read->addresses);
    read->count = 1;
}

/* Without its zone an alias to a name without addresses would look like one
 * whose end the server does not know: it has authority then. */
static void make_clear(const struct response_code *verdict,
    struct response_message *answer, struct dns_answer *read)
{
    if (!is_cut(answer) && read->result == ASYNC_DNS_UNSPECIFIED)
        make_unspecified(read);
    if (!is_cut(answer) && read->result == ASYNC_DNS_NODATA)
        answer->bytes[2] |= AA;
    make_plain(verdict, answer, read);
}

/* An answer to one question or, where it tells of an error, to none. */
static bool is_answer(const struct response_message *answer)
{
    return answer->size >= NS_HFIXEDSZ && answer->bytes[2] & QR &&
           dns_read_16(answer->bytes + QUESTIONS) <= 1;
}

static void take_answer(
    struct response_code *verdict, struct response_message *answer)
{
    struct dns_answer read;
    int said = answer_read(&read, verdict, answer);
    if (is_against(said)) {
        verdict->said = said;
        make_servfail(verdict, answer);
    } else {
        make_clear(verdict, answer, &read);
    }
}

bool response_codes_received(
    struct response_codes *verdicts, struct response_message *answer)
{
    if (!is_answer(answer))
        return false;
    bool is_bare = !answer->bytes[QUESTIONS + 1];
    struct response_code *verdict = is_bare
                                        ? response_code_guess(verdicts, answer)
                                        : response_code_find(verdicts, answer);
    if (is_bare && (!verdict || !complete_message(verdict, answer)))
        return false;
    if (verdict) /* c-ares drops what is about something else */
        take_answer(verdict, answer);
    return true;
}
