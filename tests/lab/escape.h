/* Bytes from the outside of the program: escapes and files. */
#ifndef LAB_ESCAPE_H
#define LAB_ESCAPE_H

#include "behaviour.h"

/* Decodes C escapes (\r \n \t \0 \e \a \b \f \v \\ \" \xNN, octal) and the
 * lab's own \{MS}, a pause before the next byte. `out` owns its memory.
 * 0, or -EINVAL. */
int escape_decode(struct text t, struct arg *out);

/* A whole file into `out`. 0 or -errno. */
int file_read(const char *path, struct buf *out);

#endif
