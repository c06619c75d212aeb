/* An HTTP request's head, read defensively. Pure. */
#ifndef LAB_REQUEST_H
#define LAB_REQUEST_H

#include "text.h"

/* Texts point into the bytes that were read. */
struct request {
    struct text method;
    struct text target;
    struct text host; /* with its port; empty if there was none */
    struct text name; /* the host alone, no brackets, no final dot */
    bool has_body;
};

/* The head's length; 0 if its end has not come yet; -EINVAL if what came is
 * no request. */
long request_read(struct request *r, const char *p, size_t n);

/* The name in `host[:port]`. */
struct text host_name(struct text host);

#endif
