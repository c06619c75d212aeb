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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 4 * 1024 * 1024 };

/* --- expressions --- */

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

/* --- files of them --- */

/* All of a file, at most so much; NULL, and errno says why. */
static char *read_whole(const char *name, size_t *len)
{
    FILE *file = fopen(name, "re");
    char *text = file ? malloc(FILE_MAX) : NULL;
    *len = text ? fread(text, 1, FILE_MAX, file) : 0;
    int error = !text ? errno : ferror(file) ? errno : 0;
    if (!error && *len == FILE_MAX)
        error = EFBIG;
    if (file)
        fclose(file);
    if (!error)
        return text;
    free(text);
    errno = error;
    return NULL;
}

static int tell_fault(const char *name, const struct rules_fault *fault)
{
    const struct expression_fault *what = &fault->fault;
    struct exit_text shown = {fault->text.at, fault->text.len, what->at};
    if (!fault->line)
        return fatal(EXIT_USAGE, "%s: %s", name, what->text);
    return fatal_at(
        EXIT_USAGE, &shown, "%s:%zu: %s", name, fault->line, what->text);
}

static int add_file(struct rules *rules, const char *name)
{
    struct rules_fault fault;
    size_t len;
    char *text = read_whole(name, &len);
    if (!text)
        return fatal(EXIT_USAGE, "cannot read %s: %s", name, strerror(errno));
    rules->file = name;
    int error = rules_read(rules, (struct span){text, len}, &fault);
    rules->file = NULL;
    if (error == -EINVAL)
        error = tell_fault(name, &fault);
    else if (error)
        error = fatal(EXIT_CANNOT_GO_ON, "out of memory");
    free(text);
    return error;
}

/* --- all of them --- */

static int add_expected(struct rules *rules, const char *text)
{
    return *text == '@' ? add_file(rules, text + 1)
                        : add_expression(rules, "expect", text);
}

int checks_open(struct rules *rules, const struct options *options)
{
    int error = 0;
    if (options->fail)
        error = add_expression(rules, "fail", "status < 400");
    for (size_t i = 0; i < options->expect.count && !error; i++)
        error = add_expected(rules, options->expect.items[i]);
    for (size_t i = 0; i < options->rules.count && !error; i++)
        error = add_file(rules, options->rules.items[i]);
    return error;
}

int checks_open_of_records(struct rules *rules, const struct options *options)
{
    int error = checks_open(rules, options);
    if (!error && rules->columns)
        return fatal(EXIT_USAGE,
            "--check: a rule has $%u, but records have no columns of a list",
            rules->columns);
    if (!error && rules->wants_certs)
        return fatal(EXIT_USAGE,
            "--check: a rule asks for certs, which records do not have");
    return error;
}

unsigned checks_wants(const struct rules *rules)
{
    unsigned certs = rules->wants_certs ? REPORT_WANTS_CERTS : 0;
    return rules->count ? REPORT_WANTS_HEAD | REPORT_WANTS_TLS | certs : 0;
}

void checks_warn(const struct rules *rules)
{
    const struct rule *rule;
    size_t i = 0;
    while ((rule = rules_unmet(rules, &i)))
        warn("no target was judged by: %s", rule_text(rule));
}
