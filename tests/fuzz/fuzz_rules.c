/*
 * A file of rules: read whole or refused with a place in it, and judged.
 */
#include "fuzz.h"

#include "input/target.h"
#include "judge/rules.h"
#include "record/check.h"
#include "record/result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct target target = {.url = "http://www.a.test/x",
    .input = "a.test",
    .host = "www.a.test",
    .path = "/x",
    .port = 80};
static char head[] = "HTTP/1.1 200 OK\nServer: a\nX: b\nX: c\n";

static void judge(struct rules *rules)
{
    struct result result;
    result_init(&result);
    result.input = "a.test";
    result.target = &target;
    result.started_at.tv_sec = 1795340412;
    result.response.status = 200;
    result.response.head = head;
    result.response.head_len = sizeof head - 1;
    fuzz_must(rules_judge(rules, &result) == 0);
    fuzz_must(result.check_count <= rules->count);
    for (size_t i = 0; i < result.check_count; i++)
        fuzz_must(result.checks[i].outcome != CHECK_NO_ANSWER &&
                  result.checks[i].expr);
    result.response = (struct response){0};
    result_fini(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = fuzz_copy((struct span){(const char *)bytes, size});
    struct rules rules = {0};
    struct rules_fault fault;
    int error = rules_read(&rules, (struct span){text, size}, &fault);
    fuzz_must(error == 0 || error == -EINVAL);
    if (!error)
        judge(&rules);
    else
        fuzz_must(*fault.fault.text && fault.fault.at <= fault.text.len);
    rules_fini(&rules);
    free(text);
    return 0;
}
