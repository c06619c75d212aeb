/*
 * response_codes: which open question a message is about.
 */
#include "dns.h"
#include "harness.h"

#include "async/core/error.h"
#include "async/dns/dns_message.h"
#include "async/dns/response_codes.h"

#include <string.h>

/* --- messages --- */

/* Bytes of an answer with this id and this question; returns their size. */
static size_t write_answer(
    unsigned char *to, int id, int flags, const char *name, int type)
{
    const unsigned char header[12] = {(unsigned char)(id >> 8),
        (unsigned char)id, 0x81, (unsigned char)flags, 0, 1};
    memcpy(to, header, sizeof header);
    return sizeof header + dns_question_write(to + sizeof header, name, type);
}

/* A question of this id goes out by a socket. */
static void send_question(struct response_codes *verdicts, int id, int socket)
{
    unsigned char bytes[64];
    struct response_message question = {bytes, 0, sizeof bytes, socket, false};
    question.size = write_answer(bytes, id, 0, "a.test", DNS_A);
    response_codes_sent(verdicts, &question);
}

/* --- an error without its question --- */

/* What is made of a bare message; its size, -1: nothing. */
static int receive_bare(struct response_codes *verdicts, int id, int flags,
    const struct response_message *how)
{
    const unsigned char bare[12] = {(unsigned char)(id >> 8), (unsigned char)id,
        0x81, (unsigned char)flags};
    struct response_message answer = *how;
    memcpy(answer.bytes, bare, sizeof bare);
    answer.size = sizeof bare;
    return response_codes_received(verdicts, &answer) ? (int)answer.size : -1;
}

/* It must be of a question that is open and come from where that went last,
 * and there must be room for the question. */
START_TEST(a_bare_error_is_of_what_was_asked)
{
    static struct response_codes verdicts;
    unsigned char bytes[64];
    unsigned char room[16];
    struct response_code verdict = {
        .name = "a.test", .question = room, .type = DNS_A, .said = 1};
    struct response_message by_7 = {bytes, 0, sizeof bytes, 7, false};
    struct response_message by_8 = {bytes, 0, sizeof bytes, 8, false};
    struct response_message narrow = {bytes, 0, 23, 7, false};
    response_code_begin(&verdicts, &verdict);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 5, &by_7), -1);
    send_question(&verdicts, 0x1234, 7);
    send_question(&verdicts, 0x1235, 8); /* nobody's */
    ck_assert_int_eq(receive_bare(&verdicts, 0x1235, 5, &by_8), -1);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 5, &by_8), -1);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 0, &by_7), -1);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 5, &narrow), -1);
    ck_assert_int_eq(verdict.said, 0);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 5, &by_7), 24);
    ck_assert_mem_eq(
        bytes, "\x12\x34\x81\2\0\1\0\0\0\0\0\0\1a\4test\0\0\1\0\1", 24);
    ck_assert_int_eq(verdict.said, ASYNC_DNS_REFUSED);
    send_question(&verdicts, 0x1234, 8); /* asked again elsewhere */
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 2, &by_7), -1);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 2, &by_8), 24);
    ck_assert_int_eq(verdict.said, ASYNC_DNS_SERVFAIL);
    response_code_end(&verdict);
    ck_assert_int_eq(receive_bare(&verdicts, 0x1234, 2, &by_8), -1);
}
END_TEST

/* --- a late answer, whose id has another question now --- */

/* What counts is what was asked, in either case of letters; what was not goes
 * on to c-ares as it is, which drops it. */
START_TEST(an_answer_is_about_its_question)
{
    static struct response_codes verdicts;
    static const struct {
        const char *name;
        int type, flags, said;
    } rows[] = {
        {"b.test", DNS_A, 2, 0},
        {"a.test", DNS_AAAA, 2, 0},
        {"a.tes", DNS_A, 2, 0},
        {"b.test", DNS_A, 4, 0},
        {"A.tesT", DNS_A, 2, ASYNC_DNS_SERVFAIL},
        {"a.test", DNS_A, 5, ASYNC_DNS_REFUSED},
    };
    unsigned char bytes[64], copy[64];
    unsigned char room[16];
    struct response_code verdict = {
        .name = "a.test", .question = room, .type = DNS_A, .said = 1};
    response_code_begin(&verdicts, &verdict);
    send_question(&verdicts, 0x1234, 7);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct response_message answer = {bytes, 0, sizeof bytes, 7, false};
        verdict.said = 0;
        answer.size = write_answer(
            bytes, 0x1234, rows[i].flags, rows[i].name, rows[i].type);
        memcpy(copy, bytes, answer.size);
        ck_assert(response_codes_received(&verdicts, &answer));
        copy[3] = rows[i].said ? 2 : copy[3]; /* SERVFAIL, to c-ares */
        ck_assert_mem_eq(bytes, copy, answer.size);
        ck_assert_int_eq(verdict.said, rows[i].said);
    }
    response_code_end(&verdict);
}
END_TEST

SUITE("response_codes", a_bare_error_is_of_what_was_asked,
    an_answer_is_about_its_question)
