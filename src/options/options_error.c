/*
 * options_error - how the command line says that it cannot be used.
 */
#include "options/options_error.h"

#include <stdarg.h>
#include <stdio.h>

enum options_outcome option_usage_error(const char *format, ...)
{
    va_list arguments;

    fputs("afetch: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputs("\nTry 'afetch --help'.\n", stderr);
    return OPTIONS_BAD;
}

enum options_outcome option_memory_error(void)
{
    fputs("afetch: out of memory\n", stderr);
    return OPTIONS_FAILED;
}
