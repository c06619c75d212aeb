/* Bytes, without an opinion on what they mean. */
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *lab_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);

    if (!p) {
        fputs("afetch-lab: out of memory\n", stderr);
        exit(3);
    }
    return p;
}

char *lab_strndup(const char *p, size_t n)
{
    char *copy = lab_alloc(n + 1);

    memcpy(copy, p, n);
    return copy;
}

/* Room for `n` more bytes and a NUL. */
static void buf_reserve(struct buf *b, size_t n)
{
    size_t want = b->len + n + 1;
    char *p;

    if (want <= b->cap)
        return;
    want = want < 256 ? 256 : want + want / 2;
    p = realloc(b->p, want);
    if (!p) {
        fputs("afetch-lab: out of memory\n", stderr);
        exit(3);
    }
    b->p = p;
    b->cap = want;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    buf_reserve(b, n);
    if (n)
        memcpy(b->p + b->len, p, n);
    b->len += n;
    b->p[b->len] = '\0';
}

void buf_text(struct buf *b, struct text t)
{
    buf_add(b, t.p, t.n);
}

void buf_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_fill(struct buf *b, char byte, size_t n)
{
    buf_reserve(b, n);
    memset(b->p + b->len, byte, n);
    b->len += n;
    b->p[b->len] = '\0';
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    int n;

    buf_reserve(b, 512);
    va_start(args, format);
    n = vsnprintf(b->p + b->len, b->cap - b->len, format, args);
    va_end(args);
    if (n < 0)
        return;
    if ((size_t)n >= b->cap - b->len) {
        buf_reserve(b, (size_t)n);
        va_start(args, format);
        vsnprintf(b->p + b->len, b->cap - b->len, format, args);
        va_end(args);
    }
    b->len += (size_t)n;
}

void buf_json(struct buf *b, struct text t)
{
    buf_add(b, "\"", 1);
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];

        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c < 0x20 || c > 0x7e)
            buf_printf(b, "\\u%04x", c);
        else
            buf_add(b, &t.p[i], 1);
    }
    buf_add(b, "\"", 1);
}

void buf_free(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}

struct text text_of(const char *s)
{
    return (struct text){s, strlen(s)};
}

bool text_is(struct text t, const char *s)
{
    return strlen(s) == t.n && strncasecmp(t.p, s, t.n) == 0;
}

static unsigned unit_shift(char c)
{
    switch (tolower((unsigned char)c)) {
    case 'k':
        return 10;
    case 'm':
        return 20;
    case 'g':
        return 30;
    default:
        return 0;
    }
}

int text_number(struct text t, uint64_t max, uint64_t *out)
{
    unsigned shift = t.n > 1 ? unit_shift(t.p[t.n - 1]) : 0;
    uint64_t value = 0;

    if (shift)
        t.n--;
    if (t.n == 0 || t.n > 15)
        return -EINVAL;
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < '0' || t.p[i] > '9')
            return -EINVAL;
        value = value * 10 + (uint64_t)(t.p[i] - '0');
    }
    if (value > max >> shift)
        return -EINVAL;
    *out = value << shift;
    return 0;
}

uint32_t text_hash(struct text t)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < t.n; i++) {
        hash ^= (uint32_t)tolower((unsigned char)t.p[i]);
        hash *= 16777619u;
    }
    return hash;
}
