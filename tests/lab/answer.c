/* From a behaviour to the bytes of its answer. Bodies and endless parts are
 * never written out: a unit of a few KiB is sent over and over. */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

enum { UNIT_MIN = 16384 };

#define BODY_UNIT "0123456789abcdefghijklmnopqrstuvwxyz\n"

/* Repeats `unit` until it is worth a system call. */
static void unit_set(struct answer *a, struct text unit)
{
    size_t times = unit.n < UNIT_MIN ? UNIT_MIN / unit.n + 1 : 1;

    a->unit = lab_alloc(times * unit.n);
    a->unit_length = times * unit.n;
    for (size_t i = 0; i < times; i++)
        memcpy(a->unit + i * unit.n, unit.p, unit.n);
    a->total = UINT64_MAX;
}

/* The endless kinds that never let the head end. */
static void endless_head(
    struct answer *a, struct buf *out, enum endless endless)
{
    switch (endless) {
    case ENDLESS_LINES:
        return unit_set(a, TEXT("X: y\r\n"));
    case ENDLESS_LINE:
        buf_str(out, "X-Endless: ");
        return unit_set(a, TEXT("a"));
    case ENDLESS_FOLDS:
        buf_str(out, "X-Fold: b\r\n");
        return unit_set(a, TEXT("  c\r\n"));
    case ENDLESS_1XX:
        out->len = 0;
        return unit_set(a, TEXT("HTTP/1.1 100 Continue\r\n\r\n"));
    default:
        out->len = 0;
        return unit_set(a, TEXT("\0"));
    }
}

static void page(struct answer *a, struct buf *out, const struct behaviour *b,
    const struct asker *to)
{
    if (to->head_only || !head_has_body(b))
        return;
    if (b->endless) {
        unit_set(a, TEXT(BODY_UNIT));
    } else if (b->size == SIZE_ORDINARY) {
        buf_str(out, "<!doctype html>\n<title>");
        head_add_safely(out, to->name);
        buf_str(out, "</title>\n");
    } else if (b->size) {
        unit_set(a, TEXT(BODY_UNIT));
        a->total = out->len + b->size;
    }
}

/* The length of page()'s body. */
static uint64_t page_size(const struct behaviour *b, const struct asker *to)
{
    if (b->endless == ENDLESS_BODY)
        return SIZE_ORDINARY;
    if (b->size != SIZE_ORDINARY)
        return b->size;
    return sizeof "<!doctype html>\n<title></title>\n" - 1 + to->name.n;
}

static void ordinary(struct answer *a, struct buf *out,
    const struct behaviour *b, const struct asker *to)
{
    bool whole = !b->endless || b->endless == ENDLESS_BODY;

    head_write(out, b, to, page_size(b, to), whole);
    if (!whole)
        endless_head(a, out, b->endless);
    a->head_end = out->len;
    if (whole)
        page(a, out, b, to);
}

static struct text banner_of(enum banner banner)
{
    const struct text banners[] = {
        [BANNER_SSH] = TEXT("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
        [BANNER_SMTP] = TEXT("220 mail.example.test ESMTP\r\n"),
        [BANNER_HTML] = TEXT("<html><title>0.9</title></html>\n"),
        [BANNER_TLS] = TEXT("\x15\x03\x01\x00\x02\x02\x0a"),
    };
    return banners[banner];
}

/* The end of the first blank line after `from`. */
static size_t blank_line_end(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] != '\n')
            continue;
        if (i + 1 < t.n && t.p[i + 1] == '\n')
            return i + 2;
        if (i + 2 < t.n && t.p[i + 1] == '\r' && t.p[i + 2] == '\n')
            return i + 3;
    }
    return t.n;
}

static void cut_at_place(struct answer *a, const struct behaviour *b)
{
    uint64_t at = a->total;

    if (b->place == AT_START)
        at = 0;
    else if (b->place == AT_HALF)
        at = a->head_end / 2;
    else if (b->place == AT_HEAD)
        at = a->head_end;
    else if (b->place == AT_BYTE)
        at = b->place_byte;
    if (at < a->total)
        a->total = at;
}

void answer_build(struct answer *a, struct buf *scratch,
    const struct behaviour *b, const struct asker *to)
{
    struct behaviour https = *b;

    if (b->to_https) {
        https.status = to->tls ? 200 : b->to_https;
        b = &https;
    }
    *a = (struct answer){0};
    scratch->len = 0;
    buf_add(scratch, "", 0);
    if (b->is_raw || b->banner || b->repeat.n) {
        buf_text(scratch, b->banner ? banner_of(b->banner) : b->raw);
        a->head_end = blank_line_end((struct text){scratch->p, scratch->len});
        if (b->repeat.n)
            unit_set(a, b->repeat);
    } else {
        ordinary(a, scratch, b, to);
    }
    a->bytes = scratch->p;
    a->length = scratch->len;
    if (!a->total)
        a->total = a->length;
    cut_at_place(a, b);
}

void answer_page(struct answer *a, struct buf *scratch, unsigned status,
    const char *type, struct text body)
{
    *a = (struct answer){0};
    scratch->len = 0;
    buf_printf(scratch,
        "HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
        "Connection: close\r\n\r\n",
        status, head_reason(status), type, body.n);
    a->head_end = scratch->len;
    buf_text(scratch, body);
    a->bytes = scratch->p;
    a->length = a->total = scratch->len;
}

void answer_keep(struct answer *a)
{
    if (a->kept)
        return;
    a->kept = lab_strndup(a->bytes, a->length);
    a->bytes = a->kept;
}

struct text answer_at(const struct answer *a, uint64_t at)
{
    struct text piece;
    uint64_t left = a->total - at;

    if (at < a->length) {
        piece = (struct text){a->bytes + at, a->length - (size_t)at};
    } else {
        size_t in_unit = (size_t)((at - a->length) % a->unit_length);

        piece = (struct text){a->unit + in_unit, a->unit_length - in_unit};
    }
    if (piece.n > left)
        piece.n = (size_t)left;
    return piece;
}

void answer_fini(struct answer *a)
{
    free(a->unit);
    free(a->kept);
    *a = (struct answer){0};
}
