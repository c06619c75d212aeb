/*
 * rules_read - files of rules, a line at a time.
 *
 * Invariant: a rule that was added has all that stood before it on its mind:
 * the targets it is for, and whether it only warns.
 */
#include "judge/rules.h"

#include "judge/literal_value.h"
#include "judge/sets.h"
#include "text/nearest.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is next: the state of a file. */
struct reading {
    struct rules *rules;
    struct rules_fault *fault;
    struct span only; /* empty: any */
    bool warns;
    const char *set; /* that is being read; NULL: none */
};

/* --- one rule --- */

static int rule_push(struct rules *rules, struct rule **out)
{
    struct rule *items =
        reallocarray(rules->items, rules->count + 1, sizeof *items);
    if (!items)
        return -ENOMEM;
    rules->items = items;
    *out = &items[rules->count++];
    **out = (struct rule){0};
    return 0;
}

int rules_add(
    struct rules *rules, struct span text, struct expression_fault *fault)
{
    struct expression *expression;
    struct rule *rule;
    int error = expression_parse(text, &expression, fault);
    if (error)
        return error;
    error = rule_push(rules, &rule);
    if (error) {
        expression_destroy(expression);
        return error;
    }
    rule->expression = expression;
    rules->wants_interim |= expression_wants_interim(expression);
    rules->wants_certs |= expression_wants_certs(expression);
    if (rules->columns < expression_columns(expression))
        rules->columns = expression_columns(expression);
    return 0;
}

static void waiver_destroy(struct waiver *waiver)
{
    if (!waiver)
        return;
    free(waiver->host);
    free(waiver->id);
    free(waiver->line);
    free(waiver->why);
    free(waiver);
}

void rules_fini(struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        expression_destroy(rules->items[i].expression);
        waiver_destroy(rules->items[i].waiver);
        free(rules->items[i].id);
        free(rules->items[i].message);
        free(rules->items[i].only);
        free(rules->items[i].source);
    }
    free(rules->items);
    *rules = (struct rules){0};
}

/* --- pieces of a line --- */

static int fault_at(struct reading *r, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int fault_at(struct reading *r, const char *at, const char *format, ...)
{
    va_list arguments;
    struct expression_fault *fault = &r->fault->fault;
    fault->at = (size_t)(at - r->fault->text.at);
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    return -EINVAL;
}

/* Where, outside of quotes, this stands between blanks; the text's length:
 * nowhere. */
static size_t find_between(struct span text, const char *what)
{
    size_t len = strlen(what);
    char quote = '\0';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (text.len - i >= len && !memcmp(text.at + i, what, len) &&
                 (i == 0 || byte_is_blank(text.at[i - 1])) &&
                 (i + len == text.len || byte_is_blank(text.at[i + len]) ||
                     *what == '#'))
            return i;
    }
    return text.len;
}

static bool byte_is_id(char c)
{
    return byte_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

static bool is_scope(struct span word)
{
    static const char *const scopes[] = {
        "first", "last", "every", "any", "interim"};
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
        if (strlen(scopes[i]) == word.len &&
            memcmp(scopes[i], word.at, word.len) == 0)
            return true;
    return false;
}

/* "ID: " off the front; empty: there is none. */
static struct span take_id(struct span *text)
{
    struct span id = {text->at, span_of(*text, byte_is_id)};
    if (!id.len || is_scope(id) || text->len <= id.len + 1 ||
        text->at[id.len] != ':' || !byte_is_blank(text->at[id.len + 1]))
        return (struct span){text->at, 0};
    span_take(text, id.len + 1);
    *text = span_trim(*text, byte_is_blank);
    return id;
}

/* NULL for an empty one; *error is set without memory. */
static char *copy_span(struct span text, int *error)
{
    char *bytes = text.len ? strndup(text.at, text.len) : NULL;
    if (text.len && !bytes)
        *error = -ENOMEM;
    return bytes;
}

/* Where the last rule stands. */
static int set_source(struct reading *r)
{
    struct rule *rule = &r->rules->items[r->rules->count - 1];
    const char *use = r->set ? ": use " : "", *set = r->set ? r->set : "";
    if (!r->rules->file || asprintf(&rule->source, "%s:%zu%s%s", r->rules->file,
                               r->fault->line, use, set) >= 0)
        return 0;
    rule->source = NULL;
    return -ENOMEM;
}

/* --- lines --- */

static int read_rule(struct reading *r, struct span line)
{
    struct expression_fault fault;
    struct span id = take_id(&line), message = {line.at, 0};
    size_t dashes = find_between(line, "--");
    if (dashes < line.len)
        message = span_trim(
            (struct span){line.at + dashes + 2, line.len - dashes - 2},
            byte_is_blank);
    struct span text = span_trim((struct span){line.at, dashes}, byte_is_blank);
    int error = rules_add(r->rules, text, &fault);
    if (error == -EINVAL)
        return fault_at(r, text.at + fault.at, "%s", fault.text);
    if (error)
        return error;
    struct rule *rule = &r->rules->items[r->rules->count - 1];
    rule->id = copy_span(id, &error);
    rule->message = copy_span(message, &error);
    rule->only = copy_span(r->only, &error);
    rule->is_warning = r->warns;
    r->warns = r->warns && r->set;
    return error ? error : set_source(r);
}

static int read_on(struct reading *r, struct span rest)
{
    if (!rest.len || span_until(rest, " \t") < rest.len)
        return fault_at(r, rest.at, "expected one glob of host[/path]");
    bool ends = rest.len == 1 && *rest.at == '*';
    r->only = ends ? (struct span){"", 0} : rest;
    return 0;
}

static const struct rule_set *find_set(
    struct span name, struct nearest *nearest)
{
    const struct rule_set *set;
    *nearest = (struct nearest){.word = name};
    for (size_t i = 0; (set = rule_set_at(i)); i++) {
        if (strlen(set->name) == name.len &&
            memcmp(set->name, name.at, name.len) == 0)
            return set;
        nearest_try(nearest, set->name);
    }
    return NULL;
}

/* A wrong one would be shown by itself. */
static int read_set_rule(struct reading *r, const char *text)
{
    struct span line = {text, strlen(text)}, outside = r->fault->text;
    r->fault->text = line;
    int error = read_rule(r, line);
    if (!error)
        r->fault->text = outside;
    return error;
}

static int read_use(struct reading *r, struct span rest)
{
    struct nearest nearest;
    const struct rule_set *set = find_set(rest, &nearest);
    if (!set)
        return fault_at(r, rest.at, "there is no such set%s%s%s",
            nearest.best ? "; did you mean \"" : "",
            nearest.best ? nearest.best : "", nearest.best ? "\"?" : "");
    int error = 0;
    r->set = set->name;
    for (size_t i = 0; i < set->count && !error; i++)
        error = read_set_rule(r, set->rules[i]);
    r->set = NULL;
    r->warns = false;
    return error;
}

static bool is_word(struct span word, const char *text)
{
    return word.len == strlen(text) && memcmp(word.at, text, word.len) == 0;
}

/* What the waiver says of itself, behind its date. */
static char *waiver_why(struct span date, struct span text)
{
    char *why = NULL;
    if (text.len > 1 && *text.at == '"' && text.at[text.len - 1] == '"')
        text = (struct span){text.at + 1, text.len - 2};
    if (asprintf(&why, "waived until %.*s%s%.*s", (int)date.len, date.at,
            text.len ? ": " : "", (int)text.len, text.at) < 0)
        return NULL;
    return why;
}

static int push_waiver(struct reading *r, struct waiver *waiver)
{
    struct rule *rule;
    int error = rule_push(r->rules, &rule);
    if (error) {
        waiver_destroy(waiver);
        return error;
    }
    rule->waiver = waiver;
    rule->id = strdup(waiver->id);
    return rule->id ? set_source(r) : -ENOMEM;
}

/* It is good for all of its last day. */
static int add_waiver(struct reading *r, const struct span words[4],
    struct span text, quantity day)
{
    enum { DAY = 24 * 60 * 60 };
    int error = 0;
    struct waiver *waiver = calloc(1, sizeof *waiver);
    if (!waiver)
        return -ENOMEM;
    waiver->host = copy_span(words[0], &error);
    waiver->id = copy_span(words[1], &error);
    waiver->line = copy_span(span_trim(r->fault->text, byte_is_blank), &error);
    waiver->why = waiver_why(words[3], text);
    waiver->ends_at = (int64_t)(day / QUANTITY_ONE) + DAY;
    if (!error && waiver->why)
        return push_waiver(r, waiver);
    waiver_destroy(waiver);
    return -ENOMEM;
}

static int read_except(struct reading *r, struct span rest)
{
    static const char *const wanted[] = {"the host", "the ID of a rule",
        "\"until\"", "a date, such as 2027-03-31"};
    struct span words[4];
    quantity day = 0;
    for (size_t i = 0; i < 4; i++) {
        words[i] = span_take_column(&rest);
        bool is_right = words[i].len > 0 &&
                        (i != 2 || is_word(words[i], "until")) &&
                        (i != 3 || literal_date(words[i], &day));
        if (!is_right)
            return fault_at(r, words[i].at, "expected %s", wanted[i]);
    }
    return add_waiver(r, words, span_trim(rest, byte_is_blank), day);
}

static int read_warn(struct reading *r, struct span rest)
{
    r->warns = true;
    return rest.len ? fault_at(r, rest.at, "expected the end of the line") : 0;
}

/* --- the file --- */

typedef int read_line(struct reading *r, struct span rest);

static int read_any(struct reading *r, struct span line)
{
    static const struct {
        const char *word;
        read_line *read;
    } words[] = {{"on", read_on}, {"warn", read_warn}, {"use", read_use},
        {"except", read_except}};
    struct span rest = line;
    struct span word = span_take_column(&rest);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_word(word, words[i].word))
            return words[i].read(r, span_trim(rest, byte_is_blank));
    return read_rule(r, line);
}

static int read_text(struct reading *r, struct span line)
{
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    r->fault->text = line;
    line.len = find_between(line, "#");
    line = span_trim(line, byte_is_blank);
    return line.len ? read_any(r, line) : 0;
}

static bool has_rule(const struct rules *rules, size_t from, const char *id)
{
    for (size_t i = from; i < rules->count; i++)
        if (rules->items[i].expression && rules->items[i].id &&
            strcmp(rules->items[i].id, id) == 0)
            return true;
    return false;
}

/* Each waiver is of a rule that there is; and there is a rule. */
static int check_all(struct reading *r, size_t from)
{
    const struct rules *rules = r->rules;
    bool any = false;
    r->fault->line = 0;
    for (size_t i = from; i < rules->count; i++) {
        const struct waiver *waiver = rules->items[i].waiver;
        any |= !waiver;
        if (!waiver || has_rule(rules, 0, waiver->id))
            continue;
        r->fault->text = (struct span){"", 0};
        return fault_at(
            r, "", "no rule has the ID of \"%.100s\"", waiver->line);
    }
    r->fault->text = (struct span){"", 0};
    return any ? 0 : fault_at(r, r->fault->text.at, "there is no rule in it");
}

int rules_read(struct rules *rules, struct span text, struct rules_fault *fault)
{
    struct reading r = {.rules = rules, .fault = fault, .only = {"", 0}};
    size_t from = rules->count;
    if (span_has_prefix(text, "\xef\xbb\xbf"))
        span_take(&text, 3);
    for (fault->line = 1; text.len; fault->line++) {
        int error = read_text(&r, span_take(&text, span_until(text, "\n")));
        if (error)
            return error;
        span_take(&text, text.len > 0);
    }
    return check_all(&r, from);
}
