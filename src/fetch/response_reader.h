/*
 * response_reader - the answer to one request: heads read from a stream, up to
 * the blank line of the first that is final.
 */
#ifndef AFETCH_RESPONSE_READER_H
#define AFETCH_RESPONSE_READER_H

#include "http/http.h"
#include "record/result.h"

#include <stdbool.h>
#include <stddef.h>

struct stream;

/* A header line, without its line end. */
struct response_line {
    const char *bytes;
    size_t len;
    bool interim; /* of a 1xx head */
    int64_t at; /* when it was read: ns since the request was sent, on the
                   task's own clock; 0 if times were not wanted */
};

/* A header line has arrived.  Does not await, which the line would not
 * outlive. */
typedef void response_line_fn(
    void *arg, const struct result *result, const struct response_line *line);
/* Awaits.  There is room for more lines to be shown. */
typedef void response_room_fn(void *arg);

struct response_reader {
    struct stream *stream;
    struct result *result; /* gets status, version, header_bytes, head */
    size_t max_bytes; /* of one head */
    size_t chain_bytes; /* of all heads of a chain of redirects, where less of
                           them is left than max_bytes would be; or 0 */
    bool keep; /* the result shall hold the head, and interim ones */
    bool times; /* when lines were read is wanted, and kept with them */
    int64_t sent_at; /* task_time of the request's last byte */
    bool keep_redirect; /* at least that of a redirect */
    bool keep_error; /* at least that of a 4xx or 5xx */
    bool hold; /* lines are kept, not shown: see response_show */
    bool apart; /* an empty line is shown ahead of the first one */
    response_line_fn *line; /* or NULL, and so */
    response_room_fn *room;
    void *line_arg; /* of both */

    struct http_head head; /* the rest is answer's own */
    bool interim; /* the head being read is a 1xx */
};

/*
 * Awaits.  0; RESULT_FAILED: the result says what is wrong; or a negative
 * result of the stream, ASYNC_EOF_IN_LINE for any end before the blank line.
 */
int response_read(struct response_reader *answer);

/* Shows what was held. */
void response_show(struct response_reader *answer);

#endif
