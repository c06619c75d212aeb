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

/* The input that is this file, by whatever name; or NULL. */
static const char *find_input(
    const struct option_list *inputs, const char *file)
{
    struct stat own, other;
    if (!is_file(file, &own))
        return NULL;
    for (size_t i = 0; i < inputs->count; i++)
        if (is_file(inputs->items[i], &other) && own.st_dev == other.st_dev &&
            own.st_ino == other.st_ino)
            return inputs->items[i];
    return NULL;
}

int destination_open(const struct options *o, int *fd)
{
    const char *file = o->output_file;
    if (!file) {
        *fd = STDOUT_FILENO;
        return 0;
    }
    const char *input =
        find_input(o->summarize ? &o->targets : &o->input_files, file);
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
