/* Command lines that are wrong: what is said of them, to the letter. */
#include "options_speak.h"

#include "options/options_table.h"
#include "text/escape.h"

#define WHOLE "is not a positive whole number"
#define SECONDS "is not a positive number of seconds"
#define BYTES "is not a positive number of bytes (K and M are allowed)"
#define RATE "is not a positive whole number, with /s, /m or /h"
#define SERVERS "is not a list of IP, IP:PORT or [IPv6]:PORT"
#define ZONE "has a link-local address, which needs a zone, as in fe80::1%eth0"
#define RESOLVE "is not HOST:PORT:ADDR[,ADDR]"
#define CONNECT "is not HOST1:PORT1:HOST2:PORT2 (IPv6 in brackets)"
#define BAD_HOST "has a host that is neither an ASCII name nor an IP address"
#define BAD_PORT "has a port that is not 1 to 65535"
#define BAD_ADDRESS "has an address that is not IPv4 or IPv6"
#define SHARD "is not I/N (I from 1 to N, N at most 1000000), auto or auto/N"

/* An argument that its option refuses. */
static const struct bad {
    const char *option, *argument, *why;
} bad[] = {
    {"concurrency", "abc", WHOLE},
    {"concurrency", "", WHOLE},
    {"concurrency", "0", WHOLE},
    {"concurrency", "-1", WHOLE},
    {"concurrency", "+1", WHOLE},
    {"concurrency", "1x", WHOLE},
    {"concurrency", "1.5", WHOLE},
    {"concurrency", " 1", WHOLE},
    {"concurrency", "1 ", WHOLE},
    {"concurrency", "0x10", WHOLE},
    {"concurrency", "1000001", "is more than 1000000"},
    {"concurrency", "4294967297", "is more than 1000000"},
    {"concurrency", "18446744073709551617", "is more than 1000000"},
    {"rate", "", RATE},
    {"rate", "0", RATE},
    {"rate", "1.5", RATE},
    {"rate", "/s", RATE},
    {"rate", "5/d", RATE},
    {"rate", "5/ms", RATE},
    {"rate", "5s", RATE},
    {"rate", "-5", RATE},
    {"rate", "1000001", "is more than 1000000"},
    {"deadline", "0", SECONDS},
    {"retry", "x", "is not a whole number"},
    {"rounds", "0", WHOLE},
    {"rounds", "two", WHOLE},
    {"input-file", "", "is empty"},
    {"output", "", "is empty"},
    {"cacert", "", "is empty"},
    {"shard", "3/2", SHARD},
    {"shard", "2", SHARD},
    {"shard", "1/1000001", SHARD},
    {"order", "arriva", "is not arrival, done or input"},
    {"order", "", "is not arrival, done or input"},

    {"max-time", "0", SECONDS},
    {"max-time", "0.0", SECONDS},
    {"max-time", "0.0000000001", SECONDS},
    {"max-time", ".", SECONDS},
    {"max-time", "", SECONDS},
    {"max-time", "-1", SECONDS},
    {"max-time", "1,5", SECONDS},
    {"max-time", "1.5s", SECONDS},
    {"max-time", "1.2.3", SECONDS},
    {"max-time", "1e3", SECONDS},
    {"max-time", "inf", SECONDS},
    {"max-time", "nan", SECONDS},
    {"max-time", "1000001", "is more than 1000000 seconds"},
    {"max-time", "1000000.1", "is more than 1000000 seconds"},
    {"max-time", "18446744073709551626", "is more than 1000000 seconds"},
    {"connect-timeout", "0", SECONDS},
    {"connect-timeout", "soon", SECONDS},

    {"dns-servers", "", SERVERS},
    {"dns-servers", "ns.example", SERVERS},
    {"dns-servers", "127.0.0.1,", SERVERS},
    {"dns-servers", ",127.0.0.1", SERVERS},
    {"dns-servers", "127.0.0.1, 127.0.0.2", SERVERS},
    {"dns-servers", "127.1", SERVERS},
    {"dns-servers", "127.0.0.1:", SERVERS},
    {"dns-servers", "127.0.0.1:0", SERVERS},
    {"dns-servers", "127.0.0.1:65536", SERVERS},
    {"dns-servers", "127.0.0.1:053", SERVERS},
    {"dns-servers", "127.0.0.1:53x", SERVERS},
    {"dns-servers", "[127.0.0.1]:53", SERVERS},
    {"dns-servers", "[::1", SERVERS},
    {"dns-servers", "[::1]53", SERVERS},
    {"dns-servers", "[::1]:", SERVERS},
    {"dns-servers", "[::1]:53:53", SERVERS},
    {"dns-servers", "fe80::1%none", SERVERS},
    {"dns-servers", "[fe80::1%none]:53", SERVERS},
    {"dns-servers", "fe80::1%", SERVERS},
    {"dns-servers", "127.0.0.1%lo", SERVERS},
    {"dns-servers", "fe80::1", ZONE},
    {"dns-servers", "127.0.0.1,[fe80::1]:53", ZONE},
    {"dns-servers", "[fe80::1]", ZONE},

    {"resolve", "", RESOLVE},
    {"resolve", "a", RESOLVE},
    {"resolve", "a:80", RESOLVE},
    {"resolve", "[::1:80:127.0.0.1", RESOLVE},
    {"resolve", ":80:127.0.0.1", BAD_HOST},
    {"resolve", ".:80:127.0.0.1", BAD_HOST},
    {"resolve", "a b:80:127.0.0.1", BAD_HOST},
    {"resolve", "b\xc3\xbc:80:127.0.0.1", BAD_HOST},
    {"resolve", "*.a:80:127.0.0.1", BAD_HOST},
    {"resolve", "a::127.0.0.1", BAD_PORT},
    {"resolve", "a:0:127.0.0.1", BAD_PORT},
    {"resolve", "a:65536:127.0.0.1", BAD_PORT},
    {"resolve", "a:080:127.0.0.1", BAD_PORT},
    {"resolve", "a:80:", BAD_ADDRESS},
    {"resolve", "a:80:b", BAD_ADDRESS},
    {"resolve", "a:80:127.0.0.1,", BAD_ADDRESS},
    {"resolve", "a:80:127.0.0.1,,::1", BAD_ADDRESS},
    {"resolve", "a:80:127.0.0.1:8080", BAD_ADDRESS},
    {"resolve", "a:80:[127.0.0.1]", BAD_ADDRESS},
    {"resolve", "a:80:[::1]:80", BAD_ADDRESS},
    {"resolve", "a:80:[::1", BAD_ADDRESS},

    {"connect-to", "", CONNECT},
    {"connect-to", "a", CONNECT},
    {"connect-to", "127.0.0.1:8080", CONNECT},
    {"connect-to", "a:80:b:81:", CONNECT},
    {"connect-to", ":::::1:80", CONNECT},
    {"connect-to", "::[::1:80", CONNECT},
    {"connect-to", "::[a]:80", CONNECT},
    {"connect-to", "a/b:::", BAD_HOST},
    {"connect-to", "*:::", BAD_HOST},
    {"connect-to", "::u@b:", BAD_HOST},
    {"connect-to", ":x::", BAD_PORT},
    {"connect-to", ":0::", BAD_PORT},
    {"connect-to", ":::65536", BAD_PORT},

    {"request", "", "is not a valid method"},
    {"max-redirs", "-1", "is not a whole number"},
    {"max-redirs", "1000001", "is more than 1000000"},
    {"request", "GET /", "is not a valid method"},
    {"request", "G\xc3\x89T", "is not a valid method"},

    {"summary", "all", "is not none, total or hosts"},
    {"summary", "", "is not none, total or hosts"},
    {"max-header-size", "0", BYTES},
    {"max-header-size", "0K", BYTES},
    {"max-header-size", "K", BYTES},
    {"max-header-size", "", BYTES},
    {"max-header-size", "64KB", BYTES},
    {"max-header-size", "1G", BYTES},
    {"max-header-size", "1.5K", BYTES},
    {"max-header-size", "-1", BYTES},
    {"max-header-size", "1025M", "is more than 1024M"},
    {"max-header-size", "1073741825", "is more than 1024M"},
    {"max-header-size", "17592186044417M", "is more than 1024M"},
};

#define CONTROL "its argument contains a control character"
#define SCHEME "an unknown scheme: http, socks5h and socks5 are supported"
#define FIELD_FORM "\"Name: value\", \"Name;\" or \"Name:\""
#define FIELD "its argument is not " FIELD_FORM

/* Arguments that may be passwords: refused without being shown. */
static const struct secret {
    const char *option, *argument, *why;
} secrets[] = {
    {"header", "", FIELD},
    {"header", "A", FIELD},
    {"header", "A b: c", FIELD},
    {"header", ": c", FIELD},
    {"header", "A; c", "its argument has a value after \"Name;\""},
    {"header", "A: b\r\nEvil: c", CONTROL},
    {"header", "A: b\n c", CONTROL},
    {"header", "A: \x1b", CONTROL},
    {"header", "A\r: b", CONTROL},
    {"header", "A;\n", CONTROL},
    {"user", "secret", "its argument is not USER:PASS"},
    {"user", "", "its argument is not USER:PASS"},
    {"user", "a:secret\n", CONTROL},
    {"user", "\r:secret", CONTROL},
    {"proxy", "ftp://a:secret@p", "its argument has " SCHEME},
    {"proxy", "a:secret", "its argument " BAD_PORT},
    {"proxy", "p:80/secret", "its argument has a path"},
};

START_TEST(secret_argument)
{
    static struct spoken spoken;
    char word[256], message[512];

    snprintf(
        word, sizeof word, "--%s=%s", secrets[_i].option, secrets[_i].argument);
    snprintf(message, sizeof message, "option --%s: %s", secrets[_i].option,
        secrets[_i].why);
    /* After good ones: what they allocated is freed. */
    speak(&spoken, 6,
        (char *[]){
            "afetch", "--user=a:b", "-ua:c", "-HA: b", "-HB;", word, NULL});
    assert_refused(&spoken, message);
}
END_TEST

#define NO_LOGIN "names a file whose first line is not USER:PASS"

/* What stands in a file for -u or -H, and what is wrong with it. */
static const struct {
    const char *option, *bytes;
    size_t size;
    const char *why;
} files[] = {
    {"user", "me", 2, NO_LOGIN},
    {"user", "", 0, NO_LOGIN},
    {"user", "\nme:pass", 8, NO_LOGIN},
    {"user", "me:p\x01", 5,
        "names a file whose first line contains a control character"},
    {"user", "me:p\0", 5, "names a file that is too large or contains a NUL"},
    {"header", "A: b\nsecret\n", 12, ":2: is not " FIELD_FORM},
    {"header", "A: b\n\n B: c", 11, ":3: is not " FIELD_FORM},
    {"header", "A: b\rC: d", 9, ":1: contains a control character"},
};

START_TEST(bad_file)
{
    static struct spoken spoken;
    char name[] = "/tmp/test_options.XXXXXX", word[64], message[200];
    int fd = mkstemp(name);

    ck_assert_int_eq(
        write(fd, files[_i].bytes, files[_i].size), (ssize_t)files[_i].size);
    close(fd);
    snprintf(word, sizeof word, "--%s=@%s", files[_i].option, name);
    snprintf(message, sizeof message,
        *files[_i].why == ':' ? "option --%s: %s%s" : "option --%s: \"@%s\" %s",
        files[_i].option, name, files[_i].why);
    speak(&spoken, 3, (char *[]){"afetch", word, "h"});
    assert_refused(&spoken, message);
    unlink(name);
}
END_TEST

START_TEST(files_that_cannot_be_read)
{
    static struct spoken spoken;
    speak_line(&spoken, "-u @/nowhere/at/all h");
    assert_refused(&spoken,
        "option --user: \"@/nowhere/at/all\" names a file that does not exist");
    speak_line(&spoken, "-H @/tmp h");
    assert_refused(&spoken, "option --header: \"@/tmp\" names a directory");
    speak_line(&spoken, "-H @/proc/self/mem h");
    assert_refused(&spoken, "option --header: \"@/proc/self/mem\" names a file "
                            "that cannot be read");
    speak_line(&spoken, "-H @/dev/zero h");
    assert_refused(&spoken,
        "option --header: \"@/dev/zero\" names a file that is too large or "
        "contains a NUL");
}
END_TEST

/* stdin is one thing. */
START_TEST(stdin_for_two)
{
    static struct spoken spoken;
    ck_assert_ptr_nonnull(freopen("/dev/null", "r", stdin));
    speak_line(&spoken, "-H @- -i -");
    assert_refused(
        &spoken, "stdin is already the target list; @- cannot read it too");
    speak_line(&spoken, "-i - -H @- h");
    assert_refused(
        &spoken, "stdin is already the target list; @- cannot read it too");
    speak_line(&spoken, "-H @-");
    assert_refused(&spoken, "no target: name one, or a list with --input-file");
    speak_line(&spoken, "-H @- -H @- h");
    assert_refused(&spoken,
        "option --header: \"@-\" cannot be read: stdin was already read by "
        "another @-");
}
END_TEST

START_TEST(bad_argument)
{
    static struct spoken spoken;
    char word[256], shown[256], message[512];

    snprintf(word, sizeof word, "--%s=%s", bad[_i].option, bad[_i].argument);
    escape_quote(
        shown, sizeof shown, bad[_i].argument, strlen(bad[_i].argument));
    snprintf(message, sizeof message, "option --%s: \"%s\" %s", bad[_i].option,
        shown, bad[_i].why);
    /* After good ones: what they allocated is freed. */
    speak(&spoken, 6,
        (char *[]){"afetch", "-i", "f", "--resolve=a:1:::1",
            "--connect-to=:::", word, NULL});
    assert_refused(&spoken, message);
}
END_TEST

static const struct malformed {
    const char *line, *message;
} malformed[] = {
    {"--nope h", "unknown option \"--nope\""},
    {"--nope=1 h", "unknown option \"--nope\""},
    {"--usr=a:secret h", "unknown option \"--usr\": did you mean --user?"},
    {"-Y h", "unknown option \"-Y\""},
    {"-qY h", "unknown option \"-Y\""},
    {"-\xff h", "unknown option \"-\\xff\""},
    {"--\xc2\x9b\xc3\xa9 h", "unknown option \"--\\xc2\\x9b\\xc3\\xa9\""},
    {"-\x01 h", "unknown option \"-\\x01\""},
    {"--a\nb\x1b\x7f h", "unknown option \"--a\\x0ab\\x1b\\x7f\""},
    {"-j 1\n2 h",
        "option --concurrency: \"1\\x0a2\" is not a positive whole number"},
    {"-XGET\n h", "option --request: \"GET\\x0a\" is not a valid method"},
    {"-A\x7f h", "option --user-agent: \"\\x7f\" contains a control character"},
    {"--ver h", "option \"--ver\" is ambiguous: --verbose, --versus-serial, "
                "--version"},
    {"--max=3 h", "option \"--max\" is ambiguous: --max-time, --max-redirs, "
                  "--max-header-size"},
    {"h -j", "option --concurrency: requires an argument (N)"},
    {"h --concurrency", "option --concurrency: requires an argument (N)"},
    {"-qj", "option --concurrency: requires an argument (N)"},
    {"-j abc --help",
        "option --concurrency: \"abc\" is not a positive whole number"},
};

START_TEST(malformed_line)
{
    static struct spoken spoken;

    speak_line(&spoken, malformed[_i].line);
    assert_refused(&spoken, malformed[_i].message);
}
END_TEST

START_TEST(long_words_are_cut)
{
    static struct spoken spoken;
    char word[1000] = "--";

    memset(word + 2, '\x01', sizeof word - 3);
    speak(&spoken, 2, (char *[]){"afetch", word, NULL});
    ck_assert_int_eq(spoken.outcome, OPTIONS_BAD);
    ck_assert_uint_lt(strlen(spoken.err.text), sizeof word);
    ck_assert_ptr_nonnull(strstr(spoken.err.text, "\\x01...\"\nTry"));
}
END_TEST

/* Each row, so that a new one is covered as soon as it is there. */
START_TEST(row_arity)
{
    static struct spoken spoken;
    const struct option_row *row = &option_rows[_i];
    char word[128], message[256];

    snprintf(word, sizeof word, "--%s%s", row->name, row->argument ? "" : "=?");
    if (row->argument)
        snprintf(message, sizeof message,
            "option --%s: requires an argument (%s)", row->name, row->argument);
    else if (row->helps)
        snprintf(message, sizeof message, "--help: no option \"?\"");
    else
        snprintf(message, sizeof message, "option --%s: takes no argument",
            row->name);
    speak(&spoken, 2, (char *[]){"afetch", word, NULL});
    assert_refused(&spoken, message);
}
END_TEST

/* getopt keeps its place in a cluster; that must not outlive a line. */
START_TEST(lines_do_not_meet)
{
    static struct spoken spoken;
    struct words words;
    struct options options;

    speak_line(&spoken, "-Yqsv a");
    assert_refused(&spoken, "unknown option \"-Y\"");
    message_init(&words, "a b");
    ck_assert_int_eq(
        options_parse(&options, words.argc, words.argv), OPTIONS_RUN);
    ck_assert(!options.quiet && !options.silent && !options.verbose);
    ck_assert_uint_eq(options.targets.count, 2);
    options_fini(&options);
}
END_TEST

START_TEST(bad_environment)
{
    static struct spoken spoken;

    setenv("ALL_PROXY", "https://a:secret@p", 1);
    speak_line(&spoken, "h");
    assert_refused(&spoken,
        "environment variable ALL_PROXY: its value is an https proxy, which "
        "is not supported: http, socks5h and socks5 are");
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("options_errors");

    tcase_add_loop_test(tcase, secret_argument, 0, COUNT_OF(secrets));
    tcase_add_loop_test(tcase, bad_file, 0, COUNT_OF(files));
    tcase_add_test(tcase, files_that_cannot_be_read);
    tcase_add_test(tcase, stdin_for_two);
    tcase_add_loop_test(tcase, bad_argument, 0, COUNT_OF(bad));
    tcase_add_loop_test(tcase, malformed_line, 0, COUNT_OF(malformed));
    tcase_add_test(tcase, long_words_are_cut);
    tcase_add_loop_test(tcase, row_arity, 0, (int)option_row_count);
    tcase_add_test(tcase, lines_do_not_meet);
    tcase_add_test(tcase, bad_environment);
    return run_case("options_errors", tcase);
}
