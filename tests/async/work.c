/*
 * work - the servers, backstage, and the work.
 */
#include "work.h"

#include "harness.h"
#include "pair.h"

#include "async/core/error.h"
#include "async/net/connection.h"
#include "async/net/reader.h"

#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

/* --- the servers --- */

static void serve(const struct dns_query *query)
{
    if (query->tcp < 0 && query->type == DNS_A)
        dns_truncate(query);
    else if (query->type == DNS_A)
        dns_answer(query, "127.0.0.1", 60);
    else
        dns_answer(query, "::1", 60);
}

static void client_close(struct work *work)
{
    if (work->client < 0)
        return;
    event_del(&work->swallowing);
    close(work->client);
    work->client = -1;
}

static void swallow(evutil_socket_t fd, short what, void *arg)
{
    static char bytes[256 * 1024];
    struct work *work = arg;
    (void)what;
    backstage++;
    ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    work->swallowed += n > 0 ? (size_t)n : 0;
    if (work->swallowed == WORK_SENT)
        send(fd, "one\r\ntwo\r\n", 10, MSG_NOSIGNAL);
    if (n <= 0 || work->swallowed == WORK_SENT)
        client_close(work);
    backstage--;
}

static void accept_client(evutil_socket_t fd, short what, void *arg)
{
    struct work *work = arg;
    (void)what;
    backstage++;
    client_close(work);
    work->swallowed = 0;
    work->client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    ck_assert_int_ge(work->client, 0);
    event_assign(&work->swallowing, loop_base(loop_running()), work->client,
        EV_READ | EV_PERSIST, swallow, work);
    event_add(&work->swallowing, NULL);
    backstage--;
}

void work_open(struct work *work)
{
    union address address;
    dns_open(&work->dns, serve);
    backstage++;
    work->client = -1;
    work->listener = listen_on("127.0.0.1", &address);
    work->port = ntohs(address.in.sin_port);
    event_assign(&work->accepting, loop_base(loop_running()), work->listener,
        EV_READ | EV_PERSIST, accept_client, work);
    event_add(&work->accepting, NULL);
    ck_assert_int_eq(pipe(work->pipe), 0);
    backstage--;
}

void work_hang_up(struct work *work)
{
    client_close(work);
    dns_hang_up(&work->dns);
}

void work_close(struct work *work)
{
    client_close(work);
    event_del(&work->accepting);
    close(work->listener);
    close(work->pipe[0]);
    close(work->pipe[1]);
    dns_close(&work->dns);
}

/* --- the work --- */

static int look_up_and_connect(
    struct work *work, struct resolver *resolver, struct stream **stream)
{
    struct lookup lookup;
    union address remote;
    struct lookup_name name = {"work.test", AF_UNSPEC, true};
    int result = lookup_start(&lookup, resolver, &name);
    if (result)
        return result;
    result = lookup_wait(&lookup);
    if (!result)
        result = open_connection(stream, &lookup, work->port, &remote);
    lookup_stop(&lookup);
    return result;
}

static int write_and_read(struct stream *stream)
{
    static const char bytes[WORK_SENT];
    struct stream_line line;
    int result = stream_write(stream, bytes, sizeof bytes);
    if (!result)
        result = stream_drain(stream);
    while (!result)
        result = stream_readline(stream, 100, &line);
    return result == ASYNC_EOF ? 0 : result;
}

static int talk(struct work *work)
{
    struct resolver *resolver;
    struct stream *stream;
    struct resolver_config config = {
        .servers = work->dns.server, .hosts_file = "/etc/hosts"};
    int result = resolver_create(&resolver, loop_running(), &config);
    if (result)
        return result;
    result = look_up_and_connect(work, resolver, &stream);
    if (!result) {
        result = write_and_read(stream);
        stream_close(stream);
    }
    resolver_destroy(resolver);
    return result;
}

static int child(void *arg)
{
    struct semaphore *semaphore = arg;
    int result = semaphore_acquire(semaphore);
    if (result)
        return result;
    result = task_sleep(1000);
    semaphore_release(semaphore);
    return result;
}

static int gather_children(void)
{
    struct task *tasks[3];
    struct semaphore semaphore;
    size_t n = 0;
    int result = 0;
    semaphore_init(&semaphore, 1);
    while (!result && n < 3) {
        result = task_spawn(&tasks[n], child, &semaphore);
        n += !result;
    }
    int gathered = task_gather(tasks, n);
    return result ? result : gathered;
}

static int join_group(void)
{
    struct task_group group;
    struct semaphore semaphore;
    int result = 0;
    semaphore_init(&semaphore, 20);
    task_group_init(&group);
    for (int i = 0; !result && i < 20; i++) /* more than a slab of stacks */
        result = task_group_spawn(&group, child, &semaphore);
    int joined = task_group_join(&group);
    return result ? result : joined;
}

/* A scope that expires, in one that does not. */
static int wait_in_vain(void)
{
    struct wait_for outer, inner;
    wait_for_enter(&outer, 1000 * LOOP_SECOND);
    wait_for_enter(&inner, 1000);
    int result = wait_for_leave(&inner, await_forever());
    if (result == -ETIMEDOUT)
        result = task_sleep(0);
    return wait_for_leave(&outer, result);
}

static int write_later(void *arg)
{
    struct work *work = arg;
    int result = task_sleep(1000);
    backstage++;
    ck_assert_int_eq(write(work->pipe[1], "line\n", 5), 5);
    backstage--;
    return result;
}

static int read_pipe(struct work *work)
{
    struct reader *reader;
    struct reader_line line;
    struct task *writer;
    int result = reader_create(&reader, work->pipe[0], 100);
    if (result)
        return result;
    result = task_spawn(&writer, write_later, work);
    if (!result) {
        result = reader_readline(reader, &line);
        int written = task_join(writer);
        result = result ? result : written;
    }
    reader_destroy(reader);
    return result;
}

int work_do(void *arg)
{
    struct work *work = arg;
    int result = talk(work);
    if (!result)
        result = gather_children();
    if (!result)
        result = join_group();
    if (!result)
        result = wait_in_vain();
    if (!result)
        result = read_pipe(work);
    return result;
}
