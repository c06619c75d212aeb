/* afetch-lab: the world on loopback, for tests, benchmarks and the demo. */
#include "dns.h"
#include "http.h"
#include "script.h"
#include "seeds.h"
#include "stats.h"
#include "tls.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct options {
    uint16_t dns, http, https, stats;
    bool no_dns_tcp, until_eof;
    size_t names;
    int ready_fd;
    const char *ca_file, *port_file, *log_file, *explain;
};

static const char usage[] =
    "Usage: afetch-lab [OPTION]...\n"
    "One loopback process that plays DNS, HTTP and HTTPS for any name.\n"
    "\n"
    "  --script FILE       what it does for which names (repeatable)\n"
    "  --default WORDS     what it does for every name\n"
    "  --aaaa              every name has the address ::1, too\n"
    "  --explain NAME      tell how NAME is understood, and end\n"
    "  --dns PORT          (0: choose) likewise --http, --https, --stats\n"
    "  --no-dns-tcp        refuse DNS by TCP\n"
    "  --ca-file FILE      write the CA's certificate there\n"
    "  --port-file FILE    write the line of ports there, too\n"
    "  --ready-fd N        write it to this descriptor, too, and close it\n"
    "  --log FILE          a JSON line for each event\n"
    "  --names N           names to count apart (20000)\n"
    "  --until-eof         end when stdin does\n"
    "  --help\n";

static int port_read(const char *s, uint16_t *port)
{
    uint64_t value;

    if (text_number(text_of(s), 65535, &value))
        return -EINVAL;
    *port = (uint16_t)value;
    return 0;
}

static int names_read(const char *s, size_t *names)
{
    uint64_t value;

    if (text_number(text_of(s), 1 << 24, &value))
        return -EINVAL;
    *names = (size_t)value;
    return 0;
}

enum {
    O_SCRIPT = 1,
    O_DEFAULT,
    O_AAAA,
    O_EXPLAIN,
    O_DNS,
    O_HTTP,
    O_HTTPS,
    O_STATS,
    O_NO_DNS_TCP,
    O_CA_FILE,
    O_PORT_FILE,
    O_READY_FD,
    O_LOG,
    O_NAMES,
    O_UNTIL_EOF,
    O_HELP,
};

static const struct option long_options[] = {
    {"script", required_argument, NULL, O_SCRIPT},
    {"default", required_argument, NULL, O_DEFAULT},
    {"aaaa", no_argument, NULL, O_AAAA},
    {"explain", required_argument, NULL, O_EXPLAIN},
    {"dns", required_argument, NULL, O_DNS},
    {"http", required_argument, NULL, O_HTTP},
    {"https", required_argument, NULL, O_HTTPS},
    {"stats", required_argument, NULL, O_STATS},
    {"no-dns-tcp", no_argument, NULL, O_NO_DNS_TCP},
    {"ca-file", required_argument, NULL, O_CA_FILE},
    {"port-file", required_argument, NULL, O_PORT_FILE},
    {"ready-fd", required_argument, NULL, O_READY_FD},
    {"log", required_argument, NULL, O_LOG},
    {"names", required_argument, NULL, O_NAMES},
    {"until-eof", no_argument, NULL, O_UNTIL_EOF},
    {"help", no_argument, NULL, O_HELP},
    {NULL, 0, NULL, 0},
};

static int option_take(struct options *o, struct script *script, int which)
{
    switch (which) {
    case O_SCRIPT:
        return script_load(script, optarg);
    case O_DEFAULT:
        return script_defaults(script, optarg);
    case O_AAAA:
        return script_defaults(script, "aaaa");
    case O_EXPLAIN:
        o->explain = optarg;
        return 0;
    case O_DNS:
        return port_read(optarg, &o->dns);
    case O_HTTP:
        return port_read(optarg, &o->http);
    case O_HTTPS:
        return port_read(optarg, &o->https);
    case O_STATS:
        return port_read(optarg, &o->stats);
    case O_NO_DNS_TCP:
        o->no_dns_tcp = true;
        return 0;
    case O_CA_FILE:
        o->ca_file = optarg;
        return 0;
    case O_PORT_FILE:
        o->port_file = optarg;
        return 0;
    case O_READY_FD:
        o->ready_fd = atoi(optarg);
        return 0;
    case O_LOG:
        o->log_file = optarg;
        return 0;
    case O_NAMES:
        return names_read(optarg, &o->names);
    case O_UNTIL_EOF:
        o->until_eof = true;
        return 0;
    case O_HELP:
        fputs(usage, stdout);
        exit(0);
    default:
        return -EINVAL;
    }
}

/* 0, or -EINVAL after a message. */
static int options_read(
    struct options *o, struct script *script, int argc, char **argv)
{
    int which;

    while ((which = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        if (option_take(o, script, which)) {
            if (which != '?' && optarg)
                fprintf(stderr, "afetch-lab: bad value '%s'\n", optarg);
            return -EINVAL;
        }
    if (optind == argc)
        return 0;
    fprintf(stderr, "afetch-lab: what is '%s'?\n", argv[optind]);
    return -EINVAL;
}

static void explain(const struct script *script, const char *name)
{
    struct behaviour b;
    struct text whole = text_of(name), base;

    behaviour_of(&b, script, whole, &base);
    printf("words=%.*s name=%.*s row=%s\n", (int)(whole.n - base.n), whole.p,
        (int)base.n, base.p, script_apply(script, &b, base) ? "yes" : "no");
}

static void limit_raise(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit))
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void on_stop(evutil_socket_t fd, short what, void *arg)
{
    struct lab *lab = arg;

    (void)fd;
    (void)what;
    event_base_loopbreak(lab->base);
}

static void on_stdin(evutil_socket_t fd, short what, void *arg)
{
    char block[512];
    ssize_t n = read(fd, block, sizeof block);

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        on_stop(fd, what, arg);
}

/* Each of them may say when it is over. */
struct stops {
    struct event *term, *intr, *eof;
};

static int stops_open(struct stops *s, struct lab *lab, bool until_eof)
{
    signal(SIGPIPE, SIG_IGN);
    s->term = evsignal_new(lab->base, SIGTERM, on_stop, lab);
    s->intr = evsignal_new(lab->base, SIGINT, on_stop, lab);
    evsignal_add(s->term, NULL);
    evsignal_add(s->intr, NULL);
    if (!until_eof)
        return 0;
    s->eof =
        event_new(lab->base, STDIN_FILENO, EV_READ | EV_PERSIST, on_stdin, lab);
    if (event_add(s->eof, NULL) == 0)
        return 0;
    fputs("afetch-lab: --until-eof wants a pipe on stdin\n", stderr);
    return -EINVAL;
}

static void stops_close(struct stops *s)
{
    if (s->term)
        event_free(s->term);
    if (s->intr)
        event_free(s->intr);
    if (s->eof)
        event_free(s->eof);
}

static int file_write(const char *path, const struct buf *text)
{
    FILE *f = fopen(path, "w");
    int err = 0;

    if (!f)
        return -errno;
    if (fwrite(text->p, 1, text->len, f) != text->len)
        err = -EIO;
    return fclose(f) ? -errno : err;
}

/* Tells everyone who wants to know where the lab can be found. */
static int announce(const struct options *o, const struct http_ports *ports)
{
    struct buf line = {0};
    int err = 0;

    buf_printf(&line,
        "dns=127.0.0.1:%u http=%u https=%u stats=%u ipv6=%s pid=%d\n", o->dns,
        ports->http, ports->https, ports->stats, ports->v6 ? "yes" : "no",
        (int)getpid());
    if (o->port_file)
        err = file_write(o->port_file, &line);
    if (o->ready_fd > 2) {
        if (write(o->ready_fd, line.p, line.len) < 0)
            err = -errno;
        close(o->ready_fd);
    }
    fwrite(line.p, 1, line.len, stdout);
    fflush(stdout);
    buf_free(&line);
    return err;
}

static int files_open(struct lab *lab, const struct options *o)
{
    struct buf pem = {0};
    int err = 0;

    if (o->log_file) {
        lab->stats->log = fopen(o->log_file, "w");
        if (!lab->stats->log)
            return -errno;
    }
    if (o->ca_file) {
        tls_ca_pem(lab->tls, &pem);
        err = file_write(o->ca_file, &pem);
        buf_free(&pem);
    }
    return err;
}

static int lab_open(struct lab *lab, struct options *o, struct stops *stops)
{
    struct http_ports ports = {o->http, o->https, o->stats, false};
    int err;

    lab->base = event_base_new();
    lab->stats = stats_create(o->names);
    lab->tls = tls_create();
    if (!lab->base || !lab->tls)
        return -ENOMEM;
    err = files_open(lab, o);
    if (!err)
        err = dns_open(lab, &o->dns, !o->no_dns_tcp);
    if (!err)
        err = http_open(lab, &ports);
    if (!err)
        err = stops_open(stops, lab, o->until_eof);
    return err ? err : announce(o, &ports);
}

static void lab_close(struct lab *lab)
{
    http_close(lab->http);
    dns_close(lab->dns);
    tls_destroy(lab->tls);
    stats_destroy(lab->stats);
    script_destroy(lab->script);
    if (lab->base)
        event_base_free(lab->base);
}

int main(int argc, char **argv)
{
    struct options options = {.names = 20000};
    struct lab lab = {.script = script_create()};
    struct stops stops = {0};
    int err = options_read(&options, lab.script, argc, argv);

    if (!err)
        err = script_parse(lab.script, TEXT(seed_rows), "seeds");
    if (!err && options.explain) {
        explain(lab.script, options.explain);
    } else if (!err) {
        limit_raise();
        err = lab_open(&lab, &options, &stops);
        if (err)
            fprintf(stderr, "afetch-lab: %s\n", strerror(-err));
        else
            event_base_dispatch(lab.base);
    }
    stops_close(&stops);
    lab_close(&lab);
    return err == -EINVAL ? 2 : err != 0;
}
