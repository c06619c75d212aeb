/*
 * resolv_conf - see resolv_conf.h.
 *
 * c-ares reads the file, too, each of its versions in its own way; so it is
 * read here, and c-ares is told.
 *
 * Invariant: what is not understood is passed over, as the C library does.
 */
#include "async/dns/resolv_conf.h"

#include "async/dns/search_list.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As in <resolv.h>: MAXNS, RES_MAXNDOTS, RES_MAXRETRANS, RES_MAXRETRY. */
enum { SERVERS_MAX = 3, NDOTS_MAX = 15, TIMEOUT_MAX = 30, ATTEMPTS_MAX = 5 };
enum { DNS_PORT = 53, HOSTNAME = 256 };

static const char blank[] = " \t\r\n\v\f";

/* --- servers --- */

static bool is_same_server(const union address *a, const union address *b)
{
    return !memcmp(a, b, sizeof *a);
}

static int server_add(struct resolv_conf *conf, const union address *server)
{
    for (size_t i = 0; i < conf->server_count; i++)
        if (is_same_server(&conf->servers[i], server))
            return 0;
    union address *servers = reallocarray(
        conf->servers, conf->server_count + 1, sizeof *conf->servers);
    if (!servers)
        return -ENOMEM;
    servers[conf->server_count++] = *server;
    conf->servers = servers;
    return 0;
}

/* RFC 4007 section 11.2: an interface's name or number; 0: neither. */
static uint32_t zone_parse(const char *zone)
{
    unsigned index = if_nametoindex(zone);
    char *end;
    if (index || *zone < '0' || *zone > '9')
        return index;
    unsigned long number = strtoul(zone, &end, 10);
    return *end || number > UINT32_MAX ? 0 : (uint32_t)number;
}

/* Of "ADDRESS%ZONE", where the zone may be none that there is. */
static bool ipv6_parse(char *text, union address *out)
{
    char *zone = strchr(text, '%');
    if (zone)
        *zone++ = '\0';
    *out = (union address){.in6.sin6_family = AF_INET6};
    if (inet_pton(AF_INET6, text, &out->in6.sin6_addr) != 1)
        return false;
    if (zone)
        out->in6.sin6_scope_id = zone_parse(zone);
    address_set_port(out, DNS_PORT);
    return true;
}

/* --- a list of them --- */

static bool port_parse(const char *text, union address *out)
{
    char *end;
    if (*text < '1' || *text > '9')
        return false;
    unsigned long port = strtoul(text, &end, 10);
    address_set_port(out, (uint16_t)port);
    return !*end && port <= UINT16_MAX;
}

/* [IPv6] or [IPv6]:PORT */
static bool bracketed_parse(char *text, union address *out)
{
    char *end = strchr(text, ']');
    if (!end || (end[1] && end[1] != ':'))
        return false;
    *end = '\0';
    return ipv6_parse(text + 1, out) && (!end[1] || port_parse(end + 2, out));
}

static bool ipv4_parse(char *text, union address *out)
{
    char *port = strchr(text, ':');
    if (port)
        *port++ = '\0';
    *out = (union address){.in.sin_family = AF_INET};
    if (inet_pton(AF_INET, text, &out->in.sin_addr) != 1)
        return false;
    address_set_port(out, DNS_PORT);
    return !port || port_parse(port, out);
}

/* A zone that is none is not asked for by mistake. */
static bool given_parse(char *text, union address *out)
{
    bool has_zone = strchr(text, '%');
    bool good = *text == '[' ? bracketed_parse(text, out)
                : strchr(text, ':') != strrchr(text, ':')
                    ? ipv6_parse(text, out)
                    : ipv4_parse(text, out);
    return good && (!has_zone || out->in6.sin6_scope_id);
}

int resolv_conf_given(struct resolv_conf *out, const char *servers)
{
    struct resolv_conf conf = {0};
    union address server;
    char *copy = strdup(servers);
    int result = copy ? 0 : -ENOMEM;
    for (char *rest = copy, *one; !result && (one = strsep(&rest, ","));)
        result =
            given_parse(one, &server) ? server_add(&conf, &server) : -EINVAL;
    free(copy);
    if (result)
        resolv_conf_fini(&conf);
    else
        *out = conf;
    return result;
}

/* --- lines --- */

/* A comment may follow; short forms of IPv4 are fine here. */
static int take_server(struct resolv_conf *conf, char *text)
{
    union address server = {.in.sin_family = AF_INET};
    text += strspn(text, blank);
    text[strcspn(text, ";# \t\r\n\v\f")] = '\0';
    if (conf->server_count == SERVERS_MAX)
        return 0;
    if (!inet_aton(text, &server.in.sin_addr) && !ipv6_parse(text, &server))
        return 0;
    address_set_port(&server, DNS_PORT);
    return server_add(conf, &server);
}

/* "NAME:NUMBER", within its bounds; false: another option. */
static bool take_number(const char *word, const char *name, int most, int *out)
{
    size_t len = strlen(name);
    if (strncmp(word, name, len) != 0 || word[len] != ':')
        return false;
    long n = strtol(word + len + 1, NULL, 10);
    *out = n < 0 ? 0 : n > most ? most : (int)n;
    return true;
}

/* The C library looks at the beginning of a word only. */
static bool is_flag(const char *word, const char *name)
{
    return !strncmp(word, name, strlen(name));
}

static void take_option(struct resolv_conf *conf, const char *word)
{
    int n;
    if (take_number(word, "ndots", NDOTS_MAX, &n))
        search_list_set_ndots(conf->search, n);
    else if (take_number(word, "timeout", TIMEOUT_MAX, &n))
        conf->timeout = n ? n : 1;
    else if (take_number(word, "attempts", ATTEMPTS_MAX, &n))
        conf->attempts = n ? n : 1;
    else if (is_flag(word, "rotate"))
        conf->rotate = true;
    else if (is_flag(word, "use-vc"))
        conf->use_vc = true;
}

static void take_options(struct resolv_conf *conf, char *text)
{
    char *rest = NULL;
    for (char *word = strtok_r(text, blank, &rest); word;
         word = strtok_r(NULL, blank, &rest))
        take_option(conf, word);
}

/* A keyword at the line's beginning, a blank and something behind it.  Of
 * "search" and "domain" the last one holds. */
static int conf_take_line(struct resolv_conf *conf, char *line)
{
    size_t len = strcspn(line, blank);
    char *rest = line + len + (line[len] != '\0');
    line[len] = '\0';
    if (!rest[strspn(rest, blank)])
        return 0;
    if (!strcmp(line, "nameserver"))
        return take_server(conf, rest);
    if (!strcmp(line, "search"))
        return search_list_set(conf->search, rest, INT_MAX);
    if (!strcmp(line, "domain"))
        return search_list_set(conf->search, rest, 1);
    if (!strcmp(line, "options"))
        take_options(conf, rest);
    return 0;
}

/* --- the file --- */

/* A NUL ends what is read of its line; one stands at `end`. */
static int conf_take_lines(
    struct resolv_conf *conf, char *text, const char *end)
{
    int result = 0;
    while (!result && text < end) {
        char *lf = memchr(text, '\n', (size_t)(end - text));
        size_t len = lf ? (size_t)(lf - text) : (size_t)(end - text);
        text[len] = '\0';
        result = conf_take_line(conf, text);
        text += len + 1;
    }
    return result;
}

/* The size of what was read: of a file that is larger, whole lines only. */
static size_t read_text(int fd, char text[RESOLV_CONF_MAX])
{
    size_t size = 0;
    ssize_t n;
    do {
        n = read(fd, text + size, RESOLV_CONF_MAX - size);
        size += n > 0 ? (size_t)n : 0;
    } while (n > 0 || (n < 0 && errno == EINTR));
    if (size == RESOLV_CONF_MAX)
        while (size > 0 && text[size - 1] != '\n')
            size--;
    return size;
}

static int take_text(struct resolv_conf *conf, int fd)
{
    char *text = malloc(RESOLV_CONF_MAX + 1);
    if (!text)
        return -ENOMEM;
    size_t size = read_text(fd, text);
    text[size] = '\0';
    int result = conf_take_lines(conf, text, text + size);
    free(text);
    return result;
}

/* What stays so until somebody changes the file system. */
static bool is_lasting(int error)
{
    return error == EACCES || error == ELOOP || error == ENOENT ||
           error == ENOTDIR || error == ENXIO || error == EPERM;
}

static bool is_regular(int fd)
{
    struct stat status;
    return !fstat(fd, &status) && S_ISREG(status.st_mode);
}

/* The loop waits meanwhile: not for a FIFO's writer, nor for a device that has
 * no end. */
static int conf_take_file(struct resolv_conf *conf, const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return is_lasting(errno) ? 0 : -errno;
    int result = is_regular(fd) ? take_text(conf, fd) : 0;
    close(fd);
    return result;
}

static int default_domain(struct resolv_conf *conf)
{
    char own[HOSTNAME];
    if (gethostname(own, sizeof own))
        return 0;
    own[sizeof own - 1] = '\0';
    char *dot = strchr(own, '.');
    return dot ? search_list_set(conf->search, dot + 1, 1) : 0;
}

static int default_server(struct resolv_conf *conf)
{
    union address local = {.in.sin_family = AF_INET};
    local.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address_set_port(&local, DNS_PORT);
    return server_add(conf, &local);
}

int resolv_conf_read(struct resolv_conf *out, const char *path)
{
    struct resolv_conf conf = {0};
    int result = search_list_create(&conf.search);
    if (!result)
        result = conf_take_file(&conf, path);
    if (!result && !search_list_is_set(conf.search))
        result = default_domain(&conf);
    if (!result && conf.server_count == 0)
        result = default_server(&conf);
    if (result)
        resolv_conf_fini(&conf);
    else
        *out = conf;
    return result;
}

void resolv_conf_fini(struct resolv_conf *conf)
{
    free(conf->servers);
    search_list_destroy(conf->search);
    *conf = (struct resolv_conf){0};
}
