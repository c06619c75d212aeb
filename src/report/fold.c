/*
 * fold - see fold.h.
 *
 * Invariant: a line is no wider than the terminal, if that has room for the
 * cause; it ends with dots unless all names are there.
 */
#include "report/fold.h"

#include "output/buffer.h"
#include "report/paint.h"
#include "report/shown_name.h"
#include "text/width.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool fold_is_due(
    const struct terminal *terminal, enum fetch_error error, uint64_t count)
{
    return terminal->is_one &&
           count > (error == FETCH_CANCELED ? 0 : FOLD_FROM);
}

void fold_add(struct fold *fold, const struct result *result)
{
    struct fold_cause *cause = &fold->causes[result->error];
    if (cause->count < FOLD_NAMES)
        shown_name(cause->names[cause->count], result);
    cause->count++;
}

/* As many as there is room for behind `begin` columns. */
static void put_names(
    struct output *out, const struct fold_cause *cause, size_t begin, size_t to)
{
    uint64_t i = 0;
    for (; i < cause->count && i < FOLD_NAMES; i++) {
        const char *name = cause->names[i];
        bool is_last = i + 1 == cause->count;
        begin += width_of(name, strlen(name)) + 2;
        if (begin + (is_last ? 0 : 3) > to + (is_last ? 2 : 0))
            break;
        output_printf(out, "%s%s", i ? ", " : "", name);
    }
    if (i < cause->count)
        output_puts(out, i ? ", ..." : "...");
    output_puts(out, "\n");
}

static void put_cause(struct output *out, const struct terminal *terminal,
    const struct fold_cause *cause, enum fetch_error error, bool more)
{
    const char *code = fetch_error_name(error);
    char count[48];
    int len = snprintf(count, sizeof count, "%" PRIu64 "%s target%s ",
        cause->count, more ? " more" : "", cause->count == 1 ? "" : "s");
    output_printf(out, "%s%s%s%s: ", count,
        paint_code(terminal->has_color, PAINT_FAILED), code,
        paint_code(terminal->has_color, PAINT_OFF));
    put_names(out, cause, (size_t)len + strlen(code) + 2, terminal->width);
}

void fold_put(const struct fold *fold, struct output *out,
    const struct terminal *terminal, const uint64_t told[FETCH_ERROR_COUNT])
{
    for (unsigned i = FETCH_OK + 1; i < FETCH_ERROR_COUNT; i++)
        if (fold->causes[i].count)
            put_cause(out, terminal, &fold->causes[i], (enum fetch_error)i,
                told[i] > 0);
}
