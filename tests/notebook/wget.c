/*
 * wget - the cell that became afetch: the header lines of three hosts, as
 * they arrive.  The hosts live in a thread of this process (web.h).
 *
 *     @asyncio.coroutine
 *     def wget(host):
 *         print('wget %s...' % host)
 *         connect = asyncio.open_connection(host, 80)
 *         reader, writer = yield from connect
 *         header = 'GET / HTTP/1.0\r\nHost: %s\r\n\r\n' % host
 *         writer.write(header.encode('utf-8'))
 *         yield from writer.drain()
 *         while True:
 *             line = yield from reader.readline()
 *             if line == b'\r\n':
 *                 break
 *             print('%s header > %s' % (host, line.decode('utf-8').rstrip()))
 *         # Ignore the body, close the socket
 *         writer.close()
 *
 *     tasks = [wget(host) for host in ['www.sina.com.cn', 'www.sohu.com',
 *                                      'www.163.com']]
 *     loop.run_until_complete(asyncio.wait(tasks))
 */
#include "async/core/error.h"
#include "async/net/connection.h"
#include "async/print.h"
#include "async/web.h"

#include <stdio.h>

enum { LINE_LIMIT = 64 * 1024 };

static struct resolver *resolver;

/* asyncio.open_connection(host, 80) */
static int open_host(struct stream **stream, const char *host)
{
    struct lookup lookup;
    union address remote;
    struct lookup_name name = {.name = host};
    int result = lookup_start(&lookup, resolver, &name);
    if (!result)
        result = lookup_wait(&lookup);
    if (!result)
        result = open_connection(stream, &lookup, web_port(), &remote);
    lookup_stop(&lookup);
    return result;
}

static int send_request(struct stream *stream, const char *host)
{
    char header[300];
    int len = snprintf(
        header, sizeof header, "GET / HTTP/1.0\r\nHost: %s\r\n\r\n", host);
    int result = stream_write(stream, header, (size_t)len);
    return result ? result : stream_drain(stream);
}

static int print_header(struct stream *stream, const char *host)
{
    for (;;) {
        struct stream_line line;
        int result = stream_readline(stream, LINE_LIMIT, &line);
        if (result || line.len == 0)
            return result;
        print("%s header > %.*s", host, (int)line.len, line.bytes);
    }
}

static int wget(void *arg)
{
    const char *host = arg;
    struct stream *stream = NULL;
    print("wget %s...", host);
    int result = open_host(&stream, host);
    if (!result)
        result = send_request(stream, host);
    if (!result)
        result = print_header(stream, host);
    if (result)
        print("%s failed: %s", host, async_strerror(result));
    /* Ignore the body, close the socket. */
    stream_close(stream);
    return result;
}

static char sina[] = "www.sina.com.cn", sohu[] = "www.sohu.com",
            netease[] = "www.163.com";

static int wget_all(void *arg)
{
    (void)arg;
    struct resolver_config config = {.hosts_file = web_hosts_file()};
    struct task_group tasks;
    int result = resolver_create(&resolver, loop_running(), &config);
    if (result)
        return result;
    task_group_init(&tasks);
    task_group_spawn(&tasks, wget, sina);
    task_group_spawn(&tasks, wget, sohu);
    task_group_spawn(&tasks, wget, netease);
    result = task_group_join(&tasks);
    resolver_destroy(resolver);
    return result;
}

static const char *const sina_head[] = {"HTTP/1.1 302 Moved Temporarily",
    "Server: nginx", "Location: https://www.sina.com.cn/", NULL};
static const char *const sohu_head[] = {"HTTP/1.1 301 Moved Permanently",
    "Server: nginx", "Location: https://www.sohu.com/", NULL};
static const char *const netease_head[] = {"HTTP/1.1 301 Moved Permanently",
    "Server: nginx", "Location: https://www.163.com/", NULL};

int main(void)
{
    const struct web_host hosts[] = {
        {sina, sina_head}, {sohu, sohu_head}, {netease, netease_head}};
    struct loop *loop;
    if (web_open(hosts, 3) || loop_create(&loop))
        return 1;
    int result = task_run(loop, wget_all, NULL);
    loop_destroy(loop);
    web_close();

    return result ||
           PRINTED("wget www.sina.com.cn...", "wget www.sohu.com...",
               "wget www.163.com...",
               "www.sina.com.cn header > HTTP/1.1 302 Moved Temporarily",
               "www.sohu.com header > HTTP/1.1 301 Moved Permanently",
               "www.163.com header > HTTP/1.1 301 Moved Permanently",
               "www.sina.com.cn header > Server: nginx",
               "www.sohu.com header > Server: nginx",
               "www.163.com header > Server: nginx",
               "www.sina.com.cn header > Location: https://www.sina.com.cn/",
               "www.sohu.com header > Location: https://www.sohu.com/",
               "www.163.com header > Location: https://www.163.com/");
}
