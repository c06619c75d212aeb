/* client - names in, lines out, heads; see client.h. */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    QUESTIONS_OPEN_MAX = 100, /* as afetch */
    CHUNK = 16 * 1024,
    OUT_SIZE = 64 * 1024,
    HEAD_MAX = 256 * 1024,
    TRY_SECONDS = 1,
    TRIES = 3,
    HOST_SECONDS = 10,
};

struct client client;

static unsigned *idle; /* a stack of slots */
static unsigned idle_count;
static unsigned long done_count, failed_count;
static bool input_ended;

void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("bench: ", stderr);
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

static void slot_start(struct slot *slot)
{
    slot->fd = -1;
    slot->sent = slot->status = false;
    slot->tries = 0;
    slot->kept_len = slot->read = 0;
    slot->begun = slot->asked = client.now;
}

void slot_end(struct slot *slot, const char *error)
{
    if (slot->fd >= 0)
        slot_close(slot);
    else
        client.open_questions--;
    slot->fd = -1;
    free(slot->kept);
    slot->kept = NULL;
    slot->question_len = 0; /* no answer is for it any more */
    if (error) {
        fprintf(stderr, "%s: %s\n", slot->name, error);
        failed_count++;
    }
    done_count++;
    client.busy--;
    idle[idle_count++] = (unsigned)(slot - client.slots);
}

void client_begin(void)
{
    while (!input_ended && idle_count &&
           client.open_questions < QUESTIONS_OPEN_MAX) {
        struct slot *slot = &client.slots[idle[idle_count - 1]];
        slot_start(slot);
        if (!in_name(slot)) {
            input_ended = true;
            return;
        }
        idle_count--;
        client.busy++;
        client.open_questions++;
        question_write(slot);
        question_queue(slot);
    }
}

void client_check(void)
{
    for (unsigned i = 0; i < client.slot_count; i++) {
        struct slot *slot = &client.slots[i];
        if (slot->question_len == 0 || question_is_queued(slot))
            continue; /* idle, or on its way out */
        if (client.now - slot->begun >= HOST_SECONDS || slot->tries > TRIES)
            slot_end(slot, "timed out");
        else if (slot->fd < 0 && client.now - slot->asked > TRY_SECONDS)
            question_queue(slot);
    }
}

void client_flush(void)
{
    questions_send();
    if (out_len)
        out_flush();
}

/* --- HTTP --- */

int slot_request(const struct slot *slot, char *request)
{
    return snprintf(request, REQUEST_MAX,
        "GET / HTTP/1.0\r\nHost: %s\r\nUser-Agent: afetch/" AFETCH_VERSION
        "\r\nAccept: */*\r\n\r\n",
        slot->name);
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

bool slot_take(struct slot *slot, const char *bytes, ssize_t n)
{
    const char *error = NULL;
    if (n <= 0)
        error = n < 0 ? strerror((int)-n) : "closed too early";
    else if (slot->read == 0 && (n < 5 || memcmp(bytes, "HTTP/", 5) != 0))
        error = "not HTTP";
    else if ((slot->read += (size_t)n) > HEAD_MAX)
        error = "head too large";
    else if (!head_take(slot, bytes, (size_t)n))
        return false;
    slot_end(slot, error);
    return true;
}

/* --- the beginning and the end --- */

static void slots_create(unsigned count)
{
    struct rlimit limit;
    if (!getrlimit(RLIMIT_NOFILE, &limit)) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    client.slot_count = count;
    client.slots = calloc(count, sizeof *client.slots);
    idle = calloc(count, sizeof *idle);
    if (!client.slots || !idle)
        die("out of memory");
    for (unsigned i = count; i > 0; i--)
        idle[idle_count++] = i - 1;
}

void client_open(int argc, char **argv)
{
    long count = argc == 5 ? atol(argv[4]) : 0;
    if (count < 1 || count > SLOTS_MAX) {
        fprintf(stderr, "usage: %s DNS-ADDRESS DNS-PORT PORT CONCURRENCY\n",
            argv[0]);
        exit(2);
    }
    client.port = htons((uint16_t)atoi(argv[3]));
    client.now = time(NULL);
    dns_open(argv[1], argv[2]);
    slots_create((unsigned)count);
}

int client_close(void)
{
    if (out_len)
        out_flush();
    fprintf(stderr, "%lu targets, %lu failed\n", done_count, failed_count);
    return failed_count > 0;
}
