/*
 * destination - see destination.h.
 *
 * Invariant: what is to be read is not emptied, whatever it is called.
 */
#include "destination.h"

#include "ending.h"
#include "options/options.h"
#include "report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stddef.h>
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

/* The one of these names that is this file's, too; or NULL. */
static const char *find_name(
    const struct option_list *names, const struct stat *file)
{
    struct stat other;
    for (size_t i = 0; i < names->count; i++)
        if (is_file(names->items[i], &other) && file->st_dev == other.st_dev &&
            file->st_ino == other.st_ino)
            return names->items[i];
    return NULL;
}

/* The input that is this file, by whatever name; or NULL. */
static const char *find_input(const struct options *o, const struct stat *own)
{
    const char *ca_file = o->ca_file;
    const struct option_list trusted = {&ca_file, ca_file != NULL};
    const struct option_list *const inputs[] = {
        o->summarize ? &o->targets : &o->input_files, &o->files_read, &trusted};
    const char *found = NULL;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs && !found; i++)
        found = find_name(inputs[i], own);
    return found;
}

static const char *find_input_at(const struct options *o, int fd)
{
    struct stat own;
    return !fstat(fd, &own) && S_ISREG(own.st_mode) ? find_input(o, &own)
                                                    : NULL;
}

/* Of what would be written into an input, a word to say so is the first: where
 * that is stderr there is none. */
static int check_standard(const struct options *o)
{
    if (find_input_at(o, STDERR_FILENO))
        return EXIT_USAGE;
    const char *input = o->output_file ? NULL : find_input_at(o, STDOUT_FILENO);
    if (input)
        return fatal(EXIT_USAGE,
            "stdout is the same file as the input %s, which it would write to",
            input);
    return 0;
}

static int open_file(const struct options *o, const char *file, int *fd)
{
    struct stat own;
    const char *input = is_file(file, &own) ? find_input(o, &own) : NULL;
    if (input)
        return fatal(EXIT_USAGE,
            "--output: %s is the same file as the input %s, which it would "
            "empty",
            file, input);
    *fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (*fd < 0)
        return fatal(
            EXIT_CANNOT_GO_ON, "cannot write %s: %s", file, strerror(errno));
    return 0;
}

int destination_open(const struct options *o, int *fd)
{
    int error = check_standard(o);
    if (error)
        return error;
    if (o->output_file)
        return open_file(o, o->output_file, fd);
    *fd = STDOUT_FILENO;
    return 0;
}

/* Where the system writes late, what write(2) took may be lost, too; what is
 * no file has nothing to synchronize. */
static bool is_safe(int fd)
{
    return !fsync(fd) || errno == EINVAL || errno == EROFS;
}

int destination_exit(const struct options *o, const struct output *out, int fd)
{
    int error = output_error(out);
    const char *name = o->output_file ? o->output_file : "stdout";
    if (error == -EPIPE)
        return EXIT_BY_SIGNAL + SIGPIPE;
    return fatal(EXIT_CANNOT_GO_ON,
        "cannot write %s: %s; %" PRIu64 " whole %s before that are safe", name,
        strerror(-error), is_safe(fd) ? output_lines(out) : 0,
        o->json ? "records" : "lines");
}
