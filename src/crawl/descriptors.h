/*
 * descriptors - how many connections RLIMIT_NOFILE lets be open at once.
 */
#ifndef AFETCH_DESCRIPTORS_H
#define AFETCH_DESCRIPTORS_H

/*
 * Raises the soft limit towards the hard one as far as `wanted` connections
 * need it; returns how many of them are possible (at least 1).  *limit is the
 * resulting limit.
 */
unsigned descriptors_allow(unsigned wanted, unsigned long *limit);

/* RLIMIT_NOFILE, the soft one; 0: not known. */
unsigned long descriptors_limit(void);

/* Opens descriptors 0 to 2 if they are closed, so that no socket gets their
 * numbers; reading or writing them still fails.  Returns 0 or -errno. */
int descriptors_guard(void);

#endif
