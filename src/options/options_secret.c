/*
 * options_secret - what nobody else shall read: not in messages, not in the
 * list of processes, not in memory when it is no longer needed.
 *
 * An argument "@FILE" stands for what is in the file, so that it need not be
 * on the command line at all.
 */
#include "options/options_value.h"

#include "options/options.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 64 * 1024 };

struct option_secret {
    struct option_secret *next;
    size_t size;
    char text[];
};

static char *option_secret_add(struct options *options, size_t len)
{
    struct option_secret *secret = calloc(1, sizeof *secret + len + 1);

    if (!secret)
        return NULL;
    secret->size = len + 1;
    secret->next = options->secrets;
    options->secrets = secret;
    return secret->text;
}

void option_secrets_fini(struct options *options)
{
    while (options->secrets) {
        struct option_secret *secret = options->secrets;
        options->secrets = secret->next;
        explicit_bzero(secret->text, secret->size);
        free(secret);
    }
}

char *option_secret_hide(struct options *options, char *argument)
{
    size_t len = strlen(argument);
    char *copy = option_secret_add(options, len);

    if (!copy)
        return NULL;
    memcpy(copy, argument, len);
    memset(argument, '*', len);
    return copy;
}

/* Bytes read, at most size; negative: errno says why. */
static ssize_t read_all(int fd, char *bytes, size_t size)
{
    size_t len = 0;

    while (len < size) {
        ssize_t n = read(fd, bytes + len, size - len);
        if (n < 0 && errno == EAGAIN) /* stdin may be another's, too */
            (void)poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
        else if (n < 0 && errno != EINTR)
            return -1;
        if (n == 0)
            break;
        len += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)len;
}

static const char *why_not_read(int error)
{
    switch (error) {
    case ENOENT:
        return "names a file that does not exist";
    case EISDIR:
        return "names a directory";
    default:
        return "names a file that cannot be read";
    }
}

/* The file's descriptor; negative: *why says why. */
static int file_open(
    struct options *options, const char *name, const char **why)
{
    int fd = STDIN_FILENO;

    if (strcmp(name, "-") != 0) {
        fd = open(name, O_RDONLY | O_CLOEXEC);
        *why = why_not_read(errno);
        return fd;
    }
    *why = "cannot be read: stdin was already read by another @-";
    if (options->stdin_taken)
        return -1;
    options->stdin_taken = true;
    return fd;
}

int option_secret_read(
    struct options *options, const char *name, char **out, const char **why)
{
    char *text = option_secret_add(options, FILE_MAX + 1);
    int fd;
    ssize_t len;

    if (!text || option_list_append(&options->files_read, name))
        return -ENOMEM;
    fd = file_open(options, name, why);
    if (fd < 0)
        return -EINVAL;
    len = read_all(fd, text, FILE_MAX + 1);
    *why = why_not_read(errno);
    if (fd != STDIN_FILENO)
        close(fd);
    if (len < 0)
        return -EINVAL;
    *why = "names a file that is too large or contains a NUL";
    if (len > FILE_MAX || strlen(text) < (size_t)len)
        return -EINVAL;
    *out = text;
    return 0;
}

char *option_line_cut(char **rest)
{
    char *line = strsep(rest, "\n");
    size_t len = line ? strlen(line) : 0;

    if (len > 0 && line[len - 1] == '\r')
        line[len - 1] = '\0';
    return line;
}
