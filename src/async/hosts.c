/*
 * hosts - a hash table from name to the addresses of its lines.
 *
 * Invariant: entries of one name stand in its chain in the file's order.
 */
#include "hosts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct entry {
    STAILQ_ENTRY(entry) next;
    union address address;
    char name[];
};

/* For files of a few names up to block lists of 100,000. */
enum { BUCKETS = 4096 };

struct hosts {
    STAILQ_HEAD(, entry) buckets[BUCKETS];
};

static size_t bucket_of(const char *name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        hash = (hash ^ c) * 16777619u;
    }
    return hash % BUCKETS;
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

static int hosts_add(
    struct hosts *hosts, const char *name, const union address *address)
{
    size_t size = strlen(name) + 1;
    struct entry *entry = malloc(sizeof *entry + size);
    if (!entry)
        return -ENOMEM;
    entry->address = *address;
    memcpy(entry->name, name, size);
    STAILQ_INSERT_TAIL(&hosts->buckets[bucket_of(name)], entry, next);
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

int hosts_create(struct hosts **out, const char *path)
{
    struct hosts *hosts = malloc(sizeof *hosts);
    if (!hosts)
        return -ENOMEM;
    for (int i = 0; i < BUCKETS; i++)
        STAILQ_INIT(&hosts->buckets[i]);
    FILE *file = fopen(path, "re");
    int result = file ? hosts_read(hosts, file) : 0;
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
    for (int i = 0; i < BUCKETS; i++)
        while (!STAILQ_EMPTY(&hosts->buckets[i])) {
            struct entry *entry = STAILQ_FIRST(&hosts->buckets[i]);
            STAILQ_REMOVE_HEAD(&hosts->buckets[i], next);
            free(entry);
        }
    free(hosts);
}

bool hosts_find(const struct hosts *hosts, const char *name)
{
    const struct entry *entry;
    STAILQ_FOREACH (entry, &hosts->buckets[bucket_of(name)], next)
        if (!strcasecmp(entry->name, name))
            return true;
    return false;
}

size_t hosts_addresses(const struct hosts *hosts, const char *name, int family,
    union address *addresses, size_t max)
{
    size_t count = 0;
    const struct entry *entry;
    STAILQ_FOREACH (entry, &hosts->buckets[bucket_of(name)], next)
        if (count < max && entry->address.sa.sa_family == family &&
            !strcasecmp(entry->name, name))
            addresses[count++] = entry->address;
    return count;
}
