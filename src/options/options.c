/*
 * options - the command line, read by getopt_long as the table says.
 *
 * Every step returns an outcome; OPTIONS_RUN goes on to the next one, any
 * other has said its words and ends the reading.
 */
#include "options/options.h"

#include "options/options_error.h"
#include "options/options_help.h"
#include "options/options_hint.h"
#include "options/options_settle.h"
#include "options/options_table.h"
#include "options/options_value.h"
#include "text/escape.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 200 }; /* bytes of the command line in a message */

/* What getopt_long returns: an argument that is no option; a long option,
 * which is LONG_BASE and its row's number; else a letter. */
enum { PLAIN = 1, LONG_BASE = 256 };

struct grammar {
    struct option longs[OPTION_ROWS_MAX + 1];
    char letters[2 + 2 * OPTION_ROWS_MAX + 1];
};

/* Text in a form that stays on its line. */
struct shown {
    char text[ESCAPE_LEN * SHOWN_MAX + sizeof "..."];
};

static struct shown show_part(const char *text, size_t size)
{
    struct shown shown;
    size_t part = size < SHOWN_MAX ? size : SHOWN_MAX;
    size_t len = escape_quote(shown.text, sizeof shown.text, text, part);

    strcpy(shown.text + len, part < size ? "..." : "");
    return shown;
}

static struct shown show_word(const char *text)
{
    return show_part(text, strlen(text));
}

/* What was printed is whole, or not. */
static enum options_outcome print_end(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return OPTIONS_DONE;
    fprintf(stderr, "afetch: cannot write to stdout: %s\n", strerror(errno));
    return OPTIONS_FAILED;
}

/* The leading '-' has getopt hand out the targets in their place, whatever
 * POSIXLY_CORRECT says; the ':' has it tell a missing argument apart. */
static void grammar_init(struct grammar *grammar)
{
    char *letter = grammar->letters;

    letter = stpcpy(letter, "-:");
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        int has_argument = row->argument ? required_argument
                           : row->helps  ? optional_argument
                                         : no_argument;
        grammar->longs[i] =
            (struct option){row->name, has_argument, NULL, LONG_BASE + (int)i};
        if (row->letter) {
            *letter++ = row->letter;
            letter = stpcpy(letter, row->argument ? ":" : "");
        }
    }
    *letter = '\0';
    grammar->longs[option_row_count] = (struct option){0};
}

/* The row of what getopt_long returned; NULL when it is none's. */
static const struct option_row *row_find(int code)
{
    if (code >= LONG_BASE)
        return &option_rows[code - LONG_BASE];
    for (size_t i = 0; code > 0 && i < option_row_count; i++)
        if (option_rows[i].letter == code)
            return &option_rows[i];
    return NULL;
}

/* The name of a file with secrets is none. */
static bool names_file(const struct option_row *row, const char *argument)
{
    return *argument == '@' && strstr(row->argument, "@FILE");
}

/* A secret is not shown, be it an argument or a file's line. */
static enum options_outcome argument_error(const struct options *options,
    const struct option_row *row, const char *argument, const char *why)
{
    if (row->secret && !names_file(row, argument))
        return option_usage_error(
            "option --%s: its argument %s", row->name, why);
    if (options->wrong_line)
        return option_usage_error("option --%s: %s:%u: %s", row->name,
            show_word(argument + 1).text, options->wrong_line, why);
    return option_usage_error(
        "option --%s: \"%s\" %s", row->name, show_word(argument).text, why);
}

static enum options_outcome row_apply(
    struct options *options, const struct option_row *row, const char *argument)
{
    const char *why = NULL;
    int rc;

    if (row->print) {
        row->print(stdout);
        return print_end();
    }
    rc = row->take(options, row, row->preset ? row->preset : argument, &why);
    if (rc == -ENOMEM)
        return option_memory_error();
    return rc < 0 ? argument_error(options, row, argument, why) : OPTIONS_RUN;
}

/* What is secret does not stay where others can read it. */
static enum options_outcome argument_apply(
    struct options *options, const struct option_row *row, char *argument)
{
    if (row->secret && !names_file(row, argument)) {
        argument = option_secret_hide(options, argument);
        if (!argument)
            return option_memory_error();
    }
    return row_apply(options, row, argument);
}

static enum options_outcome defaults_apply(struct options *options)
{
    enum options_outcome outcome = OPTIONS_RUN;

    *options = (struct options){0};
    for (size_t i = 0; i < option_row_count && outcome == OPTIONS_RUN; i++)
        if (option_rows[i].initial)
            outcome =
                row_apply(options, &option_rows[i], option_rows[i].initial);
    return outcome;
}

static enum options_outcome unknown_error(struct span written)
{
    char hint[OPTION_HINT_MAX];

    option_hint(written, hint);
    return option_usage_error("unknown option \"%s\"%s%s",
        show_part(written.at, written.len).text, *hint ? ": " : "", hint);
}

/* A long option that getopt did not know, or knew too many of.  Its argument
 * may be a password, so it is not shown. */
static enum options_outcome long_error(const char *written)
{
    size_t len = strcspn(written, "=");
    char candidates[SHOWN_MAX] = "";
    int found = 0;

    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        size_t used = strlen(candidates);
        if (!row->help || strncmp(row->name, written + 2, len - 2) != 0)
            continue;
        snprintf(candidates + used, sizeof candidates - used, "%s--%s",
            found++ ? ", " : "", row->name);
    }
    if (found > 1)
        return option_usage_error("option \"%s\" is ambiguous: %s",
            show_part(written, len).text, candidates);
    return unknown_error((struct span){written, len});
}

/* getopt_long's '?' and ':'; `written` is the word it was in. */
static enum options_outcome syntax_error(int code, const char *written)
{
    const struct option_row *row = row_find(optopt);
    const char letter[] = {'-', (char)optopt, '\0'};

    if (row && code == ':')
        return option_usage_error(
            "option --%s: requires an argument (%s)", row->name, row->argument);
    if (row)
        return option_usage_error("option --%s: takes no argument", row->name);
    if (optopt == 0)
        return long_error(written);
    return unknown_error((struct span){letter, 2});
}

static enum options_outcome target_append(
    struct options *options, const char *target)
{
    if (option_list_append(&options->targets, target) < 0)
        return option_memory_error();
    return OPTIONS_RUN;
}

/* getopt has an argument that may be missing only behind "=". */
static enum options_outcome help_print(const char *topic, const char *next)
{
    char hint[OPTION_HINT_MAX], word[SHOWN_MAX];
    bool is_option = next && *next == '-';

    if (!topic && next && (!is_option || option_help_find(next)))
        topic = next;
    if (option_help_print(stdout, topic))
        return print_end();
    snprintf(word, sizeof word, "--%s", topic + strspn(topic, "-"));
    option_hint((struct span){word, strlen(word)}, hint);
    return option_usage_error("--help: no option \"%s\"%s%s",
        show_word(topic).text, *hint ? ": " : "", hint);
}

/* Of a word that getopt has not begun to take apart; `seen` is its place. */
static enum options_outcome word_check(int argc, char **argv, int *seen)
{
    int at = optind ? optind : 1;
    const char *hint =
        at != *seen && at < argc ? option_word_hint(argv[at]) : NULL;

    *seen = at;
    return hint ? option_usage_error("unknown option \"%s\": %s",
                      show_word(argv[at]).text, hint)
                : OPTIONS_RUN;
}

static enum options_outcome arguments_read(
    struct options *options, int argc, char **argv)
{
    enum options_outcome outcome = OPTIONS_RUN;
    struct grammar grammar;
    int code, seen = 0;

    grammar_init(&grammar);
    optind = 0; /* GNU: begin anew */
    opterr = 0;
    while (outcome == OPTIONS_RUN) {
        outcome = word_check(argc, argv, &seen);
        if (outcome != OPTIONS_RUN)
            break;
        code = getopt_long(argc, argv, grammar.letters, grammar.longs, NULL);
        if (code == -1)
            break;
        if (code == PLAIN)
            outcome = target_append(options, optarg);
        else if (code == '?' || code == ':')
            outcome = syntax_error(code, argv[optind - 1]);
        else if (row_find(code)->helps)
            outcome = help_print(optarg, argv[optind]);
        else
            outcome = argument_apply(options, row_find(code), optarg);
    }
    while (outcome == OPTIONS_RUN && optind < argc)
        outcome = target_append(options, argv[optind++]);
    return outcome;
}

/* They are fetched all the same: it may be meant. */
static void tell_odd_targets(const struct options *options)
{
    for (size_t i = 0; i < options->targets.count; i++) {
        const char *target = options->targets.items[i];
        const char *hint = target_hint(target);
        if (hint)
            fprintf(stderr, "afetch: target \"%s\": %s\n",
                show_word(target).text, hint);
    }
}

enum options_outcome options_parse(
    struct options *options, int argc, char **argv)
{
    enum options_outcome outcome = defaults_apply(options);

    if (outcome == OPTIONS_RUN)
        outcome = arguments_read(options, argc, argv);
    if (outcome == OPTIONS_RUN)
        outcome = options_settle(options);
    if (outcome != OPTIONS_RUN)
        options_fini(options);
    else if (!options->silent && !options->summarize && !options->check)
        tell_odd_targets(options);
    return outcome;
}

void options_fini(struct options *options)
{
    for (size_t i = 0; i < options->resolve_rule_count; i++)
        resolve_rule_fini(&options->resolve_rules[i]);
    for (size_t i = 0; i < options->connect_rule_count; i++)
        connect_rule_fini(&options->connect_rules[i]);
    free(options->resolve_rules);
    free(options->connect_rules);
    proxies_fini(&options->proxies);
    free(options->fields);
    option_secrets_fini(options);
    if (options->authorization)
        explicit_bzero(options->authorization, strlen(options->authorization));
    free(options->authorization);
    free(options->targets.items);
    free(options->input_files.items);
    free(options->files_read.items);
    free(options->expect.items);
    free(options->rules.items);
    free(options->ignore.items);
    free(options->resume.items);
    *options = (struct options){0};
}
