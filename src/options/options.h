/*
 * options - the command line, by one table (options_table.c) that also
 * feeds --help, the man page's list and the completions.
 */
#ifndef AFETCH_OPTIONS_H
#define AFETCH_OPTIONS_H

#include "http/http.h"
#include "input/shard.h"
#include "report/order.h"
#include "report/progress.h"
#include "report/report.h"
#include "route/proxies.h"
#include "route/route.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct option_secret;

/* The arguments of a repeatable option, in the order given. */
struct option_list {
    const char **items; /* argv's strings */
    size_t count;
};

struct options {
    /* what */
    struct option_list targets;
    struct option_list input_files; /* "-": stdin, also when nothing else was
                                       named and stdin is no terminal */
    /* concurrency */
    unsigned concurrency; /* at least 1 */
    unsigned per_address; /* 0: no limit */
    unsigned threads; /* 0: as many as there are cores */
    enum order_mode order;
    int64_t start_interval; /* ns between two starts; 0: none */
    /* time, ns, above 0 */
    int64_t max_time;
    int64_t connect_timeout;
    int64_t deadline; /* 0: none */
    unsigned retries;
    /* DNS, connection */
    int family; /* AF_UNSPEC, AF_INET (-4), AF_INET6 (-6) */
    const char *dns_servers; /* as c-ares takes it, checked; NULL: system's */
    struct resolve_rule *resolve_rules;
    size_t resolve_rule_count;
    struct connect_rule *connect_rules;
    size_t connect_rule_count;
    bool all_addresses;
    const char *interface; /* address or device; NULL: any */
    struct proxies proxies; /* with what the environment says */
    /* request */
    const char *method; /* a token */
    struct http_field *fields; /* -H, by http_wish_parse; of `secrets` */
    size_t field_count;
    const char *user_agent; /* NULL: afetch's own; "": none */
    char *authorization; /* the value that -u makes; NULL: none */
    bool http11;
    bool follow;
    unsigned max_redirs;
    /* TLS */
    bool insecure;
    const char *ca_file; /* NULL: the system's trust store */
    /* judging */
    struct option_list expect; /* expressions, or @FILE of rules */
    struct option_list rules; /* files of them */
    bool fail;
    const char *baseline; /* a file of records; NULL: none */
    bool odd_one_out;
    struct option_list ignore; /* lists of field names */
    bool ignore_none, learn;
    /* output */
    bool json, csv, tsv, quiet, silent, verbose, waterfall;
    bool stamp, no_summary_record;
    const char *write_out; /* a format for write_format_parse; NULL: none */
    const char *show; /* a list for columns_parse; NULL: none */
    enum summary_mode summary;
    enum terminal_color color;
    enum progress_mode progress;
    const char *output_file; /* NULL: stdout */
    const char *har, *prometheus, *html, *junit; /* files; NULL: none */
    bool tap, nagios;
    enum annotate_for annotate;
    size_t max_header_size; /* bytes, at least 1 */
    /* runs */
    unsigned count; /* rounds; 0: not said */
    bool has_interval; /* was said */
    int64_t interval; /* ns between the beginnings of two; 0: none */
    bool until, changes;
    bool versus_serial;
    unsigned rounds; /* at least 1 */
    bool summarize, check; /* the targets are files of records */
    bool plan;
    struct option_list resume; /* files of records */
    bool only_failed;
    struct shard shard; /* count 0: the whole list */
    /* the options' own */
    struct option_secret *secrets; /* credentials, wiped at the end */
    struct option_list files_read; /* each FILE of an @FILE */
    bool stdin_taken; /* by a "@-" */
    unsigned wrong_line; /* of an @FILE, from 1; 0: none, or not one of them */
};

enum options_outcome {
    OPTIONS_RUN, /* go on */
    OPTIONS_DONE, /* --help, --version: on stdout, whole; exit 0 */
    OPTIONS_BAD, /* what is wrong and a hint are on stderr; exit 2 */
    OPTIONS_FAILED, /* stdout cannot be written or no memory, said on stderr;
                       exit 3 */
};

/*
 * Reads the command line; the defaults come from the table.  argv is not
 * reordered, its strings are referred to, not copied; but what is secret is
 * copied, and blanked out in argv, which others can read.  Uses getopt's
 * global state, so one thread at a time.
 *
 * After OPTIONS_RUN the caller calls options_fini; after anything else
 * *options is empty and holds nothing.
 */
enum options_outcome options_parse(
    struct options *options, int argc, char **argv);

/* Does --nagios stand there, whatever is wrong with the others? */
bool options_ask_for_plugin(int argc, char **argv);

/* May be called twice. */
void options_fini(struct options *options);

#endif
