/*
 * options_value - the arguments of options: each option_take_* checks one kind
 * of argument and stores it, in any locale alike.
 */
#ifndef AFETCH_OPTIONS_VALUE_H
#define AFETCH_OPTIONS_VALUE_H

#include "options/options_table.h"

#include <stdbool.h>
#include <stdint.h>

struct connect_rule;
struct option_list;
struct resolve_rule;

option_take option_take_flag; /* bool: true; ignores the argument */
option_take option_take_count; /* unsigned: row->least to a million */
option_take option_take_threads; /* unsigned: 1 to 1024, or "auto", 0 */
option_take option_take_rate; /* int64_t: ns of one of "50", "50/s", "3/m" */
option_take option_take_seconds; /* int64_t: ns of "2" or "0.25" */
option_take option_take_interval; /* int64_t: so too, or "0"; has_interval */
option_take option_take_bytes; /* size_t: "65536", "64K", "1M", to 1024M */
option_take option_take_choice; /* int or an enum, by the row's choices */
option_take option_take_text; /* const char *: anything but "" */
option_take option_take_texts; /* struct option_list: so too, appended */
option_take option_take_expect; /* options->expect; a file is noted, too */
option_take option_take_rules; /* options->rules, likewise */
option_take option_take_baseline; /* options->baseline; noted, too */
option_take option_take_shard; /* options->shard: "1/4", "auto", "auto/4" */

/* Fields of their own: options_rules.c. */
option_take option_take_dns_servers;
option_take option_take_resolve;
option_take option_take_connect_to;

/* Fields of their own: options_request.c. */
option_take option_take_method; /* a token */
option_take option_take_header; /* a field, appended, or @FILE of them */
option_take option_take_user_agent; /* text without control characters */
option_take option_take_write_out; /* text, or @FILE without its line ends */
option_take option_take_user; /* USER:PASS or @FILE, encoded */

/* Fields of their own: options_proxy.c. */
option_take option_take_proxy; /* a URL, or nothing */
option_take option_take_noproxy; /* anything */

/* Free what a rule holds, not the rule. */
void resolve_rule_fini(struct resolve_rule *rule);
void connect_rule_fini(struct connect_rule *rule);

/* --- secrets: options_secret.c --- */

/* A copy of the argument, which is itself blanked out; NULL without memory. */
char *option_secret_hide(struct options *options, char *argument);
/* What is in the file ("-": stdin), as the options' own.  0; -EINVAL and
 * *why; -ENOMEM. */
int option_secret_read(
    struct options *options, const char *name, char **out, const char **why);
/* Cuts the next line off, without its line end; NULL after the last. */
char *option_line_cut(char **rest);
void option_secrets_fini(struct options *options);

/* 0 or -ENOMEM; the item is referred to, not copied. */
int option_list_append(struct option_list *list, const char *item);

/* Decimal digits only, at least one; what is too large is UINT64_MAX. */
bool whole_parse(const char *text, uint64_t *out);

#endif
