/*
 * options_speak - command lines for the tests of options, and what was said
 * to them.
 */
#ifndef AFETCH_TESTS_OPTIONS_SPEAK_H
#define AFETCH_TESTS_OPTIONS_SPEAK_H

#include "options/options.h"
#include "run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof *(array)))

enum { WORDS_MAX = 24 };

/* A command line in pieces. */
struct words {
    char text[512];
    char *argv[WORDS_MAX + 1];
    int argc;
};

/* Cut at blanks; '' is an empty word. */
static inline void message_init(struct words *words, const char *line)
{
    snprintf(words->text, sizeof words->text, "afetch %s", line);
    char *rest = words->text;
    words->argc = 0;
    for (char *word; (word = strsep(&rest, " "));) {
        ck_assert_int_lt(words->argc, WORDS_MAX);
        words->argv[words->argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
    }
    words->argv[words->argc] = NULL;
}

/* What one descriptor got while it was redirected. */
struct capture {
    int fd, saved, file;
    char text[16384];
};

static inline void capture_begin(struct capture *capture, int fd)
{
    fflush(NULL);
    capture->fd = fd;
    capture->saved = dup(fd);
    capture->file = memfd_create("capture", MFD_CLOEXEC);
    ck_assert_int_ge(capture->file, 0);
    dup2(capture->file, fd);
}

static inline void capture_end(struct capture *capture)
{
    fflush(NULL);
    dup2(capture->saved, capture->fd);
    close(capture->saved);
    ssize_t len =
        pread(capture->file, capture->text, sizeof capture->text - 1, 0);
    ck_assert_int_ge(len, 0);
    capture->text[len] = '\0';
    close(capture->file);
}

struct spoken {
    enum options_outcome outcome;
    struct capture out, err;
};

/* Frees what it parsed.  argv is copied: secrets are blanked out in it. */
static inline void speak(struct spoken *spoken, int argc, char **argv)
{
    struct options options;
    char *copies[WORDS_MAX + 1] = {NULL};

    for (int i = 0; i < argc; i++)
        copies[i] = strdup(argv[i]);
    capture_begin(&spoken->out, STDOUT_FILENO);
    capture_begin(&spoken->err, STDERR_FILENO);
    spoken->outcome = options_parse(&options, argc, copies);
    capture_end(&spoken->err);
    capture_end(&spoken->out);
    options_fini(&options);
    for (int i = 0; i < argc; i++)
        free(copies[i]);
}

static inline void speak_line(struct spoken *spoken, const char *line)
{
    struct words words;

    message_init(&words, line);
    speak(spoken, words.argc, words.argv);
}

/* Nothing on stdout; exactly this and the hint on stderr. */
static inline void assert_refused(
    const struct spoken *spoken, const char *message)
{
    char expected[1024];

    snprintf(expected, sizeof expected, "afetch: %s\nTry 'afetch --help'.\n",
        message);
    ck_assert_str_eq(spoken->err.text, expected);
    ck_assert_str_eq(spoken->out.text, "");
    ck_assert_int_eq(spoken->outcome, OPTIONS_BAD);
}

#endif
