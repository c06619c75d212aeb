/*
 * shim - the C library between the whole program and the system, for
 * LD_PRELOAD: makes the nth call of a function fail, and tells at the end
 * what was left.
 *
 *   FAULT=NAME:N:ERRNO    the Nth call of NAME fails; with N+ all from there;
 *                         "malloc" is any allocation, "own" not OpenSSL's
 *                         nor jansson's
 *   FAULT_REPORT=FILE     gets "calls NAME COUNT", "hits COUNT",
 *                         "block SIZE CALLER" and "fd NUMBER LINK" lines
 *
 * What the C library does within itself (the open of fopen) is not seen.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* Threads take turns; nothing within waits. */
static char taken;

static void turn_begin(void)
{
    while (__atomic_test_and_set(&taken, __ATOMIC_ACQUIRE))
        ;
}

static void turn_end(void)
{
    __atomic_clear(&taken, __ATOMIC_RELEASE);
}

/* --- what fails --- */

static struct {
    char name[32];
    unsigned long nth, hits;
    bool lasting;
    int error;
    char report[PATH_MAX];
    bool over; /* the report is being made */
} plan;

/* Each function that may fail, with its calls so far. */
struct site {
    const char *name;
    unsigned long calls;
    struct site *next;
    bool known, planned;
};

static struct site *sites;

static bool is_due(struct site *site)
{
    if (!site->known) {
        site->known = true;
        site->next = sites;
        sites = site;
        site->planned = !strcmp(site->name, plan.name);
    }
    site->calls++;
    if (!site->planned ||
        (plan.lasting ? site->calls < plan.nth : site->calls != plan.nth))
        return false;
    plan.hits++;
    return true;
}

static bool fails(struct site *site)
{
    if (plan.over)
        return false;
    turn_begin();
    bool due = is_due(site);
    turn_end();
    if (due)
        errno = plan.error;
    return due;
}

/* Libraries whose memory is theirs: OpenSSL asks so often that the program's
 * own is hard to find in it, jansson 2.14 does not bear a refusal. */
static const char *const foreign[] = {
    "/libcrypto.", "/libssl.", "/libjansson."};
enum { FOREIGN = sizeof foreign / sizeof *foreign };
static char *foreign_from[FOREIGN], *foreign_to[FOREIGN];

static int library_note(struct dl_phdr_info *info, size_t size, void *arg)
{
    const ElfW(Phdr) *part = info->dlpi_phdr, *end = part + info->dlpi_phnum;
    char *base = (char *)info->dlpi_addr;
    size_t i = 0;
    (void)size, (void)arg;
    while (i < FOREIGN && !strstr(info->dlpi_name, foreign[i]))
        i++;
    if (i == FOREIGN)
        return 0;
    foreign_from[i] = base;
    for (; part < end; part++)
        if (part->p_type == PT_LOAD)
            foreign_to[i] = base + part->p_vaddr + part->p_memsz;
    return 0;
}

/* Before main, and before any other constructor that allocates much. */
__attribute__((constructor(101))) static void begin(void)
{
    const char *fault = getenv("FAULT"), *report = getenv("FAULT_REPORT");
    char plus = ':';
    if (fault &&
        sscanf(fault, "%31[^:]:%lu%c", plan.name, &plan.nth, &plus) == 3) {
        plan.lasting = plus == '+';
        plan.error = atoi(strrchr(fault, ':') + 1);
    }
    dl_iterate_phdr(library_note, NULL);
    if (report)
        strncpy(plan.report, report, sizeof plan.report - 1);
    for (struct site *site = sites; site; site = site->next) {
        site->calls = 0;
        site->planned = !strcmp(site->name, plan.name);
    }
}

/* --- memory: what is allocated is remembered with its caller --- */

enum { BLOCKS = 1 << 17 };
static struct block {
    void *memory; /* NULL: never used, BLOCK_GONE: used again */
    void *caller;
    size_t size;
} blocks[BLOCKS];
#define BLOCK_GONE ((void *)1)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static size_t slot_of(const void *memory)
{
    return ((uintptr_t)memory >> 4) * 0x9e3779b97f4a7c15 >> 40 & (BLOCKS - 1);
}

static void *block_add(void *memory, size_t size, void *caller)
{
    size_t slot = slot_of(memory);
    if (!memory || plan.over)
        return memory;
    turn_begin();
    while (blocks[slot].memory && blocks[slot].memory != BLOCK_GONE)
        slot = (slot + 1) & (BLOCKS - 1);
    blocks[slot] = (struct block){memory, caller, size};
    turn_end();
    return memory;
}

/* What it was. */
static struct block block_remove(const void *memory)
{
    struct block was = {0};
    size_t slot = slot_of(memory);
    turn_begin();
    while (blocks[slot].memory && blocks[slot].memory != memory)
        slot = (slot + 1) & (BLOCKS - 1);
    if (blocks[slot].memory) {
        was = blocks[slot];
        blocks[slot].memory = BLOCK_GONE;
    }
    turn_end();
    return was;
}

#define CALLER __builtin_return_address(0)
static struct site memory_site = {.name = "malloc"};
static struct site own_site = {.name = "own"};

static bool is_own(const char *caller)
{
    for (size_t i = 0; i < FOREIGN; i++)
        if (foreign_from[i] <= caller && caller < foreign_to[i])
            return false;
    return true;
}

static bool memory_fails(void *caller)
{
    bool failed = fails(&memory_site);
    return (is_own(caller) && fails(&own_site)) || failed;
}

void *malloc(size_t size)
{
    return memory_fails(CALLER) ? NULL
                                : block_add(__libc_malloc(size), size, CALLER);
}

void *calloc(size_t count, size_t size)
{
    return memory_fails(CALLER)
               ? NULL
               : block_add(__libc_calloc(count, size), count * size, CALLER);
}

void *realloc(void *memory, size_t size)
{
    if (memory_fails(CALLER))
        return NULL;
    /* Another thread may get the memory at once. */
    struct block was = memory ? block_remove(memory) : (struct block){0};
    void *moved = __libc_realloc(memory, size);
    if (moved || !size)
        return block_add(moved, size, CALLER);
    block_add(was.memory, was.size, was.caller);
    return NULL;
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    if (memory_fails(CALLER))
        return ENOMEM;
    *out = block_add(__libc_memalign(alignment, size), size, CALLER);
    return *out ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memory_fails(CALLER)
               ? NULL
               : block_add(__libc_memalign(alignment, size), size, CALLER);
}

void free(void *memory)
{
    if (memory)
        block_remove(memory);
    __libc_free(memory);
}

/* --- system calls --- */

/* The next library's function of this name. */
#define REAL(name) ((__typeof__(&(name)))real(#name))

static void *real(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    return found;
}

#define FAILING(type, failure, call, parameters, arguments)                    \
    type call parameters                                                       \
    {                                                                          \
        static struct site site = {.name = #call};                             \
        static __typeof__(&(call)) next;                                       \
        if (fails(&site))                                                      \
            return failure;                                                    \
        if (!next)                                                             \
            next = REAL(call);                                                 \
        return next arguments;                                                 \
    }

FAILING(int, -1, socket, (int domain, int type, int protocol),
    (domain, type, protocol))
FAILING(int, -1, socketpair, (int domain, int type, int protocol, int fds[2]),
    (domain, type, protocol, fds))
FAILING(int, -1, connect,
    (int fd, const struct sockaddr *address, socklen_t length),
    (fd, address, length))
FAILING(int, -1, bind,
    (int fd, const struct sockaddr *address, socklen_t length),
    (fd, address, length))
FAILING(int, -1, getsockopt,
    (int fd, int level, int name, void *value, socklen_t *length),
    (fd, level, name, value, length))
FAILING(int, -1, setsockopt,
    (int fd, int level, int name, const void *value, socklen_t length),
    (fd, level, name, value, length))
FAILING(int, -1, getsockname,
    (int fd, struct sockaddr *address, socklen_t *length),
    (fd, address, length))
FAILING(ssize_t, -1, recv, (int fd, void *bytes, size_t size, int flags),
    (fd, bytes, size, flags))
FAILING(ssize_t, -1, recvfrom,
    (int fd, void *bytes, size_t size, int flags, struct sockaddr *from,
        socklen_t *length),
    (fd, bytes, size, flags, from, length))
FAILING(ssize_t, -1, recvmsg, (int fd, struct msghdr *message, int flags),
    (fd, message, flags))
FAILING(ssize_t, -1, send, (int fd, const void *bytes, size_t size, int flags),
    (fd, bytes, size, flags))
FAILING(ssize_t, -1, sendto,
    (int fd, const void *bytes, size_t size, int flags,
        const struct sockaddr *to, socklen_t length),
    (fd, bytes, size, flags, to, length))
FAILING(ssize_t, -1, sendmsg, (int fd, const struct msghdr *message, int flags),
    (fd, message, flags))
FAILING(int, -1, recvmmsg,
    (int fd, struct mmsghdr *messages, unsigned count, int flags,
        struct timespec *limit),
    (fd, messages, count, flags, limit))
FAILING(int, -1, sendmmsg,
    (int fd, struct mmsghdr *messages, unsigned count, int flags),
    (fd, messages, count, flags))
FAILING(
    ssize_t, -1, read, (int fd, void *bytes, size_t size), (fd, bytes, size))
FAILING(ssize_t, -1, write, (int fd, const void *bytes, size_t size),
    (fd, bytes, size))
FAILING(ssize_t, -1, writev, (int fd, const struct iovec *parts, int count),
    (fd, parts, count))
FAILING(int, -1, poll, (struct pollfd * fds, nfds_t count, int timeout),
    (fds, count, timeout))
FAILING(int, -1, epoll_create, (int size), (size))
FAILING(int, -1, epoll_create1, (int flags), (flags))
FAILING(int, -1, epoll_ctl,
    (int epoll, int operation, int fd, struct epoll_event *event),
    (epoll, operation, fd, event))
FAILING(int, -1, epoll_wait,
    (int epoll, struct epoll_event *events, int most, int timeout),
    (epoll, events, most, timeout))
FAILING(int, -1, eventfd, (unsigned value, int flags), (value, flags))
FAILING(int, -1, pipe, (int fds[2]), (fds))
FAILING(int, -1, pipe2, (int fds[2], int flags), (fds, flags))
FAILING(int, -1, fstat, (int fd, struct stat *status), (fd, status))
FAILING(int, -1, stat, (const char *path, struct stat *status), (path, status))
FAILING(int, -1, access, (const char *path, int mode), (path, mode))
FAILING(int, -1, fsync, (int fd), (fd))
FAILING(void *, MAP_FAILED, mmap,
    (void *at, size_t size, int protection, int flags, int fd, off_t offset),
    (at, size, protection, flags, fd, offset))
FAILING(int, -1, mprotect, (void *memory, size_t size, int protection),
    (memory, size, protection))
FAILING(int, -1, madvise, (void *memory, size_t size, int advice),
    (memory, size, advice))
FAILING(ssize_t, -1, process_vm_readv,
    (pid_t process, const struct iovec *here, unsigned long here_count,
        const struct iovec *there, unsigned long there_count,
        unsigned long flags),
    (process, here, here_count, there, there_count, flags))
FAILING(ssize_t, -1, getrandom, (void *bytes, size_t size, unsigned flags),
    (bytes, size, flags))
FAILING(FILE *, NULL, fopen, (const char *path, const char *mode), (path, mode))
FAILING(int, -1, getrlimit, (__rlimit_resource_t which, struct rlimit *limit),
    (which, limit))
FAILING(int, -1, setrlimit,
    (__rlimit_resource_t which, const struct rlimit *limit), (which, limit))
FAILING(int, -1, gethostname, (char *name, size_t size), (name, size))
FAILING(int, -1, sigaction,
    (int signum, const struct sigaction *action, struct sigaction *old),
    (signum, action, old))

FAILING(int, plan.error, pthread_create,
    (pthread_t * thread, const pthread_attr_t *attributes,
        void *(*body)(void *), void *arg),
    (thread, attributes, body, arg))

/* Those that stand for others here must not fail for them. */
static long kernel(long number, long a, long b, long c, long d)
{
    static __typeof__(&syscall) next;
    if (!next)
        next = REAL(syscall);
    return next(number, a, b, c, d);
}

/* It closes all the same, as Linux does. */
int close(int fd)
{
    static struct site site = {.name = "close"};
    bool failed = fails(&site);
    int error = errno, result = (int)kernel(SYS_close, fd, 0, 0, 0);
    if (!failed)
        return result;
    errno = error;
    return -1;
}

static int open_at(int directory, const char *path, int flags, mode_t mode)
{
    static struct site site = {.name = "open"};
    if (fails(&site))
        return -1;
    return (int)kernel(SYS_openat, directory, (long)path, flags, (long)mode);
}

#define MODE_FROM(last)                                                        \
    va_list rest;                                                              \
    va_start(rest, last);                                                      \
    mode_t mode = va_arg(rest, mode_t);                                        \
    va_end(rest)

int open(const char *path, int flags, ...)
{
    MODE_FROM(flags);
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
    MODE_FROM(flags);
    return open_at(directory, path, flags, mode);
}

/* What open is where _FORTIFY_SOURCE cannot see the flags. */
int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

int fcntl(int fd, int command, ...)
{
    static struct site site = {.name = "fcntl"};
    va_list rest;
    va_start(rest, command);
    long argument = va_arg(rest, long);
    va_end(rest);
    return fails(&site) ? -1 : (int)kernel(SYS_fcntl, fd, command, argument, 0);
}

int ioctl(int fd, unsigned long command, ...)
{
    static struct site site = {.name = "ioctl"};
    va_list rest;
    va_start(rest, command);
    long argument = va_arg(rest, long);
    va_end(rest);
    return fails(&site)
               ? -1
               : (int)kernel(SYS_ioctl, fd, (long)command, argument, 0);
}

/* Those that the C library has no name for. */
long syscall(long number, ...)
{
    static struct site site = {.name = "syscall"};
    static __typeof__(&syscall) next;
    va_list rest;
    long a[6];
    va_start(rest, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(rest, long);
    va_end(rest);
    if (fails(&site))
        return -1;
    if (!next)
        next = REAL(syscall);
    return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* --- the report --- */

/* How often each line ran is written after the program's end, which begins
 * by asking for this. */
char *getenv(const char *name)
{
    static __typeof__(&getenv) next;
    if (!next)
        next = REAL(getenv);
    if (!strncmp(name, "GCOV_PREFIX", 11))
        plan.over = true;
    return next(name);
}

static void tell_descriptors(FILE *file)
{
    for (int fd = STDERR_FILENO + 1; fd < 1024; fd++) {
        char path[32], link[200] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t len = readlink(path, link, sizeof link - 1);
        if (len >= 0 && fd != fileno(file))
            fprintf(file, "fd %d %s\n", fd, link);
    }
}

static void tell_blocks(FILE *file)
{
    for (size_t i = 0; i < BLOCKS; i++) {
        const struct block *block = &blocks[i];
        Dl_info info = {0};
        if (!block->memory || block->memory == BLOCK_GONE)
            continue;
        dladdr(block->caller, &info);
        const char *name = info.dli_fname ? info.dli_fname : "?";
        const char *base = strrchr(name, '/');
        fprintf(file, "block %zu %s+%#zx %s\n", block->size,
            base ? base + 1 : name,
            (size_t)((char *)block->caller - (char *)info.dli_fbase),
            info.dli_sname ? info.dli_sname : "?");
    }
}

/* The last of all destructors. */
__attribute__((destructor(101))) static void end(void)
{
    plan.over = true;
    struct site *last = sites;
    FILE *file = plan.report[0] ? fopen(plan.report, "w") : NULL;
    if (!file)
        return;
    for (struct site *site = last; site; site = site->next)
        fprintf(file, "calls %s %lu\n", site->name, site->calls);
    fprintf(file, "hits %lu\n", plan.hits);
    tell_descriptors(file);
    tell_blocks(file);
    fclose(file);
}
