/* Reads just what the lab must know of a request: what for, and of whom. */
#include "request.h"

#include <errno.h>
#include <string.h>

/* Where the blank line ends, 0 if it has not come. */
static size_t head_length(const char *p, size_t n)
{
    const char *lf = p;

    while ((lf = memchr(lf, '\n', n - (size_t)(lf - p)))) {
        size_t left = n - (size_t)(++lf - p);

        if (left >= 1 && lf[0] == '\n')
            return (size_t)(lf + 1 - p);
        if (left >= 2 && lf[0] == '\r' && lf[1] == '\n')
            return (size_t)(lf + 2 - p);
    }
    return 0;
}

static struct text line_next(struct text *rest)
{
    const char *lf = memchr(rest->p, '\n', rest->n);
    size_t n = lf ? (size_t)(lf - rest->p) : rest->n;
    struct text line = {rest->p, n};

    rest->p += n + (lf != NULL);
    rest->n -= n + (lf != NULL);
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static struct text trim(struct text t)
{
    while (t.n && (t.p[0] == ' ' || t.p[0] == '\t')) {
        t.p++;
        t.n--;
    }
    while (t.n && (t.p[t.n - 1] == ' ' || t.p[t.n - 1] == '\t'))
        t.n--;
    return t;
}

struct text host_name(struct text host)
{
    const char *end;

    if (host.n && host.p[0] == '[') {
        end = memchr(host.p, ']', host.n);
        if (end)
            return (struct text){host.p + 1, (size_t)(end - host.p) - 1};
    }
    end = memchr(host.p, ':', host.n);
    if (end)
        host.n = (size_t)(end - host.p);
    if (host.n && host.p[host.n - 1] == '.')
        host.n--;
    return host;
}

static void field_read(struct request *r, struct text line)
{
    const char *colon = memchr(line.p, ':', line.n);
    struct text name = line, value;

    if (!colon)
        return;
    name.n = (size_t)(colon - line.p);
    value = trim((struct text){colon + 1, line.n - name.n - 1});
    if (text_is(name, "host") && r->host.n == 0 && value.n <= 300)
        r->host = value;
    else if (text_is(name, "content-length"))
        r->has_body = !text_is(value, "0");
    else if (text_is(name, "transfer-encoding"))
        r->has_body = true;
}

/* METHOD SP TARGET SP VERSION, with single blanks. */
static int request_line_read(struct request *r, struct text line)
{
    const char *first = memchr(line.p, ' ', line.n), *last;

    if (!first || first == line.p)
        return -EINVAL;
    r->method = (struct text){line.p, (size_t)(first - line.p)};
    line.n -= r->method.n + 1;
    line.p = first + 1;
    last = memchr(line.p, ' ', line.n);
    if (!last || last == line.p)
        return -EINVAL;
    r->target = (struct text){line.p, (size_t)(last - line.p)};
    line.n -= r->target.n + 1;
    return line.n == 8 && memcmp(last + 1, "HTTP/1.", 7) == 0 ? 0 : -EINVAL;
}

long request_read(struct request *r, const char *p, size_t n)
{
    size_t length = head_length(p, n);
    struct text rest = {p, length};

    if (length == 0)
        return 0;
    *r = (struct request){.host = TEXT(""), .name = TEXT("")};
    if (request_line_read(r, line_next(&rest)))
        return -EINVAL;
    while (rest.n)
        field_read(r, line_next(&rest));
    r->name = host_name(r->host);
    return (long)length;
}
