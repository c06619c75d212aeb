/*
 * exit - exit codes, and messages about the program itself.
 */
#ifndef AFETCH_EXIT_H
#define AFETCH_EXIT_H

#include <stddef.h>

enum {
    EXIT_ALL_GOOD = 0,
    EXIT_SOME_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_CANNOT_GO_ON = 3,
    EXIT_NOT_AS_EXPECTED = 4,
    EXIT_BY_SIGNAL = 128, /* plus its number */
};

/* Prints an error message, escaped for a terminal; returns the exit code. */
int fatal(int exit_code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A text in which something is wrong, and where: in bytes, from 0. */
struct exit_text {
    const char *bytes;
    size_t len, at;
};
/* The same as fatal, and below the message the text with a caret under the
 * place. */
int fatal_at(int exit_code, const struct exit_text *text, const char *format,
    ...) __attribute__((format(printf, 3, 4)));
/* The same for a warning. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
