/*
 * json_tried - the record's "tried": the addresses that were connected to, or
 * not.
 */
#ifndef AFETCH_JSON_TRIED_H
#define AFETCH_JSON_TRIED_H

struct output;
struct response;

/* [{"ip":"192.0.2.7","phase":"connect","code":"REFUSED","ms":0.1},...], in the
 * order begun; code null: connected. */
void json_put_tried(struct output *out, const struct response *response);

#endif
