/*
 * result - what became of one target, by value: the only thing that flows
 * from fetch over crawl to the reports.
 */
#ifndef AFETCH_RESULT_H
#define AFETCH_RESULT_H

#include "record/check.h"
#include "record/drift.h"
#include "record/response.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct target;

/*
 * The phases that take time, in order.  The list is the one place: name in
 * records, what goes on in it.
 */
#define PHASES(X)                                                              \
    X(QUEUED, "queued", "known, waiting for its start")                        \
    X(DNS, "dns", "to the first address")                                      \
    X(CONNECT, "connect", "TCP, all addresses tried")                          \
    X(TLS, "tls", "the handshake")                                             \
    X(SEND, "send", "writing the request")                                     \
    X(WAIT, "wait", "to the first byte of the response")                       \
    X(RECEIVE, "receive", "from there to the blank line")                      \
    X(TOTAL, "total", "from the end of queued to the end of the target")

enum phase {
    PHASE_INPUT, /* the target itself: takes no time, but may fail */
#define X(id, name, help) PHASE_##id,
    PHASES(X)
#undef X
        PHASE_COUNT
};

/* "dns", "connect", … as in records and messages. */
const char *phase_name(enum phase phase);

/*
 * Why a target failed: the closed set of codes in records.  The list is the
 * one place: name in records, default message.
 */
#define FETCH_ERRORS(X)                                                        \
    X(BAD_TARGET, "bad target")                                                \
    X(NXDOMAIN, "no such name")                                                \
    X(NODATA, "the name has no address")                                       \
    X(SERVFAIL, "the name server failed (SERVFAIL)")                           \
    X(DNS_REFUSED, "the name server refused the query (REFUSED)")              \
    X(DNS_UNREACHABLE, "no name server could be reached")                      \
    X(DNS_BAD_ANSWER, "malformed or unusable DNS response")                    \
    X(TIMEOUT, "timed out")                                                    \
    X(REFUSED, "connection refused")                                           \
    X(UNREACHABLE, "network or host unreachable")                              \
    X(RESET, "connection reset by peer")                                       \
    X(NO_LOCAL_PORT, "no local port left (EADDRNOTAVAIL)")                     \
    X(PROXY_LOGIN, "the proxy requires a user name and password")              \
    X(PROXY_REFUSED, "the proxy refused")                                      \
    X(PROXY_FAILED, "the proxy could not connect")                             \
    X(NOT_SOCKS, "not SOCKS 5")                                                \
    X(TLS_EXPIRED, "the certificate has expired")                              \
    X(TLS_NOT_YET_VALID, "the certificate is not valid yet")                   \
    X(TLS_NAME_MISMATCH, "the certificate is for another host")                \
    X(TLS_SELF_SIGNED, "the certificate is self-signed")                       \
    X(TLS_UNKNOWN_ISSUER,                                                      \
        "the certificate was issued by an unknown authority")                  \
    X(TLS_CERTIFICATE, "the certificate was rejected")                         \
    X(TLS_NOT_TLS, "the server does not speak TLS here")                       \
    X(TLS_PROTOCOL, "no common TLS version (1.2 or later needed)")             \
    X(TLS_ALERT, "the server sent a TLS alert")                                \
    X(TLS_HANDSHAKE, "the TLS handshake failed")                               \
    X(TLS_BROKEN, "a broken TLS record")                                       \
    X(EMPTY_REPLY, "empty reply: closed without an answer")                    \
    X(NOT_HTTP, "not HTTP")                                                    \
    X(TRUNCATED, "incomplete: closed before the end of the headers")           \
    X(HEADER_TOO_LARGE, "headers too large")                                   \
    X(BAD_REDIRECT, "invalid redirect target")                                 \
    X(REDIRECT_LOOP, "redirect loop")                                          \
    X(TOO_MANY_REDIRECTS, "too many redirects")                                \
    X(CANCELED, "canceled")                                                    \
    X(NO_DESCRIPTORS, "no file descriptor left")                               \
    X(NO_MEMORY, "out of memory")                                              \
    X(SYSTEM, "system error")

enum fetch_error {
    FETCH_OK,
#define X(name, text) FETCH_##name,
    FETCH_ERRORS(X)
#undef X
        FETCH_ERROR_COUNT
};

/* "NXDOMAIN"; NULL for FETCH_OK. */
const char *fetch_error_name(enum fetch_error error);
/* "no such name"; "" for FETCH_OK. */
const char *fetch_error_text(enum fetch_error error);

#define PHASE_NONE (-1) /* a phase that did not happen */

/* One request and its response, of a target whose redirects are followed. */
struct hop {
    const struct target *target;
    struct target *owned; /* the same; NULL for the first hop's */
    int64_t timings[PHASE_COUNT];
    /* Once the hop has ended.  Keeps its status when the target fails because
     * of what it says. */
    struct response response;
};

struct result {
    uint64_t index; /* of the target, from 0, in input order */
    unsigned round; /* from 1; 0: there is but one */
    const char *input; /* as written; what text output is prefixed with */
    size_t input_size; /* of a bad target's, which may hold NUL bytes; 0: the
                          input is a string */
    char *shown; /* heap: the input, of a bad target that owns it; or NULL */
    const char *list_file; /* where it stands, as given; NULL: in no file */
    size_t list_line; /* of that file, from 1; 0: in none */
    const struct target *target; /* NULL when it could not be parsed */
    struct response response; /* the last one; it has no status when the target
                                 has failed */
    struct timespec started_at; /* wall clock, end of queued */
    int64_t timings[PHASE_COUNT]; /* ns, over all hops; or PHASE_NONE */
    int attempts; /* tries made, 0 when none was begun */
    /* Every request, the one of `response` included; none unless redirects
     * are followed. */
    struct hop *hops;
    size_t hop_count;
    enum fetch_error error;
    enum phase error_phase;
    char *error_message; /* heap; NULL: fetch_error_text(error) */
    const char *hint; /* static: what to try for a better answer; or NULL */
    struct target *owned; /* the same as target, but its own; or NULL */
    /* With --all-addresses one for each of them, in the resolver's order:
     * see result_settle.  NULL: the target was fetched once, or not at all. */
    struct result *addresses;
    size_t address_count;
    bool agree; /* all of them answered, and their responses do not differ */
    char *difference; /* heap: how the responses differ; NULL: they do not */
    char *columns; /* heap: further ones of its line of the list; or NULL */
    /* One for each rule, in heap memory; NULL: nothing was expected. */
    struct check *checks;
    size_t check_count;
    uint64_t before; /* of the record of a run before; 0: there is none */
    struct drift *drift; /* since that one; heap; NULL: there is no such run */
    char *learned; /* heap: what a second fetch showed to differ from one to
                      the next, see judge/learned.h; NULL: nothing */
    bool excused; /* its failure is what was expected */
    _Atomic(enum phase) now; /* what goes on while it is fetched, for whoever
                                looks, from another thread, too */
};

/* All phases PHASE_NONE, all else zero. */
void result_init(struct result *result);
/* Frees all that it owns. */
void result_fini(struct result *result);
/*
 * A hop begins.  The one before has ended and keeps its response; that of the
 * result is as new.  `owned`: the result destroys the target.  0 or -ENOMEM,
 * with the target destroyed if it was to be owned.
 */
int result_begin_hop(
    struct result *result, const struct target *target, struct target *owned);
/* The last hop has ended with the result's response, and these timings. */
void result_end_hop(struct result *result, const int64_t timings[PHASE_COUNT]);
/* Adds what happened. */
void result_add_timings(
    struct result *result, const int64_t timings[PHASE_COUNT]);
/* Forgets how a try ended, but for whom it asked (remote and proxy). */
void result_forget(struct result *result);
/* Moves the response from the result, which is forgotten then, to `saved`,
 * whose own one, or zeroes, goes; and back, whatever the result has. */
void result_save_response(struct result *result, struct response *saved);
void result_restore_response(struct result *result, struct response *saved);
/* Frees it; all is zero afterwards. */
void result_drop_saved(struct response *saved);
/* One result for each address, begun and not settled; 0 or -ENOMEM. */
int result_begin_addresses(struct result *result, size_t count);
/*
 * All addresses have ended.  What became of the target is what became of the
 * first address that failed, else of the first: its response, times from
 * connect to receive, attempts, hops and error are the result's, and it still
 * owns what they point to.
 */
void result_settle(struct result *result);
/* Bytes that it holds, its own size and its target's included. */
size_t result_size(const struct result *result);
/* Frees the heads of the response, and so of a last hop that has ended. */
void result_drop_head(struct result *result);
/* Where the target ended: the last hop's URL.  NULL for a bad target. */
const struct target *result_final(const struct result *result);

/* What a step returns whose failure a result tells: beside -errno and enum
 * async_error, of which none is this number. */
enum { RESULT_FAILED = -20001 };

/* Sets error, phase (no PHASE_QUEUED, no PHASE_TOTAL) and a message in printf's
 * form (NULL: the default one), dropping the status: a failed target has none.
 * Returns RESULT_FAILED.
 */
int result_fail(struct result *result, enum phase phase, enum fetch_error error,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The message to show; never NULL. */
const char *result_message(const struct result *result);
/* Has it failed, and not as was expected? */
bool result_has_failed(const struct result *result);
/* Whether the target responded: no error, and a status. */
bool result_is_answered(const struct result *result);
/* Whether it has not failed and each check holds, apart from warnings. */
bool result_is_as_expected(const struct result *result);
/* Bytes of the input, those behind a NUL included. */
size_t result_input_len(const struct result *result);

#endif
