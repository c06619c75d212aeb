/*
 * verdicts - questions by their ids, which c-ares keeps to itself.
 *
 * Invariant: those that went by UDP are in `sent`, by the id of their question,
 * until they end.
 */
#define CARES_NO_DEPRECATED
#include "verdicts.h"

#include "error.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <string.h>

void verdict_begin(
    struct verdicts *verdicts, struct verdict *verdict, int *said)
{
    *verdict = (struct verdict){.said = said};
    *said = 0;
    verdicts->next = verdict;
}

void verdict_end(struct verdicts *verdicts, struct verdict *verdict)
{
    if (verdict->sent)
        LIST_REMOVE(verdict, link);
    else if (verdicts->next == verdict)
        verdicts->next = NULL;
}

static uint16_t message_id(const unsigned char *message)
{
    return (uint16_t)(message[0] << 8 | message[1]);
}

/* Asked again, it has the same id. */
void verdicts_sent(struct verdicts *verdicts, const unsigned char *question)
{
    struct verdict *verdict = verdicts->next;
    if (!verdict)
        return;
    verdicts->next = NULL;
    verdict->id = message_id(question);
    verdict->sent = true;
    LIST_INSERT_HEAD(
        &verdicts->sent[verdict->id % VERDICT_BUCKETS], verdict, link);
}

/* --- one answer --- */

enum { AA = 0x04, TC = 0x02 }; /* of byte 2 */
enum { RA = 0x80, RCODE = 0x0f }; /* of byte 3 */
enum { ANSWERS = 6 }; /* the first of three counts */

static int rcode_of(const unsigned char *answer)
{
    return answer[3] & RCODE;
}

/* From a server that neither has the name nor asks others for it: a referral
 * to them, or nothing at all. */
static bool is_lame(const unsigned char *answer)
{
    return !answer[ANSWERS] && !answer[ANSWERS + 1] &&
           !(answer[2] & (AA | TC)) && !(answer[3] & RA);
}

int verdict_on(const unsigned char *answer)
{
    switch (rcode_of(answer)) {
    case ns_r_noerror:
        return is_lame(answer) ? ASYNC_DNS_BAD_ANSWER : 0;
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
    default:
        return ASYNC_DNS_BAD_ANSWER;
    }
}

/* What is cut off is asked again by TCP. */
static bool is_broken(const unsigned char *answer, size_t size)
{
    if (answer[2] & TC || size >= NS_PACKETSZ || rcode_of(answer))
        return false;
    int status = ares_parse_a_reply(answer, (int)size, NULL, NULL, NULL);
    return status && status != ARES_ENODATA && status != ARES_ENOMEM;
}

static size_t question_end(const unsigned char *answer, size_t size)
{
    size_t at = NS_HFIXEDSZ;
    while (at < size && answer[at])
        at += 1u + answer[at];
    at += 1 + NS_QFIXEDSZ;
    return at < size ? at : size;
}

/* The header and the question. */
static size_t make_servfail(unsigned char *answer, size_t size)
{
    answer[3] = (unsigned char)((answer[3] & ~RCODE) | ns_r_servfail);
    memset(answer + ANSWERS, 0, NS_HFIXEDSZ - ANSWERS);
    return question_end(answer, size);
}

/* --- all of a question's --- */

/* After these c-ares asks the next server. */
static bool is_for_next(int verdict)
{
    return verdict == ASYNC_DNS_SERVFAIL || verdict == ASYNC_DNS_REFUSED;
}

size_t verdicts_received(
    struct verdicts *verdicts, unsigned char *answer, size_t size)
{
    uint16_t id = message_id(answer);
    struct verdict *verdict;
    int said = verdict_on(answer);
    if (!said && verdicts->several && is_broken(answer, size))
        said = ASYNC_DNS_BAD_ANSWER;
    if (!said)
        return size;
    LIST_FOREACH (verdict, &verdicts->sent[id % VERDICT_BUCKETS], link)
        if (verdict->id == id)
            *verdict->said = async_dns_more_telling(*verdict->said, said);
    return is_for_next(said) ? size : make_servfail(answer, size);
}
