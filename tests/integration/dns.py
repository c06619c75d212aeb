"""Name servers that the lab cannot play, and what the lab was asked."""

import contextlib
import socket
import struct
import threading


@contextlib.contextmanager
def silent_server():
    """The --dns-servers value of one that never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        yield "127.0.0.1:%d" % sock.getsockname()[1]


@contextlib.contextmanager
def closed_server():
    """The --dns-servers value of a port where nobody is, and nobody comes:
    its socket takes nothing but its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.connect(sock.getsockname())
        yield "127.0.0.1:%d" % sock.getsockname()[1]


def asked(lab):
    """All questions that the lab saw: {name: (A, AAAA)}."""
    return {name: (counts["a"], counts["aaaa"])
            for name, counts in lab.page("stats")["names"].items()
            if counts["a"] + counts["aaaa"] + counts["other"]}


def questions(lab):
    """How many questions the lab saw."""
    totals = lab.page("totals")
    return totals["a"] + totals["aaaa"] + totals["other"]


# --- a server that answers as a function says ---

A, NS, CNAME, AAAA = 1, 2, 5, 28


def wire(name):
    """A name of any bytes, its labels between dots."""
    return b"".join(bytes([len(label)]) + label
        for label in name.encode("latin-1").split(b".")) + b"\0"


class Query:
    def __init__(self, message):
        self.id = message[:2]
        at, labels = 12, []
        while message[at]:
            labels.append(message[at + 1:at + 1 + message[at]].decode())
            at += 1 + message[at]
        self.name = ".".join(labels)
        self.type = int.from_bytes(message[at + 1:at + 3], "big")
        self.question = message[12:at + 5]

    def reply(self, answers=(), authority=(), flags=0x8180):
        """Records are (owner, type, data); data of A and AAAA as text, of
        others a name."""
        return self.id + struct.pack(">HHHHH", flags, 1, len(answers),
            len(authority), 0) + self.question + b"".join(
                self.record(*one) for one in (*answers, *authority))

    @staticmethod
    def record(owner, kind, data):
        if kind in (A, AAAA):
            family = socket.AF_INET if kind == A else socket.AF_INET6
            data = socket.inet_pton(family, data)
        else:
            data = wire(data)
        return wire(owner) + struct.pack(
            ">HHIH", kind, 1, 60, len(data)) + data


def receive(stream, size):
    """So many bytes, or None at the stream's end."""
    data = b""
    while len(data) < size:
        more = stream.recv(size - len(data))
        if not more:
            return None
        data += more
    return data


def serve_stream(stream, answer, piece, batch):
    """Answers what comes by a connection, so many questions at once, the last
    one first, in pieces of so many bytes."""
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    replies = []
    with contextlib.suppress(OSError), stream:
        while size := receive(stream, 2):
            reply = answer(Query(receive(stream, int.from_bytes(size, "big"))))
            if reply:
                replies.insert(0, struct.pack(">H", len(reply)) + reply)
            if len(replies) < batch:
                continue
            data = b"".join(replies)
            for at in range(0, len(data), piece):
                stream.sendall(data[at:at + piece])
            replies.clear()


def serve_streams(listening, *how):
    """Until the socket is shut down."""
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=serve_stream, daemon=True,
                args=(listening.accept()[0], *how)).start()


def serve_datagrams(sock, answer):
    """Until an empty one comes."""
    with contextlib.suppress(OSError):
        while True:
            message, peer = sock.recvfrom(4096)
            if not message:
                return
            reply = answer(Query(message))
            if reply:
                sock.sendto(reply, peer)


def truncated(query):
    return query.reply(flags=0x8380)


@contextlib.contextmanager
def server(answer, by_tcp=False, piece=1 << 20, batch=1):
    """The --dns-servers value of one that sends answer(query), if that is
    not None. by_tcp: by UDP it only says that the answer is longer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, \
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        sock.bind(listening.getsockname())
        threads = [threading.Thread(target=serve_datagrams,
            args=(sock, truncated if by_tcp else answer))]
        if by_tcp:
            listening.listen(64)
            threads.append(threading.Thread(target=serve_streams,
                args=(listening, answer, piece, batch)))
        for thread in threads:
            thread.start()
        try:
            yield "127.0.0.1:%d" % sock.getsockname()[1]
        finally:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stop:
                stop.sendto(b"", sock.getsockname())
            for thread in threads:
                thread.join()
