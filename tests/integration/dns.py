"""Name servers that the lab cannot play, and what the lab was asked."""

import contextlib
import socket


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
