/* The table of words. A row is the name, how its argument is read, and the
 * member it sets; a new behaviour usually begins with a new row here. */
#include "words.h"

#include <errno.h>
#include <string.h>

static const struct choice tc_choices[] = {
    {"reset", TC_RESET},
    {"silent", TC_SILENT},
    {NULL, 0},
};
static const struct choice eol_choices[] = {
    {"crlf", EOL_CRLF},
    {"lf", EOL_LF},
    {"mixed", EOL_MIXED},
    {NULL, 0},
};
static const struct choice endless_choices[] = {
    {"lines", ENDLESS_LINES},
    {"line", ENDLESS_LINE},
    {"folds", ENDLESS_FOLDS},
    {"1xx", ENDLESS_1XX},
    {"zeros", ENDLESS_ZEROS},
    {"body", ENDLESS_BODY},
    {NULL, 0},
};
static const struct choice banner_choices[] = {
    {"ssh", BANNER_SSH},
    {"smtp", BANNER_SMTP},
    {"html", BANNER_HTML},
    {"tls", BANNER_TLS},
    {NULL, 0},
};
static const struct choice cert_choices[] = {
    {"good", CERT_GOOD},
    {"expired", CERT_EXPIRED},
    {"future", CERT_FUTURE},
    {"wrong", CERT_WRONG},
    {"self", CERT_SELF},
    {"unknown", CERT_UNKNOWN},
    {"nosan", CERT_NOSAN},
    {"wild", CERT_WILD},
    {"top", CERT_TOP},
    {"partial", CERT_PARTIAL},
    {"nul", CERT_NUL},
    {NULL, 0},
};
static const struct choice tls_choices[] = {
    {"stall", TLS_STALL},
    {"byte", TLS_BYTE},
    {"plain", TLS_PLAIN},
    {"alert", TLS_ALERT},
    {"close", TLS_CLOSE},
    {"reset", TLS_RESET},
    {"old", TLS_OLD},
    {NULL, 0},
};

#define AT(member) offsetof(struct behaviour, member)
#define NUMBER(name, member, preset, max)                                      \
    name, set_number, AT(member), preset, max, NULL
#define MS(name, member, preset) NUMBER(name, member, preset, 3600000)
#define CHOICE(name, member, preset, choices)                                  \
    name, set_choice, AT(member), preset, 0, choices
#define WORDS(name, member) name, set_text, AT(member), 0, 0, NULL
#define END(name, how, place) name, set_end, 0, place, how, NULL

static const struct word words[] = {
    {NUMBER("first", first, 1, 1000000)},

    {"dns", set_dns, 0, 0, 0, NULL},
    {"a", set_family, V4, 0, 0, NULL},
    {"aaaa", set_family, V6, 0, 0, NULL},
    {"cname", set_cname, AT(chain), 1, 200, NULL},
    {NUMBER("ttl", ttl, 60, INT32_MAX)},
    {NUMBER("dead", dead, 1, 30)},
    {NUMBER("hole", hole, 1, 12)},
    {CHOICE("tc", tc, TC_YES, tc_choices)},
    {"junk", set_junk, 0, 0, 0, NULL},

    {MS("accept", accept_ms, 100)},
    {MS("ttfb", ttfb_ms, 100)},
    {MS("line", line_ms, 50)},
    {MS("gap", gap_ms, 5)},
    {"trickle", set_trickle, 0, 1, 3600000, NULL},
    {"split", set_split, 0, 0, UINT32_MAX, NULL},

    {NUMBER("status", status, 200, 999)},
    {NUMBER("http10", http10, 1, 1)},
    {"redirect", set_redirect, AT(redirect), 1, 1000, NULL},
    {NUMBER("tohttps", to_https, 301, 399)},
    {NUMBER("lines", lines, 10, 100000)},
    {NUMBER("width", width, 40, 1 << 20)},
    {NUMBER("longline", longline, 4096, 8 << 20)},
    {NUMBER("head", head_size, 4096, 8 << 20)},
    {NUMBER("dup", cookies, 3, 1000)},
    {NUMBER("early", early, 1, 1000)},
    {NUMBER("continue", cont, 1, 1000)},
    {"size", set_size, 0, 0, UINT64_C(1) << 50, NULL},
    {CHOICE("eol", eol, EOL_LF, eol_choices)},
    {CHOICE("endless", endless, ENDLESS_LINES, endless_choices)},
    {CHOICE("banner", banner, BANNER_SSH, banner_choices)},
    {END("close", END_CLOSE, AT_START)},
    {END("reset", END_RESET, AT_START)},
    {END("shut", END_SHUT, AT_HEAD)},
    {END("keep", END_KEEP, AT_HEAD)},
    {END("silent", END_KEEP, AT_START)},
    {"raw", set_raw, 0, 0, 0, NULL},
    {WORDS("repeat", repeat)},
    {WORDS("reason", reason)},
    {WORDS("location", location)},
    {WORDS("server", server)},
    {"field", set_field, 0, 0, 0, NULL},

    {CHOICE("cert", cert, CERT_GOOD, cert_choices)},
    {WORDS("san", san)},
    {"tls", set_tls, AT(tls_ms), 0, 3600000, tls_choices},
    {NUMBER("nonotify", no_notify, 1, 1)},
};

const struct word *word_find(struct text name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_is(name, words[i].name))
            return &words[i];
    return NULL;
}

int word_set(const struct word *w, struct behaviour *b, const struct arg *arg)
{
    return w->set(w, b, arg);
}

int word_apply(struct behaviour *b, struct text label)
{
    const char *dash = memchr(label.p, '-', label.n);
    struct text name = label;
    struct arg arg = {{"", 0}, NULL, 0};
    const struct word *w;

    if (dash) {
        name.n = (size_t)(dash - label.p);
        arg.text = (struct text){dash + 1, label.n - name.n - 1};
        if (arg.text.n == 0)
            return -ENOENT;
    }
    w = word_find(name);
    if (!w || w->set == set_text || w->set == set_field || w->set == set_raw)
        return -ENOENT;
    return word_set(w, b, &arg) == 0 ? 0 : -ENOENT;
}
