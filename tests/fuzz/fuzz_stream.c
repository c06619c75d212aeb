/*
 * answers by TCP: a stream, cut anywhere, becomes messages that c-ares
 * gets rewritten.
 *
 * The first byte is the number of those that follow it and say, each in turn,
 * how long the next piece is, either way (0: as long as can be); the next
 * one's bit 0 the family. What follows is the stream. An AAAA or A question for
 * "a.test" with the id 0x1234 is open.
 *
 * What comes out is what the whole stream, taken apart in one piece, says.
 * A message says the same before it is rewritten and afterwards.
 */
#include "fuzz.h"

#include "async/core/error.h"
#include "async/dns/dns_answer.h"
#include "async/dns/dns_message.h"
#include "async/dns/response_codes.h"
#include "async/dns/tcp_frames.h"

#include <stdlib.h>
#include <string.h>

enum { ID = 0x1234, SOCKET = 7, HEADER = 12, TC = 0x02 };

static struct response_codes verdicts;
static int family;

/* --- what the messages are --- */

static bool is_usable(int result)
{
    return result == 0 || result == ASYNC_DNS_NXDOMAIN ||
           result == ASYNC_DNS_NODATA || result == ASYNC_DNS_UNSPECIFIED;
}

static void check_same(
    const struct dns_answer *before, const struct response_message *message)
{
    struct dns_answer after;
    size_t one = family == AF_INET ? 4 : 16;
    int result = dns_answer_read(&after, family, message->bytes, message->size);
    fuzz_must(is_usable(before->result) == is_usable(result));
    if (!is_usable(result))
        return;
    fuzz_must(before->result == result && before->count == after.count);
    fuzz_must(!memcmp(&before->addresses, &after.addresses, after.count * one));
    fuzz_must(result || before->ttl == after.ttl);
}

/* Of the question that is open. */
static bool is_ours(const struct response_message *message)
{
    static const unsigned char name[] = "\1a\4test";
    static const unsigned char ends[] = "\0\1\0\1";
    const unsigned char *at = message->bytes + HEADER;
    if (message->size < HEADER + sizeof name + 4 ||
        dns_read_16(message->bytes) != ID ||
        dns_read_16(message->bytes + 4) != 1)
        return false;
    for (size_t i = 0; i < sizeof name; i++)
        if (dns_lower(at[i]) != name[i])
            return false;
    return at[9] == (family == AF_INET ? 1 : 28) && at[8] == ends[0] &&
           !memcmp(at + 10, ends + 2, 2);
}

/* Its size; 0: it is dropped. */
static size_t rewrite(struct response_message message)
{
    struct dns_answer before;
    size_t room = message.room;
    bool ours = is_ours(&message) && !(message.bytes[2] & TC);
    dns_answer_read(&before, family, message.bytes, message.size);
    if (!response_codes_received(&verdicts, &message))
        return 0;
    fuzz_must(message.size >= HEADER && message.size <= room);
    if (ours)
        check_same(&before, &message);
    return message.size;
}

/* --- as it should be --- */

enum { GROWTH = DNS_QUESTION_MAX };

/* The messages of a stream, one after the other, in a heap's block. */
struct output {
    unsigned char *bytes;
    size_t size;
};

static size_t model_one(unsigned char *to, const char *message, size_t size)
{
    unsigned char *room = malloc(size + GROWTH);
    fuzz_must(room != NULL);
    memcpy(room, message, size);
    size_t most = size + GROWTH < 65535 ? size + GROWTH : 65535;
    struct response_message it = {room, size, most, SOCKET, true};
    size_t passed = rewrite(it);
    to[0] = (unsigned char)(passed >> 8);
    to[1] = (unsigned char)passed;
    memcpy(to + 2, room, passed);
    free(room);
    return passed ? 2 + passed : 0;
}

/* Every message of at least 12 bytes may grow. */
static struct output model(struct span stream)
{
    struct output all = {malloc(stream.len * (1 + GROWTH / HEADER) + 64), 0};
    fuzz_must(all.bytes != NULL);
    while (stream.len >= 2) {
        size_t size = fuzz_byte(stream, 0) << 8 | fuzz_byte(stream, 1);
        if (stream.len - 2 < size)
            break;
        all.size += model_one(all.bytes + all.size, stream.at + 2, size);
        span_take(&stream, 2 + size);
    }
    return all;
}

/* --- as it is --- */

static struct span pieces;
static size_t piece_at;

static size_t next_piece(size_t most)
{
    size_t size = pieces.len ? fuzz_byte(pieces, piece_at++ % pieces.len) : 0;
    return size == 0 || size > most ? most : size;
}

static void put_piece(struct tcp_frames *frames, struct span *stream)
{
    size_t room;
    unsigned char *to = tcp_frames_space(frames, &room);
    fuzz_must(to != NULL && room > 0);
    size_t size = next_piece(stream->len < room ? stream->len : room);
    memcpy(to, stream->at, size);
    span_take(stream, size);
    tcp_frames_put(frames, size);
}

static void check_taken(struct tcp_frames *frames, struct output *left)
{
    unsigned char bytes[4096];
    size_t n;
    while ((n = tcp_frames_take(frames, bytes, next_piece(sizeof bytes)))) {
        fuzz_must(n <= left->size && !memcmp(bytes, left->bytes, n));
        left->bytes += n;
        left->size -= n;
    }
}

static void check_messages(struct tcp_frames *frames, struct output *left)
{
    struct tcp_frame frame;
    check_taken(frames, left);
    while (tcp_frames_next(frames, &frame)) {
        struct response_message message = {
            frame.bytes, frame.size, frame.room, SOCKET, true};
        tcp_frames_pass(frames, rewrite(message));
        check_taken(frames, left);
    }
    fuzz_must(!tcp_frames_has_message(frames));
}

static void check_stream(struct span stream)
{
    struct tcp_frames frames = {0};
    struct output all = model(stream), left = all;
    while (stream.len > 0) {
        put_piece(&frames, &stream);
        check_messages(&frames, &left);
    }
    fuzz_must(left.size == 0);
    tcp_frames_fini(&frames);
    free(all.bytes);
}

static void ask(struct response_code *verdict)
{
    unsigned char bytes[64] = {ID >> 8, ID & 0xff, 1, 0, 0, 1};
    struct response_message question = {bytes, HEADER, sizeof bytes, SOCKET, 1};
    question.size +=
        dns_question_write(bytes + HEADER, verdict->name, verdict->type);
    response_code_begin(&verdicts, verdict);
    response_codes_sent(&verdicts, &question);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size};
    size_t count = fuzz_byte(input, 0);
    family = fuzz_byte(input, 1) & 1 ? AF_INET6 : AF_INET;
    span_take(&input, size < 2 ? size : 2);
    pieces = span_take(&input, count < input.len ? count : input.len);
    piece_at = 0;
    unsigned char room[16];
    struct response_code verdict = {
        .name = "a.test", .question = room, .type = family == AF_INET ? 1 : 28};
    ask(&verdict);
    check_stream(input);
    response_code_end(&verdict);
    return 0;
}
