/*
 * tls_bio: what goes out when, however little the socket takes at once.
 */
#include "async/core/error.h"
#include "harness.h"
#include "pair.h"
#include "tls_client.h"

#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>

#define GOOD .certificate = {.san = "DNS:a.test"}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);

/* --- the client sends by sendmsg; the server, which is OpenSSL's, not --- */

static int sent; /* calls */
static size_t most; /* bytes that one call takes; 0: all */

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    char bytes[8192];
    size_t len = 0;
    for (size_t i = 0; i < message->msg_iovlen; i++) {
        const struct iovec *part = &message->msg_iov[i];
        ck_assert_uint_le(len + part->iov_len, sizeof bytes);
        memcpy(bytes + len, part->iov_base, part->iov_len);
        len += part->iov_len;
    }
    sent++;
    return send(fd, bytes, most && most < len ? most : len, flags);
}

static const struct {
    int version, times, sent;
} flights[] = {
    {0, 1, 2}, /* hello, the rest */
    {0, 3, 6}, {TLS1_2_VERSION, 1, 3}, /* hello, key, request */
    {TLS1_2_VERSION, 3, 3 + 2 + 2}, /* the server ends the first handshake */
};

START_TEST(request_goes_with_the_last_flight)
{
    struct tls_server server = {GOOD, .max_version = flights[_i].version};
    struct tls_client client = {.name = "a.test", .times = flights[_i].times};
    sent = 0;
    tls_meet(&server, &client);
    ck_assert_str_eq(client.text, "ok");
    ck_assert_int_eq(client.resumed, client.times - 1);
    ck_assert_int_eq(sent, flights[_i].sent);
}
END_TEST

/* The server waits for the end of the handshake and speaks first. */
START_TEST(last_flight_goes_before_reading)
{
    struct tls_server server = {
        GOOD, .max_version = flights[_i].version, .early = true};
    struct tls_client client = {
        .name = "a.test", .mute = true, .times = flights[_i].times};
    tls_meet(&server, &client);
    ck_assert_str_eq(client.text, "ok");
}
END_TEST

START_TEST(sockets_that_take_little)
{
    for (most = 1; most < 200; most = most * 3 / 2 + 1)
        for (int mute = 0; mute < 2; mute++) {
            struct tls_server server = {
                GOOD, .max_version = flights[_i].version, .early = mute};
            struct tls_client client = {
                .name = "a.test", .mute = mute, .times = flights[_i].times};
            tls_meet(&server, &client);
            ck_assert_str_eq(client.text, "ok");
        }
}
END_TEST

int main(void)
{
    int rows = sizeof flights / sizeof *flights;
    Suite *suite = suite_create("tls_bio");
    TCase *tcase = tcase_create("flights");
    tcase_set_timeout(tcase, 50);
    tcase_add_loop_test(tcase, request_goes_with_the_last_flight, 0, rows);
    tcase_add_loop_test(tcase, last_flight_goes_before_reading, 0, rows);
    tcase_add_loop_test(tcase, sockets_that_take_little, 0, rows);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}
