/*
 * json_head - the heads of a response as JSON: its fields, and those of the
 * 1xx responses before it.
 */
#ifndef AFETCH_JSON_HEAD_H
#define AFETCH_JSON_HEAD_H

struct output;
struct response;

/* [["name","value"],...]; empty when no head came. */
void json_put_headers(struct output *out, const struct response *response);
/* [{"status":103,"reason":"Early Hints","headers":[...]},...] */
void json_put_interim(struct output *out, const struct response *response);

#endif
