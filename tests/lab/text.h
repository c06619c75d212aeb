/* Bytes: a borrowed run of them, a growable buffer, escapes, numbers. */
#ifndef LAB_TEXT_H
#define LAB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A run of bytes that someone else owns; not NUL-terminated. */
struct text {
    const char *p;
    size_t n;
};

/* A buffer that grows. All zero is a valid empty one. */
struct buf {
    char *p;
    size_t len;
    size_t cap;
};

#define TEXT(literal) ((struct text){literal, sizeof(literal) - 1})

/* Memory or the end of the process: the lab has nothing to save. */
void *lab_alloc(size_t size);
char *lab_strndup(const char *p, size_t n);

void buf_add(struct buf *b, const void *p, size_t n);
void buf_text(struct buf *b, struct text t);
void buf_str(struct buf *b, const char *s);
void buf_fill(struct buf *b, char byte, size_t n);
void buf_printf(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds `t` as a JSON string; each byte above 0x7e becomes \u00XX. */
void buf_json(struct buf *b, struct text t);
void buf_free(struct buf *b);

struct text text_of(const char *s);
bool text_is(struct text t, const char *s);
/* A decimal with an optional k, m or g (times 1024), at most `max`.
 * Returns 0, or -EINVAL with `*out` untouched. */
int text_number(struct text t, uint64_t max, uint64_t *out);
/* FNV-1a over the lower-case form. */
uint32_t text_hash(struct text t);

#endif
