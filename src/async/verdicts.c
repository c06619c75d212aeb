/*
 * verdicts - questions by their ids, which c-ares keeps to itself.
 *
 * Invariant: those that went by UDP are in `sent`, by the id of their question,
 * until they end.
 */
#include "verdicts.h"

#include "error.h"

#include <arpa/nameser.h>
#include <stddef.h>

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

/* One word for all servers, whichever was first: SERVFAIL is about the name,
 * REFUSED about who asks, NOTIMP about nothing. */
static int worse(int said, int rcode)
{
    if (rcode == ns_r_servfail || said == ASYNC_DNS_SERVFAIL)
        return ASYNC_DNS_SERVFAIL;
    if (rcode == ns_r_refused || said == ASYNC_DNS_REFUSED)
        return ASYNC_DNS_REFUSED;
    return rcode == ns_r_notimpl ? ASYNC_DNS_NOTIMP : said;
}

void verdicts_received(struct verdicts *verdicts, const unsigned char *answer)
{
    uint16_t id = message_id(answer);
    struct verdict *verdict;
    LIST_FOREACH (verdict, &verdicts->sent[id % VERDICT_BUCKETS], link)
        if (verdict->id == id)
            *verdict->said = worse(*verdict->said, answer[3] & 0x0f);
}
