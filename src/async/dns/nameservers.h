/*
 * nameservers - a nameserver that follows resolv.conf(5): when that changes
 * during a run, as with a VPN or another network, later questions use the new
 * configuration; and a first server that keeps silent is the last one for a
 * while.  Open questions end where they were asked.  Only question uses this.
 */
#ifndef ASYNC_NAMESERVERS_H
#define ASYNC_NAMESERVERS_H

#include "async/dns/nameserver.h"

struct nameservers;

/* As nameserver_create; `servers`, if not NULL, are used for the whole run and
 * must live as long. */
int nameservers_create(
    struct nameservers **out, struct loop *loop, const char *servers);
/* As nameserver_destroy. */
void nameservers_destroy(struct nameservers *all);

/* The current search list; NULL: names are complete.  Valid until the
 * next question is asked. */
const struct search_list *nameservers_search(struct nameservers *all);

/* Checks, once a second at most, whether the file has changed.  Returns a
 * number that changes with it: earlier answers are from other servers. */
unsigned nameservers_look(struct nameservers *all);

/* As nameserver_ask and nameserver_flush; not while c-ares is at work. */
void nameservers_ask(struct nameservers *all,
    const struct nameserver_question *question, int *said,
    nameserver_done *done, void *arg);
void nameservers_flush(struct nameservers *all);

#endif
