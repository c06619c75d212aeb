#!/usr/bin/env bash
# OpenSSL 3.0.20: OSSL_PROVIDER_add_builtin(context, "default", init) returns 1,
# and then OSSL_PROVIDER_load(context, "default") begins OpenSSL's own default
# provider, never init: the predefined names come first, without a word.
# Its manual has 1 as success, after which the name can be loaded, and says
# nothing of names that are taken. Any other name does work.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding libssl-dev=3.0.20-1~deb12u2 libssl3=3.0.20-1~deb12u2

cat >builtin.c <<'C'
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <stdio.h>

static int begun;

static int begin(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in,
    const OSSL_DISPATCH **out, void **context)
{
    static const OSSL_DISPATCH nothing[] = {{0, NULL}};
    (void)handle, (void)in;
    *out = nothing;
    *context = &begun;
    begun = 1;
    return 1;
}

int main(int argc, char **argv)
{
    OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
    int added = OSSL_PROVIDER_add_builtin(context, argv[argc - 1], begin);
    OSSL_PROVIDER *loaded = OSSL_PROVIDER_load(context, argv[argc - 1]);
    printf("added %d, loaded %d, begun %d\n", added, loaded != NULL, begun);
    return 0;
}
C
gcc -I "$FINDING_ROOT/usr/include" \
    -I "$(dirname "$(find "$FINDING_ROOT" -path '*linux-gnu*/openssl')")" \
    -o builtin builtin.c "$(find "$FINDING_ROOT" -name 'libcrypto.so.3')"
expect "of another name" "added 1, loaded 1, begun 1" "$(./builtin mine)"
expect "of the name default" "added 1, loaded 1, begun 0" \
    "$(./builtin default)"
