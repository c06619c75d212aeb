/*
 * tcp_frames - see tcp_frames.h.
 *
 * Invariant: GAP <= next <= end <= CAPACITY, and what is to be taken lies
 * before next.  So a message can be moved forward by GAP, and grow by as much.
 */
#include "async/dns/tcp_frames.h"

#include "async/dns/dns_message.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A message grows by the question that it lacks. */
enum { LENGTH = 2, MESSAGE_MAX = 65535, GAP = DNS_QUESTION_MAX };
enum { CAPACITY = GAP + LENGTH + MESSAGE_MAX };

static void release_empty(struct tcp_frames *frames)
{
    if (frames->given == frames->passed && frames->next == frames->end)
        tcp_frames_fini(frames);
}

void tcp_frames_fini(struct tcp_frames *frames)
{
    free(frames->bytes);
    *frames = (struct tcp_frames){0};
}

/* Of the frame at `next`, with its length; 0: it is incomplete. */
static size_t frame_size(const struct tcp_frames *frames)
{
    size_t held = frames->end - frames->next;
    if (held < LENGTH)
        return 0;
    size_t size = LENGTH + dns_read_16(frames->bytes + frames->next);
    return held >= size ? size : 0;
}

bool tcp_frames_has_message(const struct tcp_frames *frames)
{
    return frames->given < frames->passed || frame_size(frames);
}

/* --- in --- */

unsigned char *tcp_frames_space(struct tcp_frames *frames, size_t *size)
{
    assert(!tcp_frames_has_message(frames));
    size_t held = frames->end - frames->next;
    if (!frames->bytes)
        frames->bytes = malloc(CAPACITY);
    else
        memmove(frames->bytes + GAP, frames->bytes + frames->next, held);
    if (!frames->bytes)
        return NULL;
    frames->given = frames->passed = 0;
    frames->next = GAP;
    frames->end = GAP + held;
    *size = CAPACITY - frames->end;
    return frames->bytes + frames->end;
}

void tcp_frames_put(struct tcp_frames *frames, size_t size)
{
    frames->end += size;
    release_empty(frames);
}

/* --- out --- */

bool tcp_frames_next(struct tcp_frames *frames, struct tcp_frame *frame)
{
    size_t size = frames->given < frames->passed ? 0 : frame_size(frames);
    if (!size)
        return false;
    size_t at = frames->next - GAP;
    memmove(frames->bytes + at, frames->bytes + frames->next, size);
    frames->given = frames->passed = at;
    frames->next += size;
    frame->bytes = frames->bytes + at + LENGTH;
    frame->size = size - LENGTH;
    frame->room =
        frame->size + GAP < MESSAGE_MAX ? frame->size + GAP : MESSAGE_MAX;
    return true;
}

void tcp_frames_pass(struct tcp_frames *frames, size_t size)
{
    unsigned char *at = frames->bytes + frames->given;
    if (size > 0) {
        at[0] = (unsigned char)(size >> 8);
        at[1] = (unsigned char)(size & 0xff);
        frames->passed = frames->given + LENGTH + size;
    }
    release_empty(frames);
}

size_t tcp_frames_take(struct tcp_frames *frames, void *bytes, size_t size)
{
    size_t left = frames->passed - frames->given;
    size_t taken = left < size ? left : size;
    if (taken == 0)
        return 0;
    memcpy(bytes, frames->bytes + frames->given, taken);
    frames->given += taken;
    release_empty(frames);
    return taken;
}
