/* The script. Rows with an exact name are found by hash, however many there
 * are; rows with a glob (* ? [) are tried in their order after them. Rows
 * keep their words, not the outcome: a range such as ttfb-10-200 depends on
 * the name it is applied to. */
#include "script.h"

#include "escape.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 4096, NAME_MAX_ = 1024 };

struct op {
    const struct word *word;
    struct arg arg;
};

struct rule {
    struct rule *next;
    char *pattern;
    struct op *ops;
    size_t count;
};

struct script {
    struct rule *exact[SLOTS];
    struct rule *globs;
    struct rule **last_glob;
    struct rule defaults;
};

struct script *script_create(void)
{
    struct script *s = lab_alloc(sizeof *s);

    s->last_glob = &s->globs;
    return s;
}

static void rule_fini(struct rule *r)
{
    for (size_t i = 0; i < r->count; i++) {
        free((char *)r->ops[i].arg.text.p);
        free((struct cut *)r->ops[i].arg.cuts);
    }
    free(r->ops);
    free(r->pattern);
}

static void rules_destroy(struct rule *r)
{
    struct rule *next;

    for (; r; r = next) {
        next = r->next;
        rule_fini(r);
        free(r);
    }
}

void script_destroy(struct script *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        rules_destroy(s->exact[i]);
    rules_destroy(s->globs);
    rule_fini(&s->defaults);
    free(s);
}

static void rule_add_op(struct rule *r, struct op op)
{
    struct op *ops = realloc(r->ops, (r->count + 1) * sizeof *ops);

    if (!ops)
        exit(3);
    r->ops = ops;
    r->ops[r->count++] = op;
}

static void skip_blanks(struct text *rest)
{
    while (rest->n && strchr(" \t\r", rest->p[0])) {
        rest->p++;
        rest->n--;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* One token: up to a blank, but a quoted part may hold blanks. */
static struct text token_next(struct text *rest)
{
    struct text token;
    bool quoted = false;
    size_t n;

    skip_blanks(rest);
    for (n = 0; n < rest->n && (quoted || !is_blank(rest->p[n])); n++) {
        if (rest->p[n] == '"')
            quoted = !quoted;
        else if (rest->p[n] == '\\' && quoted && n + 1 < rest->n)
            n++;
    }
    token = (struct text){rest->p, n};
    rest->p += n;
    rest->n -= n;
    return token;
}

/* The bytes of `@file`, whole. */
static int arg_from_file(struct text path, struct arg *arg)
{
    char *name = lab_strndup(path.p, path.n);
    struct buf bytes = {0};
    int err = file_read(name, &bytes);

    free(name);
    arg->text = (struct text){bytes.p, bytes.len};
    return err;
}

/* `word`, `word-argument`, `word=argument`, `word="escaped"`. */
static int op_parse(struct text token, struct op *op)
{
    size_t n = 0;
    struct text value;

    while (n < token.n && token.p[n] != '-' && token.p[n] != '=')
        n++;
    op->word = word_find((struct text){token.p, n});
    if (!op->word)
        return -ENOENT;
    n += n < token.n;
    value = (struct text){token.p + n, token.n - n};
    if (value.n > 1 && value.p[0] == '@')
        return arg_from_file((struct text){value.p + 1, value.n - 1}, &op->arg);
    if (value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"')
        return escape_decode((struct text){value.p + 1, value.n - 2}, &op->arg);
    op->arg.text = (struct text){lab_strndup(value.p, value.n), value.n};
    return 0;
}

/* Reads the words of a row and tries each on a scratch behaviour, so that a
 * misspelt script stops the lab at its start and not a test in its middle. */
static int rule_parse(struct rule *r, struct text rest, struct text *bad)
{
    struct behaviour scratch = {0};
    struct text token;

    for (token = token_next(&rest); token.n; token = token_next(&rest)) {
        struct op op = {NULL, {{NULL, 0}, NULL, 0}};

        if (token.p[0] == '#')
            return 0;
        *bad = token;
        if (op_parse(token, &op))
            return -EINVAL;
        rule_add_op(r, op);
        if (word_set(op.word, &scratch, &op.arg))
            return -EINVAL;
    }
    return 0;
}

static void rule_enter(struct script *s, struct rule *r)
{
    struct rule **at = s->last_glob;

    if (strpbrk(r->pattern, "*?["))
        s->last_glob = &r->next;
    else
        for (at = &s->exact[text_hash(text_of(r->pattern)) % SLOTS]; *at;)
            at = &(*at)->next;
    *at = r;
}

static int row_parse(struct script *s, struct text row, struct text *bad)
{
    struct text pattern = token_next(&row);
    struct rule *r;
    int err;

    if (pattern.n == 0 || pattern.p[0] == '#')
        return 0;
    r = lab_alloc(sizeof *r);
    r->pattern = lab_strndup(pattern.p, pattern.n);
    err = rule_parse(r, row, bad);
    if (err)
        rules_destroy(r);
    else
        rule_enter(s, r);
    return err;
}

int script_parse(struct script *s, struct text rows, const char *origin)
{
    struct text row, bad = {"", 0};
    unsigned line = 0;

    while (rows.n) {
        const char *lf = memchr(rows.p, '\n', rows.n);

        row = (struct text){rows.p, lf ? (size_t)(lf - rows.p) : rows.n};
        rows.p += row.n + (lf != NULL);
        rows.n -= row.n + (lf != NULL);
        line++;
        if (row_parse(s, row, &bad)) {
            fprintf(stderr, "afetch-lab: %s:%u: cannot read '%.*s'\n", origin,
                line, (int)(bad.n < 60 ? bad.n : 60), bad.p);
            return -EINVAL;
        }
    }
    return 0;
}

int script_load(struct script *s, const char *path)
{
    struct buf bytes = {0};
    int err = file_read(path, &bytes);

    if (err)
        fprintf(stderr, "afetch-lab: %s: %s\n", path, strerror(-err));
    else
        err = script_parse(s, (struct text){bytes.p, bytes.len}, path);
    buf_free(&bytes);
    return err;
}

int script_defaults(struct script *s, const char *words)
{
    struct text bad = {"", 0};

    if (rule_parse(&s->defaults, text_of(words), &bad) == 0)
        return 0;
    fprintf(stderr, "afetch-lab: cannot read '%.*s'\n", (int)bad.n, bad.p);
    return -EINVAL;
}

static void rule_apply(const struct rule *r, struct behaviour *b)
{
    for (size_t i = 0; i < r->count; i++)
        word_set(r->ops[i].word, b, &r->ops[i].arg);
}

static const struct rule *rule_find(const struct script *s, struct text name)
{
    const struct rule *r = s->exact[text_hash(name) % SLOTS];
    char plain[NAME_MAX_];

    while (r && !text_is(name, r->pattern))
        r = r->next;
    if (r || !s->globs || name.n >= sizeof plain)
        return r;
    memcpy(plain, name.p, name.n);
    plain[name.n] = '\0';
    for (r = s->globs; r; r = r->next)
        if (fnmatch(r->pattern, plain, FNM_CASEFOLD) == 0)
            return r;
    return NULL;
}

void script_begin(const struct script *s, struct behaviour *b)
{
    rule_apply(&s->defaults, b);
}

bool script_apply(const struct script *s, struct behaviour *b, struct text name)
{
    const struct rule *r = rule_find(s, name);

    if (r)
        rule_apply(r, b);
    return r != NULL;
}
