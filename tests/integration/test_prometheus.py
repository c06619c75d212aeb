"""What is promised of --prometheus: the text format of Prometheus."""

import re
import tempfile
import unittest
from pathlib import Path

from harness import Case, Server, afetch

fast = True

SAMPLE = re.compile(
    rb'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (-?[0-9.]+)')
OK = b"HTTP/1.1 404 No\r\nX: y\r\n\r\n"


class Prometheus(Case):
    def text(self, *args, code=0, err=b"", stdin=b""):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.prom"
            run = afetch("-q", "--summary", "none", "--prometheus", path,
                *args, stdin=stdin)
            self.assertEqual(run.code, code, run.err)
            self.assertIn(err, run.err)
            return path.read_bytes()

    def samples(self, *args, **how):
        """{(metric, labels): value}, after the rules of the format."""
        text = self.text(*args, **how)
        text.decode("utf-8", "strict")
        found, seen, metric = {}, set(), None
        for line in text.splitlines():
            if line.startswith(b"# HELP "):
                metric = line.split()[2]
                self.assertNotIn(metric, seen)
                seen.add(metric)
                continue
            if line.startswith(b"# TYPE "):
                self.assertEqual(line.split()[2:], [metric, b"gauge"])
                continue
            name, labels, value = SAMPLE.fullmatch(line).groups()
            self.assertEqual(name, metric)
            self.assertNotIn((name, labels), found)
            found[name, labels] = float(value)
        return found

    def test_figures(self):
        with Server({"a.test": OK, "b.test": b""}) as server:
            samples = self.samples(
                server.route(), "a.test", "b.test", code=1)
        a, b = b'target="a.test"', b'target="b.test"'
        self.assertEqual(samples[b"afetch_success", a], 1)
        self.assertEqual(samples[b"afetch_success", b], 0)
        self.assertEqual(samples[b"afetch_http_status_code", a], 404)
        self.assertNotIn((b"afetch_http_status_code", b), samples)
        self.assertEqual(samples[b"afetch_failure_info",
            b + b',phase="wait",reason="EMPTY_REPLY"'], 1)
        phases = {re.search(rb'phase="([a-z]+)"', labels)[1]
            for name, labels in samples
            if name == b"afetch_phase_duration_seconds" and a in labels}
        self.assertEqual(phases, {b"connect", b"processing", b"transfer"})
        self.assertEqual(samples[b"afetch_run_targets", b'outcome="ok"'], 1)
        self.assertEqual(
            samples[b"afetch_run_responses", b'class="4xx"'], 1)
        self.assertEqual(samples[b"afetch_run_failures",
            b'reason="EMPTY_REPLY"'], 1)
        self.assertGreater(samples[b"afetch_run_duration_seconds", None], 0)

    def test_checks(self):
        """0 where there was no answer, nothing where the guard is not met."""
        with tempfile.TemporaryDirectory() as folder:
            rules = Path(folder) / "rules"
            rules.write_bytes(b"A-1: x == y\nA-1: status == 404\nB: x == 'q\"\\'\n"
                b"status == 404 when status == 404\nz when status == 200\n")
            with Server({"a.test": OK, "b.test": b""}) as server:
                samples = self.samples(server.route(), "a.test", "b.test",
                    "a.test", "--rules", rules, code=1)
        checks = {labels: value for (name, labels), value in samples.items()
            if name == b"afetch_check"}
        def labels(target, check):
            return b'target="%s",check="%s"' % (target, check)
        guarded = b"status == 404 when status == 404"
        self.assertEqual(checks, {
            labels(b"a.test", b"A-1"): 1, labels(b"a.test", b"B"): 0,
            labels(b"a.test", guarded): 1,
            labels(b"b.test", b"A-1"): 0, labels(b"b.test", b"B"): 0,
            labels(b"b.test", guarded): 0,
            labels(b"b.test", b"z when status == 200"): 0})
        self.assertEqual(
            samples[b"afetch_run_checks", b'outcome="no_answer"'], 5)

    def test_no_checks(self):
        with Server(OK) as server:
            samples = self.samples(server.route(), "a.test")
        self.assertFalse([name for name, _ in samples if b"check" in name])

    def test_too_many_checks(self):
        with tempfile.TemporaryDirectory() as folder:
            rules = Path(folder) / "rules"
            rules.write_bytes(b"".join(b"R%d: x\n" % i for i in range(2000)))
            samples = self.samples("-i", "-", "--rules", rules, code=1,
                stdin=b"b..\n" * 51,
                err=b"more than 100000 checks; only the totals are written\n")
        self.assertFalse(
            [name for name, labels in samples if b"target" in (labels or b"")])

    def test_equal_targets(self):
        """Series of one name would have the collector drop the whole file."""
        with Server(OK) as server:
            samples = self.samples(server.route(), "a.test", "a.test")
        self.assertEqual(samples[b"afetch_run_targets", b'outcome="ok"'], 2)

    def test_hostile_names(self):
        names = [b'q"uo.te', b"b\\x", b"\xff..", b"c\x01\x7f", b"m\xc3\xbc.."]
        labels = [b'q\\"uo.te', b"b\\\\x", b"\\\\xff..",
            b"c\\\\x01\\\\x7f", b"m\xc3\xbc.."]
        samples = self.samples("--", *names, code=1)
        for label in labels:
            self.assertEqual(
                samples[b"afetch_success", b'target="%s"' % label], 0)

    def test_bound(self):
        """Beyond 10,000 targets only the run is told of, and that, once."""
        targets = b"".join(b"%d..\n" % i for i in range(10001))
        text = self.text("-s", "-i", "-", code=1, stdin=targets)
        self.assertNotIn(b"target=", text)
        self.assertIn(b'reason="BAD_TARGET"} 10001\n', text)
        text = self.text("-s", "-i", "-", code=1,
            stdin=targets[:targets.rfind(b"\n", 0, -1) + 1])
        self.assertEqual(text.count(b"afetch_failure_info{"), 10000)
        self.text("-i", "-", code=1, stdin=targets,
            err=b"more than 10000 targets; only the totals are written\n")


if __name__ == "__main__":
    unittest.main()
