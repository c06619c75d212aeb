/*
 * write_time - the times of -w, in ns from the beginning of the target, as curl
 * counts them; 0 of a phase that was not reached.
 */
#ifndef AFETCH_WRITE_TIME_H
#define AFETCH_WRITE_TIME_H

#include <stdint.h>

struct write_source;

int64_t write_time_dns(const struct write_source *source);
int64_t write_time_connect(const struct write_source *source);
int64_t write_time_tls(const struct write_source *source);
int64_t write_time_pretransfer(const struct write_source *source);
int64_t write_time_starttransfer(const struct write_source *source);
int64_t write_time_total(const struct write_source *source);

#endif
