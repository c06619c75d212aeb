/*
 * heads - fetches heads from stdin, each after its length (four bytes, the
 * lowest first), and writes the JSON record of each: for differential.
 */
#include "fetching.h"

#include "http/http.h"
#include "output/buffer.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct fetching fetching;

static void fetch_head(struct report *report, struct span head)
{
    fetching =
        (struct fetching){.wire.bytes = head, .max_header_size = HTTP_HEAD_MAX};
    fetching_run(&fetching);
    report->ops->result(report, &fetching.result);
    fetching_fini(&fetching);
}

/* The next head, which the caller frees; false at the end. */
static bool read_head(char **bytes, struct span *head)
{
    unsigned char size[4];
    if (fread(size, 1, sizeof size, stdin) != sizeof size)
        return false;
    head->len = size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 |
                (size_t)size[3] << 24;
    *bytes = malloc(head->len + 1);
    head->at = *bytes;
    return *bytes && fread(*bytes, 1, head->len, stdin) == head->len;
}

int main(void)
{
    struct output *out = output_create(STDOUT_FILENO);
    struct report *report = out ? report_json_create(out, true) : NULL;
    struct span head;
    char *bytes = NULL;
    if (!report)
        return EXIT_FAILURE;
    while (read_head(&bytes, &head)) {
        fetch_head(report, head);
        free(bytes);
        bytes = NULL;
    }
    free(bytes);
    report->ops->destroy(report);
    int error = output_flush(out);
    output_destroy(out);
    return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
