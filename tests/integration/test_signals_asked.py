"""Signals that end nothing: SIGUSR1, SIGQUIT and SIGHUP."""

import os
import pathlib
import re
import signal
import tempfile
import time
import unittest

from harness import SLOWER, Afetch, Case

fast = True

HOSTS = ["reset.a.test", "reset.b.test", *(f"silent.s{n}.test"
    for n in range(8))]


class State(Case):
    def start(self, *options, **how):
        return Afetch("-q", "-m", 1.5 * SLOWER, "--summary=none",
            self.lab.options(), options, HOSTS, **how)

    def check_state(self, number):
        run = self.start()
        run.until(lambda r: r.err.count(b": connection reset") == 2)
        time.sleep(0.1 * SLOWER)  # the others have asked, too
        for told in (1, 2):
            run.signal(number)
            run.until(lambda r: r.err.count(b"so far\n") == told)
        err = run.err.decode()
        self.assertRegex(err, r"(?m)^afetch: 2/10 done, 2 failed, 8 in flight, "
            r".*[\d.]+ m?s so far$")
        self.assertEqual(len(re.findall(
            r"(?m)^  silent\.s\d\.test: wait, [\d.]+ m?s$", err)), 2 * 5)
        ended = run.finish()
        self.assertEqual(ended.code, 1)
        self.assertEqual(ended.err.count(b": timed out\n"), 8)

    def test_usr1(self):
        self.check_state(signal.SIGUSR1)

    def test_quit(self):
        self.check_state(signal.SIGQUIT)

    def test_ignored_stays_ignored(self):
        def ignore():
            for number in (signal.SIGUSR1, signal.SIGQUIT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
        run = self.start("-o", "/dev/null", preexec_fn=ignore)
        run.until(lambda r: r.err.count(b": connection reset") == 2)
        for number in (signal.SIGUSR1, signal.SIGQUIT, signal.SIGHUP):
            run.signal(number)
        self.assertNotIn(b"so far", run.finish().err)

    def test_then_interrupted(self):
        run = self.start()
        run.until(lambda r: r.err.count(b": connection reset") == 2)
        run.signal(signal.SIGUSR1)
        run.until(lambda r: b"so far" in r.err)
        run.signal(signal.SIGINT)
        self.assertEqual(run.finish(limit=2).code, 130)


class Reopened(Case):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = pathlib.Path(scratch.name)

    def test_log_is_moved(self):
        """All records are in one file or the other, whole."""
        log = self.directory / "log"
        hosts = [f"ttfb-{n * 10}.h{n}.test" for n in range(100)]
        run = Afetch("--json", "-o", log, self.lab.options(), hosts)
        moved = []
        for n in range(3):
            run.until(lambda _: log.exists() and log.stat().st_size > 2000)
            moved.append(self.directory / f"log.{n}")
            os.rename(log, moved[-1])
            run.signal(signal.SIGHUP)
            run.until(lambda _: log.exists())
        self.assertEqual(run.finish().code, 0)
        parts = [path.read_bytes() for path in (*moved, log)]
        for part in parts:
            self.assertTrue(part.endswith(b"\n"))
            self.assertTrue(part.startswith(b'{"'))
        self.assertEqual(b"".join(parts).count(b'{"type":"result"'), 100)
        self.assertEqual(parts[-1].count(b'{"type":"summary"'), 1)

    def test_not_moved_is_not_emptied(self):
        log = self.directory / "same"
        run = Afetch("--json", "-o", log, self.lab.options(), "ttfb-1.a.test",
            f"ttfb-{1000 * SLOWER}.b.test")
        run.until(lambda _: log.exists() and log.stat().st_size > 0)
        run.signal(signal.SIGHUP)
        self.assertEqual(run.finish().code, 0)
        self.assertEqual(log.read_bytes().count(b"\n"), 3)

    def test_cannot_be(self):
        """The old one goes on."""
        folder = self.directory / "gone"
        folder.mkdir()
        log = folder / "log"
        run = Afetch("--json", "-o", log, self.lab.options(), "ttfb-1.a.test",
            f"ttfb-{1000 * SLOWER}.b.test")
        run.until(lambda _: log.exists() and log.stat().st_size > 0)
        moved = self.directory / "moved"
        os.rename(folder, moved)
        run.signal(signal.SIGHUP)
        run.until(lambda r: b"cannot reopen " in r.err)
        self.assertEqual(run.finish().code, 0)
        self.assertEqual((moved / "log").read_bytes().count(b"\n"), 3)

    def test_stdout_hangs_up(self):
        """Without -o it ends the run, as ever."""
        run = Afetch("-m", 20, self.lab.options(), HOSTS)
        run.until(lambda r: r.err.count(b": connection reset") == 2)
        run.signal(signal.SIGHUP)
        self.assertEqual(run.finish(limit=2).code, 129)


if __name__ == "__main__":
    unittest.main()
