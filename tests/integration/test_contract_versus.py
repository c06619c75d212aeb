"""--versus-serial: the list concurrently and one by one."""

import os
import re
import threading
import time
import unittest

from harness import Afetch, Case, afetch, target_list

HOSTS = [f"ttfb-{ms}.h{ms}.test" for ms in (60, 80, 100, 120, 240)]
# What they take at least; the lab may be some milliseconds early.
LONGEST, SUM = 235, 580
FIELDS = ["rounds", "concurrent_ms", "serial_ms", "speedup", "decided_by",
    "decided_total_ms", "decided_queued_ms", "lost_to_queue_ms"]


class Versus(Case):
    def setUp(self):
        self.lab.page("clear")

    def check_versus(self, run, rounds=1):
        versus = run.summary["versus_serial"]
        self.assertEqual(list(versus), FIELDS)
        self.assertEqual(versus["rounds"], rounds)
        self.assertGreater(versus["serial_ms"], SUM)
        self.assertGreater(versus["concurrent_ms"], LONGEST)
        self.assertAlmostEqual(versus["speedup"],
            versus["serial_ms"] / versus["concurrent_ms"], delta=0.01)
        self.assertEqual(versus["decided_by"], HOSTS[-1])
        self.assertGreater(versus["decided_total_ms"], LONGEST)
        self.assertAlmostEqual(versus["lost_to_queue_ms"],
            versus["concurrent_ms"] - versus["decided_total_ms"], delta=1)
        self.assertEqual(self.lab.page("totals")["requests"],
            2 * rounds * len(HOSTS))
        # The records are those of one concurrent run.
        self.assertEqual(sorted(r["input"] for r in run.records),
            sorted(HOSTS))
        self.assertEqual(run.summary["targets"], len(HOSTS))
        return versus

    def test_records(self):
        run = afetch("--json", "--versus-serial", HOSTS, self.lab.options())
        self.assertEqual(run.code, 0)
        self.check_versus(run)

    def test_rounds(self):
        run = afetch("--json", "--versus-serial", "--rounds", "2", HOSTS,
            self.lab.options())
        self.check_versus(run, rounds=2)

    def test_text(self):
        """Header lines are those of the first round only."""
        run = afetch("--versus-serial", "--rounds", "2", HOSTS,
            self.lab.options())
        self.assertEqual(run.code, 0)
        for host in HOSTS:
            self.assertEqual(len(run.of(host)), 7)
            self.assertEqual(run.of(host)[-1], b"X-Token: " + host.encode())
        err = run.err.decode()
        self.assertRegex(err, r"\nversus serial, median of 2 rounds: "
            r"concurrent [\d.]+ m?s, serial [\d.]+ m?s, \d+\.\dx as fast\n"
            rf"slowest: {re.escape(HOSTS[-1])}, finished last, [\d.]+ m?s "
            r"after [\d.]+ m?s in the queue\n"
            r"queueing overhead: [\d.]+ m?s ")
        self.assertEqual(err.count("versus serial"), 1)
        self.assertEqual(err.count(" targets: "), 1)

    def test_queueing(self):
        """With few at once, waiting for a slot takes its part."""
        run = afetch("--json", "--versus-serial", "-j", "2",
            HOSTS, self.lab.options())
        versus = self.check_versus(run)
        # 100 and 120 end at 160 or later, before the last one begins.
        self.assertGreater(versus["decided_queued_ms"], 100)
        self.assertGreater(versus["lost_to_queue_ms"], 100)

    def test_list_from_a_pipe(self):
        run = afetch("--json", "--versus-serial", self.lab.options(),
            stdin=target_list(HOSTS))
        self.assertEqual(run.code, 0)
        self.check_versus(run)

    def test_list_that_comes_slowly(self):
        """It is kept, and read again from there."""
        theirs, ours = os.pipe()

        def write():
            for host in HOSTS:
                os.write(ours, host.encode() + b"\n")
                time.sleep(0.02)
            os.close(ours)

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        run = Afetch("--json", "--versus-serial", self.lab.options(),
            stdin=theirs).finish()
        writer.join()
        os.close(theirs)
        self.check_versus(run)

    def test_failures_are_told_once(self):
        run = afetch("--versus-serial", "--rounds", "2", "reset.x.test",
            "a..b", "y.test", self.lab.options())
        self.assertEqual(run.code, 1)
        self.assertEqual(run.err.count(b"reset.x.test: wait: "), 1)
        self.assertEqual(run.err.count(b"a..b: input: "), 1)
        self.assertEqual(len(run.of("y.test")), 7)

    def test_names_are_asked_anew(self):
        """No round profits from what another one has learnt."""
        run = afetch("-s", "--versus-serial", "--rounds", "2", "y.test",
            self.lab.options(dns=True))
        self.assertEqual(run.code, 0)
        self.assertEqual(self.lab.page("name/y.test")["a"], 4)

    def test_deadline(self):
        """Of a run that it ended there is nothing to compare with."""
        hosts = [f"ttfb-400.h{i}.test" for i in range(12)]
        for rounds in ("1", "2"):
            run = afetch("--json", "--versus-serial", "--deadline", "3",
                "--rounds", rounds, hosts, self.lab.options())
            self.assertEqual((run.code, run.summary["ok"]), (1, 12))
            self.assertIsNone(run.summary["versus_serial"])
            self.assertIn(b"\nversus serial: no comparison: "
                b"--deadline cut a run short\n", run.err)

    def test_a_deadline_in_the_serial_half_is_told(self):
        """What was asked for is not there: neither 0 nor silence says so."""
        hosts = [f"ttfb-400.h{i}.test" for i in range(6)]
        told = b"versus serial: no comparison: --deadline cut a run short\n"
        for how, err in ("--summary=none", told), ("--silent", b""):
            run = afetch("--json", "--versus-serial", "--deadline", "1.5",
                how, hosts, self.lab.options())
            self.assertEqual((run.code, run.err), (1, err))
            self.assertEqual(run.summary["ok"], 6)

    def test_empty_list(self):
        run = afetch("--versus-serial", stdin=b"")
        self.assertEqual((run.code, run.out, run.err), (0, b"", b""))

    def test_no_target_of_this_shard(self):
        """There is nothing to compare."""
        runs = [afetch("a.test", "--shard", f"{i}/2", "--json",
            "--versus-serial", self.lab.options()) for i in (1, 2)]
        for run in runs:
            self.assertEqual(run.code, 0)
            self.assertEqual(run.summary["versus_serial"] is None,
                run.summary["targets"] == 0)


if __name__ == "__main__":
    unittest.main()
