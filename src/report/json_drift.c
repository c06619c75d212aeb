/* json_drift - see json_drift.h. */
#include "report/json_drift.h"

#include "output/buffer.h"
#include "record/drift.h"
#include "report/json_member.h"
#include "report/json_write.h"

/* A text that is a name or a value of a stranger's. */
static void put_change(struct output *out, const struct drift_change *change)
{
    JSON_PUT(out, "{" MEMBER("what"));
    json_put_text(out, change->what);
    JSON_PUT(out, "," MEMBER("from"));
    json_put_text(out, change->from);
    JSON_PUT(out, "," MEMBER("to"));
    json_put_text(out, change->to);
    JSON_PUT(out, "}");
}

void json_put_changes(struct output *out, const struct drift *drift)
{
    JSON_PUT(out, "[");
    for (size_t i = 0; drift && i < drift->count; i++) {
        if (i > 0)
            JSON_PUT(out, ",");
        put_change(out, &drift->changes[i]);
    }
    JSON_PUT(out, "]");
}
