/*
 * options_error - how the command line says that it cannot be used.
 */
#ifndef AFETCH_OPTIONS_ERROR_H
#define AFETCH_OPTIONS_ERROR_H

#include "options/options.h"

/* A line on stderr, and where help is; always OPTIONS_BAD. */
__attribute__((format(printf, 1, 2))) enum options_outcome option_usage_error(
    const char *format, ...);

/* Tells that memory ran out; always OPTIONS_FAILED. */
enum options_outcome option_memory_error(void);

#endif
