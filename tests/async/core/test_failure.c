/*
 * Every allocation and system call that the runtime and its libraries make
 * fails once, over a longer piece of work: the work goes on or ends with an
 * error, and nothing is left.
 */
#include "harness.h"
#include "work.h"

#include "async/core/error.h"
#include "async/dns/hosts.h"

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
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__real_reallocarray(void *memory, size_t count, size_t size);
void *__wrap_reallocarray(void *memory, size_t count, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
void __wrap_free(void *memory);

enum { BLOCKS_MAX = 10000 };
struct blocks {
    void *all[BLOCKS_MAX];
    int count;
};
static struct blocks ours, libraries;

static void *block_add(struct blocks *blocks, void *memory)
{
    if (blocks->count == BLOCKS_MAX)
        abort();
    if (memory)
        blocks->all[blocks->count++] = memory;
    return memory;
}

/* Was it there? */
static bool block_remove(struct blocks *blocks, const void *memory)
{
    for (int i = blocks->count - 1; i >= 0; i--)
        if (blocks->all[i] == memory) {
            blocks->all[i] = blocks->all[--blocks->count];
            return true;
        }
    return false;
}

void *__wrap_malloc(size_t size)
{
    return fails("malloc") ? NULL : block_add(&ours, __real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails("malloc") ? NULL
                           : block_add(&ours, __real_calloc(count, size));
}

void *__wrap_reallocarray(void *memory, size_t count, size_t size)
{
    if (fails("malloc"))
        return NULL;
    block_remove(&ours, memory);
    return block_add(&ours, __real_reallocarray(memory, count, size));
}

char *__wrap_strdup(const char *text)
{
    return fails("malloc") ? NULL : block_add(&ours, __real_strdup(text));
}

void __wrap_free(void *memory)
{
    block_remove(&ours, memory);
    __real_free(memory);
}

/* Check, linked in statically, moves blocks of its own: where one was,
 * another one comes. */
void *__wrap_realloc(void *memory, size_t size)
{
    bool is_ours = block_remove(&ours, memory);
    void *moved = __real_realloc(memory, size);
    if (is_ours)
        block_add(&ours, moved ? moved : memory);
    return moved;
}

static void *library_malloc(size_t size)
{
    return fails("library") ? NULL : block_add(&libraries, __real_malloc(size));
}

static void *library_realloc(void *memory, size_t size)
{
    if (fails("library"))
        return NULL;
    block_remove(&libraries, memory);
    return block_add(&libraries, realloc(memory, size));
}

static void library_free(void *memory)
{
    block_remove(&libraries, memory);
    __real_free(memory);
}

/* Without memory to end a question, c-ares 1.34 forgets it, and the answer
 * that it has read: the question never ends, the answer is never freed. */
#if ARES_VERSION >= 0x012200
enum { BLOCKS_FORGOTTEN_MAX = 9 };
#else
enum { BLOCKS_FORGOTTEN_MAX = 0 };
#endif

static int free_forgotten(void)
{
    int count = libraries.count;
    while (libraries.count > 0)
        __real_free(libraries.all[--libraries.count]);
    return count;
}

/* c-ares takes no memory to read an answer for no answer, and asks again. */
int __real_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);
int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);

int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask)
{
    if (plan.kind && strcmp(plan.kind, "none")) {
        options->timeout = 10;
#ifdef ARES_OPT_MAXTIMEOUTMS /* c-ares 1.22; 1.32 has a minimum, too */
        options->maxtimeout = 10;
        mask |= ARES_OPT_MAXTIMEOUTMS;
#endif
    }
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
    struct wait_for patience;
    (void)arg;
    work_open(&work);
    wait_for_enter(
        &patience, (plan.on ? 100 : 2000) * slower() * LOOP_MILLISECOND);
    int result = wait_for_leave(&patience, work_do(&work));
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
    int fds = open_fds(), blocks = ours.count;
    libraries.count = 0;
    plan.kind = kind;
    plan.error = error;
    plan.nth = nth;
    plan.on = on;
    plan.calls = 0;
    int result = work_on_a_loop();
    plan.kind = NULL;
    int forgotten = free_forgotten();
    ck_assert_msg(open_fds() == fds, "%s %ld: a descriptor is left", kind, nth);
    ck_assert_msg(ours.count == blocks, "%s %ld: %d blocks are left", kind, nth,
        ours.count - blocks);
    ck_assert_msg(
        forgotten <= (strcmp(kind, "library") ? 0 : BLOCKS_FORGOTTEN_MAX),
        "%s %ld: the libraries leave %d blocks", kind, nth, forgotten);
    return result;
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
        nth += on ? 7 : 1; /* what lasts takes all its time */
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

/* The work reads the system's, which is seldom larger than the first table. */
START_TEST(memory_of_a_large_hosts_file_fails)
{
    char text[4000] = "192.0.2.1", path[32];
    for (int i = 0; i < 200; i++)
        sprintf(text + strlen(text), " h%d", i);
    int fd = text_file(text, path), blocks = ours.count, failed = 0;
    plan.error = ENOMEM;
    plan.on = false;
    plan.nth = 0;
    do {
        struct hosts *hosts;
        plan.nth++;
        plan.calls = 0;
        plan.kind = "malloc";
        int result = hosts_create(&hosts, path);
        plan.kind = NULL;
        failed += result == -ENOMEM;
        if (!result)
            hosts_destroy(hosts);
        ck_assert_int_eq(ours.count, blocks);
    } while (plan.calls >= plan.nth);
    /* The hosts, tables of 64, 128 and 256 chains, the names. */
    ck_assert_int_eq(failed, 1 + 3 + 200);
    close(fd);
}
END_TEST

START_TEST(memory_of_the_libraries_fails)
{
    libraries_prepare();
    ck_assert_int_gt(fail_each("library", ENOMEM, false), 0);
#if ARES_VERSION >= 0x012200
    /* From 1.34.6 on (Debian's 1.34.5, too) c-ares still times a question that
     * it could not end, by a connection that it has closed and freed meanwhile
     * for want of memory: it has memory, only libevent has none. */
    ares_library_init_mem(
        ARES_LIB_INIT_ALL, __real_malloc, __real_free, realloc);
#endif
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

SUITE("failure", memory_fails, memory_of_a_large_hosts_file_fails,
    memory_of_the_libraries_fails, system_calls_fail)
