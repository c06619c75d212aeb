/*
 * web - a few web hosts in a thread of this process, on loopback, and a hosts
 * file with their names.
 *
 * Every host's answer is sent a line at a time, the hosts taking turns, and
 * each line only when all lines before it have been printed: whoever prints
 * what arrives does so in one order.
 */
#ifndef TESTS_ASYNC_WEB_H
#define TESTS_ASYNC_WEB_H

#include <stdint.h>

struct web_host {
    const char *name;
    const char *const *head; /* its lines, without line ends; NULL-ended */
};

/* Serves each host once; at most 8, with heads of one length.  0 or -1. */
int web_open(const struct web_host *hosts, int count);
void web_close(void);

/* Where they are: in place of DNS, in place of port 80. */
const char *web_hosts_file(void);
uint16_t web_port(void);

#endif
