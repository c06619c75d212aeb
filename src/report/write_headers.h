/*
 * write_headers - %{header_json} of -w: {"name":["value",...],...}, names in
 * lower case, as curl has it.
 */
#ifndef AFETCH_WRITE_HEADERS_H
#define AFETCH_WRITE_HEADERS_H

struct output;
struct response;

/* Empty without a head. */
void write_headers_json(struct output *out, const struct response *response);

#endif
