/* Inside the language: how one word reads its argument. words.c has the
 * table, setters.c the readers. */
#ifndef LAB_WORDS_H
#define LAB_WORDS_H

#include "behaviour.h"

struct choice {
    const char *name;
    int value;
};

struct word {
    const char *name;
    int (*set)(const struct word *w, struct behaviour *b, const struct arg *a);
    size_t at; /* offset of the member; the family of `a` and `aaaa` */
    uint64_t preset; /* its value when there is no argument */
    uint64_t max; /* the largest number; how a set_end word ends */
    const struct choice *choices;
};

/* Each returns 0, or -EINVAL with the behaviour untouched. */
int set_number(const struct word *w, struct behaviour *b, const struct arg *a);
int set_size(const struct word *w, struct behaviour *b, const struct arg *a);
int set_choice(const struct word *w, struct behaviour *b, const struct arg *a);
int set_text(const struct word *w, struct behaviour *b, const struct arg *a);
int set_field(const struct word *w, struct behaviour *b, const struct arg *a);
int set_raw(const struct word *w, struct behaviour *b, const struct arg *a);
int set_family(const struct word *w, struct behaviour *b, const struct arg *a);
int set_dns(const struct word *w, struct behaviour *b, const struct arg *a);
int set_junk(const struct word *w, struct behaviour *b, const struct arg *a);
int set_cname(const struct word *w, struct behaviour *b, const struct arg *a);
int set_redirect(
    const struct word *w, struct behaviour *b, const struct arg *a);
int set_trickle(const struct word *w, struct behaviour *b, const struct arg *a);
int set_split(const struct word *w, struct behaviour *b, const struct arg *a);
int set_end(const struct word *w, struct behaviour *b, const struct arg *a);
int set_tls(const struct word *w, struct behaviour *b, const struct arg *a);

#endif
