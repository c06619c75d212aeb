"""A reader that is slow or pauses: rows 43 and 44 of the hazards."""

import json
import os
import signal
import threading
import time
import unittest

from harness import MB, SLOWER, Case, target_list
from test_hazards_output import Reader, many


class SlowReader(Case):
    serial = True  # its clocks are the hosts', on a machine that is theirs

    # 20 MB in text.
    hosts = many("lines-250.width-1000.", 80)

    def check_all(self, out):
        lines = out.split(b"\n")
        self.assertEqual(lines.pop(), b"")
        shown = {host: [] for host in self.hosts}
        for line in lines:
            host, _, rest = line.partition(b" header > ")
            shown[host.decode()].append(rest)
        self.assertGreater(len(out), 20 * 1000 * 1000)
        for host in self.hosts:
            self.assertEqual(shown[host][0], b"HTTP/1.1 200 OK")
            self.assertEqual(shown[host][-1], b"X-Token: " + host.encode())
            for n, line in enumerate(shown[host][3:253]):
                letter = bytes([ord("a") + n % 26])
                self.assertEqual(line, (b"X-Line-%05d: " % (n + 1)).ljust(
                    1000, letter))

    def run_slowly(self, *options, pause, **how):
        """Nothing is read until the pipe has long been full."""
        reader = Reader()
        run = reader.start("-i", "-", self.lab.options(), options,
            stdin=target_list(self.hosts), **how)
        end = time.monotonic() + pause
        while time.monotonic() < end:
            run.step()
        seen = reader.line()
        run.sample()
        return run, seen + reader.rest()

    def test_row_43_slow_reader(self):
        run, out = self.run_slowly("-s", "-j", "20", pause=1.5)
        self.check_all(out)
        ended = run.finish()
        self.assertEqual(ended.code, 0)
        if SLOWER == 1:
            self.assertLess(ended.rss, 40 * MB)

    def check_no_clock_runs(self, *options, **how):
        """The reader pauses for longer than a host may take."""
        run, out = self.run_slowly("-s", "-m", 5 * SLOWER,
            "--connect-timeout", 5 * SLOWER, options, pause=7 * SLOWER, **how)
        ended = run.finish()
        self.assertEqual((ended.code, ended.err), (0, b""))
        if SLOWER == 1:
            self.assertLess(ended.rss, 80 * MB)
        return out

    def test_row_43_no_host_times_out(self):
        self.check_all(self.check_no_clock_runs())

    def test_row_43_no_host_times_out_few_at_once(self):
        self.check_all(self.check_no_clock_runs("-j", "7"))

    def test_row_43_no_host_times_out_records(self):
        out = self.check_no_clock_runs("--json")
        records = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(records.pop()["ok"], len(self.hosts))
        self.assertEqual(sorted(r["input"] for r in records), self.hosts)
        for record in records:
            self.assertIsNone(record["error"])
            self.assertEqual(record["reason"], "OK")
            self.assertEqual(record["headers"][-1],
                ["X-Token", record["input"]])
            self.assertLess(record["timings_ms"]["total"], 5000 * SLOWER)

    def test_row_43_records_are_whole(self):
        """No line is another host's, however long it was waited for."""
        reasons = {200: "OK", 404: "Not Found", 503: "Service Unavailable"}
        self.hosts = [f"status-{status}.lines-{150 + n}.width-{999 - n}.test"
            for n in range(40) for status in reasons]
        run, out = self.run_slowly("-s", "--json", "-j", "20", pause=1)
        self.assertEqual(run.finish().code, 0)
        records = [json.loads(line) for line in out.splitlines()]
        for record in records[:-1]:
            status, lines, _ = record["input"].split(".", 2)
            self.assertEqual(f"status-{record['status']}", status)
            self.assertEqual(record["reason"], reasons[record["status"]])
            self.assertEqual([name for name, _ in record["headers"]
                if name.startswith("X-Line-")],
                [f"X-Line-{n:05}" for n in range(1, int(lines[6:]) + 1)])

    def test_row_43_no_host_times_out_with_tries_left(self):
        """Their lines are shown when the head is whole."""
        self.check_all(self.check_no_clock_runs("--retry", "1"))

    def test_row_43_new_hosts_wait(self):
        """What the reader leaves is not made more."""
        self.lab.page("clear")
        hosts = many("lines-250.width-1000.", 200)
        reader = Reader()
        run = reader.start("-s", "-j", "5", "-i", "-", self.lab.options(),
            stdin=target_list(hosts))
        seen, calm = 0, 0
        while calm < 25 or not seen:
            run.step()
            now = self.lab.page("totals")["requests"]
            calm = calm + 1 if now == seen else 0
            seen = now
        self.assertLess(seen, 20)
        run.signal(signal.SIGINT)
        lines = reader.rest().split(b"\n")
        self.assertEqual(lines.pop(), b"")
        for line in lines:
            self.assertRegex(line, rb"^lines-250\.width-1000\.h\d+\.test "
                rb"header > (HTTP/1.1 200 OK|[A-Z][A-Za-z0-9-]+: .+)$")
        self.assertEqual(run.finish().code, 130)

    def test_row_43_a_deadline_holds(self):
        reader = Reader()
        run = reader.start("-j", "5", "--deadline", "0.5", "-i", "-",
            self.lab.options(), stdin=target_list(self.hosts))
        threading.Event().wait(1)
        reader.rest()
        ended = run.finish()
        self.assertEqual(ended.code, 1)
        self.assertIn(b" not begun", ended.err)

    def test_row_43_one_pipe_for_both(self):
        """2>&1: lines of both stay whole."""
        reader = Reader()
        bad = [f"width-{n}00.longline-{n}000.reset-half.e{n}.test"
            for n in range(5, 60)]
        run = reader.start("-j", "20", "-i", "-", self.lab.options(),
            "--summary", "none", stdin=target_list(self.hosts + bad),
            preexec_fn=lambda: os.dup2(1, 2))
        threading.Event().wait(0.5)
        lines = reader.rest().split(b"\n")
        self.assertEqual(run.finish().code, 1)
        told = [line for line in lines if line.endswith(b": connection reset "
            b"by peer")]
        self.assertEqual(sorted(told), sorted(host.encode() +
            b": receive: connection reset by peer" for host in bad))
        shown = [line for line in lines if b".h0" in line]
        self.check_all(b"\n".join(shown) + b"\n")

    def test_row_44_nonblocking_pipe(self):
        reader = Reader(nonblocking=True)
        run = reader.start("-j", "20", "-i", "-", self.lab.options(),
            "--summary", "none", stdin=target_list(self.hosts))
        threading.Event().wait(0.3)
        self.check_all(reader.rest())
        ended = run.finish()
        self.assertEqual((ended.code, ended.err), (0, b""))

    def test_row_44_nonblocking_stderr(self):
        """stdout and stderr are often one pipe: `2>&1`."""
        reader = Reader(nonblocking=True)
        hosts = many("reset.", 3000)
        reader_run = reader.start("-i", "-", self.lab.options(),
            "--summary", "none", stdin=target_list(hosts),
            preexec_fn=lambda: os.dup2(1, 2))
        threading.Event().wait(0.3)
        told = reader.rest().decode().splitlines()
        self.assertEqual(reader_run.finish().code, 1)
        self.assertEqual(sorted(told), sorted(
            f"{host}: wait: connection reset by peer" for host in hosts))


if __name__ == "__main__":
    unittest.main()
