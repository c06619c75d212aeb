/*
 * fetching - see fetching.h.
 */
#include "fetching.h"

#include "fuzz.h"

#include "async/tls/tls.h"
#include "fetch/fetch.h"
#include "input/target.h"
#include "route/proxies.h"

#include <stdlib.h>
#include <string.h>

static void show_line(
    void *arg, const struct result *result, const struct response_line *line)
{
    struct fetching *f = arg;
    size_t len = line->len;
    fuzz_must(result == &f->result);
    f->shown = realloc(f->shown, f->shown_len + len + 2);
    fuzz_must(f->shown);
    f->shown[f->shown_len++] = line->interim ? 'i' : 'f';
    memcpy(f->shown + f->shown_len, line->bytes, len);
    f->shown_len += len;
    f->shown[f->shown_len++] = '\n';
}

static const struct target *usual_target(void)
{
    static struct target *target;
    const char *reason;
    if (!target)
        fuzz_must(!target_parse("192.0.2.1", 9, &target, &reason));
    return target;
}

/* Whatever certificate may come. */
static struct tls *tls(void)
{
    static struct tls *tls;
    const struct tls_config config = {.insecure = true};
    if (!tls)
        fuzz_must(!tls_create(&tls, &config));
    return tls;
}

static int run(void *arg)
{
    struct fetching *f = arg;
    struct proxies none = {0};
    struct connect_rule anywhere = {.to_host = "192.0.2.1"};
    struct fetch_config config = {
        .max_time = 1000 * LOOP_SECOND,
        .connect.timeout = 1000 * LOOP_SECOND,
        .connect.tls = tls(),
        .connect.routes = {.connect = &anywhere,
            .connect_count = f->proxies ? 0 : 1},
        .connect.proxies = f->proxies ? f->proxies : &none,
        .max_header_size = f->max_header_size,
        .max_chain_size = FETCH_CHAIN_HEADS * f->max_header_size,
        .request = {.method = "GET", .user_agent = "fuzz"},
        .keep_head = true,
        .follow = f->follow,
        .max_redirs = 3,
        .line = show_line,
        .line_arg = f,
    };
    wire_use(&f->wire);
    result_init(&f->result);
    f->result.target = f->target ? f->target : usual_target();
    f->result.input = f->result.target->input;
    fetch(&config, f->result.target, &f->result);
    return 0;
}

void fetching_run(struct fetching *f)
{
    fuzz_run(run, f);
}

void fetching_fini(struct fetching *f)
{
    result_fini(&f->result);
    free(f->shown);
}

static void check_same_response(
    const struct response *r, const struct response *s)
{
    fuzz_must(r->status == s->status && r->http_major == s->http_major);
    fuzz_must(r->http_minor == s->http_minor);
    fuzz_must(r->header_bytes == s->header_bytes);
    fuzz_must(r->head_len == s->head_len);
    fuzz_must(r->head_len == 0 || !memcmp(r->head, s->head, r->head_len));
}

static void check_same_hops(const struct result *r, const struct result *s)
{
    fuzz_must(r->hop_count == s->hop_count);
    for (size_t i = 0; i < r->hop_count; i++) {
        const struct hop *a = &r->hops[i], *b = &s->hops[i];
        fuzz_must(strcmp(a->target->url, b->target->url) == 0);
        check_same_response(&a->response, &b->response);
    }
}

void fetching_check_same(const struct fetching *a, const struct fetching *b)
{
    const struct result *r = &a->result, *s = &b->result;
    check_same_response(&r->response, &s->response);
    fuzz_must(r->error == s->error && r->error_phase == s->error_phase);
    fuzz_must(strcmp(result_message(r), result_message(s)) == 0);
    fuzz_must(a->shown_len == b->shown_len);
    fuzz_must(a->shown_len == 0 || !memcmp(a->shown, b->shown, a->shown_len));
    check_same_hops(r, s);
}
