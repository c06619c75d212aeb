"""What is promised of --show: a row a target, in a pipe and on a terminal."""

import csv
import fcntl
import os
import pty
import struct
import subprocess
import termios
import unittest

from harness import AFETCH, Case, Server, afetch

fast = True

HEAD = (b"HTTP/1.1 200 OK\r\nServer: a\tb\x1b\r\nX-Cache: HIT\r\n"
    b"x-cache-hits: 2\r\nVia: 1.1 a\r\nVia: 1.1 b\r\n"
    b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nStatus: odd\r\n\r\n")
HEADS = {"a.test": HEAD, "b.test": b"", "c.test": b"HTTP/1.0 404 No\r\n\r\n"}


class Show(Case):
    def rows(self, listed, *targets, code=0, options=()):
        with Server(HEADS) as server:
            run = afetch("-s", "--serial", "--show", listed, *options,
                server.route(), *targets)
        self.assertEqual(run.code, code, run.err)
        return [line.split(b"\t") for line in run.lines]

    def test_rows(self):
        self.assertEqual(
            self.rows("status, error,x-none", "a.test", "b.test", "c.test",
                code=1), [
            [b"a.test", b"200", b"-", b"-"],
            [b"b.test", b"-", b"EMPTY_REPLY", b"-"],
            [b"c.test", b"404", b"-", b"-"]])

    def test_fields(self):
        """In any case; lines joined; no TAB and no escape sequence."""
        self.assertEqual(
            self.rows("SERVER,via,set-cookie,header('status'),count(via)",
                "a.test"),
            [[b"a.test", b"a\\x09b\\x1b", b"1.1 a, 1.1 b", b"a=1, b=2", b"odd",
                b"2"]])

    def test_times(self):
        """What a field says is whole; what was measured is not."""
        heads = {"a.test": b"HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\n"
            b"Age: 0\r\n\r\n"}
        with Server(heads) as server:
            run = afetch("-s", "--show", "cache.lifetime,time.total",
                server.route(), "a.test")
        name, lifetime, total = run.lines[0].split(b"\t")
        self.assertEqual((name, lifetime), (b"a.test", b"600"))
        self.assertRegex(total, rb"^\d\.\d{6}$")

    def test_globs(self):
        self.assertEqual(self.rows("x-cache*,*-none,v?a", "a.test"), [
            [b"a.test", b"X-Cache: HIT, x-cache-hits: 2", b"-",
                b"Via: 1.1 a, Via: 1.1 b"]])

    def test_hostile_target(self):
        self.assertEqual(self.rows("status", "--", "a\x01b\x7f", code=1),
            [[b"a\\x01b\\x7f", b"-"]])

    def test_csv(self):
        """The list is that of the columns there."""
        with Server(HEADS) as server:
            run = afetch("-s", "--csv", "--show", "x-cache*,set-cookie,status",
                server.route(), "a.test")
        rows = list(csv.reader(run.out.decode("latin-1").splitlines(True)))
        self.assertEqual(rows, [
            ["input", "x-cache*", "set-cookie", "status"],
            ["a.test", "X-Cache: HIT\nx-cache-hits: 2", "a=1\nb=2", "200"]])

    def test_mistakes(self):
        for listed, at, said in [("status,", 7, b"expected the name of a value"),
                ("status server", 7, b"expected a comma"),
                ("sttaus", 0, b'did you mean "status"?')]:
            run = afetch("--show", listed, "a.test")
            self.assertEqual(run.code, 2)
            self.assertIn(said, run.err)
            self.assertEqual(run.err.splitlines()[2], b" " * (at + 2) + b"^")

    def terminal(self, columns, *args):
        """stdout as a terminal of so many columns has it."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ,
            struct.pack("HHHH", 24, columns, 0, 0))
        with subprocess.Popen([AFETCH, "-s", "--color=never", *args], stdout=theirs,
                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            os.close(theirs)
            shown = b""
            try:
                while part := os.read(ours, 65536):
                    shown += part
            except OSError:
                pass
            process.wait(30)
            process.stderr.read()
        os.close(ours)
        return shown.replace(b"\r\n", b"\n").decode().splitlines()

    def test_terminal(self):
        """Under a heading, no wider than it is, failures last."""
        with Server(HEADS) as server:
            lines = self.terminal(40, "--serial", "--show",
                "status,error,x-cache*", *server.route(),
                "b.test", "a.test", "c.test")
        self.assertEqual([line.split()[0] for line in lines],
            ["target", "a.test", "c.test", "b.test"])
        self.assertLessEqual(max(map(len, lines)), 40)
        at = lines[0].index("status")
        self.assertEqual([line[at:at + 3] for line in lines[1:]],
            ["200", "404", "-  "])

    def test_terminal_names(self):
        """Values are cut before targets are."""
        name = "a-name-of-24-bytes.test."
        with Server(b"HTTP/1.1 200 OK\r\n" + b"".join(
                b"X-%d: %s\r\n" % (i, b"v" * 40) for i in range(4))
                + b"\r\n") as server:
            lines = self.terminal(80, "--show", "x-0,x-1,x-2,x-3,status",
                *server.route(), name)
        self.assertEqual(lines[1].split(),
            [name, *["v" * 10] * 4, "200"])
        self.assertEqual(len(lines[1].rstrip()), 77)

    def test_terminal_many(self):
        """The widths are settled after a thousand rows; none is lost."""
        targets = [f"a{i}.." for i in range(2500)]
        lines = self.terminal(80, "--show", "error", "--", *targets)
        self.assertEqual(len(lines), 2501)
        self.assertEqual({line.split()[0] for line in lines[1:]}, set(targets))


if __name__ == "__main__":
    unittest.main()
