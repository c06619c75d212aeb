/*
 * descriptors - see descriptors.h.
 */
#include "crawl/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>

/* Beside connections: the loop, signals, name servers by UDP and TCP, and
 * second connections of one target (Happy Eyeballs). */
enum { RESERVE = 16 };

/* One above the highest open descriptor: few are open yet, without gaps. */
static rlim_t in_use(void)
{
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return STDERR_FILENO + 1;
    close(fd);
    return (rlim_t)fd;
}

unsigned descriptors_allow(unsigned wanted, unsigned long *limit)
{
    struct rlimit rlimit;
    rlim_t needed = wanted + in_use() + RESERVE;
    if (getrlimit(RLIMIT_NOFILE, &rlimit))
        return wanted;
    if (rlimit.rlim_cur < needed && rlimit.rlim_cur < rlimit.rlim_max) {
        rlimit.rlim_cur = rlimit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &rlimit);
        (void)getrlimit(RLIMIT_NOFILE, &rlimit);
    }
    *limit = rlimit.rlim_cur;
    if (rlimit.rlim_cur >= needed)
        return wanted;
    rlim_t taken = in_use() + RESERVE;
    return rlimit.rlim_cur > taken ? (unsigned)(rlimit.rlim_cur - taken) : 1;
}

unsigned long descriptors_limit(void)
{
    struct rlimit rlimit;
    return getrlimit(RLIMIT_NOFILE, &rlimit) ? 0 : rlimit.rlim_cur;
}

int descriptors_guard(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        /* The lowest free number is this one. */
        int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (open("/dev/null", mode) < 0)
            return -errno;
    }
    return 0;
}
