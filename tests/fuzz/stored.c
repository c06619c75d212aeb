/* stored - see stored.h. */
#include "stored.h"

#include "fields/facts.h"
#include "fields/lines.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void add_bytes(struct stored *stored, const char *bytes, size_t len)
{
    size_t used = stored->head.head_len;
    stored->text = realloc(stored->text, used + len + 1);
    fuzz_must(stored->text);
    memcpy(stored->text + used, bytes, len);
    stored->head.head_len += len;
}

static void add_text(struct stored *stored, const char *text)
{
    add_bytes(stored, text, strlen(text));
}

void stored_add_both(struct stored *stored, const char *name, struct span first,
    struct span second)
{
    if (!stored->text)
        add_text(stored, "HTTP/1.1 200 OK\n");
    add_text(stored, name);
    add_text(stored, ": ");
    add_bytes(stored, first.at, first.len);
    if (second.at) {
        add_text(stored, ", ");
        add_bytes(stored, second.at, second.len);
    }
    add_text(stored, "\n");
}

void stored_add(struct stored *stored, const char *name, struct span value)
{
    stored_add_both(stored, name, value, (struct span){NULL, 0});
}

const struct field_head *stored_head(struct stored *stored)
{
    if (!stored->text)
        add_text(stored, "HTTP/1.1 200 OK\n");
    char *exact = realloc(stored->text, stored->head.head_len);
    fuzz_must(exact);
    stored->text = exact;
    stored->head.head = exact;
    stored->head.is_secure = true;
    stored->head.host = "www.a.example";
    stored->head.received_at = 1796083200;
    return &stored->head;
}

void stored_fini(struct stored *stored)
{
    free(stored->text);
    *stored = (struct stored){.text = NULL};
}

void stored_get(
    struct stored *stored, const char *fact, struct field_value *out)
{
    struct fact found;
    fuzz_must(fact_find(span_of_string(fact), &found) == 0);
    fact_get(&found, stored_head(stored), out);
}

int64_t stored_number(struct stored *stored, const char *fact)
{
    struct field_value value = {0};
    stored_get(stored, fact, &value);
    fuzz_must(value.type != FIELD_TEXT);
    return value.type == FIELD_NONE ? -1 : value.number;
}
