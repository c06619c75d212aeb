/*
 * checks - see checks.h.
 *
 * Invariant: nothing is fetched before the last rule is known to be right.
 */
#include "crawl/checks.h"

#include "exit.h"
#include "options/options.h"
#include "report/report.h"

#include <errno.h>
#include <string.h>

static int add_expression(
    struct rules *rules, const char *option, const char *text)
{
    struct expression_fault fault;
    int error = rules_add(rules, (struct span){text, strlen(text)}, &fault);
    if (error == -ENOMEM)
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    if (error) {
        struct exit_text shown = {text, strlen(text), fault.at};
        return fatal_at(
            EXIT_USAGE, &shown, "option --%s: %s", option, fault.text);
    }
    return 0;
}

int checks_open(struct rules *rules, const struct options *options)
{
    int error = 0;
    if (options->fail)
        error = add_expression(rules, "fail", "status < 400");
    for (size_t i = 0; i < options->expect.count && !error; i++)
        error = add_expression(rules, "expect", options->expect.items[i]);
    return error;
}

unsigned checks_wants(const struct rules *rules)
{
    return rules->count ? REPORT_WANTS_HEAD | REPORT_WANTS_TLS : 0;
}

void checks_warn(const struct rules *rules)
{
    const struct rule *rule;
    size_t i = 0;
    while ((rule = rules_unmet(rules, &i)))
        warn("no target was judged by: %s", expression_text(rule->expression));
}
