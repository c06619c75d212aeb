/*
 * exit - the last words go to stderr at once, whatever was buffered.
 */
#include "exit.h"

#include "text/escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NULL: no memory. */
static char *escaped_text(const char *text)
{
    size_t len = strlen(text), size = ESCAPE_LEN * len + 1;
    char *out = malloc(size);
    if (out)
        escape_write(out, size, text, len);
    return out;
}

/* Names of files may hold any bytes; without memory nothing is escaped. */
static void say_line(const char *format, va_list arguments)
{
    char *text = NULL, *shown;
    va_list again;
    va_copy(again, arguments);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    shown = text ? escaped_text(text) : NULL;
    fputs("afetch: ", stderr);
    if (shown)
        fputs(shown, stderr);
    else
        vfprintf(stderr, format, again);
    fputc('\n', stderr);
    va_end(again);
    free(shown);
    free(text);
}

int fatal(int exit_code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_line(format, arguments);
    va_end(arguments);
    return exit_code;
}

/* As wide as the bytes are when they have been escaped; a TAB stays one. */
static void put_indent(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] == '\t')
            fputc('\t', stderr);
        else if (((unsigned char)bytes[i] & 0xc0) != 0x80)
            fputc(' ', stderr);
}

static void put_caret(const struct exit_text *text)
{
    size_t size = ESCAPE_LEN * text->len + 1;
    char *shown = malloc(size);
    if (!shown)
        return;
    size_t len = escape_write(shown, size, text->bytes, text->at);
    fputs("  ", stderr);
    fputs(shown, stderr);
    escape_write(
        shown + len, size - len, text->bytes + text->at, text->len - text->at);
    fprintf(stderr, "%s\n  ", shown + len);
    put_indent(shown, len);
    fputs("^\n", stderr);
    free(shown);
}

int fatal_at(
    int exit_code, const struct exit_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_line(format, arguments);
    va_end(arguments);
    put_caret(text);
    return exit_code;
}

void warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_line(format, arguments);
    va_end(arguments);
}
