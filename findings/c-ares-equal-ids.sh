#!/usr/bin/env bash
# c-ares 1.18.1 (Debian 12) gives the same message id to questions that are open
# at the same time, though it looks for one that is free: of 2,000 at one silent
# server some thirty pairs are equal, as often as dice would have it. Who reads
# the answers beside it (its socket functions) cannot tell them by id. Its own
# reading compares the questions, too.
#
# RFC 5452 section 4.3 wants them hard to guess, not distinct; Debian 13's 1.34
# keeps them distinct.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
finding libc-ares-dev=1.18.1-3 libc-ares2=1.18.1-3

cat >ids.c <<'C'
#include <ares.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <unistd.h>

enum { QUESTIONS = 2000 };

static void answered(void *arg, int status, int timeouts, unsigned char *b, int n)
{
    (void)arg, (void)status, (void)timeouts, (void)b, (void)n;
}

int main(void)
{
    static unsigned char seen[65536], bytes[512];
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), equal = 0, got = 0;
    ares_channel channel;
    char server[40], name[40];

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(fd, (struct sockaddr *)&at, size);
    getsockname(fd, (struct sockaddr *)&at, &size);
    ares_library_init(ARES_LIB_INIT_ALL);
    ares_init(&channel);
    snprintf(server, sizeof server, "127.0.0.1:%u", ntohs(at.sin_port));
    ares_set_servers_ports_csv(channel, server);
    for (int i = 0; i < QUESTIONS; i++) {
        snprintf(name, sizeof name, "h%d.test", i);
        ares_query(channel, name, 1, 1, answered, NULL);
        while (recv(fd, bytes, sizeof bytes, 0) > 0) {
            equal += seen[bytes[0] << 8 | bytes[1]]++ > 0;
            got++;
        }
    }
    printf("%d questions, %s ids\n", got, equal > 5 ? "equal" : "distinct");
    ares_destroy(channel);
    return 0;
}
C
gcc -I "$FINDING_ROOT/usr/include" -o ids ids.c \
    "$(find "$FINDING_ROOT" -name 'libcares.so' | head -1)"
expect "open at once" "2000 questions, equal ids" "$(./ids)"
