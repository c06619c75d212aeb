/* The language: what the lab does for a name, and the words that say it. */
#ifndef LAB_BEHAVIOUR_H
#define LAB_BEHAVIOUR_H

#include "text.h"

struct script;

enum { V4, V6, FAMILIES };
enum { CUTS_MAX = 24, FIELDS_MAX = 8 };

/* What the DNS says of one family. */
enum dns_kind {
    DNS_ADDRESSES,
    DNS_NODATA,
    DNS_NXDOMAIN,
    DNS_SERVFAIL,
    DNS_REFUSED,
    DNS_FORMERR,
    DNS_NOTIMP,
    DNS_SILENT,
};

/* What stands behind an address; door.h has the numbers. */
enum door {
    DOOR_LIVE, /* the server */
    DOOR_DEAD, /* nothing listens: refused */
    DOOR_HOLE, /* SYNs are dropped */
    DOOR_RESET, /* accepted, reset at once */
    DOOR_CLOSE, /* accepted, closed at once (its side; no reset follows) */
    DOOR_MUTE, /* accepted, nothing said */
};

enum tc {
    TC_NO,
    TC_YES, /* truncated by UDP, whole by TCP */
    TC_RESET, /* truncated by UDP, TCP reset */
    TC_SILENT, /* truncated by UDP, TCP silent */
};

enum {
    JUNK_EMPTY = 1, /* a datagram of no bytes */
    JUNK_GARBAGE = 2, /* bytes that are no DNS message */
    JUNK_ID = 4, /* a false address under a wrong id */
    JUNK_SOURCE = 8, /* a false address from another port */
    JUNK_ALL = 15,
};

enum endless {
    ENDLESS_NO,
    ENDLESS_LINES,
    ENDLESS_LINE,
    ENDLESS_FOLDS,
    ENDLESS_1XX,
    ENDLESS_ZEROS,
    ENDLESS_BODY,
};

enum banner { BANNER_NO, BANNER_SSH, BANNER_SMTP, BANNER_HTML, BANNER_TLS };
enum eol { EOL_CRLF, EOL_LF, EOL_MIXED };

/* How a connection ends, and after which byte. */
enum end { END_CLOSE, END_RESET, END_SHUT, END_KEEP };
enum place { AT_END, AT_START, AT_HALF, AT_HEAD, AT_BYTE };

enum cert {
    CERT_GOOD,
    CERT_EXPIRED,
    CERT_FUTURE,
    CERT_WRONG,
    CERT_SELF,
    CERT_UNKNOWN,
    CERT_NOSAN,
    CERT_WILD, /* *.rest of the name */
    CERT_TOP, /* *.top-level */
    CERT_PARTIAL, /* w*.rest of the name */
    CERT_NUL, /* name NUL .evil.test */
};

enum tls_mode {
    TLS_GOOD,
    TLS_STALL, /* silence after the ClientHello */
    TLS_BYTE, /* one byte, then silence */
    TLS_PLAIN, /* the answer in plain HTTP */
    TLS_ALERT, /* a fatal handshake_failure */
    TLS_CLOSE,
    TLS_RESET,
    TLS_OLD, /* nothing above TLS 1.1 */
};

/* Wait `ms` before the byte at `at` is sent. */
struct cut {
    unsigned at;
    unsigned ms;
};

struct dns_plan {
    enum dns_kind kind;
    enum door door;
    unsigned delay_ms;
    struct text given; /* a list of addresses from the script, or empty */
};

/* A word's argument: as written, or decoded by the script. */
struct arg {
    struct text text;
    const struct cut *cuts; /* pauses inside raw bytes */
    unsigned cut_count;
};

/* Plain data: copied freely; its texts belong to the script. */
struct behaviour {
    uint32_t seed; /* from the name: makes ranges repeatable */
    unsigned first; /* holds for so many requests (0: for ever) */

    struct dns_plan dns[FAMILIES];
    unsigned ttl, chain, chain_loop, dead, hole, junk;
    enum tc tc;

    unsigned accept_ms, ttfb_ms, line_ms, gap_ms;
    unsigned trickle, trickle_ms; /* bytes a piece (0: no), pause */
    struct cut cuts[CUTS_MAX];
    unsigned cut_count;

    unsigned status, http10, redirect, redirect_loop, to_https;
    unsigned lines, width, longline, head_size, cookies, early, cont;
    uint64_t size; /* of the body; SIZE_ORDINARY: the small page */
    enum eol eol;
    enum endless endless;
    enum banner banner;
    enum end end;
    enum place place;
    unsigned place_byte;
    bool is_raw;
    struct text raw, repeat, reason, location, server;
    struct text fields[FIELDS_MAX];
    unsigned field_count;

    enum cert cert;
    enum tls_mode tls;
    unsigned tls_ms, no_notify;
    struct text san;
};

#define SIZE_ORDINARY UINT64_MAX

/* What any name gets: the built-in behaviour, then the script's defaults. */
void behaviour_ordinary(struct behaviour *b, const struct script *script);

/* What `name` asks for: the script's row, then the labels in front of it.
 * `base`, if wanted, gets the name without those labels. */
void behaviour_of(struct behaviour *b, const struct script *script,
    struct text name, struct text *base);

/* words.c: finds and sets one word. */
struct word;
const struct word *word_find(struct text name);
/* 0, or -EINVAL if the word does not take this argument. */
int word_set(const struct word *w, struct behaviour *b, const struct arg *arg);
/* Applies a label, `word` or `word-argument`; -ENOENT if it is neither.
 * Words that hold text are the script's alone. */
int word_apply(struct behaviour *b, struct text label);

#endif
