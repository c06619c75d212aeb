/*
 * snapshot - see snapshot.h.
 *
 * Invariant: once taken, fields are sorted and no name is there twice.
 */
#include "judge/snapshot.h"

#include "http/http.h"
#include "record/drift.h"
#include "record/read.h"
#include "record/selector.h"
#include "text/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- texts --- */

/* 0 or -ENOMEM; NULL stays NULL. */
static int take_text(char **out, const char *text)
{
    size_t len;
    if (!text)
        return 0;
    *out = utf8_text(span_of_string(text), &len);
    return *out ? 0 : -ENOMEM;
}

static int take_status(struct snapshot *out, enum fetch_error error, int status)
{
    char text[12];
    snprintf(text, sizeof text, "%d", status);
    out->has_head = error == FETCH_OK;
    return take_text(&out->status, error ? fetch_error_name(error) : text);
}

/* --- fields --- */

/* A NUL would end it in what is told. */
static void show_nuls(struct snapshot_field *field, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!field->value[i])
            field->value[i] = '\x01';
}

static void lower_text(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

static int add_field(struct snapshot *out, const struct mask *mask,
    struct span name, struct span value)
{
    enum mask_kind kind = mask_find(mask, name);
    size_t len;
    if (kind == MASK_ALL)
        return 0;
    if (kind == MASK_COOKIE)
        value.len = span_until(value, "=;");
    if ((out->count & (out->count - 1)) == 0) {
        size_t room = out->count ? 2 * out->count : 1;
        void *fields = reallocarray(out->fields, room, sizeof *out->fields);
        if (!fields)
            return -ENOMEM;
        out->fields = fields;
    }
    struct snapshot_field *field = &out->fields[out->count];
    *field = (struct snapshot_field){.number = out->count};
    out->count++;
    field->name = utf8_text(name, &len);
    field->value = utf8_text(value, &len);
    if (!field->name || !field->value)
        return -ENOMEM;
    show_nuls(field, len);
    lower_text(field->name);
    return 0;
}

static int field_order(const void *left, const void *right)
{
    const struct snapshot_field *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

static size_t lines_alike(const struct snapshot *s, size_t first, size_t *size)
{
    size_t end = first;
    *size = 0;
    for (;
         end < s->count && !strcmp(s->fields[first].name, s->fields[end].name);
         end++)
        *size += strlen(s->fields[end].value) + strlen(", ");
    return end;
}

/* Those lines become one field. */
static int join_lines(struct snapshot *s, size_t first, size_t end, size_t size)
{
    char *joined = malloc(size + 1), *to = joined;
    if (!joined)
        return -ENOMEM;
    for (size_t i = first; i < end; i++) {
        to = stpcpy(to, i > first ? ", " : "");
        to = stpcpy(to, s->fields[i].value);
    }
    for (size_t i = first; i < end; i++) {
        free(s->fields[i].value);
        s->fields[i].value = NULL;
    }
    s->fields[first].value = joined;
    return 0;
}

static int join_fields(struct snapshot *s)
{
    size_t kept = 0, end, size;
    int error = 0;
    if (s->count)
        qsort(s->fields, s->count, sizeof *s->fields, field_order);
    for (size_t i = 0; i < s->count && !error; i = end) {
        end = lines_alike(s, i, &size);
        if (end > i + 1)
            error = join_lines(s, i, end, size);
    }
    if (error)
        return error;
    for (size_t i = 0; i < s->count; i++)
        if (s->fields[i].value)
            s->fields[kept++] = s->fields[i];
        else
            free(s->fields[i].name);
    s->count = kept;
    return 0;
}

/* --- from a result --- */

/* In records names are ISO-8859-1, whatever they look like. */
static int add_named(struct snapshot *out, const struct mask *mask,
    const struct http_field *field, struct span value)
{
    struct span raw = {field->name, field->name_len};
    char *name = malloc(2 * raw.len + 1);
    if (!name)
        return -ENOMEM;
    size_t len = utf8_of_latin1(raw, name);
    int error = add_field(out, mask, (struct span){name, len}, value);
    free(name);
    return error;
}

static int add_line(struct snapshot *out, const struct mask *mask,
    const struct http_field *field)
{
    struct http_value value;
    size_t size;
    char *text = NULL;
    FILE *file = open_memstream(&text, &size);
    if (!file)
        return -ENOMEM;
    http_value_init(&value, field);
    while (field->kind != HTTP_BARE && http_value_next(&value))
        fwrite(value.chunk, 1, value.chunk_len, file);
    bool is_whole = !ferror(file);
    int error = fclose(file) || !is_whole || !text ? -ENOMEM : 0;
    if (!error)
        error = add_named(out, mask, field, (struct span){text, size});
    free(text);
    return error;
}

static int add_head(struct snapshot *out, const struct response *response,
    const struct mask *mask)
{
    struct http_fields fields;
    struct http_field field;
    int error = 0;
    if (!response->head)
        return 0;
    http_fields_init(&fields, response->head, response->head_len);
    while (!error && http_fields_next(&fields, &field))
        error = add_line(out, mask, &field);
    return error ? error : join_fields(out);
}

static int take_known(
    char **out, enum selector_id id, const struct result *result)
{
    struct selector_scope scope = {.result = result};
    struct selector_value value;
    size_t len;
    selector_get_known(id, &scope, &value);
    if (value.type == SELECTOR_NONE)
        return 0;
    *out = utf8_text((struct span){value.text, value.len}, &len);
    return *out ? 0 : -ENOMEM;
}

int snapshot_of_result(
    struct snapshot *out, const struct result *result, const struct mask *mask)
{
    *out = (struct snapshot){0};
    int error = take_status(out, result->error, result->response.status);
    if (!error && out->has_head)
        error = take_known(&out->final_url, SELECTOR_FINAL_URL, result);
    if (!error && out->has_head)
        error = take_known(&out->issuer, SELECTOR_TLS_ISSUER, result);
    if (!error && out->has_head)
        error = add_head(out, &result->response, mask);
    return error;
}

/* --- from a record --- */

int snapshot_of_record(
    struct snapshot *out, const struct record *record, const struct mask *mask)
{
    struct span name, value;
    *out = (struct snapshot){0};
    const struct result *result = &record->result;
    int error = take_status(out, result->error, result->response.status);
    if (error || !out->has_head)
        return error;
    error = take_text(&out->final_url, record_final_url(record));
    if (!error)
        error = take_text(&out->issuer, record_issuer(record));
    for (size_t i = 0; !error && record_field(record, i, &name, &value); i++)
        error = add_field(out, mask, name, value);
    return error ? error : join_fields(out);
}

void snapshot_fini(struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->count; i++) {
        free(snapshot->fields[i].name);
        free(snapshot->fields[i].value);
    }
    free(snapshot->fields);
    free(snapshot->status);
    free(snapshot->final_url);
    free(snapshot->issuer);
    *snapshot = (struct snapshot){0};
}

/* --- differences --- */

bool snapshot_is_same(const struct snapshot *a, const struct snapshot *b)
{
    if (a->count != b->count || strcmp(a->status, b->status))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->fields[i].name, b->fields[i].name) ||
            strcmp(a->fields[i].value, b->fields[i].value))
            return false;
    return true;
}

static int compare_text(
    struct drift *out, const char *what, const char *before, const char *now)
{
    if (before == now || (before && now && !strcmp(before, now)))
        return 0;
    return drift_add(out, &(struct drift_change){(char *)what, false,
                              (char *)before, (char *)now});
}

/* One of them may be NULL: it is not there. */
static int compare_field(struct drift *out, const struct snapshot_field *before,
    const struct snapshot_field *now)
{
    if (before && now && !strcmp(before->value, now->value))
        return 0;
    return drift_add(
        out, &(struct drift_change){before ? before->name : now->name, true,
                 before ? before->value : NULL, now ? now->value : NULL});
}

static int compare_fields(struct drift *out, const struct snapshot *before,
    const struct snapshot *now)
{
    size_t i = 0, j = 0;
    int error = 0;
    while (!error && (i < before->count || j < now->count)) {
        int order = i == before->count ? 1
                    : j == now->count
                        ? -1
                        : strcmp(before->fields[i].name, now->fields[j].name);
        error = compare_field(out, order <= 0 ? &before->fields[i] : NULL,
            order >= 0 ? &now->fields[j] : NULL);
        i += order <= 0;
        j += order >= 0;
    }
    return error;
}

int snapshot_compare(const struct snapshot *before, const struct snapshot *now,
    struct drift *out)
{
    int error = compare_text(out, "status", before->status, now->status);
    if (error || !before->has_head || !now->has_head)
        return error;
    error = compare_text(out, "final URL", before->final_url, now->final_url);
    if (!error)
        error = compare_text(
            out, "certificate issuer", before->issuer, now->issuer);
    return error ? error : compare_fields(out, before, now);
}
