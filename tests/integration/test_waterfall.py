"""What is promised of --waterfall: lines of one width, bars in the right
place, a bounded number of them."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time
import unittest

from harness import AFETCH, Case, SLOWER, Server, afetch

fast = True

KEY = "d dns, c connect, t tls, s send, w wait, r receive, ! failed, * slowest"


def without_color(text):
    return re.sub("\x1b\\[[0-9]*m", "", text)


def serve_slowly(peer):
    """N ms before the head of aN.test; bN.test is closed then."""
    name = peer.name().removesuffix(".test")
    peer.pause(int(name[1:]) / 1000)
    if name[0] == "a":
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")


class Waterfall(Case):
    def show(self, *args):
        """The axis, {name: bar with mark, time}, what stands below."""
        with Server(serve_slowly) as server:
            run = afetch("-q", "--summary", "none", "--waterfall",
                server.route(), *args)
        lines = [line.decode() for line in run.err.splitlines()]
        lines = [line for line in lines if ": wait: " not in line]
        key = lines.index(KEY)
        self.assertEqual({len(line) for line in lines[1:key]}, {80})
        bars = {line.split()[0]: line[len(lines[0]) - len(lines[0].lstrip()):]
            for line in lines[1:key]}
        return lines[0], bars, lines[key + 1:]

    def test_bars(self):
        axis, bars, more = self.show("a100.test", "a400.test", "b200.test")
        self.assertRegex(axis, r"^ +0 +[\d.]+ m?s$")
        self.assertEqual(more, [])
        self.assertEqual(set(bars), {"a100.test", "a400.test", "b200.test"})
        self.assertEqual([name for name, bar in bars.items()
            if "*" in bar], [])
        counts = {name: bar.count("w") for name, bar in bars.items()}
        self.assertGreater(counts["a400.test"], 2 * counts["a100.test"])
        self.assertGreater(counts["b200.test"], counts["a100.test"])
        self.assertIn("!", bars["b200.test"])
        self.assertNotIn("!", bars["a400.test"])

    def test_color(self):
        """Without its colors it is as it was without."""
        def show(color):
            with Server(serve_slowly) as server:
                run = afetch("-q", "--summary", "none", "--waterfall",
                    "--color", color, server.route(), "a300.test",
                    "b200.test")
            return [line for line in run.err.decode().splitlines()
                if "wait: " not in line]
        plain, colored = show("never"), show("always")
        self.assertNotIn("\x1b", "".join(plain))
        bare = [without_color(line) for line in colored]
        self.assertEqual(bare[-1], KEY)
        self.assertEqual({len(line) for line in bare[1:-1]}, {80})
        self.assertRegex(colored[1], "\x1b\\[32mw+\x1b\\[m")
        self.assertIn("\x1b[31m!\x1b[m", "".join(colored[1:3]))

    def test_long_times(self):
        axis, bars, _ = self.show("a1100.test", "a20.test")
        self.assertRegex(axis, r"^ +0 +\d\.\d s$")
        self.assertRegex(bars["a1100.test"], r"w +\d\.\d s$")
        self.assertRegex(bars["a20.test"], r" [\d.]+ ms$")

    def test_the_slowest(self):
        with Server(serve_slowly) as server:
            run = afetch("-q", "--summary", "none", "--waterfall",
                server.route(), "a10.test", "a300.test", "a20.test")
        marked = [line for line in run.err.splitlines() if b" *" in line
            and b"slowest" not in line]
        self.assertEqual(len(marked), 1)
        self.assertTrue(marked[0].startswith(b"a300.test"), run.err)

    def test_many(self):
        """The slowest 40 and the slowest 20 that failed, whatever the
        order."""
        names = [f"{kind}{i * 4}.test" for i in range(50) for kind in "ab"]
        _, bars, more = self.show("-j", "100", *names)
        self.assertEqual(more,
            ["waterfall: the slowest 60 of 100 targets"])
        self.assertEqual(sum(name[0] == "a" for name in bars), 40)
        self.assertEqual(sum(name[0] == "b" for name in bars), 20)
        self.assertIn("a196.test", bars)
        self.assertIn("b196.test", bars)

    def test_nothing(self):
        run = afetch("--summary", "none", "--waterfall", "-i", "/dev/null")
        self.assertEqual(run.err, b"")
        run = afetch("-s", "--waterfall", "a..b")
        self.assertEqual(run.err, b"")

    def width_of(self, columns):
        """The widths of the lines on a terminal of so many columns."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
            struct.pack("HHHH", 24, columns, 0, 0))
        with Server(serve_slowly) as server:
            subprocess.run([AFETCH, "-q", "--summary", "none", "--waterfall",
                *server.route(), "a5.test",
                f"http://a20.test/{'long' * 30}"], stderr=slave, check=True,
                stdin=subprocess.DEVNULL, timeout=20 * SLOWER)
        os.close(slave)
        time.sleep(0.05)
        out = os.read(master, 1 << 16).decode()
        os.close(master)
        lines = without_color(out).replace("\r\n", "\n").split("\n")
        return {len(line) for line in lines[1:lines.index(KEY)]}

    def test_widths(self):
        for columns in 40, 80, 200:
            self.assertEqual(self.width_of(columns), {columns})
        self.assertEqual(self.width_of(10), {40})

    def test_wide_names(self):
        """A name may take two columns a character: its bar begins and ends
        where the others' do."""
        with Server(b"HTTP/1.1 200 OK\r\n\r\n") as server:
            run = afetch("-q", "--summary", "none", "--waterfall",
                server.route(), "http://a.test/", "http://a.test/" + 6 * "\u65b0")
        lines = run.err.decode().splitlines()
        wide, = (line for line in lines if "\u65b0" in line)
        plain, = (line for line in lines if "a.test/ " in line)
        self.assertEqual(len(wide) + wide.count("\u65b0"), len(plain))

    def test_row_35_names(self):
        """Nothing of a name gets to the terminal but as text."""
        with Server(b"HTTP/1.1 200 OK\r\n\r\n") as server:
            run = afetch("-q", "--summary", "none", "--waterfall",
                server.route(), "http://a.test/\u009b1m\u202e\u00e9")
        self.assertNotIn(b"\x9b", run.err.replace(b"\xc3\xa9", b""))


if __name__ == "__main__":
    unittest.main()
