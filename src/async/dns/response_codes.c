/*
 * response_codes - questions by their ids, which c-ares keeps to itself.
 *
 * Invariant: those that went by UDP are in `sent`, by the id of their question,
 * until they end.
 */
#include "async/dns/response_codes.h"

#include "async/core/error.h"
#include "async/dns/dns_answer.h"
#include "async/dns/dns_message.h"

#include <arpa/nameser.h>
#include <string.h>
#include <strings.h>

void response_code_begin(
    struct response_codes *verdicts, struct response_code *verdict)
{
    verdict->sent = false;
    *verdict->said = 0;
    verdicts->next = verdict;
}

void response_code_end(
    struct response_codes *verdicts, struct response_code *verdict)
{
    if (verdict->sent)
        LIST_REMOVE(verdict, link);
    else if (verdicts->next == verdict)
        verdicts->next = NULL;
}

static uint16_t message_id(const unsigned char *message)
{
    return (uint16_t)dns_read_16(message);
}

static struct response_code *response_code_find(
    const struct response_codes *verdicts, const unsigned char *message)
{
    struct response_code *verdict;
    uint16_t id = message_id(message);
    LIST_FOREACH (verdict, &verdicts->sent[id % RESPONSE_CODE_BUCKETS], link)
        if (verdict->id == id)
            break;
    return verdict;
}

/* Asked again, it has the same id. */
void response_codes_sent(
    struct response_codes *verdicts, const unsigned char *question, int socket)
{
    struct response_code *verdict = verdicts->next;
    verdicts->next = NULL;
    if (verdict) {
        verdict->id = message_id(question);
        verdict->sent = true;
        LIST_INSERT_HEAD(&verdicts->sent[verdict->id % RESPONSE_CODE_BUCKETS],
            verdict, link);
    } else {
        verdict = response_code_find(verdicts, question);
    }
    if (verdict)
        verdict->socket = socket;
}

/* --- one answer --- */

enum { QR = 0x80, TC = 0x02 }; /* of byte 2 */
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
    unsigned char question[DNS_QUESTION_MAX];
    if (!is_error(answer->bytes) || verdict->socket != answer->socket)
        return false;
    size_t size = dns_question_write(question, verdict->name, verdict->type);
    if (!size || NS_HFIXEDSZ + size > answer->room)
        return false;
    memcpy(answer->bytes + NS_HFIXEDSZ, question, size);
    answer->bytes[QUESTIONS + 1] = 1;
    answer->bytes[2] &= (unsigned char)~TC;
    cut_message(answer, size);
    return true;
}

/* Its question is the one that was asked, in either case of letters. */
static bool is_about(
    const struct response_code *verdict, const struct response_message *answer)
{
    unsigned char question[DNS_QUESTION_MAX];
    size_t size = dns_question_write(question, verdict->name, verdict->type);
    if (!size || NS_HFIXEDSZ + size > answer->size)
        return false;
    const unsigned char *theirs = answer->bytes + NS_HFIXEDSZ;
    for (size_t i = 0; i < size; i++)
        if (question[i] != theirs[i] &&
            dns_lower(question[i]) != dns_lower(theirs[i]))
            return false;
    return true;
}

/* What an answer says against its server, or 0.  What is cut off is asked
 * again by TCP. */
static int response_code_on(const struct response_code *verdict,
    const struct response_message *answer, struct dns_answer *read)
{
    int family = verdict->type == ns_t_a ? AF_INET : AF_INET6;
    read->count = 0;
    if (answer->bytes[2] & TC || answer->size >= NS_PACKETSZ)
        return dns_answer_against(answer->bytes, answer->size);
    int result = dns_answer_read(read, family, answer->bytes, answer->size);
    switch (result) {
    case ASYNC_DNS_NXDOMAIN:
    case ASYNC_DNS_NODATA:
    case ASYNC_DNS_UNSPECIFIED:
        return 0;
    default:
        return result;
    }
}

/* After these c-ares asks the next server. */
static bool is_for_next(int verdict)
{
    return verdict == ASYNC_DNS_SERVFAIL || verdict == ASYNC_DNS_REFUSED;
}

static void make_servfail(
    const struct response_code *verdict, struct response_message *answer)
{
    unsigned char *flags = answer->bytes + 3;
    unsigned char question[DNS_QUESTION_MAX];
    *flags = (unsigned char)((*flags & ~RCODE) | ns_r_servfail);
    cut_message(
        answer, dns_question_write(question, verdict->name, verdict->type));
}

/* c-ares 1.34 parses and rewrites a response before it passes it on, and fails
 * if an owner is not a host name (RFC 2181 section 11 allows any byte).  So it
 * gets the addresses as records of the name asked for. */
static void make_plain(const struct response_code *verdict,
    struct response_message *answer, const struct dns_answer *read)
{
    unsigned char question[DNS_QUESTION_MAX];
    size_t length = verdict->type == ns_t_a ? NS_INADDRSZ : NS_IN6ADDRSZ;
    size_t records = read->count * (DNS_ADDRESS_HEADER + length);
    size_t size = dns_question_write(question, verdict->name, verdict->type);
    if (read->count == 0 || NS_HFIXEDSZ + size + records > answer->room)
        return;
    cut_message(answer, size);
    answer->bytes[ANSWERS + 1] = (unsigned char)read->count;
    for (size_t i = 0; i < read->count; i++) {
        dns_address_write(answer->bytes + answer->size, verdict->type,
            (const unsigned char *)&read->addresses + i * length,
            (uint32_t)read->ttl);
        answer->size += DNS_ADDRESS_HEADER + length;
    }
}

/* An answer to one question or, where it tells of an error, to none. */
static bool is_answer(const struct response_message *answer)
{
    return answer->size >= NS_HFIXEDSZ && answer->bytes[2] & QR &&
           dns_read_16(answer->bytes + QUESTIONS) <= 1;
}

bool response_codes_received(
    struct response_codes *verdicts, struct response_message *answer)
{
    if (!is_answer(answer))
        return false;
    const struct response_code *verdict =
        response_code_find(verdicts, answer->bytes);
    if (!answer->bytes[QUESTIONS + 1] &&
        (!verdict || !complete_message(verdict, answer)))
        return false;
    if (!verdict || !is_about(verdict, answer))
        return true; /* c-ares drops what is about something else */
    struct dns_answer read;
    int said = response_code_on(verdict, answer, &read);
    if (!said) {
        make_plain(verdict, answer, &read);
        return true;
    }
    *verdict->said = async_dns_more_telling(*verdict->said, said);
    if (!is_for_next(said))
        make_servfail(verdict, answer);
    return true;
}
