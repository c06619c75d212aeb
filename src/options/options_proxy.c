/*
 * options_proxy - arguments about proxies.
 */
#include "options/options_value.h"

#include "options/options.h"

int option_take_proxy(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    (void)row;
    return proxies_give(&options->proxies, argument, why);
}

int option_take_noproxy(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    (void)row;
    (void)why;
    options->proxies.except = argument;
    return 0;
}
