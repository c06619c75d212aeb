/*
 * fetching - see fetching.h.
 */
#include "fetching.h"

#include "fuzz.h"

#include "async/tls.h"
#include "fetch.h"
#include "target.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void line(void *arg, const struct result *result, bool interim,
    const char *bytes, size_t len)
{
    struct fetching *f = arg;
    assert(result == &f->result);
    f->shown = realloc(f->shown, f->shown_len + len + 2);
    assert(f->shown);
    f->shown[f->shown_len++] = interim ? 'i' : 'f';
    memcpy(f->shown + f->shown_len, bytes, len);
    f->shown_len += len;
    f->shown[f->shown_len++] = '\n';
}

static const struct target *target(void)
{
    static struct target *target;
    const char *reason;
    if (!target)
        assert(!target_parse("192.0.2.1", 9, &target, &reason));
    return target;
}

/* Whatever certificate may come. */
static struct tls *tls(void)
{
    static struct tls *tls;
    const struct tls_config config = {.insecure = true};
    if (!tls)
        assert(!tls_create(&tls, &config));
    return tls;
}

static int run(void *arg)
{
    struct fetching *f = arg;
    struct connect_rule anywhere = {.to_host = "192.0.2.1"};
    struct fetch_config config = {
        .max_time = 1000 * LOOP_SECOND,
        .reach.timeout = 1000 * LOOP_SECOND,
        .reach.tls = tls(),
        .reach.routes = {.connect = &anywhere, .connect_count = 1},
        .max_header_size = f->max_header_size,
        .request = {.method = "GET", .user_agent = "fuzz"},
        .keep_head = true,
        .follow = f->follow,
        .max_redirs = 3,
        .line = line,
        .line_arg = f,
    };
    wire_use(&f->wire);
    result_init(&f->result);
    f->result.target = target();
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
