"""Name servers and web servers that do what a test says, on sockets that may
be of a namespace."""

import contextlib
import socket
import struct
import threading

A, AAAA = 1, 28


class Question:
    def __init__(self, message, by_tcp=False):
        self.message, self.by_tcp = message, by_tcp
        at, labels = 12, []
        while message[at]:
            labels.append(message[at + 1:at + 1 + message[at]].decode())
            at += 1 + message[at]
        self.name = ".".join(labels).lower()
        self.type = struct.unpack(">H", message[at + 1:at + 3])[0]
        self.bytes = message[12:at + 5]

    def answer(self, *addresses, rcode=0, flags=0x8180):
        """The whole message; of the addresses those of its family."""
        found = []
        for text in addresses:
            kind = AAAA if ":" in text else A
            if kind != self.type:
                continue
            data = socket.inet_pton(
                socket.AF_INET6 if kind == AAAA else socket.AF_INET, text)
            found.append(b"\xc0\x0c" + struct.pack(
                ">HHIH", kind, 1, 60, len(data)) + data)
        return self.message[:2] + struct.pack(">HHHHH", flags | rcode, 1,
            len(found), 0, 0) + self.bytes + b"".join(found)


class Stub:
    """Base: threads on sockets until close()."""

    def __init__(self, *sockets):
        self.sockets = sockets
        for sock in sockets:
            threading.Thread(
                target=self._run, args=(sock,), daemon=True).start()

    def _run(self, sock):
        with contextlib.suppress(OSError):
            while True:
                self.take(sock)

    def close(self):
        for sock in self.sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


class NameServer(Stub):
    """answer(question) is what it says, or None.  `asked` has (name, type,
    by_tcp) of all questions."""

    def __init__(self, answer, *sockets):
        self.answer, self.asked = answer, []
        super().__init__(*sockets)

    def count(self, name, kind=A):
        return sum(asked[:2] == (name, kind) for asked in self.asked)

    def say(self, message, by_tcp):
        question = Question(message, by_tcp)
        self.asked.append((question.name, question.type, by_tcp))
        return self.answer(question)

    def take(self, sock):
        if sock.type == socket.SOCK_DGRAM:
            message, peer = sock.recvfrom(4096)
            if not message:
                raise OSError("shut down")
            answer = self.say(message, False)
            if answer:
                sock.sendto(answer, peer)
            return
        connection = sock.accept()[0]
        threading.Thread(
            target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError, struct.error), connection, \
                connection.makefile("rb") as stream:
            while True:
                size = struct.unpack(">H", stream.read(2))[0]
                answer = self.say(stream.read(size), True)
                if answer:
                    connection.sendall(
                        struct.pack(">H", len(answer)) + answer)


class WebServer(Stub):
    """Says always the same."""

    def __init__(self, answer, *sockets):
        self.answer = answer
        super().__init__(*sockets)

    def take(self, sock):
        connection = sock.accept()[0]
        with connection:
            data = b""
            while b"\r\n\r\n" not in data:
                more = connection.recv(4096)
                if not more:
                    return
                data += more
            connection.sendall(self.answer)


OK = b"HTTP/1.1 200 OK\r\nServer: stub\r\n\r\n"
