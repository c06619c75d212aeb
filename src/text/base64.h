/*
 * base64 - the credentials of Basic authentication (RFC 7617), and the
 * base64 (RFC 4648 section 4) that they are made of.
 */
#ifndef AFETCH_TEXT_BASE64_H
#define AFETCH_TEXT_BASE64_H

#include <stddef.h>

/* The four digits of one to three bytes, padded; beyond count they are not
 * looked at. */
void base64_group(char out[4], const unsigned char *bytes, size_t count);

/* The bytes of a text of digits, padded, at most len / 4 * 3 of them; their
 * count, or -1 when it is none. */
long base64_decode(const char *text, size_t len, char *out);

/* "Basic dXNlcjpwYXNz" for "user:pass".  The caller frees it; NULL when
 * there is no memory. */
char *basic_credentials(const char *user_pass, size_t len);

#endif
