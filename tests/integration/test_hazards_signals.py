"""Signals and exit codes: rows 77 and 79 of the hazards."""

import array
import fcntl
import os
import signal
import termios
import unittest

from harness import (Afetch, Case, Server, afetch, free_port, target_list)

fast = True

SLOW = 20  # targets that never answer
AT_ONCE = 30
MANY = 100


def unread(pipe):
    """Bytes that wait in a pipe."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


class Signals(Case):
    """20 hosts answer, 20 are silent; 30 go at once: when the 20 answers
    are there, 20 silent ones and 10 others are under way."""

    fast = [f"f{n}.test" for n in range(20)]
    silent = [f"silent.s{n}.test" for n in range(MANY)]

    def start(self, *options, **how):
        run = Afetch("-j", AT_ONCE, "-m", "30", "-i", "-",
            self.lab.options(), options,
            stdin=target_list(self.fast + self.silent), **how)
        return run.until(lambda run: run.out.count(b"X-Token") == 20)

    def check_ended(self, number):
        run = self.start("--json")
        run.until(lambda _: self.lab.page("totals")["open"] == AT_ONCE)
        run.signal(number)
        ended = run.finish(limit=2)
        self.assertEqual(ended.code, 128 + number)
        records = ended.records
        self.assertEqual(sorted(r["index"] for r in records),
            list(range(20 + AT_ONCE)))
        for record in records:
            if record["index"] < 20:
                self.assertEqual(record["status"], 200)
            else:
                self.check_error(record, "CANCELED", "wait", "canceled")
                self.assertEqual(record["remote_ip"], "127.0.0.1")
        summary = ended.summary
        self.assertEqual(
            [summary[key] for key in ("targets", "ok", "failed", "not_begun",
                "errors", "signal")],
            [20 + AT_ONCE, 20, AT_ONCE, MANY - AT_ONCE,
                {"CANCELED": AT_ONCE}, signal.Signals(number).name])
        err = ended.err.decode()
        self.assertIn(f"ended by {signal.Signals(number).name}: "
            f"{MANY - AT_ONCE} targets not begun\n", err)
        self.assertIn(f"{20 + AT_ONCE} targets: 20 ok (20 2xx), "
            f"{AT_ONCE} failed: {AT_ONCE} canceled\n", err)

    def test_row_77_interrupt(self):
        self.check_ended(signal.SIGINT)

    def test_row_77_terminate(self):
        self.check_ended(signal.SIGTERM)

    def test_row_77_hang_up(self):
        self.check_ended(signal.SIGHUP)

    def test_row_77_whole_lines(self):
        """Signals at any moment: each line is whole, those of a host that
        is in the middle of its head, too."""
        hosts = [f"lines-100.line-1.h{n}.test" for n in range(40)]
        for lines in (1, 50, 500, 2000):
            run = Afetch("-s", "-i", "-", self.lab.options(),
                stdin=target_list(hosts))
            run.until(lambda run: run.out.count(b"\n") >= lines)
            run.signal(signal.SIGINT)
            ended = run.finish(limit=2)
            self.assertEqual((ended.code, ended.err), (130, b""))
            for host in hosts:
                for n, line in enumerate(ended.of(host)[3:]):
                    self.assertEqual(line, (b"X-Line-%05d: " % (n + 1))
                        .ljust(40, bytes([ord("a") + n % 26])))

    def interrupt_stuck(self, run):
        """One signal does not end a run whose output nobody takes."""
        run.step(0.1)
        run.signal(signal.SIGINT)
        run.step(0.1)
        self.assertIsNone(run.process.poll())

    def test_row_77_second_signal(self):
        """When the output is stuck, only the second one helps: it has the
        system's own effect."""
        reader, writer = os.pipe()
        run = Afetch("-s", [f"lines-900.h{n}.test" for n in range(50)],
            self.lab.options(), stdout=writer)
        os.close(writer)
        self.addCleanup(os.close, reader)
        run.until(lambda _: unread(reader) > 50000)
        self.interrupt_stuck(run)
        run.signal(signal.SIGINT)
        self.assertEqual(run.finish(limit=2).code, -signal.SIGINT)

    def stuck_in_summary(self):
        """A run whose targets are done, but stderr takes no summary; what
        reads that, and how much stands there already."""
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        size = fcntl.fcntl(writer, fcntl.F_GETPIPE_SZ)
        os.write(writer, bytes(size))
        run = Afetch("--json", self.fast, self.lab.options(), stderr=writer)
        os.close(writer)
        run.until(lambda run: b'"summary"' in run.out)
        self.interrupt_stuck(run)
        return run, reader, size

    def test_row_77_in_the_summary(self):
        run, reader, size = self.stuck_in_summary()
        while size > 0:
            size -= len(os.read(reader, size))
        ended = run.finish(limit=2)
        self.assertEqual(ended.code, 130)
        self.assertEqual(ended.summary["ok"], 20)
        summary = os.read(reader, 1 << 16).decode()
        self.assertIn("20 targets: 20 ok", summary)
        self.assertTrue(summary.endswith("\n"))

    def test_row_77_second_signal_in_the_summary(self):
        run = self.stuck_in_summary()[0]
        run.signal(signal.SIGINT)
        self.assertEqual(run.finish(limit=2).code, -signal.SIGINT)

    def test_row_77_list_that_stays_open(self):
        """The run does not wait for the rest of a list on a pipe."""
        theirs, ours = os.pipe()
        self.addCleanup(os.close, ours)
        run = Afetch("--json", self.lab.options(), stdin=theirs)
        os.close(theirs)
        os.write(ours, b"f0.test\n")
        run.until(lambda run: b'"input":"f0.test"' in run.out)
        run.signal(signal.SIGTERM)
        ended = run.finish(limit=2)
        self.assertEqual(ended.code, 143)
        self.assertEqual(ended.summary["targets"], 1)
        self.assertEqual(ended.summary["not_begun"], 0)

    def test_row_77_nohup(self):
        run = self.start(preexec_fn=lambda: signal.signal(
            signal.SIGHUP, signal.SIG_IGN))
        run.signal(signal.SIGHUP)
        run.step(0.2)
        self.assertIsNone(run.process.poll())
        run.signal(signal.SIGTERM)
        self.assertEqual(run.finish(limit=2).code, 143)

    def test_row_77_signal_beats_output_error(self):
        """128+N wins over 3."""
        with open("/dev/full", "wb") as full:
            run = Afetch("silent.a.test", self.lab.options(), stdout=full)
            run.until(lambda _: self.lab.page("name/silent.a.test")["open"])
            run.signal(signal.SIGINT)
            self.assertEqual(run.finish(limit=2).code, 130)

    def test_row_77_signal_and_output_error(self):
        """The exit code is the signal's, but nothing is lost in silence."""
        with open("/dev/full", "wb") as full:
            run = Afetch("silent.a.test", "--json", "-s", self.lab.options(),
                stdout=full)
            run.until(lambda _: self.lab.page("name/silent.a.test")["open"])
            run.signal(signal.SIGTERM)
            ended = run.finish(limit=2)
        self.assertEqual(ended.code, 143)
        self.assertIn(b"cannot write stdout: No space left", ended.err)

    def test_row_77_while_dns_is_silent(self):
        run = Afetch("--json", "dns-silent.x.test", "-m", "30",
            self.lab.options(dns=True))
        run.until(
            lambda _: self.lab.page("name/dns-silent.x.test")["a"] > 0)
        run.signal(signal.SIGINT)
        ended = run.finish(limit=2)
        self.assertEqual(ended.code, 130)
        self.check_error(ended.records[0], "CANCELED", "dns")

    def test_row_77_in_versus_serial(self):
        run = Afetch("--versus-serial", "ttfb-10.a.test", "silent.b.test",
            "-m", "30", self.lab.options())
        run.until(lambda run: b"X-Token" in run.out)
        run.signal(signal.SIGINT)
        self.assertEqual(run.finish(limit=2).code, 130)


class ExitCodes(Case):
    def code(self, *args, **how):
        return afetch(args, self.lab.options(), **how).code

    def test_row_79_all_good(self):
        self.assertEqual(self.code("a.test", "b.test"), 0)
        self.assertEqual(self.code("status-503.a.test", "status-404.b.test",
            "status-302.c.test"), 0)

    def test_row_79_some_failed(self):
        closed = f"127.0.0.1:{free_port()}"
        with Server(b"") as server:
            route = server.route("empty.test")
            self.assertEqual(self.code("a.test", "empty.test", route), 1)
        for bad in ("reset.a.test", "a..b", "close.b.test"):
            self.assertEqual(self.code("a.test", bad), 1)
            self.assertEqual(self.code(bad), 1)
            self.assertEqual(self.code(bad, "-s", "--json"), 1)
        self.assertEqual(afetch(closed).code, 1)

    def test_row_79_usage(self):
        self.lab.page("clear")
        for args in (["--nonesuch"], ["-j", "0", "a.test"], ["-j", "x"],
                ["-m", "-1", "a.test"], ["--connect-to", "x", "a.test"],
                ["-i", "/nonesuch"], ["a.test", "-i", "/nonesuch"],
                ["--summary", "all", "a.test"], ["--json=yes", "a.test"],
                ["--resolve", "a:b:c", "a.test"], ["-4", "-j"],
                ["--dns-servers", "name.test", "a.test"]):
            run = afetch(args)
            self.assertEqual((run.code, run.out), (2, b""), args)
            self.assertTrue(run.err.startswith(b"afetch: "), run.err)
        self.assertEqual(self.lab.page("totals")["accepted"], 0)

    def test_row_79_usage_names_the_option(self):
        for option, value in (("--concurrency", "0"), ("--max-time", "x"),
                ("--connect-to", "a:b"), ("--resolve", "a"),
                ("--summary", "some"), ("--max-header-size", "0")):
            run = afetch(option, value, "a.test")
            self.assertEqual(run.code, 2)
            self.assertIn(option.encode(), run.err)

    def test_row_79_output_errors(self):
        with open("/dev/full", "wb") as full:
            self.assertEqual(self.code("a.test", stdout=full), 3)
            self.assertEqual(
                self.code("a.test", "reset.b.test", stdout=full), 3)
        self.assertEqual(self.code("a.test", "-o", "/nonesuch/x"), 3)

    def test_row_79_help_and_version(self):
        for option in ("--help", "--version", "-h", "-V"):
            run = afetch(option)
            self.assertEqual((run.code, run.err), (0, b""))
            self.assertTrue(run.out.endswith(b"\n"))

    def test_row_79_help_to_a_full_disk(self):
        with open("/dev/full", "wb") as full:
            self.assertNotEqual(afetch("--help", stdout=full).code, 0)

    def test_row_79_terminal_is_no_list(self):
        """Nothing to do, and stdin is a terminal: usage."""
        master, slave = os.openpty()
        self.addCleanup(os.close, master)
        run = afetch(stdin=slave)
        os.close(slave)
        self.assertEqual((run.code, run.out), (2, b""))


if __name__ == "__main__":
    unittest.main()
