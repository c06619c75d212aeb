/*
 * options_request - arguments that go into a request.
 *
 * Nothing with a control character gets in: no argument can end a line of
 * the request.
 */
#include "options_value.h"

#include "basic.h"
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int option_take_method(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    (void)row;
    if (!http_token_valid(argument, strlen(argument))) {
        *why = "is not a method";
        return -EINVAL;
    }
    options->method = argument;
    return 0;
}

int option_take_header(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    struct http_field field;
    size_t count = options->field_count;

    (void)row;
    *why = http_wish_parse(argument, strlen(argument), &field);
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

int option_take_user_agent(struct options *options,
    const struct option_row *row, const char *argument, const char **why)
{
    (void)row;
    if (!http_value_valid(argument, strlen(argument))) {
        *why = "holds a control character";
        return -EINVAL;
    }
    options->user_agent = argument;
    return 0;
}

int option_take_user(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    size_t len = strlen(argument);
    char *credentials;

    (void)row;
    *why = "is not USER:PASS";
    if (!strchr(argument, ':'))
        return -EINVAL;
    *why = "holds a control character";
    if (!http_value_valid(argument, len))
        return -EINVAL;
    credentials = basic_credentials(argument, len);
    if (!credentials)
        return -ENOMEM;
    free(options->authorization);
    options->authorization = credentials;
    return 0;
}
