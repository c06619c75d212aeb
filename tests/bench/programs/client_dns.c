/* client_dns - the references' questions and answers; see client.h. */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64 };

static unsigned *asking; /* a stack of slots whose question is to be sent */
static unsigned asking_count;

/* --- DNS, RFC 1035 section 4 --- */

void question_write(struct slot *slot)
{
    unsigned id = (unsigned)(slot - client.slots);
    unsigned char head[12] = {
        (unsigned char)(id >> 8), (unsigned char)id, 1, 0, 0, 1};
    unsigned char *p = slot->question;
    memcpy(p, head, sizeof head);
    p += sizeof head;
    const char *label = slot->name;
    while (*label) {
        size_t len = strcspn(label, ".");
        if (len == 0 || len > 63)
            die("bad name %s", slot->name);
        *p++ = (unsigned char)len;
        memcpy(p, label, len);
        p += len;
        label += len + (label[len] == '.');
    }
    memcpy(p, "\0\0\1\0\1", 5); /* root, A, IN */
    slot->question_len = (size_t)(p + 5 - slot->question);
}

/* Behind the name at p; NULL: cut off. */
static const unsigned char *name_skip(
    const unsigned char *p, const unsigned char *end)
{
    while (p < end && *p && *p < 0xc0)
        p += 1 + *p;
    if (p >= end)
        return NULL;
    p += *p ? 2 : 1;
    return p <= end ? p : NULL;
}

/* The first A record of an answer; 0 if there is none. */
static in_addr_t answer_address(
    const struct slot *slot, const unsigned char *bytes, size_t len)
{
    const unsigned char *p = bytes + slot->question_len, *end = bytes + len;
    unsigned count = (unsigned)bytes[6] << 8 | bytes[7];
    while (count-- && (p = name_skip(p, end)) && end - p >= 10) {
        unsigned type = (unsigned)p[0] << 8 | p[1];
        unsigned size = (unsigned)p[8] << 8 | p[9];
        in_addr_t address;
        p += 10;
        if (size > end - p)
            break;
        if (type == 1 && size == sizeof address) {
            memcpy(&address, p, sizeof address);
            return address;
        }
        p += size;
    }
    return 0;
}

void question_queue(struct slot *slot)
{
    asking[asking_count++] = (unsigned)(slot - client.slots);
}

bool question_is_queued(const struct slot *slot)
{
    for (unsigned k = 0; k < asking_count; k++)
        if (asking[k] == (unsigned)(slot - client.slots))
            return true;
    return false;
}

/* The slot whose question this answers, or NULL. */
static struct slot *answer_slot(const unsigned char *bytes, size_t len)
{
    if (len < 12 || !(bytes[2] & 0x80))
        return NULL;
    unsigned id = (unsigned)bytes[0] << 8 | bytes[1];
    struct slot *slot = id < client.slot_count ? &client.slots[id] : NULL;
    if (!slot || slot->fd >= 0 || !slot->question_len ||
        len < slot->question_len ||
        memcmp(bytes + 12, slot->question + 12, slot->question_len - 12))
        return NULL;
    return slot;
}

void answer_take(const unsigned char *bytes, size_t len)
{
    struct slot *slot = answer_slot(bytes, len);
    if (!slot)
        return;
    in_addr_t address = answer_address(slot, bytes, len);
    if (!address) {
        slot_end(slot, "dns: no address");
        return;
    }
    client.open_questions--;
    slot_connect(slot, address);
}

void questions_send(void)
{
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    unsigned count = 0;
    for (; count < BATCH && count < asking_count; count++) {
        struct slot *slot = &client.slots[asking[asking_count - 1 - count]];
        parts[count] = (struct iovec){slot->question, slot->question_len};
        messages[count] = (struct mmsghdr){
            .msg_hdr = {.msg_iov = &parts[count], .msg_iovlen = 1}};
        slot->asked = client.now;
        slot->tries++;
    }
    if (count == 0)
        return;
    int n =
        sendmmsg(client.dns_fd, messages, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != ECONNREFUSED)
        die("sendmmsg: %s", strerror(errno));
    asking_count -= n > 0 ? (unsigned)n : 0;
    if (n == BATCH)
        questions_send();
}

void dns_open(const char *address, const char *port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    int size = 4 * 1024 * 1024;
    if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
        die("not an address: %s", address);
    client.dns_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(client.dns_fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (client.dns_fd < 0 ||
        connect(client.dns_fd, (struct sockaddr *)&to, sizeof to))
        die("%s: %s", address, strerror(errno));
    asking = calloc(SLOTS_MAX, sizeof *asking);
    if (!asking)
        die("out of memory");
}
