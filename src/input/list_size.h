/*
 * list_size - how many targets a list has, before it is read.
 */
#ifndef AFETCH_LIST_SIZE_H
#define AFETCH_LIST_SIZE_H

#include "input/list.h"

/* Counts the targets of all sources, before any filter, by reading the files;
 * -1: one of them is not a regular file, or cannot be read. */
int64_t list_size(const struct list_sources *sources);

#endif
