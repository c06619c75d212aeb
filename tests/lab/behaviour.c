/* From a name to what the lab does for it. The labels in front of a name
 * are words as long as they are known; the first that is not begins the
 * ordinary name, so that `reset.www.test` is reset and `www.reset.test`
 * is not. */
#include "behaviour.h"

#include "script.h"

#include <string.h>

static void behaviour_init(struct behaviour *b, uint32_t seed)
{
    memset(b, 0, sizeof *b);
    b->seed = seed;
    b->dns[V6].kind = DNS_NODATA;
    b->ttl = 60;
    b->gap_ms = 5;
    b->width = 40;
    b->status = 200;
    b->size = SIZE_ORDINARY;
}

void behaviour_ordinary(struct behaviour *b, const struct script *script)
{
    behaviour_init(b, 0);
    script_begin(script, b);
}

/* Splits the first label off; the last one is never a word. */
static bool label_next(struct text *rest, struct text *label)
{
    const char *dot = memchr(rest->p, '.', rest->n);

    if (!dot)
        return false;
    *label = (struct text){rest->p, (size_t)(dot - rest->p)};
    rest->p = dot + 1;
    rest->n -= label->n + 1;
    return rest->n > 0;
}

static struct text words_skip(struct text name)
{
    struct behaviour scratch = {0};
    struct text rest = name, label;

    while (label_next(&rest, &label) && word_apply(&scratch, label) == 0)
        name = rest;
    return name;
}

void behaviour_of(struct behaviour *b, const struct script *script,
    struct text name, struct text *base)
{
    struct text plain = words_skip(name), rest = name, label;

    behaviour_init(b, text_hash(name));
    script_begin(script, b);
    if (!script_apply(script, b, name) && plain.n != name.n)
        script_apply(script, b, plain);
    while (rest.n > plain.n && label_next(&rest, &label))
        word_apply(b, label);
    if (base)
        *base = plain;
}
