/*
 * read_tried - the addresses that were tried, from what a record has of them.
 */
#include "record/read_inside.h"

#include "record/members.h"

#include <math.h>
#include <stdlib.h>

static bool take_try(const json_t *json, struct response_tried *out)
{
    const json_t *ms = json_object_get(json, MEMBER_MS);
    const json_t *code = json_object_get(json, MEMBER_CODE);
    const char *ip = json_string_value(json_object_get(json, MEMBER_IP));
    enum fetch_error error = FETCH_OK;
    double took = json_number_value(ms);
    if (!ip || !read_ip(ip, &out->address) || !json_is_number(ms) || took < 0 ||
        took > 1e12)
        return false;
    out->took = llround(took * 1e6);
    if (!json_is_null(code) && !read_code(json_string_value(code), &error))
        return false;
    out->error = (int)error;
    return true;
}

const char *read_tried(const json_t *json, struct response *response)
{
    const json_t *list = json_object_get(json, MEMBER_TRIED), *one;
    size_t count = json_array_size(list), i;
    if (count == 0) /* or a record of before there were any */
        return NULL;
    response->tried = calloc(count, sizeof *response->tried);
    if (!response->tried)
        return read_no_memory;
    response->tried_count = count;
    json_array_foreach(list, i, one)
    {
        if (!take_try(one, &response->tried[i]))
            return "invalid tried";
    }
    return NULL;
}
