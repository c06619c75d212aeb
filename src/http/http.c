/*
 * http - see http.h.
 *
 * Every function looks at the bytes it is given and at nothing else; no byte
 * is read past a length, so a NUL is a byte like any other.
 */
#include "http/http.h"

#include "text/span.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* "HTTP/1.1 200", the part of a status line that is never absent. */
static const char status_form[] = "HTTP/d.d ddd";
enum { STATUS_FORM_LEN = sizeof status_form - 1, STATUS_PREFIX_LEN = 5 };

static bool status_form_fits(const char *line)
{
    for (size_t i = 0; i < STATUS_FORM_LEN; i++) {
        if (status_form[i] == 'd' ? !byte_is_digit(line[i])
                                  : line[i] != status_form[i])
            return false;
    }
    return line[9] != '0';
}

int http_status_parse(const char *line, size_t len, struct http_status *out)
{
    if (len < STATUS_FORM_LEN || !status_form_fits(line))
        return -EINVAL;
    const char *rest = line + STATUS_FORM_LEN;
    size_t rest_len = len - STATUS_FORM_LEN;
    if (rest_len > 0 && *rest != ' ')
        return -EINVAL;
    /* The SP before an absent reason is required, but often missing. */
    size_t space = rest_len > 0;
    *out = (struct http_status){
        .major = line[5] - '0',
        .minor = line[7] - '0',
        .code = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0',
        .reason = rest + space,
        .reason_len = rest_len - space,
    };
    return 0;
}

bool http_status_possible(const char *bytes, size_t len)
{
    if (len > STATUS_PREFIX_LEN)
        len = STATUS_PREFIX_LEN;
    return len == 0 || memcmp(bytes, status_form, len) == 0;
}

bool http_status_interim(const struct http_status *status)
{
    return status->code / 100 == 1 && status->code != 101;
}

/* What a fold is made of, in a stored head. */
static bool is_fold_byte(char c)
{
    return byte_is_blank(c) || c == '\n';
}

static void field_set_value(
    struct http_field *field, const char *begin, const char *end)
{
    while (begin < end && is_fold_byte(*begin))
        begin++;
    while (begin < end && is_fold_byte(end[-1]))
        end--;
    field->value = begin;
    field->value_len = (size_t)(end - begin);
}

static void field_set_bare(
    struct http_field *field, const char *line, const char *end)
{
    *field = (struct http_field){
        .kind = HTTP_BARE,
        .name = line,
        .name_len = (size_t)(end - line),
        .value = end,
    };
}

void http_field_parse(const char *line, size_t len, struct http_field *out)
{
    const char *end = line + len;
    bool fold = len > 0 && byte_is_blank(*line);
    /* A fold's name is empty, its first blank stands where a colon would. */
    const char *colon = fold ? line : memchr(line, ':', len);
    if (!colon) {
        field_set_bare(out, line, end);
        return;
    }
    out->kind = fold ? HTTP_FOLD : HTTP_FIELD;
    out->name = line;
    out->name_len = (size_t)(colon - line);
    field_set_value(out, colon + 1, end);
}

static const char *line_end(const char *line, const char *end)
{
    const char *lf = memchr(line, '\n', (size_t)(end - line));
    return lf ? lf : end;
}

static const char *line_after(const char *line_end, const char *end)
{
    return line_end < end ? line_end + 1 : end;
}

/* The end of a field whose first line ends at `stop`, folds included. */
static const char *field_end(const char *stop, const char *end)
{
    while (stop + 1 < end && byte_is_blank(stop[1]))
        stop = line_end(stop + 1, end);
    return stop;
}

void http_fields_init(struct http_fields *fields, const char *head, size_t len)
{
    *fields = (struct http_fields){NULL, NULL};
    if (len == 0)
        return;
    fields->end = head + len;
    fields->next = line_after(line_end(head, fields->end), fields->end);
}

bool http_fields_next(struct http_fields *fields, struct http_field *out)
{
    const char *line = fields->next;
    if (line == fields->end || *line == '\n')
        return false;
    const char *stop = line_end(line, fields->end);
    http_field_parse(line, (size_t)(stop - line), out);
    if (out->kind == HTTP_FIELD) {
        stop = field_end(stop, fields->end);
        field_set_value(out, out->name + out->name_len + 1, stop);
    } else {
        field_set_bare(out, line, stop);
    }
    fields->next = line_after(stop, fields->end);
    return true;
}

/* Has it a colon where the name's would be?  No fold begins with a letter. */
static bool may_be_named(
    const struct http_fields *fields, const char *name, size_t len)
{
    const char *line = fields->next;
    return (size_t)(fields->end - line) > len && line[len] == ':' &&
           (len == 0 || byte_lower(*line) == byte_lower(*name));
}

bool http_fields_next_named(struct http_fields *fields, const char *name,
    size_t name_len, struct http_field *out)
{
    while (fields->next < fields->end && *fields->next != '\n') {
        if (!may_be_named(fields, name, name_len))
            fields->next =
                line_after(line_end(fields->next, fields->end), fields->end);
        else if (http_fields_next(fields, out) && out->kind == HTTP_FIELD &&
                 out->name_len == name_len &&
                 strncasecmp(out->name, name, name_len) == 0)
            return true;
    }
    return false;
}

bool http_field_is(const struct http_field *field, const char *name)
{
    return field->kind == HTTP_FIELD && field->name_len == strlen(name) &&
           strncasecmp(field->name, name, field->name_len) == 0;
}

bool http_field_find(
    const char *head, size_t len, const char *name, struct http_field *out)
{
    struct http_fields fields;
    http_fields_init(&fields, head, len);
    return http_fields_next_named(&fields, name, strlen(name), out);
}

void http_value_init(struct http_value *value, const struct http_field *field)
{
    *value = (struct http_value){
        .next = field->value,
        .end = field->value + field->value_len,
    };
}

/*
 * The value begins and ends with bytes that stay, so what a fold leaves
 * behind is never the last chunk, and no chunk is empty.
 */
bool http_value_next(struct http_value *value)
{
    const char *begin = value->next;
    if (begin == value->end)
        return false;
    if (is_fold_byte(*begin)) {
        while (is_fold_byte(*value->next))
            value->next++;
        value->chunk = " ";
        value->chunk_len = 1;
        return true;
    }
    const char *stop = line_end(begin, value->end);
    while (stop < value->end && byte_is_blank(stop[-1]))
        stop--;
    value->chunk = begin;
    value->chunk_len = (size_t)(stop - begin);
    value->next = stop;
    return true;
}

void http_head_init(struct http_head *head, size_t max_bytes)
{
    *head = (struct http_head){.max_bytes = max_bytes};
}

static enum http_head_event head_first_line(
    struct http_head *head, const char *line, size_t len)
{
    if (http_status_parse(line, len, &head->status) < 0)
        return HTTP_HEAD_BAD_STATUS;
    head->status.reason = NULL; /* the line does not outlive this call */
    head->status.reason_len = 0;
    head->lines = 1;
    return HTTP_HEAD_STATUS;
}

enum http_head_event http_head_line(
    struct http_head *head, const char *line, size_t len, size_t wire_bytes)
{
    head->bytes += wire_bytes;
    if (head->bytes > head->max_bytes)
        return HTTP_HEAD_TOO_LARGE;
    if (head->lines == 0)
        return head_first_line(head, line, len);
    if (len == 0)
        return HTTP_HEAD_END;
    if (++head->lines > HTTP_LINES_MAX)
        return HTTP_HEAD_TOO_MANY;
    return HTTP_HEAD_FIELD;
}
