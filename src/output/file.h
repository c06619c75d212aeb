/*
 * file - the descriptor that data goes to: stdout, or a file that the user
 * names.
 */
#ifndef AFETCH_OUTPUT_FILE_H
#define AFETCH_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct output;

struct file_names {
    const char *const *items; /* "-": stdin */
    size_t count;
};

enum { OUTPUT_FILE_INPUTS = 4 };

struct output_file {
    const char *option; /* that names it, for messages: "output" */
    const char *name; /* NULL: stdout */
    struct file_names inputs[OUTPUT_FILE_INPUTS]; /* that the run reads */
    struct file_names appends; /* inputs that may also be the output, which is
                                  then appended to */
    const char *unit; /* what is written: "lines", "records" */
    bool replaces; /* is written under a temporary name beside its own, and is
                      there only when it is whole (output_file_keep) */
    char *temporary, *final; /* file's own: their names, NULL: none */
};

/*
 * Opens it, emptied unless it is one of `appends`, and gives the descriptor;
 * STDOUT_FILENO without a name.
 * A file that replaces another one gets its permissions; a pipe or a device is
 * not replaced, but written to.  0; or the exit code, after an error message:
 * above all when the file is one that the run is to read, which is then left
 * alone.  No message is written where stderr is such a file.
 */
int output_file_open(struct output_file *file, int *fd);

/*
 * Opens the file of that name again, or a new one, without emptying it; *fd is
 * the descriptor, `old` the one before.  0; -ENOTSUP: it has no name, or is no
 * regular file; -EEXIST: what has the name now is read by the run; or -errno.
 */
int output_file_reopen(const struct output_file *file, int old, int *fd);

/* The exit code after a failed write, with a message; as of SIGPIPE, without
 * one, if the reader has gone.  `out` must have an error. */
int output_file_exit(
    const struct output_file *file, const struct output *out, int fd);

/* What was written has its name from now on; the descriptor is closed already.
 * 0 or -errno. */
int output_file_keep(struct output_file *file);
/* A temporary file that is not kept is removed.  May be called twice. */
void output_file_fini(struct output_file *file);

#endif
