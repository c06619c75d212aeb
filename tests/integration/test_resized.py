"""A window that is resized in mid run: what comes at the end fits it."""

import contextlib
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading
import unittest

from harness import AFETCH, Case, SLOWER, Server

fast = True

NAMES = ["a-name-that-is-rather-long.and-has-many-labels.test", "b.test"]


class Resized(Case):
    def lines(self, *options, columns=(200, 60)):
        """What a terminal of so many columns, and then of others, gets."""
        asked, resized = threading.Semaphore(0), threading.Event()
        def serve(peer):
            peer.request()
            asked.release()
            self.assertTrue(resized.wait(20))
            peer.send(b"HTTP/1.1 200 OK\r\nServer: %s\r\n\r\n" % (b"s" * 99))
        def resize(width):
            fcntl.ioctl(theirs, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, width, 0, 0))
        ours, theirs = pty.openpty()
        resize(columns[0])
        with Server(serve) as server:
            run = subprocess.Popen([AFETCH, "--color", "never", "--progress",
                "never", *server.route(), *options, *NAMES, "c..d"],
                stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
            for _ in NAMES:
                self.assertTrue(asked.acquire(timeout=20))
            resize(columns[1])
            resized.set()
            self.assertEqual(run.wait(20 * SLOWER), 1)
        os.close(theirs)
        out = b""
        with contextlib.suppress(OSError):
            while part := os.read(ours, 1 << 16):
                out += part
        os.close(ours)
        lines = out.decode().replace("\r\n", "\n").split("\n")
        return [line for line in lines if not re.match(r"c\.\.d: |\d+ targets"
            r"|wall |d dns", line)]

    def check(self, *options):
        widest = [max(map(len, self.lines(*options, columns=columns)))
            for columns in ((200, 200), (200, 60), (60, 200))]
        self.assertGreater(widest[0], 80)
        self.assertLessEqual(widest[1], 60)
        self.assertEqual(widest[2], widest[0])

    def test_summary(self):
        self.check("-q")

    def test_waterfall(self):
        self.check("-q", "--summary", "none", "--waterfall")

    def test_show(self):
        self.check("--summary", "none", "--show", "status,server")


if __name__ == "__main__":
    unittest.main()
