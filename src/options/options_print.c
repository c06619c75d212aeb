/*
 * options_print - the table shown to scripts (--print-options), and the
 * version. The last error of stdio is the caller's to look at.
 */
#include "options/options_table.h"

#include <string.h>

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
