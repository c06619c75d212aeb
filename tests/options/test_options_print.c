/* The table, and what is printed of it. */
#include "options_speak.h"

#include "options/options_table.h"

#include <fcntl.h>

START_TEST(row_sound)
{
    const struct option_row *row = &option_rows[_i];

    ck_assert_msg((row->take != NULL) + (row->print != NULL) + row->helps == 1,
        "%s: one of them", row->name);
    ck_assert_msg(!(row->preset && row->argument), "%s", row->name);
    if (row->help)
        ck_assert_msg(row->help[strlen(row->help) - 1] != '.', "%s", row->help);
    for (size_t i = 0; i < (size_t)_i; i++) {
        ck_assert_str_ne(option_rows[i].name, row->name);
        ck_assert_msg(!row->letter || option_rows[i].letter != row->letter,
            "-%c twice", row->letter);
        ck_assert_msg(option_rows[i].group <= row->group, "%s", row->name);
    }
}
END_TEST

/* The argument's name of a choice is the names that can be chosen. */
START_TEST(row_choices)
{
    const struct option_row *row = &option_rows[_i];
    char names[256] = "";

    if (!row->choices || !row->argument)
        return;
    for (const struct option_choice *c = row->choices; c->name; c++)
        if (!c->unavailable) {
            strcat(names, *names ? "|" : "");
            strcat(names, c->name);
        }
    ck_assert_str_eq(row->argument, names);
}
END_TEST

START_TEST(help_tells_all)
{
    static struct spoken spoken;

    speak_line(&spoken, _i ? "-h all" : "--help all --nope");
    ck_assert_int_eq(spoken.outcome, OPTIONS_DONE);
    ck_assert_str_eq(spoken.err.text, "");
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        char label[128];
        snprintf(label, sizeof label, "%c%c%c --%s%s%s",
            row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
            row->letter ? ',' : ' ', row->name, row->argument ? " " : "",
            row->argument ? row->argument : "");
        ck_assert_msg(
            !strstr(spoken.out.text, label) == !row->help, "%s", label);
    }
    ck_assert_ptr_nonnull(strstr(spoken.out.text, "http:// or\nhttps:// URL"));
    char *rest = spoken.out.text;
    for (char *line; (line = strsep(&rest, "\n"));)
        ck_assert_msg(strlen(line) <= 80, "%s", line);
}
END_TEST

static int count_lines(const char *text)
{
    int count = 0;

    for (; (text = strchr(text, '\n')); text++)
        count++;
    return count;
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;

    for (; *text; text += strcspn(text, "\n") + 1)
        if (strcspn(text, "\n") > longest)
            longest = strcspn(text, "\n");
    return longest;
}

/* Thirty options in two screens, whatever comes behind. */
START_TEST(help_is_short)
{
    static const char *const lines[] = {
        "-h", "--help", "--help --nope", "a.test -h", "--help --", "--help -"};
    static struct spoken spoken;
    int common = 0;

    speak_line(&spoken, lines[_i]);
    ck_assert_int_eq(spoken.outcome, OPTIONS_DONE);
    ck_assert_int_le(count_lines(spoken.out.text), 48);
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        char name[64];
        common += row->brief != NULL;
        snprintf(name, sizeof name, " --%s ", row->name);
        if (row->brief)
            ck_assert_msg(strstr(spoken.out.text, name) != NULL, "%s", name);
    }
    ck_assert_int_eq(common, 30);
    ck_assert_ptr_nonnull(strstr(spoken.out.text, "afetch --help all"));
    ck_assert_uint_le(longest_line(spoken.out.text), 80);
    ck_assert_ptr_null(strstr(spoken.out.text, "--max-redirs"));
}
END_TEST

START_TEST(help_for_one)
{
    static const char *const lines[] = {"--help order", "--help --order",
        "-h order", "--help=order", "--help=--order"};
    static struct spoken spoken;

    speak_line(&spoken, lines[_i]);
    ck_assert_int_eq(spoken.outcome, OPTIONS_DONE);
    ck_assert_str_eq(spoken.out.text,
        "      --order arrival|done|input\n"
        "                             order of the output: lines as they "
        "arrive; "
        "by\n"
        "                             target, when it has ended; or as the "
        "list "
        "has them\n"
        "                             (default arrival)\n"
        "\nGroup: Concurrency.  In full: man afetch\n");
    speak_line(&spoken, _i ? "--help j" : "--help -j");
    ck_assert_ptr_nonnull(strstr(spoken.out.text, "--concurrency N"));
    speak_line(&spoken, "--help user");
    ck_assert_ptr_nonnull(strstr(spoken.out.text, "blanked out"));
}
END_TEST

START_TEST(help_for_none)
{
    static const struct {
        const char *line, *said;
    } lines[] = {
        {"--help ordr", "no option \"ordr\": did you mean --order?"},
        {"--help=--ordr", "no option \"--ordr\": did you mean --order?"},
        {"-h www.a.test", "no option \"www.a.test\"\n"},
        {"--help print-options", "no option \"print-options\""},
        {"--help=", "no option \"\""},
    };
    static struct spoken spoken;

    speak_line(&spoken, lines[_i].line);
    ck_assert_int_eq(spoken.outcome, OPTIONS_BAD);
    ck_assert_str_eq(spoken.out.text, "");
    ck_assert_msg(
        strstr(spoken.err.text, lines[_i].said) != NULL, "%s", spoken.err.text);
}
END_TEST

START_TEST(version_is_told)
{
    static struct spoken spoken;

    speak_line(&spoken, _i ? "-V" : "--version");
    ck_assert_int_eq(spoken.outcome, OPTIONS_DONE);
    ck_assert_str_eq(spoken.out.text, "afetch " AFETCH_VERSION "\n");
    ck_assert_str_eq(spoken.err.text, "");
}
END_TEST

/* What cannot be written is not a success. */
START_TEST(full_stdout)
{
    static const char *const lines[] = {
        "--help", "--version", "--print-options"};
    static struct spoken spoken;
    struct words words;
    struct options options;
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC), saved = dup(1);

    message_init(&words, lines[_i]);
    capture_begin(&spoken.err, STDERR_FILENO);
    dup2(full, STDOUT_FILENO);
    enum options_outcome outcome =
        options_parse(&options, words.argc, words.argv);
    dup2(saved, STDOUT_FILENO);
    capture_end(&spoken.err);
    close(saved);
    close(full);
    ck_assert_int_eq(outcome, OPTIONS_FAILED);
    ck_assert_str_eq(spoken.err.text,
        "afetch: cannot write to stdout: No space left on device\n");
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("options_print");

    tcase_add_loop_test(tcase, row_sound, 0, (int)option_row_count);
    tcase_add_loop_test(tcase, row_choices, 0, (int)option_row_count);
    tcase_add_loop_test(tcase, help_tells_all, 0, 2);
    tcase_add_loop_test(tcase, help_is_short, 0, 6);
    tcase_add_loop_test(tcase, help_for_one, 0, 5);
    tcase_add_loop_test(tcase, help_for_none, 0, 5);
    tcase_add_loop_test(tcase, version_is_told, 0, 2);
    tcase_add_loop_test(tcase, full_stdout, 0, 3);
    return run_case("options_print", tcase);
}
