/*
 * hosts - a hash table from name to the addresses of its lines.
 *
 * Invariant: entries of one name stand in its chain in the file's order.
 */
#include "async/dns/hosts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

struct entry {
    STAILQ_ENTRY(entry) next;
    union address address;
    char name[];
};

STAILQ_HEAD(chain, entry);

/* For files of a few names, in few cache lines, up to block lists of
 * 100,000: a power of two, and no fewer chains than entries. */
struct hosts {
    size_t count, size;
    struct chain *chains;
};

enum { SIZE_FIRST = 64 };

static struct chain *chain_of(const struct hosts *hosts, const char *name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        hash = (hash ^ c) * 16777619u;
    }
    return &hosts->chains[hash % hosts->size];
}

static int address_parse(char *text, union address *address)
{
    *address = (union address){0};
    if (inet_pton(AF_INET, text, &address->in.sin_addr) == 1) {
        address->sa.sa_family = AF_INET;
        return 0;
    }
    char *scope = strchr(text, '%');
    if (scope) {
        *scope++ = '\0';
        address->in6.sin6_scope_id = if_nametoindex(scope);
    }
    if (inet_pton(AF_INET6, text, &address->in6.sin6_addr) != 1)
        return -EINVAL;
    address->sa.sa_family = AF_INET6;
    return 0;
}

/* A table of this size; the old one's entries go over in their order. */
static int hosts_resize(struct hosts *hosts, size_t size)
{
    struct hosts old = *hosts;
    struct chain *chains = malloc(size * sizeof *chains);
    if (!chains)
        return -ENOMEM;
    hosts->chains = chains;
    hosts->size = size;
    for (size_t i = 0; i < size; i++)
        STAILQ_INIT(&chains[i]);
    for (size_t i = 0; i < old.size; i++)
        while (!STAILQ_EMPTY(&old.chains[i])) {
            struct entry *entry = STAILQ_FIRST(&old.chains[i]);
            STAILQ_REMOVE_HEAD(&old.chains[i], next);
            STAILQ_INSERT_TAIL(chain_of(hosts, entry->name), entry, next);
        }
    free(old.chains);
    return 0;
}

static int hosts_add(
    struct hosts *hosts, const char *name, const union address *address)
{
    if (hosts->count == hosts->size && hosts_resize(hosts, 2 * hosts->size))
        return -ENOMEM;
    size_t size = strlen(name) + 1;
    struct entry *entry = malloc(sizeof *entry + size);
    if (!entry)
        return -ENOMEM;
    entry->address = *address;
    memcpy(entry->name, name, size);
    STAILQ_INSERT_TAIL(chain_of(hosts, name), entry, next);
    hosts->count++;
    return 0;
}

/* "ADDRESS NAME NAME… # comment"; a line that is not so says nothing. */
static int hosts_line(struct hosts *hosts, char *line)
{
    static const char blank[] = " \t\r\n\v\f";
    char *rest;
    union address address;
    line[strcspn(line, "#")] = '\0';
    char *word = strtok_r(line, blank, &rest);
    if (!word || address_parse(word, &address))
        return 0;
    while ((word = strtok_r(NULL, blank, &rest)))
        if (hosts_add(hosts, word, &address))
            return -ENOMEM;
    return 0;
}

static int hosts_read(struct hosts *hosts, FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    int result = 0;
    while (!result && getline(&line, &size, file) >= 0)
        result = hosts_line(hosts, line);
    free(line);
    return result;
}

/* Start waits meanwhile: not for a FIFO's writer, nor for a device that has no
 * end.  NULL: no names can be read. */
static FILE *hosts_open(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    bool regular = !fstat(fd, &status) && S_ISREG(status.st_mode);
    FILE *file = regular ? fdopen(fd, "r") : NULL;
    if (!file)
        close(fd);
    return file;
}

int hosts_create(struct hosts **out, const char *path)
{
    struct hosts *hosts = calloc(1, sizeof *hosts);
    if (!hosts)
        return -ENOMEM;
    FILE *file = hosts_open(path);
    int result = hosts_resize(hosts, SIZE_FIRST);
    if (file && !result)
        result = hosts_read(hosts, file);
    if (file)
        fclose(file);
    if (result)
        hosts_destroy(hosts);
    else
        *out = hosts;
    return result;
}

void hosts_destroy(struct hosts *hosts)
{
    if (!hosts)
        return;
    for (size_t i = 0; i < hosts->size; i++)
        while (!STAILQ_EMPTY(&hosts->chains[i])) {
            struct entry *entry = STAILQ_FIRST(&hosts->chains[i]);
            STAILQ_REMOVE_HEAD(&hosts->chains[i], next);
            free(entry);
        }
    free(hosts->chains);
    free(hosts);
}

bool hosts_find(const struct hosts *hosts, const char *name)
{
    const struct entry *entry;
    STAILQ_FOREACH (entry, chain_of(hosts, name), next)
        if (!strcasecmp(entry->name, name))
            return true;
    return false;
}

size_t hosts_addresses(const struct hosts *hosts, const char *name, int family,
    union address *addresses, size_t max)
{
    size_t count = 0;
    const struct entry *entry;
    STAILQ_FOREACH (entry, chain_of(hosts, name), next)
        if (count < max && entry->address.sa.sa_family == family &&
            !strcasecmp(entry->name, name))
            addresses[count++] = entry->address;
    return count;
}
