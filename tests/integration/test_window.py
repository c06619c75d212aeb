"""What eyes see at a terminal: colors, the summary, lines of many failures."""

import subprocess
import unittest

from harness import Case, Server, afetch
from window import run_in_window

fast = True

HOSTILE = (b"HTTP/1.1 200 \x1b[31mOK\x1b[m\r\nX-\x1b]0;title\x07: \x1b[2J\x9b1m"
    b"\xc2\x9b5m\r\nServer: a\x1b[K\rb header > c: d\r\n\r\n")
LONG = "a-long-name.of-some.example.test"
HEADS = {LONG: b"HTTP/1.1 204 No\r\n\r\n",
    "a.test": b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n",
    "b.test": b"HTTP/1.1 503 No\r\n\r\n", "c.test": b"", "d.test": HOSTILE}


class Colors(Case):
    def colors(self, *args, **how):
        """Are there any?"""
        with Server(HEADS) as server:
            _, window = run_in_window("--serial", "--progress=never", server.route(), *args,
                "a.test", "b.test", "c.test", "d.test", **how)
        window.screen()  # fails at what is none of afetch's
        return b"\x1b[" in window.data

    def test_when(self):
        for env, args, expected in (({}, (), True),
                ({"NO_COLOR": ""}, (), True), ({"NO_COLOR": "1"}, (), False),
                ({"TERM": "dumb"}, (), False),
                ({}, ("--color", "never"), False),
                ({"NO_COLOR": "1", "TERM": "dumb"}, ("--color=always",), True),
                ({}, ("--show", "server,status"), True),
                ({}, ("--show", "server,status", "--color=never"), False)):
            self.assertEqual(
                self.colors(*args, env=env), expected, (env, args))

    def test_where(self):
        """Each where it goes: stdout in a pipe, stderr in the window."""
        with Server(HEADS) as server:
            args = ("--serial", server.route(), "a.test", "c.test")
            run = afetch(*args)
            self.assertNotIn(b"\x1b", run.out + run.err)
            run = afetch("--color=always", *args)
            self.assertIn(b"\x1b[1ma.test\x1b[m header > "
                b"\x1b[32mHTTP/1.1 200 OK\x1b[m\n", run.out)
            self.assertIn(b"\x1b[1mc.test\x1b[m: \x1b[31mwait: empty", run.err)
            for way in ("--json", "--csv", "--show=status"):
                run = afetch("--color=always", way, *args)
                self.assertNotIn(b"\x1b", run.out, way)
            _, window = run_in_window(*args, stdout=subprocess.DEVNULL)
            self.assertIn(b"\x1b[31m1 failed\x1b[m", window.data)

    def test_hostile(self):
        """No escape sequence of a server gets through."""
        for args in ((), ("--show=server,status,reason,x*",), ("--stamp",),
                ("-q", "--expect=server == 'x'"), ("--verbose",)):
            self.assertTrue(self.colors(*args, "--color=always"))

    def test_text_is_the_same(self):
        with Server(HEADS) as server:
            args = ("-s", "--serial", server.route(), list(HEADS))
            plain = afetch(*args).out
            _, window = run_in_window(*args, columns=1000)
        self.assertEqual(window.screen().text, plain.decode())


class Summary(Case):
    def test_fits(self):
        """Host first, failures last, no line of the table wraps."""
        for columns in (40, 80, 200):
            with Server(HEADS) as server:
                code, window = run_in_window("-q", "--serial", server.route(),
                    "c.test", LONG, "a.test",
                    "b.test", columns=columns)
            self.assertEqual(code, 1)
            _, heading, rest = window.screen().text.partition("\nhost ")
            self.assertTrue(heading)
            rows = rest.partition("\n\n")[0].splitlines()[1:]
            self.assertEqual([row.split()[0] for row in rows][1:],
                ["a.test", "b.test", "c.test"])
            self.assertIn("EMPTY_REPLY", rows[3])
            self.assertLessEqual(max(map(len, rows)), columns)
        self.assertIn("4 targets: 3 ok (2 2xx, 1 5xx), 1 failed: 1 empty reply",
            window.screen().text)

    def test_many_of_one_cause(self):
        bad = [f"b{n}.." for n in range(60)]
        _, window = run_in_window("-q", "--", bad)
        text = window.screen().text
        self.assertEqual(text.count(": input: "), 20)
        self.assertIn("\n40 more targets BAD_TARGET: b20.., b21.., b22.., ...\n",
            text)
        self.assertEqual(
            afetch("-q", "--", bad).err.count(b": input: "), 60)


if __name__ == "__main__":
    unittest.main()
