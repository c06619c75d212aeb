/*
 * file - see file.h.
 *
 * Invariant: what is to be read is not emptied, whatever it is called.
 */
#include "output/file.h"

#include "exit.h"
#include "output/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only what is a file has something to lose. */
static bool is_file(const char *name, struct stat *status)
{
    int error =
        strcmp(name, "-") ? stat(name, status) : fstat(STDIN_FILENO, status);
    return !error && S_ISREG(status->st_mode);
}

/* The one of these names that is this file's, too, in words; or NULL. */
static const char *find_name(
    const struct file_names *names, const struct stat *file)
{
    struct stat other;
    for (size_t i = 0; i < names->count; i++)
        if (is_file(names->items[i], &other) && file->st_dev == other.st_dev &&
            file->st_ino == other.st_ino)
            return strcmp(names->items[i], "-") ? names->items[i] : "on stdin";
    return NULL;
}

/* The input that is this file, by whatever name; or NULL. */
static const char *find_input(
    const struct output_file *file, const struct stat *own)
{
    const char *found = NULL;
    for (size_t i = 0; i < OUTPUT_FILE_INPUTS && !found; i++)
        found = find_name(&file->inputs[i], own);
    return found;
}

/* stdout is opened by the caller: it is never appended to here. */
static const char *find_input_at(const struct output_file *file, int fd)
{
    struct stat own;
    if (fstat(fd, &own) || !S_ISREG(own.st_mode))
        return NULL;
    const char *appended = find_name(&file->appends, &own);
    return appended ? appended : find_input(file, &own);
}

/* Of what would be written into an input, a word to say so is the first: where
 * that is stderr there is none. */
static int check_standard(const struct output_file *file)
{
    if (find_input_at(file, STDERR_FILENO))
        return EXIT_USAGE;
    const char *input = file->name ? NULL : find_input_at(file, STDOUT_FILENO);
    if (input)
        return fatal(EXIT_USAGE,
            "stdout is the same file as the input %s, and would be written to",
            input);
    return 0;
}

static int cannot_write(const struct output_file *file, int error)
{
    return fatal(
        EXIT_CANNOT_GO_ON, "cannot write %s: %s", file->name, strerror(error));
}

/* As the file that is there has them, or a new one would. */
static mode_t find_mode(const struct stat *old)
{
    if (old)
        return old->st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Beside it, under a name that nobody has.  0 or -errno. */
static int create_temporary(struct output_file *file, int *fd)
{
    char *name;
    if (asprintf(&name, "%s.XXXXXX", file->final) < 0)
        return -ENOMEM;
    *fd = mkostemp(name, O_CLOEXEC);
    if (*fd < 0) {
        int error = -errno;
        free(name);
        return error;
    }
    file->temporary = name;
    return 0;
}

/* `old` is what has the name now; NULL: nothing. */
static int open_temporary(
    struct output_file *file, const struct stat *old, int *fd)
{
    file->final = old ? realpath(file->name, NULL) : strdup(file->name);
    int error = file->final ? create_temporary(file, fd) : -errno;
    if (error) {
        output_file_fini(file);
        return cannot_write(file, -error);
    }
    (void)fchmod(*fd, find_mode(old)); /* else it is its owner's alone */
    return 0;
}

static int open_plain(const struct output_file *file, int how, int *fd)
{
    *fd = open(file->name, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
    return *fd < 0 ? cannot_write(file, errno) : 0;
}

static int open_named(struct output_file *file, int *fd)
{
    struct stat own;
    bool there = !stat(file->name, &own),
         is_regular = there && S_ISREG(own.st_mode);
    const char *input = is_regular ? find_input(file, &own) : NULL;
    if (input)
        return fatal(EXIT_USAGE,
            "--%s: %s is the same file as the input %s, which it would "
            "empty",
            file->option, file->name, input);
    if (file->replaces && (is_regular || !there))
        return open_temporary(file, there ? &own : NULL, fd);
    if (is_regular && find_name(&file->appends, &own))
        return open_plain(file, O_APPEND, fd);
    return open_plain(file, O_TRUNC, fd);
}

int output_file_open(struct output_file *file, int *fd)
{
    int error = check_standard(file);
    if (error)
        return error;
    if (file->name)
        return open_named(file, fd);
    *fd = STDOUT_FILENO;
    return 0;
}

int output_file_reopen(const struct output_file *file, int old, int *fd)
{
    struct stat status;
    if (!file->name || fstat(old, &status) || !S_ISREG(status.st_mode))
        return -ENOTSUP;
    if (!stat(file->name, &status) && find_input(file, &status))
        return -EEXIST;
    *fd = open(file->name,
        O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0666);
    return *fd < 0 ? -errno : 0;
}

int output_file_keep(struct output_file *file)
{
    if (!file->temporary)
        return 0;
    if (rename(file->temporary, file->final))
        return -errno;
    free(file->temporary);
    file->temporary = NULL;
    return 0;
}

void output_file_fini(struct output_file *file)
{
    if (file->temporary)
        unlink(file->temporary);
    free(file->temporary);
    free(file->final);
    file->temporary = file->final = NULL;
}

/* Where the system writes late, what write(2) took may be lost, too; what is
 * no file has nothing to synchronize. */
static bool is_safe(int fd)
{
    return !fsync(fd) || errno == EINVAL || errno == EROFS;
}

int output_file_exit(
    const struct output_file *file, const struct output *out, int fd)
{
    int error = output_error(out);
    const char *name = file->name ? file->name : "stdout";
    if (error == -EPIPE)
        return EXIT_BY_SIGNAL + SIGPIPE;
    return fatal(EXIT_CANNOT_GO_ON,
        "cannot write %s: %s (the first %" PRIu64 " %s were written)", name,
        strerror(-error), is_safe(fd) ? output_lines(out) : 0, file->unit);
}
