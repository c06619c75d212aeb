/*
 * options_rules - arguments made of hosts, ports and addresses between
 * colons: --dns-servers, --resolve, --connect-to.
 *
 * A rule owns a copy of its argument, cut into strings in place.
 */
#include "options/options_value.h"

#include "input/literal.h"
#include "options/options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char RESOLVE_FORM[] = "is not HOST:PORT:ADDR[,ADDR]";
static const char CONNECT_FORM[] =
    "is not HOST1:PORT1:HOST2:PORT2 (IPv6 in brackets)";
static const char BAD_HOST[] =
    "has a host that is neither an ASCII name nor an IP address";
static const char BAD_PORT[] = "has a port that is not 1 to 65535";
static const char BAD_ADDRESS[] = "has an address that is not IPv4 or IPv6";

static int refuse_rule(const char **why, const char *text)
{
    *why = text;
    return -EINVAL;
}

static bool v6_valid(const char *text)
{
    struct in6_addr address;
    return inet_pton(AF_INET6, text, &address) == 1;
}

static bool rule_address_parse(const char *text, union address *out)
{
    memset(out, 0, sizeof *out);
    out->sa.sa_family = AF_INET;
    if (inet_pton(AF_INET, text, &out->in.sin_addr) == 1)
        return true;
    out->sa.sa_family = AF_INET6;
    return inet_pton(AF_INET6, text, &out->in6.sin6_addr) == 1;
}

static bool rule_port_parse(const char *text, uint16_t *out)
{
    uint64_t port = 0;

    if (!whole_parse(text, &port) || *text == '0' || port > UINT16_MAX)
        return false;
    *out = (uint16_t)port;
    return true;
}

/* An empty port is 0: any, or the target's own. */
static bool port_parse_optional(const char *text, uint16_t *out)
{
    *out = 0;
    return !*text || rule_port_parse(text, out);
}

/* Cuts the part before the next colon off *rest, as strsep does; "[v6]" is
 * one part and loses its brackets.  NULL: no part is left, or no IPv6
 * address is in the brackets. */
static char *part_cut(char **rest)
{
    char *part = *rest;
    char *end;

    if (!part || *part != '[')
        return strsep(rest, ":");
    end = strchr(part, ']');
    if (!end || (end[1] && end[1] != ':'))
        return NULL;
    *rest = end[1] ? end + 2 : NULL;
    *end = '\0';
    return v6_valid(part + 1) ? part + 1 : NULL;
}

/* Names as they go into DNS (targets have A-labels by then), or IPv6. */
static bool host_valid(const char *host)
{
    static const char name_bytes[] = "abcdefghijklmnopqrstuvwxyz"
                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-_.";

    return *host && *host != '.' &&
           (!host[strspn(host, name_bytes)] || v6_valid(host));
}

/* Into the form that a target's host is compared in. */
static void host_fold(char *host)
{
    size_t len = strlen(host);

    if (len > 0 && host[len - 1] == '.')
        host[len - 1] = '\0';
    for (; *host; host++)
        if (*host >= 'A' && *host <= 'Z')
            *host = (char)(*host - 'A' + 'a');
}

#define NO_SERVERS "is not a list of IP, IP:PORT or [IPv6]:PORT"

/* What is wrong with the IPv6 address of a name server, or NULL.  Without a
 * zone a link-local one would be sent nothing, and be told as unreachable. */
static const char *server_v6_wrong(const char *text)
{
    struct sockaddr_in6 in6;
    if (literal_ipv6((struct span){text, strlen(text)}, false, &in6))
        return NO_SERVERS;
    if (IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr) && in6.sin6_scope_id == 0)
        return "has a link-local address, which needs a zone, as in "
               "fe80::1%eth0";
    return NULL;
}

/* What may follow "[IP6]": nothing, or ":PORT". */
static bool port_may_follow(const char *rest)
{
    uint16_t port;
    return !*rest || (*rest == ':' && rule_port_parse(rest + 1, &port));
}

static bool server_v4_valid(char *server)
{
    struct sockaddr_in unused;
    uint16_t port;
    const char *host = strsep(&server, ":");
    return literal_ipv4((struct span){host, strlen(host)}, &unused) &&
           (!server || rule_port_parse(server, &port));
}

/* IP, IP4:PORT, [IP6] or [IP6]:PORT, as the resolver takes them: what is wrong
 * with it, or NULL. */
static const char *server_wrong(char *server)
{
    char *end = *server == '[' ? strchr(server, ']') : NULL;
    const char *wrong;

    if (!end) {
        wrong = server_v6_wrong(server);
        return wrong && server_v4_valid(server) ? NULL : wrong;
    }
    *end = '\0';
    wrong = server_v6_wrong(server + 1);
    return wrong || port_may_follow(end + 1) ? wrong : NO_SERVERS;
}

int option_take_dns_servers(struct options *options,
    const struct option_row *row, const char *argument, const char **why)
{
    char *copy = strdup(argument);
    char *rest = copy;
    const char *wrong = NULL;

    (void)row;
    if (!copy)
        return -ENOMEM;
    while (!wrong && rest)
        wrong = server_wrong(strsep(&rest, ","));
    free(copy);
    if (wrong)
        return refuse_rule(why, wrong);
    options->dns_servers = argument;
    return 0;
}

void resolve_rule_fini(struct resolve_rule *rule)
{
    free(rule->addresses);
    free(rule->text);
}

static int resolve_address_append(
    struct resolve_rule *rule, const union address *address)
{
    union address *addresses =
        reallocarray(rule->addresses, rule->count + 1, sizeof *addresses);

    if (!addresses)
        return -ENOMEM;
    rule->addresses = addresses;
    addresses[rule->count++] = *address;
    return 0;
}

/* IPv6 may be in brackets. */
static bool address_parse_bracketed(char *text, union address *out)
{
    if (*text != '[')
        return rule_address_parse(text, out);
    char *inside = part_cut(&text);
    return inside && !text && rule_address_parse(inside, out);
}

/* ADDR[,ADDR]... */
static int resolve_addresses_parse(
    struct resolve_rule *rule, char *list, const char **why)
{
    int rc = 0;

    while (rc == 0 && list) {
        union address address;
        if (!address_parse_bracketed(strsep(&list, ","), &address))
            return refuse_rule(why, BAD_ADDRESS);
        rc = resolve_address_append(rule, &address);
    }
    return rc;
}

static int resolve_rule_parse(struct resolve_rule *rule, const char **why)
{
    char *rest = rule->text;
    char *host = part_cut(&rest);
    char *port = host ? part_cut(&rest) : NULL;

    if (!port || !rest)
        return refuse_rule(why, RESOLVE_FORM);
    if (strcmp(host, "*") != 0 && !host_valid(host))
        return refuse_rule(why, BAD_HOST);
    if (!rule_port_parse(port, &rule->port))
        return refuse_rule(why, BAD_PORT);
    host_fold(host);
    rule->host = host;
    return resolve_addresses_parse(rule, rest, why);
}

/* The place of the rule that this one replaces, or a new one at the end. */
static struct resolve_rule *resolve_rule_place(
    struct options *options, const struct resolve_rule *rule)
{
    size_t count = options->resolve_rule_count;
    struct resolve_rule *rules = options->resolve_rules;

    for (size_t i = 0; i < count; i++)
        if (rules[i].port == rule->port &&
            strcmp(rules[i].host, rule->host) == 0)
            return &rules[i];
    rules = reallocarray(rules, count + 1, sizeof *rules);
    if (!rules)
        return NULL;
    options->resolve_rules = rules;
    options->resolve_rule_count = count + 1;
    rules[count] = (struct resolve_rule){0};
    return &rules[count];
}

int option_take_resolve(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    struct resolve_rule rule = {.text = strdup(argument)};
    struct resolve_rule *place = NULL;
    int rc = -ENOMEM;

    (void)row;
    if (rule.text)
        rc = resolve_rule_parse(&rule, why);
    if (rc == 0 && !(place = resolve_rule_place(options, &rule)))
        rc = -ENOMEM;
    if (rc < 0) {
        resolve_rule_fini(&rule);
        return rc;
    }
    resolve_rule_fini(place);
    *place = rule;
    return 0;
}

void connect_rule_fini(struct connect_rule *rule)
{
    free(rule->text);
}

static int connect_rule_parse(struct connect_rule *rule, const char **why)
{
    char *rest = rule->text;
    char *from = part_cut(&rest);
    char *from_port = from ? part_cut(&rest) : NULL;
    char *to = from_port ? part_cut(&rest) : NULL;

    /* PORT2 may be missing with its colon, as curl has it. */
    if (!to || (rest && strchr(rest, ':')))
        return refuse_rule(why, CONNECT_FORM);
    if ((*from && !host_valid(from)) || (*to && !host_valid(to)))
        return refuse_rule(why, BAD_HOST);
    if (!port_parse_optional(from_port, &rule->from_port) ||
        !port_parse_optional(rest ? rest : "", &rule->to_port))
        return refuse_rule(why, BAD_PORT);
    host_fold(from);
    rule->from_host = *from ? from : NULL;
    rule->to_host = *to ? to : NULL;
    return 0;
}

static int connect_rule_append(
    struct options *options, const struct connect_rule *rule)
{
    size_t count = options->connect_rule_count;
    struct connect_rule *rules =
        reallocarray(options->connect_rules, count + 1, sizeof *rules);

    if (!rules)
        return -ENOMEM;
    options->connect_rules = rules;
    options->connect_rule_count = count + 1;
    rules[count] = *rule;
    return 0;
}

int option_take_connect_to(struct options *options,
    const struct option_row *row, const char *argument, const char **why)
{
    struct connect_rule rule = {.text = strdup(argument)};
    int rc = -ENOMEM;

    (void)row;
    if (rule.text)
        rc = connect_rule_parse(&rule, why);
    if (rc == 0)
        rc = connect_rule_append(options, &rule);
    if (rc < 0)
        connect_rule_fini(&rule);
    return rc;
}
