/*
 * options_print - the table shown: to people (--help), to scripts
 * (--print-options).  The last error of stdio is the caller's to look at.
 */
#include "options/options_table.h"

#include <string.h>

enum { PAGE_WIDTH = 80, TEXT_COLUMN = 29 };

static const char HELP_HEAD[] =
    "Usage: afetch [OPTION]... [TARGET]...\n"
    "Fetch the HTTP response headers of many hosts at once.\n"
    "\n"
    "A TARGET is a host, host:port, [IPv6]:port, an address, or an http:// or\n"
    "https:// URL.\n"
    "Without any TARGET or -i, targets are read from stdin, one per line.\n";

static const char HELP_TAIL[] =
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

void options_print_help(FILE *out)
{
    const struct option_row *end = option_rows + option_row_count;

    fputs(HELP_HEAD, out);
    for (const struct option_row *row = option_rows; row < end; row++) {
        if (!row->help)
            continue;
        if (row == option_rows || row->group != row[-1].group)
            fprintf(out, "\n%s:\n", option_group_title(row->group));
        row_print(out, row);
    }
    fputs(HELP_TAIL, out);
}

void options_print_version(FILE *out)
{
    fputs("afetch " AFETCH_VERSION "\n", out);
}

/* The names that can be given, between "|". */
static void choices_print(FILE *out, const struct option_row *row)
{
    const char *between = "";

    if (!row->argument || !row->choices)
        fputc('-', out);
    else
        for (const struct option_choice *c = row->choices; c->name; c++)
            if (!c->unavailable) {
                fprintf(out, "%s%s", between, c->name);
                between = "|";
            }
}

void options_print_table(FILE *out)
{
    const struct option_row *end = option_rows + option_row_count;

    for (const struct option_row *row = option_rows; row < end; row++) {
        if (!row->help)
            continue;
        fprintf(out, "%s\t%c\t%s\t%s\t", row->name,
            row->letter ? row->letter : '-',
            row->argument ? row->argument : "-",
            row->initial ? row->initial : "-");
        choices_print(out, row);
        fprintf(out, "\t%s\t%s\t%s\n", row->repeatable ? "repeatable" : "-",
            option_group_title(row->group), row->help);
    }
}

bool options_ask_for_plugin(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--nagios") == 0)
            return true;
    return false;
}
