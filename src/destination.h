/*
 * destination - the descriptor that data goes to: stdout, or the file of -o.
 */
#ifndef AFETCH_DESTINATION_H
#define AFETCH_DESTINATION_H

#include <stdbool.h>

struct options;
struct output;

/*
 * Opens it, emptied, and gives the descriptor; STDOUT_FILENO without -o.
 * 0; or the exit code, when it is said why not: above all when the file is
 * one that the run is to read, which then stays as it is.  Where stderr is such
 * a file nothing is said.
 */
int destination_open(const struct options *options, int *fd);

/* The exit code of what could not all be written, which is said; as SIGPIPE
 * would where the reader has gone.  `out` must have an error. */
int destination_exit(
    const struct options *options, const struct output *out, int fd);

#endif
