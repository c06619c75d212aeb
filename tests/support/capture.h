/*
 * capture - what a report writes, caught in a file to be looked at.
 */
#ifndef AFETCH_TESTS_CAPTURE_H
#define AFETCH_TESTS_CAPTURE_H

#include <stddef.h>

struct output;

struct capture {
    int fd;
    struct output *out;
    char *text; /* of the last capture_read, NUL-terminated */
    size_t len;
};

void capture_init(struct capture *capture);
void capture_fini(struct capture *capture);
/* Flushes; all that was written since the last call, in capture->text. */
const char *capture_read(struct capture *capture);

#endif
