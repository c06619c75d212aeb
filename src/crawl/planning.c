/*
 * planning - see planning.h.
 *
 * Invariant: what is shown comes from where a run has it: its setup, its list,
 * its rules, the room that writes its requests.
 */
#include "crawl/planning.h"

#include "async/core/error.h"
#include "async/core/task.h"
#include "crawl/descriptors.h"
#include "crawl/estimate.h"
#include "crawl/selection.h"
#include "crawl/setup.h"
#include "exit.h"
#include "fetch/connect.h"
#include "fetch/request.h"
#include "input/list.h"
#include "input/resume.h"
#include "judge/mask.h"
#include "judge/rules.h"
#include "options/options.h"
#include "report/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct state {
    const struct planning *planning;
    struct run run; /* as it would be */
    struct plan plan;
    struct plan_rule *rules;
    struct target *first; /* NULL: none yet */
};

/* --- the list --- */

static void take_bad(struct state *s, struct list_item *item)
{
    if (s->plan.bad++ >= PLAN_BAD_MAX) {
        free(item->shown);
        return;
    }
    s->plan.bad_lines[s->plan.bad - 1] = (struct plan_bad){
        item->shown, item->shown_len, item->source, item->line, item->reason};
}

/* The first request of a target; the caller frees out->at. */
static int write_request(
    struct state *s, struct request_turn *turn, struct request_bytes *out)
{
    const struct fetch_config *fetch = &s->run.crawl.fetch;
    turn->method = fetch->request.method;
    connect_find_turn(&fetch->connect, turn);
    return request_write(&fetch->request, turn, out);
}

/* What cannot be written is told by the first one. */
static void count_request(struct state *s, const struct target *target)
{
    struct request_turn turn = {.target = target};
    struct request_bytes bytes;
    if (write_request(s, &turn, &bytes))
        return;
    s->plan.request_bytes += bytes.len;
    free(bytes.at);
}

static void take_target(struct state *s, struct target *target)
{
    count_request(s, target);
    if (target->scheme == TARGET_HTTPS)
        s->plan.https++;
    else
        s->plan.http++;
    s->plan.addresses += target->literal || target->has_address;
    if (s->first)
        target_destroy(target);
    else
        s->first = target;
}

static void meet_rules(struct state *s, const struct target *target)
{
    const struct rules *rules = s->planning->rules;
    for (size_t i = 0; i < rules->count; i++)
        s->rules[i].is_met |= rule_is_for(&rules->items[i], target);
}

static void take_item(struct state *s, struct list_item *item)
{
    free(item->columns);
    meet_rules(s, item->target);
    if (item->target)
        take_target(s, item->target);
    else
        take_bad(s, item);
}

/* The task: lists may be pipes. */
static int read_list(void *arg)
{
    struct state *s = arg;
    struct list_item item;
    int error;
    while (!(error = list_next(s->planning->list, &item)))
        take_item(s, &item);
    return error == ASYNC_EOF ? 0 : error;
}

static int read_all(struct state *s)
{
    const struct planning *planning = s->planning;
    struct loop *loop;
    int error = loop_create(&loop);
    if (error)
        return fatal(EXIT_CANNOT_GO_ON, "the event loop: %s", strerror(-error));
    error = task_run(loop, read_list, s);
    loop_destroy(loop);
    const char *source = list_source(planning->list);
    if (error && source)
        return fatal(
            EXIT_CANNOT_GO_ON, "cannot read %s: %s", source, strerror(-error));
    return error ? fatal(EXIT_CANNOT_GO_ON, "%s", strerror(-error)) : 0;
}

/* --- rules --- */

static int take_rules(struct state *s)
{
    const struct rules *rules = s->planning->rules;
    s->rules = calloc(rules->count + 1, sizeof *s->rules);
    if (!s->rules)
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->items[i];
        s->rules[i] = (struct plan_rule){
            .id = rule->expression ? rule->id : NULL,
            .text = rule_text(rule),
            .source = rule->source,
            .only = rule->only,
            .is_warning = rule->is_warning,
        };
    }
    s->plan.rules = s->rules;
    s->plan.rule_count = rules->count;
    return 0;
}

/* --- limits --- */

__attribute__((format(printf, 3, 4))) static void add_limit(
    struct plan *plan, const char *name, const char *format, ...)
{
    struct plan_limit *limit = &plan->limits[plan->limit_count++];
    va_list arguments;
    limit->name = name;
    va_start(arguments, format);
    vsnprintf(limit->value, sizeof limit->value, format, arguments);
    va_end(arguments);
}

/* 0: there is none. */
static void add_time(struct plan *plan, const char *name, int64_t ns)
{
    if (ns)
        add_limit(plan, name, "%g s", (double)ns / LOOP_SECOND);
    else
        add_limit(plan, name, "none");
}

static void add_limits(
    struct plan *plan, const struct options *o, const struct run *run)
{
    add_limit(plan, "concurrency", "%u", run->crawl.concurrency);
    if (o->per_address)
        add_limit(plan, "per address", "%u", o->per_address);
    add_time(plan, "between two starts", o->start_interval);
    add_time(plan, "for a target", run->crawl.fetch.max_time);
    add_time(plan, "to connect", run->crawl.fetch.connect.timeout);
    add_time(plan, "for the run", o->deadline);
    add_limit(plan, "retries", "%u", run->crawl.fetch.retries);
    add_limit(plan, "redirects", "%u", o->follow ? o->max_redirs : 0);
    add_limit(plan, "size of a head", "%zu bytes", o->max_header_size);
    if (o->shard.count)
        add_limit(plan, "shard", "%u/%u", o->shard.number, o->shard.count);
}

/* --- the request --- */

static int show_request(struct state *s, struct request_bytes *bytes)
{
    struct request_turn turn = {.target = s->first};
    if (!s->first)
        return 0;
    int error = write_request(s, &turn, bytes);
    if (error)
        return fatal(EXIT_CANNOT_GO_ON, "%s", strerror(-error));
    s->plan.url = s->first->url;
    s->plan.proxy = connect_proxy_url(&turn);
    s->plan.request = bytes->at;
    s->plan.request_len = bytes->len;
    return 0;
}

/* --- the whole --- */

static void state_fini(struct state *s)
{
    for (size_t i = 0; i < PLAN_BAD_MAX; i++)
        free(s->plan.bad_lines[i].shown);
    target_destroy(s->first);
    free(s->rules);
}

static void add_masked(struct plan *plan, const char *name)
{
    if (plan->masked_count < PLAN_MASKED_MAX)
        plan->masked[plan->masked_count++] = name;
}

/* What --baseline and --odd-one-out leave out. */
static void add_mask(struct plan *plan, const struct options *options)
{
    if (!options->baseline && !options->odd_one_out)
        return;
    for (size_t i = 0; !options->ignore_none && mask_name(i); i++)
        add_masked(plan, mask_name(i));
    if (!options->ignore_none)
        add_masked(plan, "Set-Cookie, but for the names of cookies");
    for (size_t i = 0; i < options->ignore.count; i++)
        add_masked(plan, options->ignore.items[i]);
    if (options->learn)
        add_masked(plan, "what differs between two fetches");
}

/* --max-time does not bound the wait for a busy address, nor a target that is
 * fetched from several. */
static bool is_endless(const struct options *options)
{
    return options->per_address || options->all_addresses;
}

static void add_estimate(struct state *s)
{
    const struct options *options = s->planning->options;
    struct resume_counts counts = {0};
    s->plan.is_resumed = selection_count(s->planning->selection, &counts);
    s->plan.done = counts.skipped;
    s->plan.again = counts.in_place + counts.moved - counts.skipped;
    const struct estimate estimate = estimate_run(&(struct estimate_of){
        .http = s->plan.http,
        .https = s->plan.https,
        .concurrency = s->run.crawl.concurrency,
        .interval = options->start_interval,
        .max_time = options->max_time,
        .deadline = options->deadline,
        .records = counts.records,
    });
    s->plan.least = estimate.least;
    s->plan.most =
        options->deadline || !is_endless(options) ? estimate.most : 0;
    s->plan.memory = estimate.memory;
    s->plan.open_files = descriptors_limit();
}

static int show_plan(struct state *s)
{
    struct request_bytes bytes = {0};
    add_limits(&s->plan, s->planning->options, &s->run);
    add_estimate(s);
    add_mask(&s->plan, s->planning->options);
    int error = show_request(s, &bytes);
    if (!error && s->planning->options->json)
        report_plan_json(s->planning->out, &s->plan);
    else if (!error)
        report_plan(s->planning->out, &s->plan);
    free(bytes.at);
    return error;
}

int planning_run(const struct planning *planning)
{
    struct state s = {.planning = planning};
    setup_run(planning->setup, &s.run);
    int error = take_rules(&s);
    if (!error)
        error = read_all(&s);
    if (!error)
        error = show_plan(&s);
    state_fini(&s);
    return error;
}
