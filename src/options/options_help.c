/*
 * options_help - see options_help.h.
 *
 * Invariant: what is shown of an option is its row of the table, nothing else.
 */
#include "options/options_help.h"

#include "options/options_table.h"

#include <string.h>

enum { PAGE_WIDTH = 80, TEXT_COLUMN = 29, BRIEF_COLUMN = 39 };

static const char HELP_HEAD[] =
    "Usage: afetch [OPTION]... [TARGET]...\n"
    "Fetch the HTTP response headers of many hosts at once.\n"
    "\n"
    "A TARGET is a host, host:port, [IPv6]:port, an address, or an http:// or\n"
    "https:// URL.\n"
    "Without any TARGET or -i, targets are read from stdin, one per line.\n";

static const char SHORT_TAIL[] =
    "\nAll options: afetch --help all; one of them: afetch --help NAME\n";

static const char ALL_TAIL[] =
    "\n"
    "Exit status: 0 headers of every target received, 1 a target failed,\n"
    "2 usage error, 3 afetch itself failed, 128+N ended by signal N.\n"
    "\n"
    "Examples: headers of two servers; names of the targets of a list that "
    "failed\n"
    "  afetch www.example.com 192.0.2.7:8080\n"
    "  afetch -i hosts.txt --json | jq -r 'select(.error).input'\n";

/* "  -j, --concurrency N"; returns its width. */
static int label_print(FILE *out, const struct option_row *row)
{
    int width = row->letter ? fprintf(out, "  -%c, ", row->letter)
                            : fprintf(out, "      ");

    width += fprintf(out, "--%s", row->name);
    if (row->argument)
        width += fprintf(out, " %s", row->argument);
    return width;
}

/* Words from TEXT_COLUMN to PAGE_WIDTH, beginning at `column`. */
static void text_print(FILE *out, const char *text, int column)
{
    if (column + 2 > TEXT_COLUMN)
        column = fprintf(out, "\n") - 1;
    fprintf(out, "%*s", TEXT_COLUMN - column, "");
    column = TEXT_COLUMN;
    while (*text) {
        int word = (int)strcspn(text, " ");
        int space = column > TEXT_COLUMN;
        if (column + space + word > PAGE_WIDTH) {
            fprintf(out, "\n%*s", TEXT_COLUMN, "");
            column = TEXT_COLUMN;
            space = 0;
        }
        column += fprintf(out, "%*s%.*s", space, "", word, text);
        text += word + (text[word] == ' ');
    }
    fputc('\n', out);
}

static void row_print(FILE *out, const struct option_row *row)
{
    char text[512];
    int width = label_print(out, row);

    snprintf(text, sizeof text, "%s%s%s%s%s", row->help,
        row->initial ? " (default " : "", row->initial ? row->initial : "",
        row->initial ? ")" : "", row->repeatable ? " (repeatable)" : "");
    text_print(out, text, width);
}

static void heading_print(FILE *out, const struct option_row *row)
{
    if (row == option_rows || row->group != row[-1].group)
        fprintf(out, "\n%s:\n", option_group_title(row->group));
}

static void all_print(FILE *out)
{
    const struct option_row *end = option_rows + option_row_count;

    fputs(HELP_HEAD, out);
    for (const struct option_row *row = option_rows; row < end; row++)
        if (row->help) {
            heading_print(out, row);
            row_print(out, row);
        }
    fputs(ALL_TAIL, out);
}

/* One line, with the default if there is room. */
static void brief_print(FILE *out, const struct option_row *row)
{
    int column = label_print(out, row);

    column += fprintf(out, "%*s%s", BRIEF_COLUMN - column, "", row->brief);
    if (row->initial && column + (int)strlen(row->initial) + 11 <= PAGE_WIDTH)
        fprintf(out, " (default %s)", row->initial);
    fputc('\n', out);
}

static void short_print(FILE *out)
{
    const struct option_row *end = option_rows + option_row_count;

    fputs(HELP_HEAD, out);
    fputc('\n', out);
    for (const struct option_row *row = option_rows; row < end; row++)
        if (row->brief)
            brief_print(out, row);
    fputs(SHORT_TAIL, out);
}

static void one_print(FILE *out, const struct option_row *row)
{
    row_print(out, row);
    if (row->choices && row->argument)
        for (const struct option_choice *c = row->choices; c->name; c++)
            if (c->unavailable)
                fprintf(out, "%*s%s: %s\n", TEXT_COLUMN, "", c->name,
                    c->unavailable);
    if (row->secret)
        text_print(out,
            "The argument is blanked out where others could read it (ps).", 0);
    fprintf(out, "\nGroup: %s.  In full: man afetch\n",
        option_group_title(row->group));
}

const struct option_row *option_help_find(const char *topic)
{
    size_t dashes = strspn(topic, "-");

    for (size_t i = 0; i < option_row_count && dashes <= 2; i++) {
        const struct option_row *row = &option_rows[i];
        const char letter[] = {row->letter, '\0'};
        bool is_letter = dashes < 2 && row->letter;
        if (row->help && ((dashes != 1 && !strcmp(topic + dashes, row->name)) ||
                             (is_letter && !strcmp(topic + dashes, letter))))
            return row;
    }
    return NULL;
}

bool option_help_print(FILE *out, const char *topic)
{
    const struct option_row *row = topic ? option_help_find(topic) : NULL;

    if (!topic)
        short_print(out);
    else if (!strcmp(topic, "all"))
        all_print(out);
    else if (row)
        one_print(out, row);
    return !topic || row || !strcmp(topic, "all");
}
