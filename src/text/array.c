/*
 * array - see array.h.
 *
 * Invariant: n items added one by one are moved O(n) times in all.
 */
#include "text/array.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_MIN = 64 };

static size_t next_room(size_t room, size_t index)
{
    size_t more = room + room / 2;
    if (more <= index)
        more = index + 1;
    return more < ROOM_MIN ? ROOM_MIN : more;
}

void *array_grow(void *items, size_t *room, size_t index, size_t size)
{
    if (index < *room)
        return items;
    size_t more = next_room(*room, index);
    char *larger = reallocarray(items, more, size);
    if (!larger)
        return NULL;
    memset(larger + *room * size, 0, (more - *room) * size);
    *room = more;
    return larger;
}
