/*
 * print - Python's print, for the notebook: a line goes to stdout and is
 * remembered, so that a program can tell at its end which lines it meant to
 * print.  Any thread may call it.
 */
#ifndef TESTS_ASYNC_PRINT_H
#define TESTS_ASYNC_PRINT_H

#include <stdbool.h>

void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What main returns: 0 when these lines were printed, in this order and no
 * others; else 1, having said so on stderr. */
#define PRINTED(...) printed_all((const char *const[]){__VA_ARGS__, 0})

int printed_all(const char *const *lines);

/* Waits until that many lines have been printed; false: not for a long
 * time. */
bool printed_wait(int count);

#endif
