/*
 * write_code - the exit code that curl would have for a failure.
 */
#ifndef AFETCH_WRITE_CODE_H
#define AFETCH_WRITE_CODE_H

struct result;

/* 0: the target has not failed. */
int write_exit_code(const struct result *result);

#endif
