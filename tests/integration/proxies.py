"""A proxy that a test scripts: what of it is the same in each."""

import contextlib
import select
import socket

from harness import Peer, Server

OK = b"HTTP/1.1 200 Connection established\r\n\r\n"


def exactly(peer, size):
    """So many bytes of the client's."""
    data = b""
    while len(data) < size:
        part = peer.sock.recv(size - len(data))
        if not part:
            raise ConnectionAbortedError("the client has left")
        data += part
    return data


def asked_for(peer):
    """host:port of a CONNECT."""
    if not peer.request():
        raise ConnectionAbortedError("the client has left")
    method, to, version = peer.request().split(b"\r\n")[0].decode().split()
    assert (method, version) == ("CONNECT", "HTTP/1.1"), peer.head
    return to


def relay(peer, port):
    """Bytes both ways between the client and 127.0.0.1:port; a reset, too."""
    try:
        relay_bytes(peer, port)
    except ConnectionResetError:
        peer.reset()


def relay_bytes(peer, port):
    with socket.create_connection(("127.0.0.1", port), 10) as server:
        ends = {peer.sock: server, server: peer.sock}
        while ends:
            for sock in select.select(list(ends), [], [], 30)[0]:
                data = sock.recv(1 << 16)
                if data:
                    ends[sock].sendall(data)
                else:
                    with contextlib.suppress(OSError):
                        ends[sock].shutdown(socket.SHUT_WR)
                    del ends[sock]


class HttpProxy(Server):
    """Answers each CONNECT, and leads it to a port, or to ports[the one asked
    for]; what else is asked of it is answered by `forward` (a function of a
    Peer)."""

    def __init__(self, ports, reply=OK, forward=None):
        self.asked = []

        def serve(peer):
            if forward and not peer.request().startswith(b"CONNECT "):
                forward(peer)
                return
            to = asked_for(peer)
            self.asked.append(to)
            peer.send(reply)
            relay(peer, ports if isinstance(ports, int)
                else ports[int(to.rpartition(":")[2])])

        super().__init__(serve)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


class Socks:
    """The client's messages of one SOCKS connection, as they come."""

    def __init__(self, peer):
        self.peer = peer

    def methods(self):
        head = exactly(self.peer, 2)
        return head + exactly(self.peer, head[1])

    def login(self):
        version, size = exactly(self.peer, 2)
        assert version == 1, version
        user = exactly(self.peer, size)
        return user, exactly(self.peer, exactly(self.peer, 1)[0])

    def connect(self):
        """(type, address, port)"""
        head = exactly(self.peer, 4)
        assert head[:3] == b"\5\1\0", head
        size = {1: 4, 4: 16}.get(head[3]) or exactly(self.peer, 1)[0]
        address = exactly(self.peer, size)
        return head[3], address, int.from_bytes(exactly(self.peer, 2), "big")


REACHED = b"\5\0\0\1\x7f\0\0\1\0\x50"


class SocksProxy(Server):
    """Leads each connection to ports[the one asked for], after its replies,
    which `send(peer, bytes)` sends; with a login (two bytestrings) no other
    one will do."""

    def __init__(self, ports, *, login=None, reply=REACHED, send=Peer.send):
        self.asked = []  # (type, address, port)
        self.offered = []  # the first messages

        def serve(peer):
            client = Socks(peer)
            self.offered.append(client.methods())
            if login:
                send(peer, b"\5\2")
                if client.login() != login:
                    send(peer, b"\1\1")
                    return
                send(peer, b"\1\0")
            else:
                send(peer, b"\5\0")
            end = client.connect()
            self.asked.append(end)
            send(peer, reply)
            if reply[1] == 0:
                relay(peer, ports[end[2]])

        super().__init__(serve)

    @property
    def url(self):
        return f"socks5h://127.0.0.1:{self.port}"
