/*
 * Every allocation and system call that the runtime and its libraries make
 * fails once, over a longer piece of work: the work goes on or ends with an
 * error, and nothing is left.
 */
#include "harness.h"
#include "work.h"

#include "async/error.h"

#include <ares.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct coro;
struct coro_pool;
struct iovec;
struct pollfd;

/* --- what fails --- */

/* The nth call of a kind from now on; with `on`, all that follow, too. */
static struct {
    const char *kind;
    long nth, calls;
    bool on;
    int error;
} plan;

static bool fails(const char *kind)
{
    if (backstage || !plan.kind || strcmp(kind, plan.kind))
        return false;
    plan.calls++;
    if (plan.on ? plan.calls < plan.nth : plan.calls != plan.nth)
        return false;
    errno = plan.error;
    return true;
}

/* --- memory; what is allocated is remembered (Check may be linked in
 * statically: none of its macros in here) --- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void __wrap_free(void *memory);

enum { BLOCKS_MAX = 10000 };
static void *blocks[BLOCKS_MAX];
static int block_count;

static void *block_add(void *memory)
{
    if (block_count == BLOCKS_MAX)
        abort();
    if (memory)
        blocks[block_count++] = memory;
    return memory;
}

static void block_remove(const void *memory)
{
    for (int i = block_count - 1; i >= 0; i--)
        if (blocks[i] == memory) {
            blocks[i] = blocks[--block_count];
            return;
        }
}

void *__wrap_malloc(size_t size)
{
    return fails("malloc") ? NULL : block_add(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails("malloc") ? NULL : block_add(__real_calloc(count, size));
}

void __wrap_free(void *memory)
{
    block_remove(memory);
    __real_free(memory);
}

static void *library_malloc(size_t size)
{
    return fails("library") ? NULL : block_add(__real_malloc(size));
}

static void *library_realloc(void *memory, size_t size)
{
    if (fails("library"))
        return NULL;
    block_remove(memory);
    return block_add(realloc(memory, size));
}

/* c-ares takes no memory to read an answer for no answer, and asks again. */
int __real_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);
int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);

int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask)
{
    if (plan.kind && strcmp(plan.kind, "none"))
        options->timeout = 10;
    return __real_ares_init_options(channel, options, mask);
}

/* --- system calls --- */

#define FAILING(type, name, parameters, arguments)                             \
    type __real_##name parameters;                                             \
    type __wrap_##name parameters                                              \
    {                                                                          \
        return fails(#name) ? -1 : __real_##name arguments;                    \
    }

int __wrap_socket(int domain, int type, int protocol);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_setsockopt(
    int fd, int level, int name, const void *value, socklen_t length);
ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_recvfrom(int fd, void *bytes, size_t size, int flags,
    struct sockaddr *from, socklen_t *length);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_read(int fd, void *bytes, size_t size);
int __wrap_poll(struct pollfd *fds, unsigned long count, int timeout);
int __wrap_mprotect(void *memory, size_t size, int protection);
int __wrap_madvise(void *memory, size_t size, int advice);
void *__wrap_mmap(
    void *at, size_t size, int protection, int flags, int fd, off_t offset);
FILE *__wrap_fopen(const char *path, const char *mode);

FAILING(
    int, socket, (int domain, int type, int protocol), (domain, type, protocol))
FAILING(int, connect,
    (int fd, const struct sockaddr *address, socklen_t length),
    (fd, address, length))
FAILING(int, setsockopt,
    (int fd, int level, int name, const void *value, socklen_t length),
    (fd, level, name, value, length))
FAILING(ssize_t, recv, (int fd, void *bytes, size_t size, int flags),
    (fd, bytes, size, flags))
FAILING(ssize_t, send, (int fd, const void *bytes, size_t size, int flags),
    (fd, bytes, size, flags))
FAILING(ssize_t, recvfrom,
    (int fd, void *bytes, size_t size, int flags, struct sockaddr *from,
        socklen_t *length),
    (fd, bytes, size, flags, from, length))
FAILING(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags),
    (fd, message, flags))
FAILING(ssize_t, read, (int fd, void *bytes, size_t size), (fd, bytes, size))
FAILING(int, poll, (struct pollfd * fds, unsigned long count, int timeout),
    (fds, count, timeout))
FAILING(int, mprotect, (void *memory, size_t size, int protection),
    (memory, size, protection))
FAILING(int, madvise, (void *memory, size_t size, int advice),
    (memory, size, advice))

void *__real_mmap(
    void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(
    void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    return fails("mmap") ? MAP_FAILED
                         : __real_mmap(at, size, protection, flags, fd, offset);
}

FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode)
{
    return fails("fopen") ? NULL : __real_fopen(path, mode);
}

/* In libevent's place of the C library's. */
int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event)
{
    if (operation != EPOLL_CTL_DEL && fails("epoll_ctl"))
        return -1;
    return (int)syscall(SYS_epoll_ctl, epoll, operation, fd, event);
}

/* --- the work --- */

static int work_between_servers(void *arg)
{
    struct work work;
    (void)arg;
    work_open(&work);
    int result = work_do(&work);
    work_close(&work);
    return result;
}

static int work_on_a_loop(void)
{
    struct loop *loop;
    int result = loop_create(&loop);
    if (result)
        return result;
    result = task_run(loop, work_between_servers, NULL);
    int events =
        event_base_get_num_events(loop_base(loop), EVENT_BASE_COUNT_ADDED);
    backstage++;
    ck_assert_int_eq(events, 0);
    backstage--;
    loop_destroy(loop);
    return result;
}

/* How it ends when the nth call fails; plan.calls tells whether one did. */
static int work_failing(const char *kind, int error, long nth, bool on)
{
    int fds = open_fds(), blocks_before = block_count;
    plan.kind = kind;
    plan.error = error;
    plan.nth = nth;
    plan.on = on;
    plan.calls = 0;
    int result = work_on_a_loop();
    plan.kind = NULL;
    ck_assert_msg(open_fds() == fds, "%s %ld: a descriptor is left", kind, nth);
    ck_assert_msg(block_count == blocks_before, "%s %ld: %d blocks are left",
        kind, nth, block_count - blocks_before);
    return result;
}

static void library_free(void *memory)
{
    __wrap_free(memory);
}

static void libraries_prepare(void)
{
    event_set_mem_functions(library_malloc, library_realloc, library_free);
    ares_library_init_mem(
        ARES_LIB_INIT_ALL, library_malloc, library_free, library_realloc);
}

/* Each call in turn; returns how often the work ended with an error. */
static int fail_each(const char *kind, int error, bool on)
{
    long nth = 1 - (on ? 7 : 1);
    int failed = 0, result;
    do {
        nth += on ? 7 : 1; /* what lasts takes all its time-outs */
        result = work_failing(kind, error, nth, on);
        ck_assert_msg(result == 0 || async_strerror(result)[0], "%s", kind);
        ck_assert_msg(result != -EDEADLK, "%s %ld: deadlock", kind, nth);
        failed += result != 0;
    } while (plan.calls >= nth);
    return failed;
}

START_TEST(memory_fails)
{
    libraries_prepare();
    ck_assert_int_eq(work_failing("none", 0, 1, false), 0);
    ck_assert_int_gt(fail_each("malloc", ENOMEM, false), 0);
    ck_assert_int_gt(fail_each("malloc", ENOMEM, true), 0);
    ck_assert_int_gt(fail_each("mmap", ENOMEM, false), 0);
    fail_each("mprotect", ENOMEM, false);
    fail_each("madvise", EINVAL, false);
}
END_TEST

START_TEST(memory_of_the_libraries_fails)
{
    libraries_prepare();
    ck_assert_int_gt(fail_each("library", ENOMEM, false), 0);
    ck_assert_int_gt(fail_each("library", ENOMEM, true), 0);
}
END_TEST

START_TEST(system_calls_fail)
{
    static const struct {
        const char *name;
        int error;
    } calls[] = {
        {"socket", EMFILE},
        {"connect", ENETUNREACH},
        {"setsockopt", EPERM},
        {"recv", ECONNRESET},
        {"recv", EINTR},
        {"send", EPIPE},
        {"send", EINTR},
        {"recvfrom", ECONNREFUSED},
        {"sendmsg", ENETUNREACH},
        {"sendmsg", ECONNREFUSED},
        {"read", EIO},
        {"poll", EINTR},
        {"fopen", EMFILE},
        {"epoll_ctl", ENOSPC},
    };
    libraries_prepare();
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        fail_each(calls[i].name, calls[i].error, false);
}
END_TEST

SUITE("failure", memory_fails, memory_of_the_libraries_fails, system_calls_fail)
