/*
 * speech - see speech.h.
 */
#include "fetch/speech.h"

#include <stdbool.h>
#include <string.h>

enum { SETTING_SIZE = 6, GOAWAY_SIZE = 8 };

/* RFC 9113 sections 6.5 and 6.8, both on stream 0. */
static bool is_http2(const unsigned char *frame, size_t len)
{
    static const unsigned char connection[4] = {0};
    if (len < SPEECH_BYTES || frame[0] != 0 || memcmp(frame + 5, connection, 4))
        return false;
    size_t size = (size_t)frame[1] << 8 | frame[2];
    if (frame[4] != 0)
        return false;
    return frame[3] == 4 ? size % SETTING_SIZE == 0
                         : frame[3] == 7 && size >= GOAWAY_SIZE;
}

/* RFC 8446 section 5.1; SSL 3.0 has the same record. */
static bool is_alert(const unsigned char *record, size_t len)
{
    return len >= 5 && record[0] == 21 && record[1] == 3 && record[2] <= 4 &&
           record[3] == 0 && record[4] == 2;
}

enum speech speech_of(const char *bytes, size_t len)
{
    const unsigned char *first = (const unsigned char *)bytes;
    if (is_http2(first, len))
        return SPEECH_HTTP2;
    return is_alert(first, len) ? SPEECH_TLS : SPEECH_UNKNOWN;
}
