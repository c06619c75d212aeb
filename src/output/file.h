/*
 * file - the descriptor that data goes to: stdout, or the file of -o.
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

enum { OUTPUT_FILE_INPUTS = 3 };

struct output_file {
    const char *name; /* of -o; NULL: stdout */
    struct file_names inputs[OUTPUT_FILE_INPUTS]; /* that the run reads */
    const char *unit; /* what is written: "lines", "records" */
};

/*
 * Opens it, emptied, and gives the descriptor; STDOUT_FILENO without a name.
 * 0; or the exit code, when it is said why not: above all when the file is
 * one that the run is to read, which then stays as it is.  Where stderr is such
 * a file nothing is said.
 */
int output_file_open(const struct output_file *file, int *fd);

/* The exit code of what could not all be written, which is said; as SIGPIPE
 * would where the reader has gone.  `out` must have an error. */
int output_file_exit(
    const struct output_file *file, const struct output *out, int fd);

#endif
