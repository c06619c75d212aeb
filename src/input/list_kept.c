/*
 * list_kept - see list_kept.h.
 *
 * Invariant: a line is whole in one chunk: its flags and length, the distance
 * of its index, of its number or its new source and number, its bytes.
 */
#include "input/list_kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_BYTES = 64 * 1024,
    NUMBER_MAX = 10, /* bytes of a number: 7 bits each */
    HEAD_MAX = 3 * NUMBER_MAX + sizeof(const char *),
};

enum { TOO_LONG = 1, UTF16 = 2, NEW_SOURCE = 4, FLAG_BITS = 3 };

struct kept_chunk {
    struct kept_chunk *next;
    size_t used;
    char bytes[];
};

/* --- numbers --- */

static char *put_number(char *at, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *at++ = (char)(number | 0x80);
    *at++ = (char)number;
    return at;
}

static uint64_t take_number(const char **at)
{
    uint64_t number = 0;
    unsigned shift = 0;
    unsigned char byte;
    do {
        byte = (unsigned char)*(*at)++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    return number;
}

/* --- adding --- */

static size_t put_head(
    char *out, const struct list_line *before, const struct list_line *line)
{
    bool is_new = line->source != before->source;
    uint64_t flags = (line->too_long ? TOO_LONG : 0) |
                     (line->utf16 ? UTF16 : 0) | (is_new ? NEW_SOURCE : 0);
    char *at = put_number(out, (uint64_t)line->len << FLAG_BITS | flags);
    at = put_number(at, line->index - before->index);
    if (is_new) {
        memcpy(at, &line->source, sizeof line->source);
        at += sizeof line->source;
    }
    at = put_number(at, line->number - (is_new ? 0 : before->number));
    return (size_t)(at - out);
}

/* Room for so many bytes at the end; NULL is no memory. */
static char *find_room(struct list_kept *kept, size_t size)
{
    struct kept_chunk *chunk = kept->last;
    if (!chunk || (chunk->used + size > CHUNK_BYTES && chunk->used)) {
        chunk =
            malloc(sizeof *chunk + (size > CHUNK_BYTES ? size : CHUNK_BYTES));
        if (!chunk)
            return NULL;
        chunk->next = NULL;
        chunk->used = 0;
        *(kept->last ? &kept->last->next : &kept->first) = chunk;
        kept->last = chunk;
    }
    chunk->used += size;
    return chunk->bytes + chunk->used - size;
}

int list_kept_add(struct list_kept *kept, const struct list_line *line)
{
    char head[HEAD_MAX];
    size_t len = put_head(head, &kept->added, line);
    char *at = find_room(kept, len + line->len);
    if (!at)
        return -ENOMEM;
    memcpy(at, head, len);
    memcpy(at + len, line->bytes, line->len);
    kept->added = *line;
    return 0;
}

/* --- reading --- */

void list_kept_rewind(struct list_kept *kept)
{
    kept->reading = (struct kept_place){.chunk = kept->first};
}

static void take_head(const char **at, struct list_line *line)
{
    uint64_t first = take_number(at);
    line->len = (size_t)(first >> FLAG_BITS);
    line->too_long = first & TOO_LONG;
    line->utf16 = first & UTF16;
    line->index += take_number(at);
    if (first & NEW_SOURCE) {
        memcpy(&line->source, *at, sizeof line->source);
        *at += sizeof line->source;
        line->number = 0;
    }
    line->number += (size_t)take_number(at);
}

bool list_kept_next(struct list_kept *kept, struct list_line *line)
{
    struct kept_place *reading = &kept->reading;
    if (reading->chunk && reading->at == reading->chunk->used)
        *reading = (struct kept_place){
            .chunk = reading->chunk->next, .line = reading->line};
    if (!reading->chunk)
        return false;
    const char *at = reading->chunk->bytes + reading->at;
    take_head(&at, &reading->line);
    reading->line.bytes = at;
    reading->at = (size_t)(at - reading->chunk->bytes) + reading->line.len;
    *line = reading->line;
    return true;
}

void list_kept_fini(struct list_kept *kept)
{
    while (kept->first) {
        struct kept_chunk *chunk = kept->first;
        kept->first = chunk->next;
        free(chunk);
    }
    *kept = (struct list_kept){0};
}
