"""--progress: what is seen of a run while it goes."""

import re
import signal
import subprocess
import time
import unittest

from harness import SLOWER, Afetch, Case
from window import Window

fast = True

LINE = re.compile(r"\d+(/\d+)? done, [^\n]*")


def mixed(count):
    """Some fail, some are slow."""
    words = ("ttfb-{n}.", "reset.", "ttfb-{n}.", "silent.")
    return [words[n % 4].format(n=n * 37 % 700) + f"h{n}.example.test"
        for n in range(count)]


class Progress(Case):
    def window(self, *args, **how):
        return Window("--connect-timeout", 5 * SLOWER, self.lab.options(),
            *args, **how)

    def check_end(self, window, hosts):
        """Nothing of it is left; all lines of others are whole."""
        shown = window.screen().text
        self.assertNotRegex(shown, "done, ")
        for host in hosts:
            self.assertEqual(
                len(re.findall(rf"(?m)^{re.escape(host)}: ", shown)),
                not host.startswith("ttfb"), host)

    def test_line(self):
        hosts = ["silent.a-name-of-some-length.test", "ttfb-50.b.test",
            "reset.c.test"]
        window = self.window("-q", "-m", 1.2 * SLOWER, hosts)
        window.until(lambda w: b"oldest " in w.data)
        last = window.screen().lines[-1]
        self.assertRegex(last,
            r"^2/3 done, 50% failed, 1 in flight, (?:[\d.]+/s, )?"
            r"ETA [\d.]+ m?s, oldest silent\.[^ ]+ [\d.]+ m?s$")
        self.assertLess(len(last), 80)
        self.assertEqual(window.finish(), 1)
        self.check_end(window, hosts)

    def test_resized(self):
        """In the middle of the run, to a window that is narrower than the
        line, and back."""
        for count in (3, 60, 300):
            hosts = ["silent.x.example.test", *mixed(count - 1)]
            window = self.window("-q", "-m", 1.5 * SLOWER, "-j", 100, hosts,
                "--summary=none")
            for columns in (40, 200, 40, 80):
                seen = len(window.data)
                window.until(lambda w: b"done, " in w.data[seen:], limit=5)
                self.assertLess(len(window.screen().lines[-1]), 200)
                window.resize(columns)
            window.finish()
            shown = window.screen().text
            self.assertNotRegex(shown, "done, ")
            for line in shown.splitlines():
                self.assertRegex(line, r"^(h|reset|silent|ttfb|\d+ more)")

    def test_with_lines_on_the_same_terminal(self):
        """Header lines are never in the middle of it, nor it of them."""
        hosts = ["silent.a.test", *(f"ttfb-{n * 20}.h{n}.test"
            for n in range(50))]
        window = self.window("-m", 1.5 * SLOWER, "--serial", "--summary=none",
            "-j", 8, hosts)
        window.finish()
        for line in window.screen().text.splitlines():
            self.assertRegex(line, " header > |: wait: timed out")
        self.assertIn(b"done, ", window.data)

    def test_ten_a_second(self):
        window = self.window("-q", "-m", 1.5 * SLOWER, "--summary=none",
            ["silent.a.test", *mixed(40)])
        begin = time.monotonic()
        window.finish()
        drawn = window.data.count(b" done, ")
        self.assertGreater(drawn, 3)
        self.assertLessEqual(drawn, 10 * (time.monotonic() - begin) + 1)

    def drawn(self, *args, **how):
        window = self.window("-m", 0.4 * SLOWER, *args, "silent.a.test", **how)
        window.finish()
        return b"done, " in window.data

    def test_when(self):
        for args, how, expected in (((), {}, True),
                (("--progress=never",), {}, False),
                (("-s",), {}, False),
                (("-s", "--progress=always"), {}, True),
                ((), {"env": {"TERM": "dumb"}}, False),
                ((), {"stdout": subprocess.PIPE}, False),
                (("-o", "/dev/null"), {"stdout": subprocess.PIPE}, True),
                (("--progress=always",), {"stdout": subprocess.PIPE}, True),
                ((), {"stdout": subprocess.DEVNULL}, True),
                ((), {"stderr": subprocess.PIPE}, False)):
            self.assertEqual(self.drawn(*args, **how), expected, (args, how))

    def test_always_in_a_pipe(self):
        run = Afetch("--progress=always", "-m", 0.4 * SLOWER,
            self.lab.options(), "silent.a.test").finish()
        self.assertIn(b"0/1 done, 1 in flight, oldest silent.a.test ", run.err)

    def test_of_a_stream(self):
        """Its length is not known."""
        window = self.window("-q", "-m", 0.5 * SLOWER, "-i", "-",
            stdin=subprocess.PIPE)
        window.process.stdin.write(b"silent.a.test\nttfb-1.b.test\n")
        window.process.stdin.flush()
        window.until(lambda w: b"1 done, " in w.data)
        window.process.stdin.close()
        window.finish()
        self.assertNotIn(b"/", re.findall(rb"[^ ]+ done", window.data)[-1])

    def test_interrupted(self):
        """Cleared, then what is canceled in one line."""
        hosts = [f"silent.h{n}.test" for n in range(30)]
        window = self.window("-q", hosts)
        window.until(lambda w: b"done, " in w.data)
        window.process.send_signal(signal.SIGINT)
        self.assertEqual(window.finish(), 130)
        shown = window.screen().text
        self.assertNotIn("done, ", shown)
        self.assertRegex(shown, r"(?m)^30 targets CANCELED: silent\.h\d+\.test, ")


if __name__ == "__main__":
    unittest.main()
