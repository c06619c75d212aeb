/*
 * shard - see shard.h.
 *
 * FNV-1a alone is not enough: its lowest bit is the parity of the text's
 * lowest bits, and the last bytes hardly reach the highest ones.
 */
#include "input/shard.h"

#include "text/span.h"

#include <string.h>

#define NOT_A_SHARD                                                            \
    "is not I/N (I from 1 to N, N at most 1000000), auto or auto/N"

/* --- the argument --- */

/* Digits up to `end`; false for anything else and what is too large. */
static bool number_parse(const char *text, const char *end, unsigned *out)
{
    struct span digits = {text, (size_t)(end - text)};
    unsigned n = 0;

    if (digits.len == 0 || !span_is(digits, byte_is_digit))
        return false;
    for (; text < end && n <= SHARDS_MAX; text++)
        n = n * 10 + (unsigned)(*text - '0');
    *out = n;
    return n <= SHARDS_MAX;
}

static bool variable_parse(
    shard_variable *variable, const char *name, unsigned *out)
{
    const char *text = variable(name);

    return text && number_parse(text, strchr(text, '\0'), out);
}

/* Some tasks of an array, begun again, are an array of their own to Slurm;
 * so is one with gaps.  Their shards would not be those of the whole. */
static const char *slurm_shard(shard_variable *variable, struct shard *out)
{
    unsigned id, min, max, step, count;

    if (!variable_parse(variable, "SLURM_ARRAY_TASK_ID", &id) ||
        !variable_parse(variable, "SLURM_ARRAY_TASK_MIN", &min) ||
        !variable_parse(variable, "SLURM_ARRAY_TASK_MAX", &max) ||
        !variable_parse(variable, "SLURM_ARRAY_TASK_STEP", &step) ||
        !variable_parse(variable, "SLURM_ARRAY_TASK_COUNT", &count))
        return "needs numbers of at most 1000000 in SLURM_ARRAY_TASK_ID, _MIN, "
               "_MAX, _STEP and _COUNT";
    if (step == 0 || id < min || id > max || (id - min) % step != 0)
        return "cannot be derived: the SLURM_ARRAY_TASK_* values are "
               "inconsistent";
    if (min > 1 || (max - min) / step + 1 != count)
        return "needs a Slurm array that starts at 0 or 1 and has no gaps; to "
               "run some of its tasks, give I/N";
    *out = (struct shard){(id - min) / step + 1, count};
    return NULL;
}

static const char *pod_shard(
    shard_variable *variable, unsigned count, struct shard *out)
{
    unsigned index;

    if (!variable_parse(variable, "JOB_COMPLETION_INDEX", &index))
        return "needs a number in JOB_COMPLETION_INDEX";
    if (count == 0)
        return "needs the job's number of completions, as in auto/8";
    if (index >= count)
        return "has too few shards for JOB_COMPLETION_INDEX";
    *out = (struct shard){index + 1, count};
    return NULL;
}

/* `count` is 0 where the argument has none. */
static const char *auto_shard(
    shard_variable *variable, unsigned count, struct shard *out)
{
    bool is_task = variable("SLURM_ARRAY_TASK_ID");
    bool is_pod = variable("JOB_COMPLETION_INDEX");
    const char *why;

    if (is_task && is_pod)
        return "is ambiguous: SLURM_ARRAY_TASK_ID and JOB_COMPLETION_INDEX "
               "are both set";
    if (is_pod)
        return pod_shard(variable, count, out);
    if (!is_task)
        return "needs SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX in the "
               "environment";
    why = slurm_shard(variable, out);
    if (!why && count && count != out->count)
        why = "does not match SLURM_ARRAY_TASK_COUNT";
    return why;
}

const char *shard_parse(
    const char *text, shard_variable *variable, struct shard *out)
{
    const char *slash = strchrnul(text, '/');
    struct span first = {text, (size_t)(slash - text)};
    struct shard shard = {0};
    const char *why = NULL;

    if (*slash &&
        (!number_parse(slash + 1, strchr(slash, '\0'), &shard.count) ||
            shard.count == 0))
        return NOT_A_SHARD;
    if (first.len == 4 && span_has_prefix(first, "auto"))
        why = auto_shard(variable, shard.count, &shard);
    else if (!number_parse(text, slash, &shard.number) || shard.number == 0 ||
             shard.number > shard.count)
        why = NOT_A_SHARD;
    if (!why)
        *out = shard;
    return why;
}

/* --- the lines --- */

static uint64_t mix_hash(uint64_t hash)
{
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
    return hash ^ hash >> 33;
}

uint64_t shard_hash(const char *line, size_t len)
{
    struct span rest = {line, len};
    struct span target = span_take_column(&rest);
    uint64_t hash = 0xcbf29ce484222325;

    for (size_t i = 0; i < target.len; i++)
        hash = (hash ^ (unsigned char)target.at[i]) * 0x100000001b3;
    return mix_hash(hash);
}

bool shard_has(const struct shard *shard, const char *line, size_t len)
{
    if (shard->count == 0)
        return true;
    return shard_hash(line, len) % shard->count == shard->number - 1;
}

static int take_line(void *arg, const struct filter_line *line)
{
    return shard_has(arg, line->bytes, line->len);
}

struct filter shard_filter(struct shard *shard)
{
    return (struct filter){take_line, shard};
}
