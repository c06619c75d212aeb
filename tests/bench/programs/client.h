/*
 * client - what the references bench-epoll and bench-uring share: names in,
 * lines out, DNS, heads.  How they wait is theirs.
 *
 *     bench-epoll DNS-ADDRESS DNS-PORT PORT CONCURRENCY <names
 *
 * They print as afetch does, and count what fails.  They know no
 * cancellation, no second address, no timings, no hosts file.
 *
 * Invariant: a slot is idle, asking (its question is open, or waits to be
 * sent; fd is -1) or connected (fd is not).
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

enum {
    NAME_MAX_LEN = 253,
    QUESTION_MAX = 12 + NAME_MAX_LEN + 2 + 4,
    ANSWER_MAX = 512,
    REQUEST_MAX = NAME_MAX_LEN + 128,
    SLOTS_MAX = 65536, /* the slot is the question's id */
};

struct slot {
    int fd;
    bool sent; /* the request */
    bool status; /* a status line was read */
    int tries; /* of the question */
    void *tls; /* epoll_tls's own */
    time_t begun, asked;
    size_t kept_len, read; /* an unfinished line; bytes of the head */
    char *kept;
    size_t name_len, question_len;
    char name[NAME_MAX_LEN + 1];
    unsigned char question[QUESTION_MAX];
};

struct client {
    struct slot *slots;
    unsigned slot_count, busy, open_questions;
    in_port_t port; /* network order */
    int dns_fd;
    time_t now; /* the loop keeps it */
};
extern struct client client;

__attribute__((noreturn, format(printf, 1, 2))) void die(
    const char *format, ...);

/* Reads the arguments, opens what there is to open; ends on an error. */
void client_open(int argc, char **argv);
/* Says how it went; the exit code. */
int client_close(void);
/* Idle slots take the next names and ask. */
void client_begin(void);
/* Once a second: what must be asked again, and what takes too long. */
void client_check(void);
/* Before the loop waits: questions and lines go out. */
void client_flush(void);

/* A datagram from the name server; may call slot_connect. */
void answer_take(const unsigned char *bytes, size_t len);

/* Writes the request into REQUEST_MAX bytes; its length. */
int slot_request(const struct slot *slot, char *request);
/* Bytes of its head, or n <= 0: end or -errno; true: the slot has ended. */
bool slot_take(struct slot *slot, const char *bytes, ssize_t n);
void slot_end(struct slot *slot, const char *error);

/* What a reference brings: */
/* Sets slot->fd, and may end the slot. */
void slot_connect(struct slot *slot, in_addr_t address);
void slot_close(struct slot *slot);

/* Between client.c and client_dns.c. */
void dns_open(const char *address, const char *port);
void question_write(struct slot *slot);
void question_queue(struct slot *slot);
bool question_is_queued(const struct slot *slot);
void questions_send(void);

#endif
