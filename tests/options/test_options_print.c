/* The table, and what is printed of it. */
#include "options_speak.h"

#include "options/options_table.h"

#include <fcntl.h>

START_TEST(row_sound)
{
    const struct option_row *row = &option_rows[_i];

    ck_assert_msg(!row->take != !row->print, "%s: one of both", row->name);
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

    speak_line(&spoken, _i ? "-h" : "--help --nope");
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
    Suite *suite = suite_create("options_print");
    TCase *tcase = tcase_create("options_print");

    tcase_add_loop_test(tcase, row_sound, 0, (int)option_row_count);
    tcase_add_loop_test(tcase, row_choices, 0, (int)option_row_count);
    tcase_add_loop_test(tcase, help_tells_all, 0, 2);
    tcase_add_loop_test(tcase, version_is_told, 0, 2);
    tcase_add_loop_test(tcase, full_stdout, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
