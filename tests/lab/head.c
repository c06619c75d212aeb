/* Writing heads line by line, each line's end as the behaviour has it. The
 * buffer grows to the largest head asked for; HEAD_MAX bounds it. */
#include "head.h"

#include <string.h>

enum { HEAD_MAX = 16 << 20, PAD_LINE = 4000 };

/* A head under construction. */
struct head {
    struct buf *out;
    const struct behaviour *b;
    unsigned lines;
    size_t start; /* of the final head in `out` */
};

static void line_end(struct head *h)
{
    bool lf = h->b->eol == EOL_LF || (h->b->eol == EOL_MIXED && h->lines % 2);

    buf_str(h->out, lf ? "\n" : "\r\n");
    h->lines++;
}

static void field_text(struct head *h, const char *name, struct text value)
{
    buf_str(h->out, name);
    buf_str(h->out, ": ");
    buf_text(h->out, value);
    line_end(h);
}

static void field(struct head *h, const char *name, const char *value)
{
    field_text(h, name, text_of(value));
}

const char *head_reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *reason;
    } reasons[] = {
        {100, "Continue"},
        {101, "Switching Protocols"},
        {103, "Early Hints"},
        {200, "OK"},
        {201, "Created"},
        {204, "No Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    };

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unnamed";
}

static void status_line(struct head *h, unsigned status, struct text reason)
{
    buf_printf(h->out, "HTTP/1.%d %03u ", h->b->http10 ? 0 : 1, status);
    if (reason.n)
        buf_text(h->out, reason);
    else
        buf_str(h->out, head_reason(status));
    line_end(h);
}

static void interim(struct head *h)
{
    for (unsigned i = 0; i < h->b->cont; i++) {
        status_line(h, 100, TEXT(""));
        line_end(h);
    }
    for (unsigned i = 0; i < h->b->early; i++) {
        status_line(h, 103, TEXT(""));
        field(h, "Link", "</style.css>; rel=preload; as=style");
        line_end(h);
    }
}

void head_add_safely(struct buf *out, struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        buf_add(out, t.p[i] > 0x20 && t.p[i] < 0x7f ? &t.p[i] : "?", 1);
}

/* redirect-3.rest leads to redirect-2.rest, redirect-1.rest to rest. */
static void redirect_host(struct head *h, struct text host)
{
    size_t at = 0;
    const char *dot;

    while (at + 9 < host.n && strncasecmp(host.p + at, "redirect-", 9)) {
        dot = memchr(host.p + at, '.', host.n - at);
        if (!dot)
            return head_add_safely(h->out, host);
        at = (size_t)(dot + 1 - host.p);
    }
    head_add_safely(h->out, (struct text){host.p, at});
    if (h->b->redirect > 1)
        buf_printf(h->out, "redirect-%u.", h->b->redirect - 1);
    dot = memchr(host.p + at, '.', host.n - at);
    at = dot ? (size_t)(dot + 1 - host.p) : host.n;
    head_add_safely(h->out, (struct text){host.p + at, host.n - at});
}

static void location(struct head *h, const struct asker *to)
{
    const struct behaviour *b = h->b;

    if (b->location.n)
        return field_text(h, "Location", b->location);
    if (!b->redirect && !b->redirect_loop && !(b->to_https && !to->tls))
        return;
    buf_str(h->out, "Location: ");
    buf_str(h->out, to->tls || b->to_https ? "https://" : "http://");
    if (b->redirect)
        redirect_host(h, to->host);
    else
        head_add_safely(h->out, b->to_https ? to->name : to->host);
    buf_str(h->out, "/");
    line_end(h);
}

static void long_lines(struct head *h)
{
    const struct behaviour *b = h->b;

    for (unsigned i = 0; i < b->lines && h->out->len < HEAD_MAX; i++) {
        size_t start = h->out->len, width;

        buf_printf(h->out, "X-Line-%05u: ", i + 1);
        width = h->out->len - start;
        if (width < b->width)
            buf_fill(h->out, (char)('a' + i % 26), b->width - width);
        line_end(h);
    }
    if (b->longline) {
        buf_str(h->out, "X-Long: ");
        buf_fill(h->out, 'l', b->longline > 8 ? b->longline - 8 : 0);
        line_end(h);
    }
}

/* Pads until the head, with its blank line, is head_size long. The shortest
 * padding line has ten bytes; the last but one leaves room for it. */
static void pad(struct head *h)
{
    size_t eol = h->b->eol == EOL_LF ? 1 : 2;
    size_t end = h->start + h->b->head_size, left, piece;

    while (h->out->len + eol + 10 <= end) {
        left = end - h->out->len - eol;
        piece = left > PAD_LINE ? PAD_LINE : left;
        if (left - piece > 0 && left - piece < 10)
            piece -= 10;
        buf_str(h->out, "X-Pad: ");
        buf_fill(h->out, 'p', piece - 7 - eol);
        line_end(h);
    }
}

bool head_has_body(const struct behaviour *b)
{
    return b->status >= 200 && b->status != 204 && b->status != 304;
}

static void fields(struct head *h, const struct asker *to, uint64_t size)
{
    const struct behaviour *b = h->b;

    field_text(h, "Server", b->server.n ? b->server : TEXT("afetch-lab"));
    field(h, "Date", to->date);
    location(h, to);
    for (unsigned i = 0; i < b->cookies; i++) {
        buf_printf(h->out, "Set-Cookie: c%u=%u; Path=/", i, i);
        line_end(h);
    }
    for (unsigned i = 0; i < b->field_count; i++) {
        buf_text(h->out, b->fields[i]);
        line_end(h);
    }
    long_lines(h);
    if (head_has_body(b)) {
        field(h, "Content-Type", "text/html; charset=utf-8");
        if (size != SIZE_ORDINARY) {
            buf_printf(
                h->out, "Content-Length: %llu", (unsigned long long)size);
            line_end(h);
        }
    }
    field(h, "Connection", "close");
    buf_str(h->out, "X-Token: ");
    head_add_safely(h->out, to->name);
    line_end(h);
}

void head_write(struct buf *out, const struct behaviour *b,
    const struct asker *to, uint64_t size, bool whole)
{
    struct head h = {out, b, 0, 0};

    interim(&h);
    h.start = out->len;
    status_line(&h, b->status, b->reason);
    fields(&h, to, size);
    if (!whole)
        return;
    pad(&h);
    line_end(&h);
}
