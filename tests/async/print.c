/*
 * print - lines printed and remembered.
 */
#include "print.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LINES_MAX = 100, LINE_SIZE = 200, PATIENCE_S = 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static char printed[LINES_MAX][LINE_SIZE];
static int printed_count;

void print(const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    pthread_mutex_lock(&lock);
    if (printed_count < LINES_MAX)
        strcpy(printed[printed_count++], line);
    puts(line);
    pthread_cond_broadcast(&more);
    pthread_mutex_unlock(&lock);
}

int printed_all(const char *const *lines)
{
    int count = 0;
    while (lines[count])
        count++;
    for (int i = 0; i < count || i < printed_count; i++) {
        const char *expected = i < count ? lines[i] : "(nothing more)";
        const char *line = i < printed_count ? printed[i] : "(nothing)";
        if (strcmp(line, expected)) {
            fprintf(stderr, "line %d is\n    %s\ninstead of\n    %s\n", i + 1,
                line, expected);
            return 1;
        }
    }
    return 0;
}

bool printed_wait(int count)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&lock);
    int error = 0;
    while (printed_count < count && !error)
        error = pthread_cond_timedwait(&more, &lock, &until);
    pthread_mutex_unlock(&lock);
    return !error;
}
