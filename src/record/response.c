/*
 * response - what came back for one request.
 *
 * Invariant: head and tls are NULL or heap memory.
 */
#include "record/response.h"

#include "http/http.h"

#include <stdlib.h>
#include <string.h>

bool response_status_line(
    const struct response *response, struct http_status *status)
{
    const char *head = response->head;
    const char *end = head ? memchr(head, '\n', response->head_len) : NULL;
    return end && http_status_parse(head, (size_t)(end - head), status) == 0;
}

void response_fini(struct response *response)
{
    free(response->head);
    free(response->tls);
    *response = (struct response){0};
}
