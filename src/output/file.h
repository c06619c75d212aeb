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
 * Opens and truncates it, and returns the descriptor; STDOUT_FILENO without a
 * name.  0; or the exit code after a message, above all when the run is to read
 * that file, which is left untouched.  No message if stderr is such a file.
 */
int output_file_open(const struct output_file *file, int *fd);

/* The exit code after a failed write, with a message; as of SIGPIPE, without
 * one, if the reader has gone.  `out` must have an error. */
int output_file_exit(
    const struct output_file *file, const struct output *out, int fd);

#endif
