/*
 * statistics - see statistics.h.
 *
 * Invariant: hosts[i] is of index i, or NULL; `count` is one more than the
 * highest index.
 */
#include "record/statistics.h"
#include "text/array.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct statistics {
    struct host_statistics **hosts;
    size_t count, room;
};

struct statistics *statistics_create(void)
{
    return calloc(1, sizeof(struct statistics));
}

static void host_destroy(struct host_statistics *host)
{
    if (host)
        free(host->input);
    free(host);
}

void statistics_destroy(struct statistics *all)
{
    if (!all)
        return;
    for (size_t i = 0; i < all->count; i++)
        host_destroy(all->hosts[i]);
    free(all->hosts);
    free(all);
}

static struct host_statistics *host_create(const struct result *result)
{
    struct host_statistics *host = calloc(1, sizeof *host);
    if (!host)
        return NULL;
    host->index = result->index;
    host->input_len = result_input_len(result);
    host->input = malloc(host->input_len + 1);
    host->list_file = result->list_file;
    host->list_line = result->list_line;
    if (!host->input) {
        free(host);
        return NULL;
    }
    memcpy(host->input, result->input, host->input_len);
    host->input[host->input_len] = '\0';
    return host;
}

static struct host_statistics *host_of(
    struct statistics *all, const struct result *result)
{
    size_t index = result->index;
    struct host_statistics **hosts = array_grow(
        all->hosts, &all->room, index, sizeof(struct host_statistics *));
    if (!hosts)
        return NULL;
    all->hosts = hosts;
    if (!all->hosts[index])
        all->hosts[index] = host_create(result);
    if (all->hosts[index] && index >= all->count)
        all->count = index + 1;
    return all->hosts[index];
}

static void phase_add(struct phase_statistics *phase, int64_t ns)
{
    if (phase->count == 0 || ns < phase->min)
        phase->min = ns;
    if (ns > phase->max)
        phase->max = ns;
    phase->sum += ns;
    phase->count++;
    sketch_add(&phase->spread, ns);
}

int statistics_add(struct statistics *all, const struct result *result)
{
    if (result->error == FETCH_CANCELED)
        return 0;
    struct host_statistics *host = host_of(all, result);
    if (!host)
        return -ENOMEM;
    host->sent++;
    if (result->error)
        return 0;
    host->got++;
    for (int phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++)
        if (result->timings[phase] != PHASE_NONE)
            phase_add(&host->phases[phase], result->timings[phase]);
    return 0;
}

const struct host_statistics *statistics_next(
    const struct statistics *all, size_t *from)
{
    while (*from < all->count) {
        const struct host_statistics *host = all->hosts[(*from)++];
        if (host)
            return host;
    }
    return NULL;
}
