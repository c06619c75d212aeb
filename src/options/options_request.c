/*
 * options_request - arguments that go into a request.
 *
 * Nothing with a control character gets in: no argument can end a line of
 * the request.
 */
#include "options/options_value.h"

#include "options/options.h"
#include "text/base64.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int option_take_method(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    (void)row;
    if (!http_token_valid(argument, strlen(argument))) {
        *why = "is not a valid method";
        return -EINVAL;
    }
    options->method = argument;
    return 0;
}

static int header_append(
    struct options *options, const char *line, const char **why)
{
    struct http_field field;
    size_t count = options->field_count;

    *why = http_wish_parse(line, strlen(line), &field);
    if (*why)
        return -EINVAL;
    struct http_field *fields =
        reallocarray(options->fields, count + 1, sizeof *fields);
    if (!fields)
        return -ENOMEM;
    fields[count] = field;
    options->fields = fields;
    options->field_count = count + 1;
    return 0;
}

int option_take_header(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    char *text, *line;
    unsigned number = 0;

    (void)row;
    if (*argument != '@')
        return header_append(options, argument, why);
    int rc = option_secret_read(options, argument + 1, &text, why);
    while (rc == 0 && (line = option_line_cut(&text))) {
        number++;
        rc = *line ? header_append(options, line, why) : 0;
        if (rc == -EINVAL)
            options->wrong_line = number;
    }
    return rc;
}

int option_take_user_agent(struct options *options,
    const struct option_row *row, const char *argument, const char **why)
{
    (void)row;
    if (!http_value_valid(argument, strlen(argument))) {
        *why = "contains a control character";
        return -EINVAL;
    }
    options->user_agent = argument;
    return 0;
}

/* As curl reads it. */
static void drop_line_ends(char *text)
{
    char *end = text;

    for (; *text; text++)
        if (*text != '\n' && *text != '\r')
            *end++ = *text;
    *end = '\0';
}

int option_take_write_out(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    char *text;

    (void)row;
    options->write_out = argument;
    if (*argument != '@')
        return 0;
    int rc = option_secret_read(options, argument + 1, &text, why);
    if (rc < 0)
        return rc;
    drop_line_ends(text);
    options->write_out = text;
    return 0;
}

/* The first line of the file. */
static int user_read(struct options *options, const char *file,
    const char **user, const char **why)
{
    char *text;
    int rc = option_secret_read(options, file, &text, why);

    if (rc == 0)
        *user = option_line_cut(&text);
    return rc;
}

int option_take_user(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    bool in_file = *argument == '@';
    char *credentials;

    (void)row;
    if (in_file) {
        int rc = user_read(options, argument + 1, &argument, why);
        if (rc < 0)
            return rc;
    }
    *why = in_file ? "names a file whose first line is not USER:PASS"
                   : "is not USER:PASS";
    if (!strchr(argument, ':'))
        return -EINVAL;
    *why = in_file
               ? "names a file whose first line contains a control character"
               : "contains a control character";
    if (!http_value_valid(argument, strlen(argument)))
        return -EINVAL;
    credentials = basic_credentials(argument, strlen(argument));
    if (!credentials)
        return -ENOMEM;
    free(options->authorization);
    options->authorization = credentials;
    return 0;
}
