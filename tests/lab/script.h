/* Rows of `PATTERN WORD...`: what the lab does for names that match. */
#ifndef LAB_SCRIPT_H
#define LAB_SCRIPT_H

#include "behaviour.h"

struct script *script_create(void);
void script_destroy(struct script *s);
/* Adds rows; `origin` names them in messages. 0, or -EINVAL after a message
 * on stderr. Earlier rows win over later ones of the same pattern. */
int script_parse(struct script *s, struct text rows, const char *origin);
/* The same from a file; also -errno. */
int script_load(struct script *s, const char *path);
/* Words that hold for every name, beneath its row and labels. */
int script_defaults(struct script *s, const char *words);

void script_begin(const struct script *s, struct behaviour *b);
/* True if a row matched `name` and was applied. */
bool script_apply(
    const struct script *s, struct behaviour *b, struct text name);

#endif
