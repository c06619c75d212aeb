/*
 * terminal - see terminal.h.
 *
 * Invariant: no width is wider than the window, where lines would wrap.
 */
#include "output/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* 0: it does not say. */
static unsigned width_of_window(int fd)
{
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

static unsigned width_by_variable(void)
{
    const char *text = getenv("COLUMNS");
    long width = text ? strtol(text, NULL, 10) : 0;
    return width > 0 && width <= 10000 ? (unsigned)width : 0;
}

unsigned terminal_width(int fd)
{
    if (!isatty(fd))
        return TERMINAL_WIDTH;
    unsigned window = width_of_window(fd), wanted = width_by_variable();
    if (wanted && (!window || wanted < window))
        return wanted;
    return window ? window : TERMINAL_WIDTH;
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return term && !strcmp(term, "dumb");
}

struct terminal terminal_look(int fd, enum terminal_color color)
{
    bool is_one = isatty(fd);
    return (struct terminal){
        .is_one = is_one,
        .is_dumb = is_dumb(),
        .has_color =
            color == COLOR_ALWAYS || (color == COLOR_AUTO && is_one &&
                                         !is_set("NO_COLOR") && !is_dumb()),
        .width = terminal_width(fd),
        .fd = fd,
    };
}

void terminal_refresh(struct terminal *terminal)
{
    if (terminal->is_one && terminal->fd)
        terminal->width = terminal_width(terminal->fd);
}

bool terminal_is_same(int a, int b)
{
    unsigned of_a, of_b;
    return !ioctl(a, TIOCGDEV, &of_a) && !ioctl(b, TIOCGDEV, &of_b) &&
           of_a == of_b;
}
