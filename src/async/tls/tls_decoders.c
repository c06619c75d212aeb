/*
 * tls_decoders - see tls_decoders.h.
 *
 * Invariant: what openssl.cnf asks for holds.  It is carried out in OpenSSL's
 * own library context; where that has anything that ours would lack, there is
 * none of ours.
 */
#include "async/tls/tls_decoders.h"

#include <errno.h>
#include <openssl/conf.h>
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

/* OpenSSL 3.0 has 12. */
enum { FEW = 31 };

/* The default provider's, the same for all contexts: set once, then read. */
static OSSL_FUNC_provider_query_operation_fn *query_original;
static OSSL_FUNC_provider_get_capabilities_fn *capabilities_original;
static OSSL_ALGORITHM few[FEW + 1];

/* --- the provider --- */

static const OSSL_ALGORITHM *query_operation(
    void *context, int operation, int *no_cache)
{
    if (operation != OSSL_OP_DECODER)
        return query_original(context, operation, no_cache);
    *no_cache = 0;
    return few;
}

/* TLS's groups are such. */
static int get_capabilities(
    void *context, const char *which, OSSL_CALLBACK *tell, void *arg)
{
    return capabilities_original(context, which, tell, arg);
}

/* It has nothing to tear down: that is the original's. */
static const OSSL_DISPATCH functions[] = {
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query_operation},
    {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))get_capabilities},
    {0, NULL},
};

/* What implements an algorithm gets the original's context, as there. */
static int provider_begin(const OSSL_CORE_HANDLE *handle,
    const OSSL_DISPATCH *in, const OSSL_DISPATCH **out, void **context)
{
    (void)handle, (void)in;
    OSSL_PROVIDER *original = OSSL_PROVIDER_try_load(NULL, "default", 1);
    if (!original)
        return 0;
    *out = functions;
    *context = OSSL_PROVIDER_get0_provider_ctx(original);
    OSSL_PROVIDER_unload(original); /* tls_decoders holds it */
    return 1;
}

/* --- what it passes through --- */

static bool is_public_key(const OSSL_ALGORITHM *decoder)
{
    return strstr(decoder->property_definition, "input=der") &&
           strstr(
               decoder->property_definition, "structure=SubjectPublicKeyInfo");
}

/* Leaves `few` empty where there are too many: another OpenSSL. */
static void read_decoders(const OSSL_PROVIDER *original)
{
    int no_cache, count = 0;
    const OSSL_ALGORITHM *all =
        OSSL_PROVIDER_query_operation(original, OSSL_OP_DECODER, &no_cache);
    for (; all && all->algorithm_names && count <= FEW; all++)
        if (is_public_key(all) && count++ < FEW)
            few[count - 1] = *all;
    if (count > FEW)
        few[0] = (OSSL_ALGORITHM){0};
}

static void read_original(void)
{
    OSSL_PROVIDER *original = OSSL_PROVIDER_try_load(NULL, "default", 1);
    if (!original)
        return;
    const OSSL_DISPATCH *function = OSSL_PROVIDER_get0_dispatch(original);
    for (; function->function_id; function++) {
        if (function->function_id == OSSL_FUNC_PROVIDER_QUERY_OPERATION)
            query_original = OSSL_FUNC_provider_query_operation(function);
        if (function->function_id == OSSL_FUNC_PROVIDER_GET_CAPABILITIES)
            capabilities_original =
                OSSL_FUNC_provider_get_capabilities(function);
    }
    read_decoders(original);
    OSSL_PROVIDER_unload(original);
}

static bool can_pass_through(void)
{
    static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
    return CRYPTO_THREAD_run_once(&once, read_original) && query_original &&
           capabilities_original && few[0].algorithm_names;
}

/* --- where it is not used --- */

static int is_default(OSSL_PROVIDER *provider, void *others)
{
    if (strcmp(OSSL_PROVIDER_get0_name(provider), "default") != 0)
        *(bool *)others = true;
    return 1;
}

/* Where OpenSSL had no memory for its own context, it must not be asked. */
static bool has_default_alone(void)
{
    bool others = false;
    return OSSL_LIB_CTX_get0_global_default() &&
           OSSL_PROVIDER_do_all(NULL, is_default, &others) == 1 && !others &&
           OSSL_PROVIDER_available(NULL, "default");
}

/* A line of openssl.cnf's first section.  These hold for all library contexts,
 * and has_default_alone looks at the providers. */
static bool is_for_all(const char *module)
{
    static const char *const some[] = {
        "ssl_conf", "oid_section", "stbl_section", "providers"};
    size_t len = strcspn(module, "."); /* "ssl_conf.2" is ssl_conf, too */
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        if (strlen(some[i]) == len && !memcmp(module, some[i], len))
            return true;
    return false;
}

static bool lines_are_for_all(const CONF *conf)
{
    const char *section = NCONF_get_string(conf, NULL, "openssl_conf");
    STACK_OF(CONF_VALUE) *lines =
        section ? NCONF_get_section(conf, section) : NULL;
    for (int i = 0; i < sk_CONF_VALUE_num(lines); i++)
        if (!is_for_all(sk_CONF_VALUE_value(lines, i)->name))
            return false;
    return true;
}

/* A pipe has been read already. */
static bool file_is_for_all(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno == ENOENT;
    CONF *conf = S_ISREG(status.st_mode) ? NCONF_new(NULL) : NULL;
    bool good =
        conf && NCONF_load(conf, path, NULL) > 0 && lines_are_for_all(conf);
    NCONF_free(conf);
    return good;
}

/* openssl.cnf sets up nothing that would be ours to do again. */
static bool conf_is_for_all(void)
{
    char *path = CONF_get1_default_config_file();
    bool good = path && file_is_for_all(path);
    OPENSSL_free(path);
    return good;
}

/* The first of these carries openssl.cnf out. */
static bool is_usable(void)
{
    return OPENSSL_version_major() == 3 && OPENSSL_version_minor() == 0 &&
           OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, NULL) == 1 &&
           has_default_alone() && conf_is_for_all() && can_pass_through();
}

/* --- the context --- */

static bool library_begin(struct tls_decoders *decoders)
{
    decoders->original = OSSL_PROVIDER_try_load(NULL, "default", 1);
    decoders->library = OSSL_LIB_CTX_new();
    if (!decoders->original || !decoders->library ||
        OSSL_PROVIDER_add_builtin(
            decoders->library, "afetch", provider_begin) != 1)
        return false;
    decoders->few = OSSL_PROVIDER_load(decoders->library, "afetch");
    return decoders->few != NULL;
}

void tls_decoders_need(struct tls_decoders *decoders)
{
    if (decoders->library || !is_usable())
        return;
    if (!library_begin(decoders))
        tls_decoders_fini(decoders);
}

static void provider_end(OSSL_PROVIDER *provider)
{
    if (provider)
        OSSL_PROVIDER_unload(provider);
}

void tls_decoders_fini(struct tls_decoders *decoders)
{
    provider_end(decoders->few);
    OSSL_LIB_CTX_free(decoders->library);
    provider_end(decoders->original);
    *decoders = (struct tls_decoders){0};
}
