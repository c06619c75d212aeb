"""stdout is a terminal whose reader pauses (Ctrl-S, copy mode), or a pipe
that several write to: rows 43 and 46 of the hazards."""

import contextlib
import fcntl
import json
import os
import pty
import re
import threading
import time
import unittest

from harness import SLOWER, Afetch, Case
from test_hazards_output import Reader, many


class Terminal:
    """A terminal in its usual mode: CR LF for each LF."""

    def __init__(self):
        self.fd, self.theirs = pty.openpty()
        self.flags = fcntl.fcntl(self.theirs, fcntl.F_GETFL)

    def start(self, *args, **how):
        return Afetch(*args, stdout=self.theirs, **how)

    def rest(self):
        """All to the end, which comes when nobody has it open any more."""
        assert fcntl.fcntl(self.theirs, fcntl.F_GETFL) == self.flags
        os.close(self.theirs)
        parts = []
        with contextlib.suppress(OSError):
            while part := os.read(self.fd, 1 << 16):
                parts.append(part)
        os.close(self.fd)
        return b"".join(parts).replace(b"\r\n", b"\n")


class PausingTerminal(Case):
    """Some hosts fill it; others answer while its reader pauses."""
    early = many("lines-150.width-300.", 12)
    late = many("ttfb-1000.", 5)

    def run_paused(self, *options, hosts, **how):
        terminal = Terminal()
        run = terminal.start("--summary", "none", "--color", "never",
            "--connect-timeout", 5 * SLOWER, self.lab.options(), options, hosts, **how)
        end = time.monotonic() + 2.5 * SLOWER
        while time.monotonic() < end:
            run.step()
        return run, terminal.rest()

    def check_text(self, *options):
        run, out = self.run_paused("-m", 2 * SLOWER, options,
            hosts=self.late + self.early)
        ended = run.finish()
        self.assertEqual((ended.code, ended.err), (0, b""))
        lines = out.split(b"\n")
        self.assertEqual(lines.pop(), b"")
        last = [line.partition(b" header > X-Token: ") for line in lines
            if b" header > X-Token: " in line]
        self.assertEqual(sorted(host.decode() for host, _, _ in last),
            sorted(self.late + self.early))
        for host, _, token in last:
            self.assertEqual(host, token)
        self.assertGreater(len(out), 500 * 1000)

    def test_row_43_terminal(self):
        self.check_text()

    def test_row_43_terminal_one_at_a_time(self):
        self.check_text("-j", "3")

    def test_row_43_terminal_records(self):
        run, out = self.run_paused("--json", "-m", 2 * SLOWER,
            hosts=self.late + self.early)
        self.assertEqual(run.finish().code, 0)
        records = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(records.pop()["ok"], 17)
        self.assertEqual(sorted(r["input"] for r in records),
            sorted(self.late + self.early))

    def test_row_43_a_deadline_holds_on_a_terminal(self):
        silent = many("silent.", 5)
        run, out = self.run_paused("--json", "-m", 20 * SLOWER,
            "--deadline", 1 * SLOWER, hosts=silent + self.early)
        self.assertEqual(run.finish().code, 1)
        records = [json.loads(line) for line in out.splitlines()]
        silent = [r for r in records[:-1] if r["input"] in silent]
        self.assertEqual(len(silent), 5)
        for record in silent:
            self.assertEqual(record["error"]["code"], "CANCELED")
            self.assertLess(record["timings_ms"]["total"], 2000 * SLOWER)

    def check_both(self, *options):
        """stderr, too, as it is without any redirection."""
        bad = [f"width-{n}00.longline-{n}000.reset-half.e{n}.test"
            for n in range(5, 25)]
        run, out = self.run_paused("-m", 20 * SLOWER, options,
            hosts=self.early + bad, preexec_fn=lambda: os.dup2(1, 2))
        self.assertEqual(run.finish().code, 1)
        lines = re.sub(rb"\r[^\r\n]*\x1b\[J\r?", b"", out).split(b"\n")
        self.assertEqual(lines.pop(), b"")
        told = {host.encode() + b": receive: connection reset by peer"
            for host in bad}
        self.assertEqual({line for line in lines if line in told}, told)
        for line in lines:
            self.assertTrue(line in told or b" header > " in line, line)

    def test_row_43_terminal_for_both(self):
        self.check_both()

    def test_row_43_terminal_for_both_with_progress(self):
        self.check_both("--progress=always")

    def test_row_43_terminal_that_goes_away(self):
        terminal = Terminal()
        run = terminal.start("--summary", "none", self.lab.options(),
            many("silent.", 5) + self.early)
        threading.Event().wait(0.5)
        os.close(terminal.theirs)
        os.close(terminal.fd)
        self.assertEqual(run.finish(limit=5).code, 3)


class OnePipe(Case):
    def test_row_46_lines_of_many_runs(self):
        """Several runs write to one pipe, which is slowly read."""
        reader = Reader()
        runs = [(words, Afetch("-m", 3 * SLOWER, "--summary", "none",
            self.lab.options(), many(f"ttfb-1000.{words}.", 5),
            many(f"lines-150.width-600.{words}.", 10), stdout=reader.theirs))
            for words in ("a", "b", "c")]
        os.close(reader.theirs)
        parts = []
        for _ in range(100):
            parts.append(os.read(reader.fd, 4096))
            threading.Event().wait(0.003)
        threading.Event().wait(3.5 * SLOWER)
        parts.append(reader.rest())
        for words, run in runs:
            ended = run.finish()
            self.assertEqual((ended.code, ended.err), (0, b""), words)
        lines = b"".join(parts).split(b"\n")
        self.assertEqual(lines.pop(), b"")
        ends = 0
        for line in lines:
            host, between, rest = line.partition(b" header > ")
            self.assertEqual(between, b" header > ", line)
            self.assertNotIn(b" header > ", rest)
            ends += rest == b"X-Token: " + host
        self.assertEqual(ends, 3 * 15)


if __name__ == "__main__":
    unittest.main()
