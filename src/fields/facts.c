/*
 * facts - see facts.h.
 */
#include "fields/facts.h"

#include "fields/cache.h"
#include "fields/cors.h"
#include "fields/csp.h"
#include "fields/framing.h"
#include "fields/hsts.h"
#include "fields/isolation.h"
#include "fields/lines.h"
#include "fields/nosniff.h"
#include "fields/permissions.h"
#include "fields/referrer.h"

#include <errno.h>
#include <string.h>

struct row {
    const char *name;
    enum field_type type;
    const char *help;
    void (*get)(const struct field_head *head, struct field_value *out);
    /* Of one with a name behind its last dot, instead. */
    void (*get_named)(const struct field_head *head, struct span name,
        struct field_value *out);
};

static const struct row rows[] = {
    {"hsts", FIELD_BOOL, "HSTS is in force: browsers ask over https only",
        hsts_get_force, NULL},
    {"hsts.max-age", FIELD_DURATION, "for how long", hsts_get_max_age, NULL},
    {"hsts.include-subdomains", FIELD_BOOL, "for all names below it, too",
        hsts_get_subdomains, NULL},
    {"hsts.preload", FIELD_BOOL, "it asks to be preloaded", hsts_get_preload,
        NULL},
    {"nosniff", FIELD_BOOL, "content types are not guessed", nosniff_get, NULL},
    {"framing", FIELD_TEXT,
        "who may frame the page: nobody, self, listed, anyone", framing_get,
        NULL},
    {"csp.inline-script", FIELD_BOOL,
        "scripts that stand in the page are allowed, in elements or attributes",
        csp_get_inline_script, NULL},
    {"csp.eval", FIELD_BOOL, "strings may be run as scripts", csp_get_eval,
        NULL},
    {"referrer", FIELD_TEXT, "the referrer policy that is set", referrer_get,
        NULL},
    {"isolated", FIELD_BOOL, "the page is cross-origin isolated (COOP, COEP)",
        isolation_get, NULL},
    {"permissions.FEATURE", FIELD_TEXT,
        "who may use the feature: nobody, self, listed, anyone", NULL,
        permissions_get},
    {"cache.stored", FIELD_BOOL, "a cache may keep the response",
        cache_get_stored, NULL},
    {"cache.lifetime", FIELD_DURATION,
        "how long it is fresh from now on in a private cache",
        cache_get_lifetime, NULL},
    {"cache.shared-lifetime", FIELD_DURATION, "the same in a shared one",
        cache_get_shared_lifetime, NULL},
    {"cors.origin", FIELD_TEXT,
        "whose pages may read the response, * for any origin's",
        cors_get_origin, NULL},
};

const size_t fact_count = sizeof rows / sizeof *rows;

const char *fact_name(size_t row)
{
    return rows[row].name;
}

enum field_type fact_type(size_t row)
{
    return rows[row].type;
}

const char *fact_unit(size_t row)
{
    return rows[row].type == FIELD_DURATION ? "seconds" : NULL;
}

const char *fact_help(size_t row)
{
    return rows[row].help;
}

/* "permissions.camera": up to the dot it is the row's name. */
static bool is_named(const struct row *row, struct span name, struct span *rest)
{
    size_t len = row->get_named
                     ? (size_t)(strchr(row->name, '.') + 1 - row->name)
                     : strlen(row->name);
    struct span front = {name.at, len};
    if (name.len < len || !span_is_like(front, (struct span){row->name, len}))
        return false;
    *rest = (struct span){name.at + len, name.len - len};
    return row->get_named ? rest->len > 0 : rest->len == 0;
}

int fact_find(struct span name, struct fact *out)
{
    struct span rest;
    for (size_t i = 0; i < fact_count; i++)
        if (is_named(&rows[i], name, &rest)) {
            *out = (struct fact){.row = i, .name = rest};
            return 0;
        }
    return -EINVAL;
}

void fact_get(const struct fact *fact, const struct field_head *head,
    struct field_value *out)
{
    const struct row *row = &rows[fact->row];
    field_set_none(out, NULL);
    if (!head->head)
        return;
    if (row->get_named)
        row->get_named(head, fact->name, out);
    else
        row->get(head, out);
}
