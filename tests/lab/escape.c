/* Bytes as people write them in a script. */
#include "escape.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* \xN or \xNN: two digits at most, unlike C, so that text may follow. */
static int hex_decode(struct text *t, unsigned *byte)
{
    size_t n = 0;

    *byte = 0;
    for (; n < 2 && n < t->n && hex_digit(t->p[n]) >= 0; n++)
        *byte = *byte * 16 + (unsigned)hex_digit(t->p[n]);
    t->p += n;
    t->n -= n;
    return n ? 0 : -EINVAL;
}

static void octal_decode(struct text *t, unsigned *byte)
{
    size_t n = 0;

    *byte = 0;
    for (; n < 3 && n < t->n && t->p[n] >= '0' && t->p[n] <= '7'; n++)
        *byte = *byte * 8 + (unsigned)(t->p[n] - '0');
    t->p += n;
    t->n -= n;
}

/* \{MS}: notes a pause at `at`. */
static int pause_decode(struct text *t, size_t at, struct arg *out)
{
    const char *close = memchr(t->p, '}', t->n);
    struct cut *cuts = (struct cut *)out->cuts;
    uint64_t ms;
    size_t n;

    if (!close || out->cut_count == CUTS_MAX)
        return -EINVAL;
    n = (size_t)(close - t->p);
    if (text_number((struct text){t->p, n}, 3600000, &ms))
        return -EINVAL;
    cuts[out->cut_count++] = (struct cut){(unsigned)at, (unsigned)ms};
    t->p += n + 1;
    t->n -= n + 1;
    return 0;
}

static int letter_decode(char c, unsigned *byte)
{
    static const char letters[] = "rntabfve\\\"'";
    static const char bytes[] = "\r\n\t\a\b\f\v\033\\\"'";
    const char *found = strchr(letters, c);

    if (!c || !found)
        return -EINVAL;
    *byte = (unsigned char)bytes[found - letters];
    return 0;
}

/* What follows a backslash. */
static int escape_one(struct text *t, struct buf *bytes, struct arg *out)
{
    unsigned byte = 0;
    char c, octet;

    if (t->n == 0)
        return -EINVAL;
    c = t->p[0];
    if (c < '0' || c > '7') {
        t->p++;
        t->n--;
    }
    if (c == '{')
        return pause_decode(t, bytes->len, out);
    if (c >= '0' && c <= '7')
        octal_decode(t, &byte);
    else if (c == 'x' ? hex_decode(t, &byte) : letter_decode(c, &byte))
        return -EINVAL;
    octet = (char)byte;
    buf_add(bytes, &octet, 1);
    return 0;
}

int escape_decode(struct text t, struct arg *out)
{
    struct buf bytes = {0};
    int err = 0;

    out->cuts = lab_alloc(CUTS_MAX * sizeof *out->cuts);
    out->cut_count = 0;
    buf_add(&bytes, "", 0);
    while (t.n && !err) {
        char c = t.p[0];

        t.p++;
        t.n--;
        if (c == '\\')
            err = escape_one(&t, &bytes, out);
        else
            buf_add(&bytes, &c, 1);
    }
    out->text = (struct text){bytes.p, bytes.len};
    return err;
}

int file_read(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    char block[65536];
    size_t n;
    int err;

    if (!f)
        return -errno;
    buf_add(out, "", 0);
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        buf_add(out, block, n);
    err = ferror(f) ? -EIO : 0;
    fclose(f);
    return err;
}
