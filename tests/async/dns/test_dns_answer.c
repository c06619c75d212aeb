/*
 * dns_answer: what an answer says, whatever its order and its bytes.
 */
#include "harness.h"

#include "async/core/error.h"
#include "async/core/loop.h"
#include "async/dns/dns_answer.h"
#include "async/dns/dns_message.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { A = 1, NS = 2, CNAME = 5, SOA = 6, AAAA = 28, RRSIG = 46 };
enum { QUERY_AA_RA = 0x8580, QUERY_AA = 0x8500, QUERY = 0x8100, RA = 0x8180 };

/* --- a message, written --- */

static unsigned char message[65536];
static size_t size;

static void put_16(unsigned value)
{
    message[size++] = (unsigned char)(value >> 8);
    message[size++] = (unsigned char)value;
}

/* "a.b", or bytes as they are where it begins with "=" and their number. */
static void put_name(const char *name)
{
    if (*name == '=') {
        size_t len = (size_t)(name[1] - '0');
        memcpy(message + size, name + 2, len);
        size += len;
        return;
    }
    while (*name) {
        size_t len = strcspn(name, ".");
        message[size++] = (unsigned char)len;
        memcpy(message + size, name, len);
        size += len;
        name += len + (name[len] == '.');
    }
    message[size++] = 0;
}

static void begin(unsigned flags, const char *name, unsigned type)
{
    size = 0;
    put_16(0x1234);
    put_16(flags);
    put_16(1);
    put_16(0);
    put_16(0);
    put_16(0);
    put_name(name);
    put_16(type);
    put_16(1);
}

/* Section 1: answers, 2: authority. */
static void put_record(
    int section, const char *owner, unsigned type, const char *data)
{
    unsigned ttl = 60;
    message[4 + 2 * section + 1]++;
    if (strchr(owner, '/'))
        ttl = (unsigned)atoi(strchr(owner, '/') + 1);
    char name[80];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(owner, "/"), owner);
    put_name(*owner == '=' ? owner : name);
    put_16(type);
    put_16(1);
    put_16(0);
    put_16(ttl);
    size_t length = size;
    put_16(0);
    if (type == A)
        size += inet_pton(AF_INET, data, message + size) ? 4 : 0;
    else if (type == AAAA)
        size += inet_pton(AF_INET6, data, message + size) ? 16 : 0;
    else
        put_name(data);
    message[length + 1] = (unsigned char)(size - length - 2);
}

/* "OWNER TYPE DATA; …": answers; behind "!": authority. */
static void put_records(const char *records)
{
    char text[2000], *rest;
    snprintf(text, sizeof text, "%s", records);
    int section = 1;
    for (char *one = strtok_r(text, ";", &rest); one;
         one = strtok_r(NULL, ";", &rest)) {
        char owner[100], type[10], data[100];
        if (sscanf(one, " %99s %9s %99s", owner, type, data) != 3) {
            section++;
            continue;
        }
        put_record(section, owner,
            !strcmp(type, "A")       ? A
            : !strcmp(type, "NS")    ? NS
            : !strcmp(type, "CNAME") ? CNAME
            : !strcmp(type, "SOA")   ? SOA
            : !strcmp(type, "AAAA")  ? AAAA
                                     : RRSIG,
            data);
    }
}

/* In memory of its own, so that a byte read past it shows. */
static int read_message(int family)
{
    static struct dns_answer answer;
    char text[INET6_ADDRSTRLEN];
    unsigned char *copy = malloc(size ? size : 1);
    memcpy(copy, message, size);
    int result = dns_answer_read(&answer, family, copy, size);
    free(copy);
    ck_assert_int_eq(answer.result, result);
    ck_assert((result == 0) == (answer.count > 0));
    if (!result)
        say("%d", (int)answer.ttl);
    for (size_t i = 0; i < answer.count; i++) {
        const void *bytes = family == AF_INET
                                ? (const void *)&answer.addresses.in[i]
                                : (const void *)&answer.addresses.in6[i];
        say("%s", inet_ntop(family, bytes, text, sizeof text));
    }
    return result;
}

/* --- what it says --- */

static const struct {
    unsigned flags, type;
    const char *records;
    int result;
    const char *said;
} cases[] = {
    {RA, A, "a.test A 192.0.2.1", 0, "60 192.0.2.1"},
    {RA, A, "A.TEST A 192.0.2.1; a.test A 192.0.2.2", 0,
        "60 192.0.2.1 192.0.2.2"},
    {RA, AAAA, "a.test AAAA 2001:db8::1", 0, "60 2001:db8::1"},
    /* In any order. */
    {RA, A, "a.test CNAME b; b A 192.0.2.1", 0, "60 192.0.2.1"},
    {RA, A, "b A 192.0.2.1; a.test CNAME b", 0, "60 192.0.2.1"},
    {RA, A, "d A 192.0.2.1; c CNAME d; b CNAME c; a.test CNAME b", 0,
        "60 192.0.2.1"},
    {RA, A, "b CNAME c; d A 192.0.2.1; a.test CNAME b; c CNAME d", 0,
        "60 192.0.2.1"},
    {RA, A, "a.test RRSIG x; d A 192.0.2.1; x A 192.0.2.66; a.test CNAME d", 0,
        "60 192.0.2.1"},
    {RA, A, "b.test A 192.0.2.66; a.test A 192.0.2.1", 0, "60 192.0.2.1"},
    /* The least time counts. */
    {RA, A, "b/9 A 192.0.2.1; a.test/7 CNAME b", 0, "7 192.0.2.1"},
    {RA, A, "a.test CNAME b; b/8 A 192.0.2.1; b/9 A 192.0.2.2", 0,
        "8 192.0.2.1 192.0.2.2"},
    /* Any byte. */
    {RA, A, "a.test CNAME *.x; *.x A 192.0.2.1", 0, "60 192.0.2.1"},
    /* No address. */
    {RA, A, "", ASYNC_DNS_NODATA, ""},
    {RA, A, "a.test AAAA ::1", ASYNC_DNS_NODATA, ""},
    {RA, A, "b.test A 192.0.2.66", ASYNC_DNS_NODATA, ""},
    {RA, A, "a.test CNAME b", ASYNC_DNS_NODATA, ""},
    {RA | 3, A, "a.test CNAME b", ASYNC_DNS_NXDOMAIN, ""},
    /* An alias in a circle, one of itself. */
    {RA, A, "a.test CNAME b; b CNAME a.test", ASYNC_DNS_NODATA, ""},
    {RA, A, "a.test CNAME a.test", ASYNC_DNS_NODATA, ""},
    {QUERY_AA, A, "a.test CNAME b; b CNAME a.test", ASYNC_DNS_ALIAS, ""},
    /* Who does not ask on. */
    {QUERY_AA, A, "a.test CNAME b", ASYNC_DNS_ALIAS, ""},
    {QUERY_AA_RA, A, "a.test CNAME b", ASYNC_DNS_NODATA, ""},
    {QUERY, A, "a.test CNAME b", ASYNC_DNS_ALIAS, ""},
    {QUERY_AA, A, "a.test CNAME b; b CNAME c; c CNAME d", ASYNC_DNS_ALIAS, ""},
    {QUERY_AA, A, "a.test CNAME b.test; ! ; test SOA x", ASYNC_DNS_NODATA, ""},
    {QUERY_AA, A, "a.test CNAME b.test; ! ; test.test SOA x", ASYNC_DNS_ALIAS,
        ""},
    {QUERY_AA, A, "a.test CNAME b.net; ! ; test SOA x", ASYNC_DNS_ALIAS, ""},
    {QUERY_AA, A, "a.test CNAME b.net; ! ; net NS x", ASYNC_DNS_ALIAS, ""},
    {QUERY_AA, A, "a.test CNAME b; b A 192.0.2.1", 0, "60 192.0.2.1"},
    {QUERY_AA, A, "", ASYNC_DNS_NODATA, ""},
    {QUERY, A, "", ASYNC_DNS_BAD_ANSWER, ""},
    {QUERY, A, "! ; test NS ns.test", ASYNC_DNS_REFERRAL, ""},
    {QUERY, A, "! ; test SOA ns.test; test NS ns.test", ASYNC_DNS_REFERRAL, ""},
    {QUERY, A, "! ; test SOA ns.test", ASYNC_DNS_NODATA, ""},
    {QUERY, A, "! ; net SOA ns.test", ASYNC_DNS_BAD_ANSWER, ""},
    {RA, A, "! ; test NS ns.test", ASYNC_DNS_NODATA, ""},
    /* Errors. */
    {RA | 2, A, "", ASYNC_DNS_SERVFAIL, ""},
    {RA | 5, A, "a.test A 192.0.2.1", ASYNC_DNS_REFUSED, ""},
    {RA | 1, A, "", ASYNC_DNS_FORMERR, ""},
    {RA | 4, A, "", ASYNC_DNS_NOTIMP, ""},
    {RA | 9, A, "", ASYNC_DNS_NOTAUTH, ""},
    {RA | 3, A, "", ASYNC_DNS_NXDOMAIN, ""},
    /* Nobody's address. */
    {RA, A, "a.test A 0.0.0.0", ASYNC_DNS_UNSPECIFIED, ""},
    {RA, AAAA, "a.test AAAA ::", ASYNC_DNS_UNSPECIFIED, ""},
    {RA, AAAA, "a.test AAAA ::ffff:0.0.0.0", ASYNC_DNS_UNSPECIFIED, ""},
    {RA, A, "a.test A 0.0.0.0; a.test A 192.0.2.1", 0, "60 192.0.2.1"},
    {RA, AAAA, "a.test AAAA ::1; a.test AAAA ::", 0, "60 ::1"},
    {RA, A, "a.test A 0.0.0.1", 0, "60 0.0.0.1"},
    {RA, AAAA, "a.test AAAA ::ffff:0.0.0.1", 0, "60 ::ffff:0.0.0.1"},
};

START_TEST(records_say_what_they_say)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin(cases[i].flags, "a.test", cases[i].type);
        put_records(cases[i].records);
        int result = read_message(cases[i].type == A ? AF_INET : AF_INET6);
        ck_assert_msg(
            result == cases[i].result, "%s: %d", cases[i].records, result);
        said(cases[i].said);
    }
}
END_TEST

/* A NUL, a dot, 0xff in a label, and letters of either case. */
START_TEST(any_byte_may_be_in_a_name)
{
    begin(RA, "a.test", A);
    put_record(1, "a.test", CNAME, "=6\4\0.\xffx\0");
    put_record(1, "=6\4\0.\xffX\0", A, "192.0.2.1");
    put_record(1, "=6\4\0.\xdfX\0", A, "192.0.2.66");
    put_record(1, "=6\4\1.\xffX\0", A, "192.0.2.66");
    ck_assert_int_eq(read_message(AF_INET), 0);
    said("60 192.0.2.1");
}
END_TEST

/* RFC 2181 section 8. */
START_TEST(a_time_of_32_bits_is_none)
{
    begin(RA, "a.test", A);
    put_record(1, "a.test", A, "192.0.2.1");
    message[size - 10] = 0x80;
    ck_assert_int_eq(read_message(AF_INET), 0);
    said("0 192.0.2.1");
}
END_TEST

/* --- what is broken --- */

START_TEST(a_part_of_an_answer_is_none)
{
    begin(RA, "a.test", A);
    put_records("a.test CNAME b; b A 192.0.2.1");
    for (size_t whole = size; size-- > 0;)
        ck_assert_msg(read_message(AF_INET) == ASYNC_DNS_BAD_ANSWER,
            "%zu of %zu bytes", size, whole);
    said("");
}
END_TEST

START_TEST(another_question_is_none)
{
    begin(RA, "a.test", A);
    put_record(1, "a.test", A, "192.0.2.1");
    ck_assert_int_eq(read_message(AF_INET6), ASYNC_DNS_BAD_ANSWER);
    message[12 + 8 + 3]++; /* its class */
    ck_assert_int_eq(read_message(AF_INET), ASYNC_DNS_BAD_ANSWER);
    message[12 + 8 + 3]--;
    message[5] = 2;
    ck_assert_int_eq(read_message(AF_INET), ASYNC_DNS_BAD_ANSWER);
    message[5] = 0;
    ck_assert_int_eq(read_message(AF_INET), ASYNC_DNS_BAD_ANSWER);
    said("");
}
END_TEST

START_TEST(pointers_lead_back)
{
    static const struct {
        const char *owner;
        int result;
    } owners[] = {
        {"=2\xc0\x0c", 0}, /* the question's */
        {"=4\1A\xc0\x0e", 0}, /* its second label */
        {"=2\xc0\x18", ASYNC_DNS_BAD_ANSWER}, /* itself */
        {"=4\1a\xc0\x18", ASYNC_DNS_BAD_ANSWER}, /* its own beginning */
        {"=2\xc0\x20", ASYNC_DNS_BAD_ANSWER}, /* forward */
        {"=2\xff\xff", ASYNC_DNS_BAD_ANSWER}, /* past the end */
        {"=3\x40\0\0", ASYNC_DNS_BAD_ANSWER}, /* no such label */
        {"=3\x80\0\0", ASYNC_DNS_BAD_ANSWER},
    };
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        begin(RA, "a.test", A);
        ck_assert_uint_eq(size, 0x18);
        put_record(1, owners[i].owner, A, "192.0.2.1");
        ck_assert_msg(read_message(AF_INET) == owners[i].result, "%zu", i);
        said(owners[i].result ? "" : "60 192.0.2.1");
    }
}
END_TEST

START_TEST(a_name_has_an_end)
{
    char long_name[300] = "";
    for (int i = 0; i < 126; i++)
        strcat(long_name, "a.");
    strcat(long_name, "b"); /* 127 labels, 255 bytes */
    for (int more = 0; more < 2; more++) {
        begin(RA, long_name, A);
        put_record(1, "=2\xc0\x0c", A, "192.0.2.1");
        ck_assert_int_eq(
            read_message(AF_INET), more ? ASYNC_DNS_BAD_ANSWER : 0);
        said(more ? "" : "60 192.0.2.1");
        strcat(long_name, ".c");
    }
}
END_TEST

/* An address that is too long or too short. */
START_TEST(an_address_has_a_size)
{
    begin(RA, "a.test", A);
    put_record(1, "a.test", A, "192.0.2.1");
    message[size - 5] = 3;
    size--;
    ck_assert_int_eq(read_message(AF_INET), ASYNC_DNS_BAD_ANSWER);
    size += 2;
    message[size - 6] = 5;
    ck_assert_int_eq(read_message(AF_INET), ASYNC_DNS_BAD_ANSWER);
    said("");
}
END_TEST

/* As long as can be, each owner a name that is the one asked but for its last
 * label, over as many pointers as can be: milliseconds, not seconds. */
START_TEST(the_worst_takes_no_time)
{
    enum { POINTERS = 125 };
    begin(RA, "a.test", A);
    put_record(1, "", RRSIG, "");
    unsigned last = (unsigned)size;
    put_name("a.tesu");
    for (int i = 0; i < POINTERS; i++) {
        put_16(0xc000u | last);
        last = (unsigned)size - 2;
    }
    message[0x18 + 9] = (unsigned char)((size - 0x18 - 11) >> 8);
    message[0x18 + 10] = (unsigned char)(size - 0x18 - 11);
    size_t count = 1;
    while (size + 16 <= sizeof message) {
        put_16(0xc000u | last);
        put_16(A);
        put_16(1);
        put_16(0);
        put_16(60);
        put_16(4);
        put_16(0xc000);
        put_16(0x0201);
        count++;
    }
    message[6] = (unsigned char)(count >> 8);
    message[7] = (unsigned char)count;
    int64_t before = loop_time();
    ck_assert_int_eq(read_message(AF_INET), ASYNC_DNS_NODATA);
    ck_assert_int_lt(loop_time() - before, 500 * slower() * LOOP_MILLISECOND);
}
END_TEST

/* --- the question --- */

START_TEST(questions_are_written)
{
    unsigned char to[DNS_QUESTION_MAX];
    char name[300] = "";
    ck_assert_uint_eq(dns_question_write(to, "a.test", 28), 12);
    ck_assert_mem_eq(to, "\1a\4test\0\0\x1c\0\1", 12);
    ck_assert_uint_eq(dns_question_write(to, "a.test.", 1), 12);
    ck_assert_uint_eq(dns_question_write(to, "a..test", 1), 0);
    for (int i = 0; i < 126; i++)
        strcat(name, "a.");
    strcat(name, "b");
    ck_assert_uint_eq(dns_question_write(to, name, 1), DNS_QUESTION_MAX);
    strcat(name, "b");
    ck_assert_uint_eq(dns_question_write(to, name, 1), 0);
    memset(name, 'x', 64);
    name[64] = '\0';
    ck_assert_uint_eq(dns_question_write(to, name, 1), 0);
}
END_TEST

SUITE("dns_answer", records_say_what_they_say, any_byte_may_be_in_a_name,
    a_time_of_32_bits_is_none, a_part_of_an_answer_is_none,
    another_question_is_none, pointers_lead_back, a_name_has_an_end,
    an_address_has_a_size, the_worst_takes_no_time, questions_are_written)
