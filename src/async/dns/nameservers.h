/*
 * nameservers - the name servers of resolv.conf(5), in the order in which they
 * are asked: when the file changes during a run, as with a VPN or another
 * network, later questions use the new configuration; and a first server that
 * keeps silent is the last one for a while.  Queries that are open end where
 * they were asked.  Only question uses this.
 */
#ifndef ASYNC_NAMESERVERS_H
#define ASYNC_NAMESERVERS_H

#include "async/dns/query.h"

struct nameservers;
struct search_list;

/*
 * servers: as resolv_conf_given takes them, for the whole run; they must live
 * as long.  NULL: what resolv.conf(5) says, its search list included.  0;
 * -ENOMEM; -EINVAL: not a list of servers; -EIO, …: the system's configuration
 * cannot be read.
 */
int nameservers_create(struct nameservers **out, struct loop *loop,
    const char *servers, const struct query_events *events);
/* Every query that is open ends with -ECANCELED.  NULL-safe. */
void nameservers_destroy(struct nameservers *all);

/* The current search list; NULL: names are complete.  Valid until the
 * next question is asked. */
const struct search_list *nameservers_search(struct nameservers *all);

/* Checks, once a second at most, whether the file has changed.  Returns a
 * number that changes with it: earlier answers are from other servers. */
unsigned nameservers_look(struct nameservers *all);

/* Whom a question is put to first. */
struct upstream *nameservers_first(struct nameservers *all);
/* The server that was asked first has answered a question, or another one has,
 * because that one keeps silent. */
void nameservers_answered(
    struct nameservers *all, const struct upstream *first);
void nameservers_missed(struct nameservers *all, struct upstream *first);

#endif
