"""The notebook's wget on today's asyncio: streams, a task per host in flight.

    asyncio_wget.py http|https CONCURRENCY <names
"""

import asyncio
import socket
import ssl
import sys


async def wget(host, port, tls):
    reader, writer = await asyncio.open_connection(
        host, port, ssl=tls, family=socket.AF_INET)
    try:
        writer.write(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        await writer.drain()
        while (line := await reader.readline()) != b"\r\n":
            if not line:
                raise EOFError("cut off")
            print(f"{host} header > {line.decode().rstrip()}")
    finally:
        writer.close()  # ignore the body


async def worker(port, tls):
    for line in sys.stdin:
        host = line.strip()
        try:
            await wget(host, port, tls)
        except (OSError, EOFError) as error:
            print(f"{host}: {error}", file=sys.stderr)


async def main(scheme, concurrency):
    tls = ssl.create_default_context() if scheme == "https" else None
    port = 443 if tls else 80
    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(worker(port, tls))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
