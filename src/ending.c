/*
 * ending - the last words go to stderr as they are, whatever was buffered.
 */
#include "ending.h"

#include <stdarg.h>
#include <stdio.h>

int fatal(int exit_code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("afetch: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return exit_code;
}
