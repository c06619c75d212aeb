/*
 * epoll - what the references on epoll bring: how they talk over a
 * descriptor that does not block.
 */
#ifndef BENCH_EPOLL_H
#define BENCH_EPOLL_H

#include "client.h"

#include <stdint.h>

enum { CHUNK = 16 * 1024 }; /* read at once */

/* Once, before the first slot. */
void talk_open(void);
/* It is connected and `events` (edges) came; may end the slot. */
void slot_talk(struct slot *slot, uint32_t events);

#endif
