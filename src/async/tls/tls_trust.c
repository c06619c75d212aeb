/*
 * tls_trust - whom we trust: a file of certificates, or the system's.
 *
 * Invariant: a file that cannot be used is never taken for an empty one, and
 * no store is left empty without a word.
 */
#include "async/core/error.h"
#include "async/tls/tls_connection.h"
#include "async/tls/tls_message.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- a file --- */

static int open_result(const char *file)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    close(fd);
    return 0;
}

int tls_trust_file(SSL_CTX *context, const char *file, char why[TLS_WHY_MAX])
{
    int error = open_result(file);
    if (error)
        return error;
    errno = 0;
    if (SSL_CTX_load_verify_file(context, file) == 1)
        return 0;
    if (tls_is_no_memory())
        return -ENOMEM;
    return tls_bundle_is_damaged(file, why) ? ASYNC_TLS_DAMAGED
                                            : ASYNC_TLS_NO_CERTIFICATES;
}

/* --- the system's --- */

static const char *trust_setting(const char *variable, const char *otherwise)
{
    const char *value = secure_getenv(variable);
    return value ? value : otherwise;
}

/* "5ad8a5d6.0": a name's hash, as OpenSSL looks for it. */
static bool is_hashed(const char *name)
{
    size_t digits = strspn(name, "0123456789abcdef");
    return digits == 8 && name[8] == '.' && name[9] >= '0' && name[9] <= '9';
}

static bool directory_has_some(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    bool found = false;
    if (!directory)
        return false;
    while (!found && (entry = readdir(directory)))
        found = is_hashed(entry->d_name);
    closedir(directory);
    return found;
}

/* Of paths with ":" between them. */
static bool directories_have_some(const char *paths)
{
    char path[4096];
    while (*paths) {
        size_t len = strcspn(paths, ":");
        if (len < sizeof path) {
            memcpy(path, paths, len);
            path[len] = '\0';
            if (directory_has_some(path))
                return true;
        }
        paths += len + (paths[len] == ':');
    }
    return false;
}

static void tell_damaged(struct tls *tls, const char *file, const char *why)
{
    char text[TLS_WHY_MAX] = "";
    message_add(text, sizeof text,
        "cannot use the trusted certificates in %.200s: %s", file, why);
    if (tls->warn)
        tls->warn(text);
}

static void tell_empty(struct tls *tls, const char *file, const char *paths)
{
    char text[TLS_WHY_MAX] = "";
    message_add(text, sizeof text,
        "no authority is trusted: no certificates in %.200s, and no hashed "
        "ones in %.200s (install ca-certificates, or use --cacert)",
        file, paths);
    if (tls->warn)
        tls->warn(text);
}

/* What cannot be read is as good as not there, but a shortage is ours. */
int tls_trust_system(struct tls *tls)
{
    const char *file = trust_setting(
        X509_get_default_cert_file_env(), X509_get_default_cert_file());
    const char *paths = trust_setting(
        X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    char why[TLS_WHY_MAX] = "";
    int error = tls_trust_file(tls->context, file, why);
    if (error == -ENOMEM || error == -EMFILE || error == -ENFILE)
        return error;
    /* Not OpenSSL 3's default store as well: that reads the whole directory
     * again for each chain with an intermediate. */
    if (SSL_CTX_set_default_verify_dir(tls->context) != 1)
        return -ENOMEM;
    if (error == ASYNC_TLS_DAMAGED)
        tell_damaged(tls, file, why);
    tls->trusts_none = error && !directories_have_some(paths);
    if (tls->trusts_none)
        tell_empty(tls, file, paths);
    return 0;
}
