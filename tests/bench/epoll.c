/*
 * bench-epoll - the plain epoll reference: what the machine itself takes for
 * afetch's work (-4: A question, connect, send, read the head, print).
 *
 *     bench-epoll DNS-ADDRESS DNS-PORT PORT CONCURRENCY <names
 *
 * One flat state machine on six system calls a host: socket, connect,
 * epoll_ctl, send, recv, close; questions and answers go in batches.  It
 * prints as afetch does, and counts what fails.  It knows no cancellation, no
 * second address, no timings, no hosts file.
 *
 * Invariant: a slot is idle, asking (its question is open, or waits to be
 * sent) or connected (it has a descriptor and is registered).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    NAME_MAX_LEN = 253,
    QUESTION_MAX = 12 + NAME_MAX_LEN + 2 + 4,
    QUESTIONS_OPEN_MAX = 100, /* as afetch */
    BATCH = 64,
    EVENTS = 256,
    CHUNK = 16 * 1024,
    OUT_SIZE = 64 * 1024,
    HEAD_MAX = 256 * 1024,
    TRY_SECONDS = 1,
    TRIES = 3,
    HOST_SECONDS = 10,
    SLOTS_MAX = 65536, /* the slot is the question's id */
};

struct slot {
    int fd; /* -1: asking */
    bool sent; /* the request */
    bool status; /* a status line was read */
    int tries; /* of the question */
    time_t begun, asked;
    size_t kept_len, read; /* an unfinished line; bytes of the head */
    char *kept;
    size_t name_len, question_len;
    char name[NAME_MAX_LEN + 1];
    unsigned char question[QUESTION_MAX];
};

static struct slot *slots;
static unsigned *idle, *asking; /* stacks of slots */
static unsigned slot_count, idle_count, asking_count, open_questions, busy;
static unsigned long done_count, failed_count;
static int epoll_fd, dns_fd;
static in_port_t port; /* network order */
static time_t now;
static bool input_ended;

__attribute__((noreturn, format(printf, 1, 2))) static void die(
    const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("bench-epoll: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(3);
}

/* --- output: whole lines, written when the loop is about to wait --- */

static char out[OUT_SIZE];
static size_t out_len;

static void out_flush(void)
{
    size_t done = 0;
    while (done < out_len) {
        ssize_t n = write(STDOUT_FILENO, out + done, out_len - done);
        if (n < 0 && errno != EINTR)
            die("write: %s", strerror(errno));
        done += n > 0 ? (size_t)n : 0;
    }
    out_len = 0;
}

static void out_put(const char *bytes, size_t len)
{
    memcpy(out + out_len, bytes, len);
    out_len += len;
}

/* A control byte would have to be escaped; the bench's servers send none. */
static void out_line(const struct slot *slot, const char *line, size_t len)
{
    static const char between[] = " header > ";
    if (OUT_SIZE - out_len < slot->name_len + sizeof between + len + 1)
        out_flush();
    if (OUT_SIZE < slot->name_len + sizeof between + len + 1)
        die("a line of %zu bytes", len);
    out_put(slot->name, slot->name_len);
    out_put(between, sizeof between - 1);
    out_put(line, len);
    out_put("\n", 1);
}

/* --- input: names, one a line --- */

static char in[CHUNK];
static size_t in_start, in_end;

static bool in_fill(void)
{
    memmove(in, in + in_start, in_end - in_start);
    in_end -= in_start;
    in_start = 0;
    ssize_t n = read(STDIN_FILENO, in + in_end, sizeof in - in_end);
    if (n < 0)
        die("read: %s", strerror(errno));
    in_end += (size_t)n;
    return n > 0;
}

/* The next line into the slot's name; false at the end. */
static bool in_name(struct slot *slot)
{
    char *lf;
    while (!(lf = memchr(in + in_start, '\n', in_end - in_start)))
        if (!in_fill())
            return false;
    slot->name_len = (size_t)(lf - in) - in_start;
    if (slot->name_len == 0 || slot->name_len > NAME_MAX_LEN)
        die("a name of %zu bytes", slot->name_len);
    memcpy(slot->name, in + in_start, slot->name_len);
    slot->name[slot->name_len] = '\0';
    in_start += slot->name_len + 1;
    return true;
}

/* --- slots --- */

static void slot_end(struct slot *slot, const char *error)
{
    if (slot->fd >= 0)
        close(slot->fd);
    else
        open_questions--;
    slot->fd = -1;
    free(slot->kept);
    slot->kept = NULL;
    slot->question_len = 0; /* no answer is for it any more */
    if (error) {
        fprintf(stderr, "%s: %s\n", slot->name, error);
        failed_count++;
    }
    done_count++;
    busy--;
    idle[idle_count++] = (unsigned)(slot - slots);
}

/* --- DNS, RFC 1035 section 4 --- */

static void question_write(struct slot *slot)
{
    unsigned id = (unsigned)(slot - slots);
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

static void slot_connect(struct slot *slot, in_addr_t address)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = address};
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = slot};
    slot->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (slot->fd < 0)
        die("socket: %s", strerror(errno));
    open_questions--;
    if (connect(slot->fd, (struct sockaddr *)&to, sizeof to) &&
        errno != EINPROGRESS)
        slot_end(slot, strerror(errno));
    else if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, slot->fd, &event))
        die("epoll_ctl: %s", strerror(errno));
}

/* The slot whose question this answers, or NULL. */
static struct slot *answer_slot(const unsigned char *bytes, size_t len)
{
    if (len < 12 || !(bytes[2] & 0x80))
        return NULL;
    unsigned id = (unsigned)bytes[0] << 8 | bytes[1];
    struct slot *slot = id < slot_count ? &slots[id] : NULL;
    if (!slot || slot->fd >= 0 || !slot->question_len ||
        len < slot->question_len ||
        memcmp(bytes + 12, slot->question + 12, slot->question_len - 12))
        return NULL;
    return slot;
}

static void answer_take(const unsigned char *bytes, size_t len)
{
    struct slot *slot = answer_slot(bytes, len);
    if (!slot)
        return;
    in_addr_t address = answer_address(slot, bytes, len);
    if (address)
        slot_connect(slot, address);
    else
        slot_end(slot, "dns: no address");
}

static void answers_receive(void)
{
    static unsigned char bytes[BATCH][512];
    static struct mmsghdr messages[BATCH];
    static struct iovec parts[BATCH];
    int n;
    do {
        for (int i = 0; i < BATCH; i++) {
            parts[i] = (struct iovec){bytes[i], sizeof bytes[i]};
            messages[i].msg_hdr.msg_iov = &parts[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        n = recvmmsg(dns_fd, messages, BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < n; i++)
            answer_take(bytes[i], messages[i].msg_len);
    } while (n == BATCH);
}

static void questions_send(void)
{
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    unsigned count = 0;
    for (; count < BATCH && count < asking_count; count++) {
        struct slot *slot = &slots[asking[asking_count - 1 - count]];
        parts[count] = (struct iovec){slot->question, slot->question_len};
        messages[count] = (struct mmsghdr){
            .msg_hdr = {.msg_iov = &parts[count], .msg_iovlen = 1}};
        slot->asked = now;
        slot->tries++;
    }
    if (count == 0)
        return;
    int n = sendmmsg(dns_fd, messages, count, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != ECONNREFUSED)
        die("sendmmsg: %s", strerror(errno));
    asking_count -= n > 0 ? (unsigned)n : 0;
    if (n == BATCH)
        questions_send();
}

/* --- HTTP --- */

static void request_send(struct slot *slot)
{
    char request[NAME_MAX_LEN + 128];
    int len = snprintf(request, sizeof request,
        "GET / HTTP/1.0\r\nHost: %s\r\nUser-Agent: afetch/" AFETCH_VERSION
        "\r\nAccept: */*\r\n\r\n",
        slot->name);
    slot->sent = true;
    ssize_t n = send(slot->fd, request, (size_t)len, MSG_NOSIGNAL);
    if (n != len)
        slot_end(slot, n < 0 ? strerror(errno) : "send: cut off");
}

/* One line without its line end; true at the blank one. */
static bool line_take(struct slot *slot, const char *line, size_t len)
{
    if (len && line[len - 1] == '\r')
        len--;
    if (len == 0 && slot->status)
        return true;
    out_line(slot, line, len);
    slot->status = true;
    return false;
}

static void line_keep(struct slot *slot, const char *bytes, size_t len)
{
    char *kept = realloc(slot->kept, slot->kept_len + len);
    if (!kept)
        die("out of memory");
    memcpy(kept + slot->kept_len, bytes, len);
    slot->kept = kept;
    slot->kept_len += len;
}

/* A line of which a part came before. */
static bool line_join(struct slot *slot, const char *bytes, size_t len)
{
    line_keep(slot, bytes, len);
    bool blank = line_take(slot, slot->kept, slot->kept_len);
    free(slot->kept);
    slot->kept = NULL;
    slot->kept_len = 0;
    return blank;
}

/* True when the head has ended. */
static bool head_take(struct slot *slot, const char *bytes, size_t len)
{
    const char *lf;
    while ((lf = memchr(bytes, '\n', len))) {
        size_t line = (size_t)(lf - bytes);
        if (slot->kept_len ? line_join(slot, bytes, line)
                           : line_take(slot, bytes, line))
            return true;
        bytes += line + 1;
        len -= line + 1;
    }
    if (len)
        line_keep(slot, bytes, len);
    return false;
}

static void head_read(struct slot *slot)
{
    static char chunk[CHUNK];
    for (;;) {
        ssize_t n = recv(slot->fd, chunk, sizeof chunk, 0);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            slot_end(slot, n < 0 ? strerror(errno) : "closed too early");
            return;
        }
        if (slot->read == 0 && (n < 5 || memcmp(chunk, "HTTP/", 5))) {
            slot_end(slot, "not HTTP");
            return;
        }
        slot->read += (size_t)n;
        if (head_take(slot, chunk, (size_t)n)) {
            slot_end(slot, NULL);
            return;
        }
        if (slot->read > HEAD_MAX) {
            slot_end(slot, "head too large");
            return;
        }
    }
}

/* --- the loop --- */

static void slot_event(struct slot *slot, uint32_t events)
{
    if (!slot->sent && events & (EPOLLERR | EPOLLHUP)) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(slot->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        slot_end(slot, strerror(error));
        return;
    }
    if (!slot->sent && events & EPOLLOUT)
        request_send(slot);
    if (slot->fd >= 0 && slot->sent && events & EPOLLIN)
        head_read(slot);
}

static void slots_begin(void)
{
    while (!input_ended && idle_count && open_questions < QUESTIONS_OPEN_MAX) {
        unsigned i = idle[idle_count - 1];
        struct slot *slot = &slots[i];
        slot->fd = -1;
        slot->sent = slot->status = false;
        slot->tries = 0;
        slot->kept_len = slot->read = 0;
        slot->begun = slot->asked = now;
        if (!in_name(slot)) {
            input_ended = true;
            return;
        }
        idle_count--;
        busy++;
        open_questions++;
        question_write(slot);
        asking[asking_count++] = i;
    }
}

static bool is_queued(unsigned i)
{
    for (unsigned k = 0; k < asking_count; k++)
        if (asking[k] == i)
            return true;
    return false;
}

/* Once a second: what must be asked again, and what takes too long. */
static void slots_check(void)
{
    for (unsigned i = 0; i < slot_count; i++) {
        struct slot *slot = &slots[i];
        if (slot->question_len == 0 || is_queued(i))
            continue; /* idle, or on its way out */
        if (now - slot->begun >= HOST_SECONDS || slot->tries > TRIES)
            slot_end(slot, "timed out");
        else if (slot->fd < 0 && now - slot->asked > TRY_SECONDS)
            asking[asking_count++] = i;
    }
}

static void run(void)
{
    static struct epoll_event events[EVENTS];
    time_t checked = now = time(NULL);
    slots_begin();
    while (busy) {
        questions_send();
        if (out_len)
            out_flush();
        int n = epoll_wait(epoll_fd, events, EVENTS, 1000);
        now = time(NULL);
        for (int i = 0; i < n; i++)
            if (events[i].data.ptr)
                slot_event(events[i].data.ptr, events[i].events);
            else
                answers_receive();
        slots_begin();
        if (now != checked)
            slots_check();
        checked = now;
    }
    out_flush();
}

static void dns_open(const char *address, const char *dns_port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(dns_port))};
    int size = 4 * 1024 * 1024;
    if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
        die("not an address: %s", address);
    dns_fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(dns_fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (dns_fd < 0 || connect(dns_fd, (struct sockaddr *)&to, sizeof to))
        die("%s: %s", address, strerror(errno));
    struct epoll_event event = {.events = EPOLLIN};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, dns_fd, &event))
        die("epoll_ctl: %s", strerror(errno));
}

static void slots_create(unsigned count)
{
    struct rlimit limit;
    if (!getrlimit(RLIMIT_NOFILE, &limit)) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    slot_count = count;
    slots = calloc(count, sizeof *slots);
    idle = calloc(count, sizeof *idle);
    asking = calloc(count, sizeof *asking);
    if (!slots || !idle || !asking)
        die("out of memory");
    for (unsigned i = count; i > 0; i--)
        idle[idle_count++] = i - 1;
}

int main(int argc, char **argv)
{
    long count = argc == 5 ? atol(argv[4]) : 0;
    if (count < 1 || count > SLOTS_MAX) {
        fputs("usage: bench-epoll DNS-ADDRESS DNS-PORT PORT CONCURRENCY\n",
            stderr);
        return 2;
    }
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0)
        die("epoll_create1: %s", strerror(errno));
    port = htons((uint16_t)atoi(argv[3]));
    dns_open(argv[1], argv[2]);
    slots_create((unsigned)count);
    run();
    fprintf(stderr, "%lu targets, %lu failed\n", done_count, failed_count);
    return failed_count > 0;
}
