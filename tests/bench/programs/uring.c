/*
 * bench-uring - the io_uring reference: the same work with few system calls
 * at all.
 *
 * Each host is one chain of linked requests (socket, connect, send, recv) on
 * a direct descriptor, the slot's number; only the recv's completion is heard
 * of when all is well.  Answers of the name server come by one multishot
 * recv.  Buffers are the ring's, taken when there is something to read.
 * Exit code 77: the kernel does not permit it.
 */
#include "client.h"

#include <errno.h>
#include <liburing.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ENTRIES = 4096,
    BUFFERS = 1024, /* a power of two */
    BUFFER_SIZE = 4096,
    GROUP = 1,
    CHAIN = 4, /* requests of a host */
    NOT_PERMITTED = 77,
};

/* What a completion is of: the low bits of its user data. */
enum what { OF_ANSWER, OF_HEAD, OF_LINK };

/* What the kernel reads later than the request is submitted. */
struct pending {
    struct sockaddr_in to;
    char request[REQUEST_MAX];
};

static struct io_uring ring;
static struct io_uring_buf_ring *buffers;
static char (*buffer_bytes)[BUFFER_SIZE];
static struct pending *pending; /* by slot */
static const char **reasons; /* by slot: what broke its chain, or NULL */

static struct io_uring_sqe *sqe_get(void)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    if (!sqe) {
        io_uring_submit(&ring);
        sqe = io_uring_get_sqe(&ring);
    }
    if (!sqe)
        die("io_uring: the submission queue stays full");
    return sqe;
}

static void sqe_tag(struct io_uring_sqe *sqe, unsigned flags, uint64_t data)
{
    io_uring_sqe_set_flags(sqe, flags);
    sqe->user_data = data;
}

static uint64_t tag(unsigned slot, enum what what)
{
    return (uint64_t)slot << 2 | what;
}

/* --- hosts --- */

static void head_wait(struct slot *slot)
{
    struct io_uring_sqe *sqe = sqe_get();
    io_uring_prep_recv(sqe, slot->fd, NULL, BUFFER_SIZE, 0);
    sqe->buf_group = GROUP;
    sqe_tag(sqe, IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT,
        tag((unsigned)slot->fd, OF_HEAD));
}

void slot_connect(struct slot *slot, in_addr_t address)
{
    const unsigned link = IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
    unsigned i = (unsigned)(slot - client.slots);
    struct pending *p = &pending[i];
    if (io_uring_sq_space_left(&ring) < CHAIN)
        io_uring_submit(&ring); /* a chain is submitted whole */
    p->to = (struct sockaddr_in){.sin_family = AF_INET,
        .sin_port = client.port,
        .sin_addr.s_addr = address};
    int len = slot_request(slot, p->request);
    slot->fd = (int)i;
    slot->sent = true;
    reasons[i] = NULL;
    struct io_uring_sqe *sqe = sqe_get();
    io_uring_prep_socket_direct(sqe, AF_INET, SOCK_STREAM, 0, i, 0);
    sqe_tag(sqe, link, tag(i, OF_LINK));
    sqe = sqe_get();
    io_uring_prep_connect(
        sqe, slot->fd, (struct sockaddr *)&p->to, sizeof p->to);
    sqe_tag(sqe, link | IOSQE_FIXED_FILE, tag(i, OF_LINK));
    sqe = sqe_get();
    io_uring_prep_send(
        sqe, slot->fd, p->request, (size_t)len, MSG_NOSIGNAL | MSG_WAITALL);
    sqe_tag(sqe, link | IOSQE_FIXED_FILE, tag(i, OF_LINK));
    head_wait(slot);
}

void slot_close(struct slot *slot)
{
    struct io_uring_sqe *sqe = sqe_get();
    io_uring_prep_close_direct(sqe, (unsigned)slot->fd);
    sqe_tag(sqe, IOSQE_CQE_SKIP_SUCCESS, tag((unsigned)slot->fd, OF_LINK));
}

static void head_came(unsigned i, int n, const char *bytes)
{
    struct slot *slot = &client.slots[i];
    if (slot->fd < 0)
        return; /* timed out meanwhile */
    if (n == -ENOBUFS)
        head_wait(slot);
    else if (n == -ECANCELED && reasons[i])
        slot_end(slot, reasons[i]);
    else if (!slot_take(slot, bytes, n))
        head_wait(slot);
}

/* --- the name server --- */

static void answers_wait(void)
{
    struct io_uring_sqe *sqe = sqe_get();
    io_uring_prep_recv_multishot(sqe, client.dns_fd, NULL, 0, 0);
    sqe->buf_group = GROUP;
    sqe_tag(sqe, IOSQE_BUFFER_SELECT, tag(0, OF_ANSWER));
}

static void answer_came(const struct io_uring_cqe *cqe, const char *bytes)
{
    if (cqe->res > 0)
        answer_take((const unsigned char *)bytes, (size_t)cqe->res);
    if (!(cqe->flags & IORING_CQE_F_MORE))
        answers_wait();
}

/* --- the loop --- */

static void buffer_give(unsigned i)
{
    io_uring_buf_ring_add(buffers, buffer_bytes[i], BUFFER_SIZE,
        (unsigned short)i, io_uring_buf_ring_mask(BUFFERS), 0);
    io_uring_buf_ring_advance(buffers, 1);
}

static void cqe_take(const struct io_uring_cqe *cqe)
{
    unsigned slot = (unsigned)(cqe->user_data >> 2);
    bool filled = cqe->flags & IORING_CQE_F_BUFFER;
    unsigned buffer = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
    const char *bytes = filled ? buffer_bytes[buffer] : NULL;
    switch ((enum what)(cqe->user_data & 3)) {
    case OF_ANSWER:
        answer_came(cqe, bytes);
        break;
    case OF_HEAD:
        head_came(slot, cqe->res, bytes);
        break;
    case OF_LINK:
        if (cqe->res != -ECANCELED)
            reasons[slot] = strerror(-cqe->res);
        break;
    }
    if (filled)
        buffer_give(buffer);
}

static void completions_wait(void)
{
    struct __kernel_timespec second = {.tv_sec = 1};
    struct io_uring_cqe *cqe;
    unsigned head, count = 0;
    io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &second, NULL);
    client.now = time(NULL);
    io_uring_for_each_cqe(&ring, head, cqe)
    {
        cqe_take(cqe);
        count++;
    }
    io_uring_cq_advance(&ring, count);
}

static void buffers_create(void)
{
    struct io_uring_buf_reg reg = {.ring_entries = BUFFERS, .bgid = GROUP};
    void *memory = NULL;
    if (posix_memalign(&memory, 4096, BUFFERS * sizeof(struct io_uring_buf)))
        die("out of memory");
    buffers = memory;
    buffer_bytes = calloc(BUFFERS, sizeof *buffer_bytes);
    pending = calloc(client.slot_count, sizeof *pending);
    reasons = calloc(client.slot_count, sizeof *reasons);
    if (!buffer_bytes || !pending || !reasons)
        die("out of memory");
    reg.ring_addr = (uint64_t)(uintptr_t)memory;
    int error = io_uring_register_buf_ring(&ring, &reg, 0);
    if (error)
        die("io_uring_register_buf_ring: %s", strerror(-error));
    io_uring_buf_ring_init(buffers);
    for (unsigned i = 0; i < BUFFERS; i++)
        buffer_give(i);
}

static void ring_open(void)
{
    struct io_uring_params params = {.cq_entries = 4 * ENTRIES,
        .flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER |
                 IORING_SETUP_DEFER_TASKRUN};
    int error = io_uring_queue_init_params(ENTRIES, &ring, &params);
    if (error) {
        fprintf(stderr, "bench-uring: %s\n", strerror(-error));
        exit(NOT_PERMITTED);
    }
    error = io_uring_register_files_sparse(&ring, client.slot_count);
    if (error)
        die("io_uring_register_files: %s", strerror(-error));
}

int main(int argc, char **argv)
{
    client_open(argc, argv);
    ring_open();
    buffers_create();
    answers_wait();
    time_t checked = client.now;
    client_begin();
    while (client.busy) {
        client_flush();
        completions_wait();
        client_begin();
        if (client.now != checked)
            client_check();
        checked = client.now;
    }
    return client_close();
}
