/*
 * audience - whom a field allows something.
 */
#ifndef AFETCH_FIELDS_AUDIENCE_H
#define AFETCH_FIELDS_AUDIENCE_H

/* From the strictest. */
enum audience {
    AUDIENCE_NOBODY,
    AUDIENCE_SELF, /* the page's own origin */
    AUDIENCE_LISTED, /* other origins as well */
    AUDIENCE_ANYONE,
};

/* "nobody", "self", "listed", "anyone". */
const char *audience_name(enum audience audience);

#endif
