/*
 * tls_bundle - which block of a PEM file (RFC 7468) OpenSSL cannot read; it
 * says that one is bad, not which.
 *
 * Invariant: what is held of the file is bounded, whatever its lines.
 */
#include "async/tls/tls_connection.h"
#include "async/tls/tls_message.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A line, of which PEM has at most 76 bytes, and a block, which for a
 * certificate is a few KiB. */
enum { LINE = 1024, BLOCK = 1024 * 1024 };

struct block {
    BIO *text; /* so far; NULL: between blocks */
    unsigned number; /* from 1 on */
    size_t line; /* where it begins */
};

static bool begins_with(const char *line, const char *begin)
{
    return !strncmp(line, begin, strlen(begin));
}

static void block_forget(struct block *block)
{
    BIO_free(block->text);
    block->text = NULL;
}

static bool block_begin(struct block *block, size_t line)
{
    block->number++;
    block->line = line;
    block->text = BIO_new(BIO_s_mem());
    return block->text != NULL;
}

static bool block_add(struct block *block, const char *text)
{
    return BIO_pending(block->text) < BLOCK && BIO_puts(block->text, text) > 0;
}

static void info_free(X509_INFO *info)
{
    X509_INFO_free(info);
}

/* Reads it as the whole file was read, and forgets it. */
static bool block_is_good(struct block *block)
{
    STACK_OF(X509_INFO) *found =
        PEM_X509_INFO_read_bio(block->text, NULL, NULL, NULL);
    bool good = found != NULL;
    sk_X509_INFO_pop_free(found, info_free);
    if (good)
        block_forget(block);
    return good;
}

/* One line more.  False: the block that it ends, or cuts off, is bad. */
static bool block_take_line(
    struct block *block, const char *line, size_t number)
{
    bool begins = begins_with(line, "-----BEGIN ");
    if (block->text && begins)
        return false;
    if (begins && !block_begin(block, number))
        return false;
    if (!block->text)
        return true;
    if (!block_add(block, line))
        return false;
    return !begins_with(line, "-----END ") || block_is_good(block);
}

/* True: up to its end no block is bad. */
static bool block_read_lines(FILE *file, struct block *block)
{
    char line[LINE];
    size_t number = 1;
    while (fgets(line, sizeof line, file)) {
        if (!block_take_line(block, line, number))
            return false;
        number += strchr(line, '\n') != NULL;
    }
    return !block->text;
}

static void tell_block(char *why, const struct block *block)
{
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    message_add(why, TLS_WHY_MAX,
        "certificate %u in it, which begins at line %zu, is damaged: %s",
        block->number, block->line, reason ? reason : "it has no END line");
}

bool tls_bundle_is_damaged(const char *path, char why[TLS_WHY_MAX])
{
    struct block block = {0};
    struct stat status;
    /* A pipe has been read already. */
    FILE *file = stat(path, &status) == 0 && S_ISREG(status.st_mode)
                     ? fopen(path, "re")
                     : NULL;
    if (!file)
        return false;
    bool good = block_read_lines(file, &block);
    if (!good)
        tell_block(why, &block);
    block_forget(&block);
    fclose(file);
    ERR_clear_error();
    return !good;
}
