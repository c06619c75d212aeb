/*
 * list_size - how many targets a list has, before it is read.
 */
#ifndef AFETCH_LIST_SIZE_H
#define AFETCH_LIST_SIZE_H

#include "input/list.h"

/* Of all its sources, whatever the filters take, by looking through its files;
 * -1: one of them is no regular file, or cannot be read. */
int64_t list_size(const struct list_sources *sources);

#endif
