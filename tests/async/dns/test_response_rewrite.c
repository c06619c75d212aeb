/*
 * response_codes: a usable response as c-ares gets it.
 */
#include "dns.h"
#include "harness.h"

#include "async/core/error.h"
#include "async/dns/response_codes.h"

#include <string.h>

/* a.test is an alias of a+b, and A+b has two; as c-ares gets it. */
START_TEST(addresses_are_the_asked_names_own)
{
    static struct response_codes verdicts;
    static const unsigned char came[] =
        "\x12\x34\x81\x80\0\1\0\3\0\0\0\0\1A\4test\0\0\1\0\1"
        "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\5\3a+b\0"
        "\3A+b\0\0\1\0\1\0\0\1\x2c\0\4\xc0\0\2\1"
        "\3A+b\0\0\1\0\1\0\0\1\x2c\0\4\xc0\0\2\2";
    static const unsigned char plain[] =
        "\x12\x34\x81\x80\0\1\0\2\0\0\0\0\1A\4test\0\0\1\0\1"
        "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1"
        "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\2";
    enum { CAME = sizeof came - 1, PLAIN = sizeof plain - 1 };
    unsigned char bytes[CAME];
    unsigned char room[16];
    struct response_code verdict = {
        .name = "a.test", .question = room, .type = DNS_A};
    struct response_message answer = {bytes, CAME, PLAIN, 7, false};
    memcpy(bytes, came, CAME);
    response_code_begin(&verdicts, &verdict);
    response_codes_sent(&verdicts, &answer);
    ck_assert(response_codes_received(&verdicts, &answer));
    ck_assert_uint_eq(answer.size, PLAIN);
    ck_assert_mem_eq(bytes, plain, PLAIN);
    response_code_end(&verdict);
}
END_TEST

/* c-ares 1.18 does not keep an id to one open question. */
START_TEST(an_id_may_be_of_two_questions)
{
    static struct response_codes verdicts;
    static unsigned char refused[2][24] = {
        "\x12\x34\x81\x85\0\1\0\0\0\0\0\0\1a\4test\0\0\1\0\1",
        "\x12\x34\x81\x85\0\1\0\0\0\0\0\0\1b\4test\0\0\1\0\1"};
    static const char *const names[] = {"a.test", "b.test"};
    struct response_code verdicts_of[2];
    unsigned char room[2][16];
    for (int i = 0; i < 2; i++) {
        struct response_message question = {refused[i], 24, 24, 7, false};
        verdicts_of[i] = (struct response_code){
            .name = names[i], .type = DNS_A, .question = room[i]};
        response_code_begin(&verdicts, &verdicts_of[i]);
        response_codes_sent(&verdicts, &question);
    }
    for (int i = 0; i < 2; i++) {
        struct response_message answer = {refused[i], 24, 24, 7, false};
        ck_assert(response_codes_received(&verdicts, &answer));
        ck_assert_int_eq(verdicts_of[i].said, ASYNC_DNS_REFUSED);
        ck_assert_int_eq(verdicts_of[1].said, i == 0 ? 0 : ASYNC_DNS_REFUSED);
    }
    for (int i = 0; i < 2; i++)
        response_code_end(&verdicts_of[i]);
}
END_TEST

SUITE("response_rewrite", addresses_are_the_asked_names_own,
    an_id_may_be_of_two_questions)
