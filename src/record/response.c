/*
 * response - what came back for one request.
 *
 * Invariant: head, interim, times, tried and tls are NULL or heap memory.
 */
#include "record/response.h"

#include "async/tls/tls_info.h"
#include "http/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool response_status_line(
    const struct response *response, struct http_status *status)
{
    const char *head = response->head;
    const char *end = head ? memchr(head, '\n', response->head_len) : NULL;
    return end && http_status_parse(head, (size_t)(end - head), status) == 0;
}

static int append_line(
    char **head, size_t *head_len, const char *line, size_t len)
{
    char *bytes = realloc(*head, *head_len + len + 1);
    if (!bytes)
        return -ENOMEM;
    memcpy(bytes + *head_len, line, len);
    bytes[*head_len + len] = '\n';
    *head = bytes;
    *head_len += len + 1;
    return 0;
}

int response_keep_line(
    struct response *response, bool interim, const char *line, size_t len)
{
    return interim
               ? append_line(
                     &response->interim, &response->interim_len, line, len)
               : append_line(&response->head, &response->head_len, line, len);
}

int response_keep_time(struct response *response, int64_t time)
{
    size_t count = response->time_count;
    int64_t *times = reallocarray(response->times, count + 1, sizeof *times);
    if (!times)
        return -ENOMEM;
    times[count] = time;
    response->times = times;
    response->time_count = count + 1;
    return 0;
}

size_t response_interim_lines(const struct response *response)
{
    size_t count = 0;
    for (size_t i = 1; i < response->interim_len; i++)
        count +=
            response->interim[i] == '\n' && response->interim[i - 1] != '\n';
    return count;
}

int64_t response_time(const struct response *response, size_t i)
{
    return i < response->time_count ? response->times[i] : 0;
}

static void tls_free(struct tls_info *tls)
{
    if (tls)
        free(tls->certs);
    free(tls);
}

void response_fini(struct response *response)
{
    free(response->head);
    free(response->interim);
    free(response->times);
    free(response->tried);
    tls_free(response->tls);
    *response = (struct response){0};
}
