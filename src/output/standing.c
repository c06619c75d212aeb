/*
 * standing - see standing.h.
 *
 * Invariant: an escape sequence that was begun is written to its end before
 * anything else is.
 */
#include "output/standing.h"

#include "output/writer.h"

#include <stdlib.h>
#include <string.h>

static const char clear_below[] = "\r\033[J";

struct standing {
    struct writer writer;
    bool is_seen; /* once all is written */
    bool has_failed; /* nobody looks any more */
    char bytes[STANDING_MAX + 2 * sizeof clear_below];
    size_t start, len; /* what is yet to be written */
};

struct standing *standing_create(int fd)
{
    struct standing *standing = calloc(1, sizeof *standing);
    if (standing)
        writer_init(&standing->writer, fd);
    return standing;
}

/* True: all is written, or nothing ever will be. */
static bool push_bytes(struct standing *standing, bool wait)
{
    while (standing->start < standing->len && !standing->has_failed) {
        ssize_t written =
            writer_write(&standing->writer, standing->bytes + standing->start,
                standing->len - standing->start, wait);
        if (written == 0 && !wait)
            return false;
        standing->has_failed = written < 0;
        standing->start += written > 0 ? (size_t)written : 0;
    }
    standing->start = standing->len = 0;
    return true;
}

static void add_bytes(struct standing *standing, const char *bytes, size_t len)
{
    memcpy(standing->bytes + standing->len, bytes, len);
    standing->len += len;
}

void standing_show(struct standing *standing, const char *text, size_t len)
{
    if (len > STANDING_MAX || !push_bytes(standing, false))
        return;
    add_bytes(standing, "\r", 1);
    add_bytes(standing, text, len);
    add_bytes(standing, clear_below + 1, sizeof clear_below - 2);
    add_bytes(standing, "\r", 1);
    standing->is_seen = true;
    push_bytes(standing, false);
}

bool standing_clear(struct standing *standing, bool wait)
{
    if (!push_bytes(standing, wait))
        return false;
    if (!standing->is_seen)
        return true;
    add_bytes(standing, clear_below, sizeof clear_below - 1);
    standing->is_seen = false;
    return push_bytes(standing, wait);
}

void standing_destroy(struct standing *standing)
{
    if (!standing)
        return;
    standing_clear(standing, false);
    writer_fini(&standing->writer);
    free(standing);
}
