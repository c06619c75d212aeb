/* The lab's own pages, for tests to look at what it saw. */
#include "http.h"

#include "stats.h"
#include "tls.h"

#include <string.h>

/* What follows `prefix` in `path`; false if it does not start with it. */
static bool after(struct text path, const char *prefix, struct text *rest)
{
    size_t n = strlen(prefix);

    if (path.n < n || memcmp(path.p, prefix, n))
        return false;
    *rest = (struct text){path.p + n, path.n - n};
    return true;
}

static void name_page(const struct stats *s, struct text name, struct buf *out)
{
    static const struct name_stats unseen;
    const struct name_stats *n = stats_find(s, name);

    stats_name_json(n ? n : &unseen, out);
    buf_str(out, "\n");
}

static const char *page_write(
    struct lab *lab, struct text path, struct buf *out)
{
    static const char json[] = "application/json";
    struct text name;

    if (text_is(path, "/lab/stats"))
        return stats_json(lab->stats, out), json;
    if (text_is(path, "/lab/totals"))
        return stats_totals_json(lab->stats, out), buf_str(out, "\n"), json;
    if (after(path, "/lab/name/", &name))
        return name_page(lab->stats, name, out), json;
    if (text_is(path, "/lab/clear"))
        return stats_clear(lab->stats), buf_str(out, "{}\n"), json;
    if (text_is(path, "/lab/ca.pem"))
        return tls_ca_pem(lab->tls, out), "application/x-pem-file";
    return NULL;
}

bool control_answer(struct http *http, struct text path, struct answer *answer)
{
    struct buf body = {0};
    const char *type;

    buf_add(&body, "", 0);
    type = page_write(http->lab, path, &body);
    if (type)
        answer_page(
            answer, &http->scratch, 200, type, (struct text){body.p, body.len});
    buf_free(&body);
    return type != NULL;
}
