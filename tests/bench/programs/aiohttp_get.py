"""aiohttp: one session, a task per host in flight.

    aiohttp_get.py http|https CONCURRENCY <names
"""

import asyncio
import socket
import sys

import aiohttp


async def get(session, scheme, host):
    async with session.get(f"{scheme}://{host}/",
                           allow_redirects=False) as answer:
        print(f"{host} header > HTTP/1.1 {answer.status} {answer.reason}")
        for name, value in answer.headers.items():
            print(f"{host} header > {name}: {value}")


async def worker(session, scheme):
    for line in sys.stdin:
        host = line.strip()
        try:
            await get(session, scheme, host)
        except (aiohttp.ClientError, OSError) as error:
            print(f"{host}: {error}", file=sys.stderr)


async def main(scheme, concurrency):
    # Each host is asked once: no connection is worth keeping.
    connector = aiohttp.TCPConnector(
        limit=concurrency, force_close=True, family=socket.AF_INET)
    async with aiohttp.ClientSession(connector=connector) as session:
        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(worker(session, scheme))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
