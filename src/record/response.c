/*
 * response - what came back for one request.
 *
 * Invariant: head and tls are NULL or heap memory.
 */
#include "record/response.h"

#include <stdlib.h>

void response_fini(struct response *response)
{
    free(response->head);
    free(response->tls);
    *response = (struct response){0};
}
