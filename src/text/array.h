/*
 * array - items in one piece of memory that grows.
 */
#ifndef AFETCH_ARRAY_H
#define AFETCH_ARRAY_H

#include <stddef.h>

/* Room for an item at `index`: the items, perhaps elsewhere now, with *room of
 * them, the new ones zero; NULL: no memory, and they are as they were.  size:
 * of one, bytes. */
void *array_grow(void *items, size_t *room, size_t index, size_t size);

#endif
