/*
 * answers of name servers, read: no socket, the bytes alone.
 *
 * The first byte is the family and, its bit 1 set, that a header and a
 * question for "a.test" stand ahead of the input's bytes: the next four are
 * the two of flags and the counts of the answer and authority sections.
 *
 * What is read is whole: addresses, none of them nobody's, or a code that a
 * record has words for.
 */
#include "fuzz.h"

#include "async/core/address.h"
#include "async/core/error.h"
#include "async/dns/dns_answer.h"
#include "fetch/failure.h"
#include "record/result.h"
#include "wellformed.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 12, FRAME = 4 };

static void insist(bool so)
{
    if (!so)
        abort();
}

static struct span framed(struct span input, int family, char *room)
{
    char head[] = "\x12\x34\0\0\0\1\0\0\0\0\0\0\1a\4test\0\0\1\0\1";
    size_t size = sizeof head - 1;
    head[2] = (char)(fuzz_byte(input, 0) | 0x80);
    head[3] = (char)fuzz_byte(input, 1);
    head[7] = (char)fuzz_byte(input, 2);
    head[9] = (char)fuzz_byte(input, 3);
    head[size - 3] = family == AF_INET ? 1 : 28;
    span_take(&input, input.len < FRAME ? input.len : FRAME);
    memcpy(room, head, size);
    if (input.len > 0)
        memcpy(room + size, input.at, input.len);
    return (struct span){room, size + input.len};
}

static void check_code(int error)
{
    struct result result;
    result_init(&result);
    failure_tell(&result, PHASE_DNS, error);
    insist(result.error != FETCH_SYSTEM);
    check_message(result_message(&result));
    result_fini(&result);
}

static void check_addresses(const struct dns_answer *answer, int family)
{
    insist(answer->count > 0 && answer->count <= DNS_ANSWER_ADDRESSES_MAX);
    insist(answer->ttl >= 0 && answer->ttl <= INT32_MAX);
    for (size_t i = 0; i < answer->count; i++) {
        union address address = {.sa.sa_family = (sa_family_t)family};
        if (family == AF_INET)
            address.in.sin_addr = answer->addresses.in[i];
        else
            address.in6.sin6_addr = answer->addresses.in6[i];
        insist(!address_is_unspecified(&address));
    }
}

static void check(const struct span *input, int family)
{
    struct dns_answer answer;
    unsigned char *bytes = (unsigned char *)fuzz_copy(*input);
    int result = dns_answer_read(&answer, family, bytes, input->len);
    insist(answer.result == result);
    if (result)
        check_code(result);
    else
        check_addresses(&answer, family);
    if (input->len >= HEADER) {
        int against = dns_answer_against(bytes, input->len);
        insist(!against || against == result);
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size};
    unsigned how = fuzz_byte(input, 0);
    int family = how & 1 ? AF_INET6 : AF_INET;
    span_take(&input, size > 0);
    char *room = malloc(size + 64);
    insist(room != NULL);
    if (how & 2)
        input = framed(input, family, room);
    check(&input, family);
    free(room);
    return 0;
}
