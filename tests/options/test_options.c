/* Command lines that are right: what comes of them. */
#include "options_speak.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdarg.h>

/* Options as text: only what is not as with no option at all. */
struct description {
    char text[2048];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void describe(
    struct description *d, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int n =
        vsnprintf(d->text + d->len, sizeof d->text - d->len, format, arguments);
    va_end(arguments);
    ck_assert_uint_lt(d->len + (size_t)n, sizeof d->text);
    d->len += (size_t)n;
}

static void describe_list(
    struct description *d, const char *name, const struct option_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        describe(d, " %s=%s", name, list->items[i]);
}

static void describe_resolve(
    struct description *d, const struct resolve_rule *rule)
{
    char text[INET6_ADDRSTRLEN];

    describe(d, " resolve=%s|%u", rule->host, rule->port);
    for (size_t i = 0; i < rule->count; i++) {
        const union address *a = &rule->addresses[i];
        bool v4 = a->sa.sa_family == AF_INET;
        const void *bytes = v4 ? (const void *)&a->in.sin_addr
                               : (const void *)&a->in6.sin6_addr;
        ck_assert_uint_eq(v4 ? a->in.sin_port : a->in6.sin6_port, 0);
        describe(
            d, "|%s", inet_ntop(a->sa.sa_family, bytes, text, sizeof text));
    }
}

static void describe_rules(struct description *d, const struct options *o)
{
    for (size_t i = 0; i < o->resolve_rule_count; i++)
        describe_resolve(d, &o->resolve_rules[i]);
    for (size_t i = 0; i < o->connect_rule_count; i++) {
        const struct connect_rule *rule = &o->connect_rules[i];
        describe(d, " connect=%s|%u|%s|%u",
            rule->from_host ? rule->from_host : "any", rule->from_port,
            rule->to_host ? rule->to_host : "own", rule->to_port);
    }
}

static void describe_numbers(struct description *d, const struct options *o)
{
    if (o->concurrency != 256)
        describe(d, " concurrency=%u", o->concurrency);
    if (o->max_time != INT64_C(10000000000))
        describe(d, " max_time=%lld", (long long)o->max_time);
    if (o->connect_timeout != INT64_C(5000000000))
        describe(d, " connect_timeout=%lld", (long long)o->connect_timeout);
    if (o->start_interval)
        describe(d, " start_interval=%lld", (long long)o->start_interval);
    if (o->per_address)
        describe(d, " per_address=%u", o->per_address);
    if (o->deadline)
        describe(d, " deadline=%lld", (long long)o->deadline);
    if (o->retries)
        describe(d, " retries=%u", o->retries);
    if (o->max_header_size != 262144)
        describe(d, " max_header_size=%zu", o->max_header_size);
    if (o->rounds != 1)
        describe(d, " rounds=%u", o->rounds);
}

static void describe_flags(struct description *d, const struct options *o)
{
    static const char *const summaries[] = {[SUMMARY_NONE] = "none",
        [SUMMARY_TOTAL] = "total",
        [SUMMARY_HOSTS] = "hosts"};

    if (o->order != ORDER_ARRIVAL)
        describe(d, " order=%s", o->order == ORDER_DONE ? "done" : "input");
    if (o->family != AF_UNSPEC)
        describe(d, o->family == AF_INET ? " v4" : " v6");
    describe(d, "%s%s", o->csv ? " csv" : "", o->tsv ? " tsv" : "");
    if (o->write_out)
        describe(d, " write-out=%s", o->write_out);
    describe(d, "%s%s", o->stamp ? " stamp" : "",
        o->no_summary_record ? " no-summary-record" : "");
    if (o->show)
        describe(d, " show=%s", o->show);
    if (o->har)
        describe(d, " har=%s", o->har);
    if (o->prometheus)
        describe(d, " prometheus=%s", o->prometheus);
    if (o->waterfall)
        describe(d, " waterfall");
    if (o->html)
        describe(d, " html=%s", o->html);
    describe(d, "%s%s%s%s%s", o->json ? " json" : "", o->quiet ? " quiet" : "",
        o->silent ? " silent" : "", o->verbose ? " verbose" : "",
        o->versus_serial ? " versus_serial" : "");
    if (o->summary != SUMMARY_AUTO)
        describe(d, " summary=%s", summaries[o->summary]);
    if (o->dns_servers)
        describe(d, " dns_servers=%s", o->dns_servers);
    if (o->output_file)
        describe(d, " output=%s", o->output_file);
    if (o->proxies.given)
        describe(
            d, " proxy=%s", o->proxies.of[0] ? o->proxies.of[0]->url : "none");
    if (o->proxies.except)
        describe(d, " noproxy=%s", o->proxies.except);
}

static void describe_request(struct description *d, const struct options *o)
{
    if (strcmp(o->method, "GET") != 0)
        describe(d, " method=%s", o->method);
    for (size_t i = 0; i < o->field_count; i++) {
        const struct http_field *field = &o->fields[i];
        describe(d, " %s=%.*s|%.*s",
            field->kind == HTTP_BARE ? "without" : "field",
            (int)field->name_len, field->name, (int)field->value_len,
            field->value);
    }
    if (o->user_agent)
        describe(d, " agent=%s", o->user_agent);
    if (o->authorization)
        describe(d, " authorization=%s", o->authorization);
    if (o->max_redirs != 10)
        describe(d, " max_redirs=%u", o->max_redirs);
    describe(d, "%s%s", o->http11 ? " http11" : "", o->follow ? " follow" : "");
}

static void describe_options(struct description *d, const struct options *o)
{
    d->len = 0;
    d->text[0] = '\0';
    describe_list(d, "target", &o->targets);
    describe_list(d, "input", &o->input_files);
    describe_numbers(d, o);
    describe_flags(d, o);
    describe_rules(d, o);
    describe_request(d, o);
}

static const struct good {
    const char *line, *expected;
} good[] = {
    {"h", " target=h"},
    {"a b c", " target=a target=b target=c"},
    {"-", " target=-"},
    {"''", " target="},
    {"-q a -s b", " target=a target=b quiet silent"},
    {"-- -q a", " target=-q target=a"},
    {"a -- -q -- b", " target=a target=-q target=-- target=b"},
    {"-j 3 -- a", " target=a concurrency=3"},

    {"-i f", " input=f"},
    {"-if", " input=f"},
    {"--input-file f", " input=f"},
    {"--input-file=f -i - -i g h", " target=h input=f input=- input=g"},

    {"-j 16 h", " target=h concurrency=16"},
    {"-j16 h", " target=h concurrency=16"},
    {"--concurrency=16 h", " target=h concurrency=16"},
    {"--concurrency 16 h", " target=h concurrency=16"},
    {"--conc 16 h", " target=h concurrency=16"},
    {"-j1 h", " target=h concurrency=1"},
    {"-j007 h", " target=h concurrency=7"},
    {"-j1000000 h", " target=h concurrency=1000000"},
    {"-j 5 -j 6 h", " target=h concurrency=6"},
    {"--serial h", " target=h concurrency=1"},
    {"-j 9 --serial h", " target=h concurrency=1"},
    {"--serial -j 9 h", " target=h concurrency=9"},
    {"--order=arrival h", " target=h"},
    {"--order arrival h", " target=h"},
    {"--order done h", " target=h order=done"},
    {"--order=input h", " target=h order=input"},
    {"--order input --order arrival --versus-serial h",
        " target=h versus_serial"},

    {"--per-address 2 h", " target=h per_address=2"},
    {"--rate 50 h", " target=h start_interval=20000000"},
    {"--rate=1000/s h", " target=h start_interval=1000000"},
    {"--rate=3/m h", " target=h start_interval=20000000000"},
    {"--rate=1/h h", " target=h start_interval=3600000000000"},
    {"--deadline 1.5 h", " target=h deadline=1500000000"},
    {"--retry 3 h", " target=h retries=3"},
    {"--retry 3 --retry 0 h", " target=h"},

    {"-m 2 h", " target=h max_time=2000000000"},
    {"-m2.5 h", " target=h max_time=2500000000"},
    {"-m .5 h", " target=h max_time=500000000"},
    {"-m 3. h", " target=h max_time=3000000000"},
    {"-m 0.000000001 h", " target=h max_time=1"},
    {"-m 1.0000000019999 h", " target=h max_time=1000000001"},
    {"--max-time=1000000 h", " target=h max_time=1000000000000000"},
    {"--connect-timeout 0.25 h", " target=h connect_timeout=250000000"},
    {"--connect-timeout=7 h", " target=h connect_timeout=7000000000"},

    {"-4 h", " target=h v4"},
    {"-6 h", " target=h v6"},
    {"--ipv4 h", " target=h v4"},
    {"--ipv6 h", " target=h v6"},
    {"-4 -6 h", " target=h v6"},
    {"-64 h", " target=h v4"},
    {"--dns-servers 127.0.0.1 h", " target=h dns_servers=127.0.0.1"},
    {"--dns-servers 127.0.0.1:5353,[::1]:53,::1,[::2] h",
        " target=h dns_servers=127.0.0.1:5353,[::1]:53,::1,[::2]"},
    {"--dns-servers fe80::1%lo,[fe80::1%lo]:54,[fe80::1%7] h",
        " target=h dns_servers=fe80::1%lo,[fe80::1%lo]:54,[fe80::1%7]"},
    {"--dns-servers=1.1.1.1:1 --dns-servers=2.2.2.2:65535 h",
        " target=h dns_servers=2.2.2.2:65535"},

    {"--resolve a:80:192.0.2.1 h", " target=h resolve=a|80|192.0.2.1"},
    {"--resolve=A.Example.:443:192.0.2.1,[2001:db8::1],::1 h",
        " target=h resolve=a.example|443|192.0.2.1|2001:db8::1|::1"},
    {"--resolve *:65535:::1 h", " target=h resolve=*|65535|::1"},
    {"--resolve *:1:[::1] h", " target=h resolve=*|1|::1"},
    {"--resolve [::1]:80:127.0.0.1 h", " target=h resolve=::1|80|127.0.0.1"},
    {"--resolve a:80:1.1.1.1 --resolve b:80:2.2.2.2 --resolve A:80:3.3.3.3 h",
        " target=h resolve=a|80|3.3.3.3 resolve=b|80|2.2.2.2"},
    {"--resolve a:80:1.1.1.1 --resolve a:81:2.2.2.2 h",
        " target=h resolve=a|80|1.1.1.1 resolve=a|81|2.2.2.2"},

    {"--connect-to ::127.0.0.1:8080 h",
        " target=h connect=any|0|127.0.0.1|8080"},
    {"--connect-to ::127.0.0.1 h", " target=h connect=any|0|127.0.0.1|0"},
    {"--connect-to ::127.0.0.1: h", " target=h connect=any|0|127.0.0.1|0"},
    {"--connect-to A_b.c.:80:D.e.:81 h", " target=h connect=a_b.c|80|D.e.|81"},
    {"--connect-to :80::8080 h", " target=h connect=any|80|own|8080"},
    {"--connect-to ::: h", " target=h connect=any|0|own|0"},
    {"--connect-to [::1]:80:[2001:db8::2]:81 h",
        " target=h connect=::1|80|2001:db8::2|81"},
    {"--connect-to [::1]::[::2] h", " target=h connect=::1|0|::2|0"},
    {"--connect-to a:::1 --connect-to a:::2 h",
        " target=h connect=a|0|own|1 connect=a|0|own|2"},

    {"-x p h", " target=h proxy=http://p:1080"},
    {"--proxy socks5h://a:b@p:1 h", " target=h proxy=socks5h://p:1"},
    {"-x p -x q h", " target=h proxy=http://q:1080"},
    {"-x p --proxy= h", " target=h proxy=none"},
    {"--noproxy a,b h", " target=h noproxy=a,b"},
    {"--noproxy= h", " target=h noproxy="},

    {"-X PUT h", " target=h method=PUT"},
    {"--request=x-y h", " target=h method=x-y"},
    {"-I h", " target=h method=HEAD"},
    {"--head h", " target=h method=HEAD"},
    {"-I -X POST h", " target=h method=POST"},
    {"-X POST -I h", " target=h method=HEAD"},
    {"-HA:b --header=C; -H D: h", " target=h field=A|b field=C| without=D|"},
    {"-A me h", " target=h agent=me"},
    {"--user-agent= h", " target=h agent="},
    {"-u a:b h", " target=h authorization=Basic YTpi"},
    {"-u a:b --user=a:c:d h", " target=h authorization=Basic YTpjOmQ="},
    {"--http1.1 h", " target=h http11"},
    {"-L h", " target=h follow"},
    {"--location --max-redirs=0 h", " target=h max_redirs=0 follow"},

    {"--json h", " target=h json"},
    {"--csv h", " target=h csv"},
    {"-w %{http_code} h", " target=h write-out=%{http_code}"},
    {"--stamp --no-summary-record h", " target=h stamp no-summary-record"},
    {"--show status,via h", " target=h show=status,via"},
    {"--har run.har h", " target=h har=run.har"},
    {"--prometheus a.prom h", " target=h prometheus=a.prom"},
    {"--waterfall h", " target=h waterfall"},
    {"--html a.html h", " target=h html=a.html"},
    {"--tsv h", " target=h tsv"},
    {"-q h", " target=h quiet"},
    {"--quiet h", " target=h quiet"},
    {"-s h", " target=h silent"},
    {"--silent h", " target=h silent"},
    {"-v h", " target=h verbose"},
    {"--verbose h", " target=h verbose"},
    {"-qsv h", " target=h quiet silent verbose"},
    {"-qsj4 h", " target=h concurrency=4 quiet silent"},
    {"-qj 4 h", " target=h concurrency=4 quiet"},
    {"-o f h", " target=h output=f"},
    {"-of h", " target=h output=f"},
    {"--output=f h", " target=h output=f"},
    {"-o f -o - h", " target=h"},
    {"--summary none h", " target=h summary=none"},
    {"--summary=total h", " target=h summary=total"},
    {"--summary=hosts h", " target=h summary=hosts"},
    {"--max-header-size 1 h", " target=h max_header_size=1"},
    {"--max-header-size=65536 h", " target=h max_header_size=65536"},
    {"--max-header-size=64k h", " target=h max_header_size=65536"},
    {"--max-header-size=64K h", " target=h max_header_size=65536"},
    {"--max-header-size=1m h", " target=h max_header_size=1048576"},
    {"--max-header-size=1024M h", " target=h max_header_size=1073741824"},

    {"--versus-serial h", " target=h versus_serial"},
    {"--versus-serial --rounds 3 h", " target=h rounds=3 versus_serial"},
    {"--rounds=1000000 h", " target=h rounds=1000000"},
};

START_TEST(good_line)
{
    struct words words;
    struct options options;
    struct description description;

    message_init(&words, good[_i].line);
    ck_assert_int_eq(
        options_parse(&options, words.argc, words.argv), OPTIONS_RUN);
    describe_options(&description, &options);
    ck_assert_msg(strcmp(description.text, good[_i].expected) == 0,
        "%s:\n got     %s\n expected%s", good[_i].line, description.text,
        good[_i].expected);
    options_fini(&options);
    options_fini(&options);
}
END_TEST

/* Without a target: stdin, unless somebody sits there. */
START_TEST(implicit_stdin)
{
    static struct spoken spoken;
    struct words words;
    struct options options;
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    dup2(null, STDIN_FILENO);
    close(null);
    message_init(&words, "--json");
    ck_assert_int_eq(
        options_parse(&options, words.argc, words.argv), OPTIONS_RUN);
    ck_assert_uint_eq(options.input_files.count, 1);
    ck_assert_str_eq(options.input_files.items[0], "-");
    options_fini(&options);

    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert_int_ge(terminal, 0);
    grantpt(terminal);
    unlockpt(terminal);
    int end = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    ck_assert_int_ge(end, 0);
    dup2(end, STDIN_FILENO);
    close(end);
    speak_line(&spoken, "--json");
    assert_refused(&spoken, "no target: name one, or a list with --input-file");
    close(terminal);
}
END_TEST

START_TEST(environment_has_no_say)
{
    struct words words;
    struct options options;

    setenv("POSIXLY_CORRECT", "1", 1);
    message_init(&words, "a -q b");
    ck_assert_int_eq(
        options_parse(&options, words.argc, words.argv), OPTIONS_RUN);
    ck_assert_uint_eq(options.targets.count, 2);
    ck_assert(options.quiet);
    ck_assert_str_eq(words.argv[1], "a");
    ck_assert_str_eq(words.argv[2], "-q");
    options_fini(&options);
}
END_TEST

/* What is missing on the command line, and only that. */
START_TEST(environment_has_proxies)
{
    struct words words;
    struct options options;
    static const char *const lines[] = {"h", "--noproxy= h", "-x q h"};

    setenv("http_proxy", "p", 1);
    setenv("no_proxy", "a.test", 1);
    for (int i = 0; i < 3; i++) {
        const struct proxy *proxy;
        message_init(&words, lines[i]);
        ck_assert_int_eq(
            options_parse(&options, words.argc, words.argv), OPTIONS_RUN);
        proxy = options.proxies.of[0];
        ck_assert_str_eq(proxy->url, i < 2 ? "http://p:1080" : "http://q:1080");
        ck_assert_str_eq(options.proxies.except, i == 1 ? "" : "a.test");
        options_fini(&options);
    }
}
END_TEST

/* --- secrets --- */

static char *file_with(const char *bytes, size_t size)
{
    static char names[4][40];
    static unsigned count;
    char *name = names[count++ % 4];
    strcpy(name, "/tmp/test_options.XXXXXX");
    int fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    close(fd);
    return name;
}

static void parse_format(
    struct options *options, struct words *words, const char *format, ...)
{
    char line[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    message_init(words, line);
    ck_assert_int_eq(
        options_parse(options, words->argc, words->argv), OPTIONS_RUN);
}

START_TEST(secrets_are_blanked_out)
{
    struct options options;
    struct words words;
    parse_format(&options, &words,
        "-u me:pass -uyou:pass --user=we:pass -HCookie:pass --header A:pass h "
        "-xme:pass@p");
    ck_assert_str_eq(words.argv[2], "*******");
    ck_assert_str_eq(words.argv[3], "-u********");
    ck_assert_str_eq(words.argv[4], "--user=*******");
    ck_assert_str_eq(words.argv[5], "-H***********");
    ck_assert_str_eq(words.argv[7], "******");
    ck_assert_str_eq(words.argv[8], "h");
    ck_assert_str_eq(words.argv[9], "-x*********");
    ck_assert_str_eq(options.proxies.of[0]->password, "pass");
    ck_assert_str_eq(options.authorization, "Basic d2U6cGFzcw==");
    ck_assert_uint_eq(options.field_count, 2);
    ck_assert_mem_eq(options.fields[0].value, "pass", 4);
    ck_assert_mem_eq(options.fields[1].value, "pass", 4);
    options_fini(&options);
}
END_TEST

START_TEST(credentials_from_a_file)
{
    static const char *const files[] = {
        "me:pass", "me:pass\n", "me:pass\r\n", "me:pass\nrest"};
    struct options options;
    struct words words;
    for (int i = 0; i < COUNT_OF(files); i++) {
        char *name = file_with(files[i], strlen(files[i]));
        parse_format(&options, &words, "-u @%s h", name);
        ck_assert_str_eq(options.authorization, "Basic bWU6cGFzcw==");
        ck_assert_str_eq(words.argv[2] + 1, name);
        options_fini(&options);
        unlink(name);
    }
}
END_TEST

START_TEST(headers_from_a_file)
{
    static const char text[] = "A: 1\r\n\nB;\nHost:\n\nC: 2";
    char *name = file_with(text, sizeof text - 1);
    struct options options;
    struct words words;
    parse_format(&options, &words, "-HX:0 -H@%s -HY:3 h", name);
    ck_assert_uint_eq(options.field_count, 6);
    const char expected[] = "XABHostCY";
    size_t at = 0;
    for (size_t i = 0; i < 6; i++) {
        const struct http_field *field = &options.fields[i];
        ck_assert_mem_eq(field->name, expected + at, field->name_len);
        at += field->name_len;
    }
    ck_assert_mem_eq(options.fields[1].value, "1", 1);
    ck_assert_uint_eq(options.fields[1].value_len, 1);
    options_fini(&options);
    unlink(name);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("options");

    tcase_add_loop_test(tcase, good_line, 0, COUNT_OF(good));
    tcase_add_test(tcase, implicit_stdin);
    tcase_add_test(tcase, environment_has_no_say);
    tcase_add_test(tcase, environment_has_proxies);
    tcase_add_test(tcase, secrets_are_blanked_out);
    tcase_add_test(tcase, credentials_from_a_file);
    tcase_add_test(tcase, headers_from_a_file);
    return run_case("options", tcase);
}
