/*
 * speech - what a peer speaks in HTTP/1's place, by its first bytes.
 *
 * Pure; any byte may come.
 */
#ifndef AFETCH_SPEECH_H
#define AFETCH_SPEECH_H

#include <stddef.h>

enum speech {
    SPEECH_UNKNOWN,
    SPEECH_HTTP2, /* a frame of the connection (RFC 9113 section 4.1): each
                     server begins with SETTINGS, or ends with GOAWAY */
    SPEECH_TLS, /* an alert (RFC 8446 section 6): a request was no ClientHello
                 */
};

enum { SPEECH_BYTES = 9 }; /* as many decide */

/* Of the bytes that came so far; more may change SPEECH_UNKNOWN. */
enum speech speech_of(const char *bytes, size_t len);

#endif
