/*
 * tls_message - messages put together in a buffer of fixed size.
 */
#ifndef ASYNC_TLS_WORDS_H
#define ASYNC_TLS_WORDS_H

#include <stddef.h>

/* Text behind what is in `to` already, cut where `size` ends; a result
 * always ends in NUL. */
void message_add(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The first `most` of a stranger's bytes, all but printable ASCII and TAB as
 * \xNN, "..." for the rest. */
void message_quote(
    char *to, size_t size, const void *bytes, size_t len, size_t most);
/* tls_alert: an alert's name as it is registered; static, NULL: it has none. */
const char *tls_alert_name(int number);

#endif
