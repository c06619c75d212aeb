/*
 * options_settle - what options mean together, once all were read.
 */
#include "options/options_settle.h"

#include "options/options_error.h"
#include "options/options_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool stdin_is_list(const struct options *options)
{
    for (size_t i = 0; i < options->input_files.count; i++)
        if (strcmp(options->input_files.items[i], "-") == 0)
            return true;
    return false;
}

static bool reads_records(const struct options *options)
{
    return options->summarize || options->check;
}

/* One that asks for checks; NULL: none does. */
static const char *judging_option(const struct options *options)
{
    return options->fail           ? "fail"
           : options->expect.count ? "expect"
           : options->rules.count  ? "rules"
           : options->baseline     ? "baseline"
           : options->odd_one_out  ? "odd-one-out"
                                   : NULL;
}

/* --summarize and --check read records instead of a list. */
static enum options_outcome records_settle(const struct options *options)
{
    const char *judging = judging_option(options);
    if (options->summarize && options->check)
        return option_usage_error("--check cannot be used with --summarize");
    if (options->plan && reads_records(options))
        return option_usage_error("--plan cannot be used with --%s",
            options->check ? "check" : "summarize");
    if (options->summarize && judging)
        return option_usage_error(
            "--%s cannot be used with --summarize", judging);
    if (options->check && !judging)
        return option_usage_error("--check needs --expect, --rules or --fail");
    if (reads_records(options) && options->input_files.count)
        return option_usage_error("--%s reads its targets, not --input-file",
            options->check ? "check" : "summarize");
    return OPTIONS_RUN;
}

/* Where targets come from and records go when the user did not say. */
static enum options_outcome ends_settle(struct options *options)
{
    if (options->output_file && strcmp(options->output_file, "-") == 0)
        options->output_file = NULL;
    enum options_outcome outcome = records_settle(options);
    if (outcome != OPTIONS_RUN)
        return outcome;
    if (options->stdin_taken && stdin_is_list(options))
        return option_usage_error(
            "stdin is already the target list; @- cannot read it too");
    if (options->targets.count || options->input_files.count)
        return OPTIONS_RUN;
    if (options->stdin_taken || isatty(STDIN_FILENO))
        return option_usage_error(
            "no target: name one, or a list with --input-file");
    if (option_list_append(
            reads_records(options) ? &options->targets : &options->input_files,
            "-") < 0)
        return option_memory_error();
    return OPTIONS_RUN;
}

/* What is held waits, which a comparison of times must not. */
static enum options_outcome order_settle(const struct options *options)
{
    if (options->versus_serial && options->odd_one_out)
        return option_usage_error(
            "--odd-one-out cannot be used with --versus-serial");
    if (options->versus_serial && options->baseline)
        return option_usage_error(
            "--baseline cannot be used with --versus-serial");
    if (!options->baseline && !options->odd_one_out && !options->changes &&
        (options->ignore.count || options->ignore_none))
        return option_usage_error("--ignore and --ignore-none need --baseline, "
                                  "--changes or --odd-one-out");
    if (!options->baseline && !options->odd_one_out && options->learn)
        return option_usage_error("--learn needs --baseline or --odd-one-out");
    if (options->versus_serial && options->threads != 1)
        return option_usage_error(
            "--threads cannot be used with --versus-serial");
    if (options->versus_serial && options->order != ORDER_ARRIVAL)
        return option_usage_error(
            "--versus-serial compares times; --order done and "
            "input cannot be used with it");
    return OPTIONS_RUN;
}

/* Which of --count, --interval, --changes and --until there is. */
static const char *rounds_option(const struct options *options)
{
    return options->until          ? "until"
           : options->changes      ? "changes"
           : options->count        ? "count"
           : options->has_interval ? "interval"
                                   : NULL;
}

/* What is said once of each target, or of the list as a whole. */
static const char *rounds_rival(const struct options *options)
{
    return options->versus_serial  ? "versus-serial"
           : options->odd_one_out  ? "odd-one-out"
           : options->baseline     ? "baseline"
           : options->resume.count ? "resume"
           : options->summarize    ? "summarize"
           : options->check        ? "check"
                                   : NULL;
}

static enum options_outcome rounds_settle(const struct options *options)
{
    const char *asked = rounds_option(options);
    const char *rival = rounds_rival(options);
    bool hides = options->until || options->changes;
    if (asked && rival)
        return option_usage_error(
            "--%s cannot be used with --%s", asked, rival);
    if (options->until && (options->count || options->changes))
        return option_usage_error("--until cannot be used with --%s",
            options->count ? "count" : "changes");
    if (options->until && !judging_option(options))
        return option_usage_error("--until needs --expect, --rules or --fail");
    if (hides && options->order == ORDER_INPUT)
        return option_usage_error(
            "--order input cannot be used with --%s", asked);
    if (asked && options->prometheus && !options->until)
        return option_usage_error(
            "--prometheus cannot be used with --%s: a series has one value",
            asked);
    return OPTIONS_RUN;
}

/* Targets that are left out would count as gone, or as never run. */
static const char *resume_rival(const struct options *options)
{
    return options->summarize       ? "summarize"
           : options->check         ? "check"
           : options->versus_serial ? "versus-serial"
           : options->baseline      ? "baseline"
           : options->odd_one_out   ? "odd-one-out"
                                    : NULL;
}

static enum options_outcome resume_settle(const struct options *options)
{
    const char *rival = resume_rival(options);
    if (!options->resume.count && options->only_failed)
        return option_usage_error("--only-failed needs --resume");
    if (options->resume.count && rival)
        return option_usage_error("--resume cannot be used with --%s", rival);
    return OPTIONS_RUN;
}

/* What is set for all programs is set by others: it is named. */
static enum options_outcome proxies_settle(struct options *options)
{
    struct proxies_fault fault;
    int rc = proxies_complete(&options->proxies, getenv, &fault);

    if (rc == -ENOMEM)
        return option_memory_error();
    if (rc < 0)
        return option_usage_error(
            "environment variable %s: its value %s", fault.variable, fault.why);
    return OPTIONS_RUN;
}

enum options_outcome options_settle(struct options *options)
{
    enum options_outcome outcome = ends_settle(options);
    if (outcome == OPTIONS_RUN)
        outcome = order_settle(options);
    if (outcome == OPTIONS_RUN)
        outcome = rounds_settle(options);
    if (outcome == OPTIONS_RUN)
        outcome = resume_settle(options);
    if (outcome == OPTIONS_RUN)
        outcome = proxies_settle(options);
    return outcome;
}
