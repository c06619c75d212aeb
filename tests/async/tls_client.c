/*
 * tls_client - connects, starts TLS, says a word, reads a line.
 */
#include "tls_client.h"

#include "async/core/error.h"
#include "async/net/stream.h"
#include "harness.h"

#include <stdio.h>
#include <string.h>

struct meeting {
    struct tls_server *server;
    struct tls_client *client;
    struct tls *tls;
};

static void read_line(struct stream *stream, struct tls_client *client)
{
    struct stream_line line;
    int error = client->mute ? 0 : stream_write(stream, "hello\n", 6);
    if (!error)
        error = stream_drain(stream);
    if (!error)
        error = stream_readline(stream, sizeof client->text - 1, &line);
    client->read = error;
    if (!error)
        snprintf(client->text, sizeof client->text, "%.*s", (int)line.len,
            line.bytes);
}

static int meet_once(const struct meeting *meeting)
{
    struct tls_client *client = meeting->client;
    struct tls_peer peer = {client->name, 443};
    struct stream *stream;
    int error = stream_connect(&stream, &meeting->server->address);
    ck_assert_int_eq(error, 0);
    client->info = (struct tls_info){0};
    client->handshake = stream_start_tls(
        stream, client->tls ? client->tls : meeting->tls, &peer, &client->info);
    if (!client->handshake)
        read_line(stream, client);
    client->resumed += client->info.resumed;
    stream_close(stream);
    return 0;
}

static int meet(void *arg)
{
    const struct meeting *meeting = arg;
    struct tls_client *client = meeting->client;
    for (int left = meeting->server->connections; left > 0;) {
        meet_once(meeting);
        left--;
        if (client->met && left)
            client->met(client, left);
    }
    return 0;
}

void tls_meet(struct tls_server *server, struct tls_client *client)
{
    struct meeting meeting = {server, client, client->tls};
    struct loop *loop;
    int fds = open_fds();
    if (!client->config.ca_file)
        client->config.ca_file = tls_ca_file();
    if (!client->tls)
        ck_assert_int_eq(tls_create(&meeting.tls, &client->config), 0);
    server->connections = client->times ? client->times : 1;
    tls_server_start(server);
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(task_run(loop, meet, &meeting), 0);
    loop_destroy(loop);
    tls_server_join(server);
    if (!client->tls)
        tls_destroy(meeting.tls);
    ck_assert_int_eq(open_fds(), fds);
}
