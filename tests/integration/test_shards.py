"""Parts of a list, by processes that know nothing of each other."""

import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import tempfile
import time
import unittest

from harness import AFETCH, ROOT, Afetch, Case, afetch, target_list

fast = True

COUNTS = (1, 2, 3, 7)
LIST = target_list([
    "# names", *(f"h{n}.test" for n in range(40)), "", "a..b",
    b"bad\x01.test", "  h3.test\t", "h4.test 127.0.0.1", "u:p@h5.test",
    "x" * 9000, "status-404.z.test/path?q", "reset.y.test", "H3.test",
    "b\u00fccher.example", "[::1]:1"])
SLURM = {"SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "2",
    "SLURM_ARRAY_TASK_STEP": "1", "SLURM_ARRAY_TASK_COUNT": "3"}


def told(run):
    """What must not depend on who did it."""
    return [(r["index"], r["input"], r["url"], r["status"],
        [pair for pair in r["headers"] if pair[0] != "Date"], r["error"] and
            [r["error"][key] for key in ("phase", "code", "message")])
        for r in run.records]


def in_order(rows):
    return sorted(rows, key=lambda row: row[0])


class Shards(Case):
    def run_list(self, *args, **how):
        return afetch("-i", "-", "--json", "-s", self.lab.options(), args,
            stdin=LIST, **how)

    def check_whole(self, runs):
        """Together the runs are the whole one."""
        whole = self.run_list()
        rows = [row for run in runs for row in told(run)]
        self.assertEqual(in_order(rows), in_order(told(whole)))
        self.assertEqual(sum(run.summary["targets"] for run in runs),
            whole.summary["targets"])

    def test_together_they_are_the_whole(self):
        for count in COUNTS:
            runs = [self.run_list("--shard", f"{number}/{count}")
                for number in range(1, count + 1)]
            self.check_whole(runs)
            for number, run in enumerate(runs, 1):
                self.assertEqual(run.summary["shard"], f"{number}/{count}")
                failed = any(r["error"] for r in run.records)
                self.assertEqual(run.code, int(failed))

    def test_auto(self):
        for variables, argument in (
                [{**SLURM, "SLURM_ARRAY_TASK_ID": str(i)}
                    for i in range(3)], "auto"), (
                [{"JOB_COMPLETION_INDEX": str(i)} for i in range(3)],
                "auto/3"):
            self.check_whole([self.run_list("--shard", argument,
                env={**os.environ, **row}) for row in variables])

    def test_the_environment_alone_does_nothing(self):
        run = self.run_list(env={**os.environ, **SLURM,
            "SLURM_ARRAY_TASK_ID": "1", "JOB_COMPLETION_INDEX": "1"})
        self.check_whole([run])
        self.assertIsNone(run.summary["shard"])

    def test_auto_without_an_environment(self):
        run = afetch("--shard", "auto", "x.test")
        self.assertEqual((run.code, run.out), (2, b""))
        self.assertIn(b"SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX", run.err)

    def test_arguments_and_both_ways(self):
        """Targets of the command line; a list that is run twice."""
        names = [f"h{n}.test" for n in range(12)]
        runs = [afetch("--json", "--shard", f"{number}/2", "--versus-serial",
            self.lab.options(), names) for number in (1, 2)]
        rows = [(r["index"], r["input"]) for run in runs for r in run.records]
        self.assertEqual(sorted(rows), list(enumerate(names)))

    def test_a_list_that_stays_open(self):
        """What is of the shard starts as its line arrives."""
        names = [f"h{n}.test" for n in range(40)]
        own = [r["input"] for r in
            afetch("--json", "--shard", "2/3", self.lab.options(),
                names).records]
        read, write = os.pipe()
        child = Afetch("-i", "-", "--json", "--shard", "2/3",
            self.lab.options(), stdin=read)
        os.close(read)
        os.write(write, target_list(names))
        child.until(lambda it: it.out.count(b"\n") == len(own))
        os.close(write)
        run = child.finish()
        self.assertEqual(
            sorted(r["input"] for r in run.records), sorted(own))
        self.assertEqual(run.summary["listed"], len(names))

    def test_a_list_that_was_not_read_to_its_end(self):
        read, write = os.pipe()
        self.addCleanup(os.close, write)
        child = Afetch("-i", "-", "--json", "--shard", "1/1",
            self.lab.options(), stdin=read)
        os.close(read)
        os.write(write, b"a.test\n")
        child.until(lambda it: it.out.count(b"\n") == 1)
        child.signal(signal.SIGINT)
        self.assertIsNone(child.finish().summary["listed"])


class Pod(Case):
    """The README's script for a pod of Kubernetes, by the shell itself."""

    def begin(self, names):
        """It, and where it writes its records."""
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        here = pathlib.Path(directory.name)
        (here / "hosts.txt").write_bytes(target_list(names))
        own = shlex.join(map(str, [AFETCH, *self.lab.options()]))
        (here / "afetch").write_text(f'#!/bin/sh\nexec {own} "$@"\n')
        (here / "afetch").chmod(0o755)
        readme = (ROOT / "README.md").read_text()
        script = re.search(r"args:\n +- \|\n(.*?) +volumeMounts", readme, re.S)
        script = script[1].replace("/run/lists", directory.name)
        process = subprocess.Popen(["sh", "-c", script], env={**os.environ,
            "PATH": f"{here}:{os.environ['PATH']}",
            "JOB_COMPLETION_INDEX": "0"})
        self.addCleanup(process.kill)
        return process, here / "run.0.jsonl"

    def test_failed_hosts_are_no_failure(self):
        process, out = self.begin(f"reset.h{n}.test" for n in range(40))
        self.assertEqual(process.wait(30), 0)
        *records, summary = map(json.loads, out.read_text().splitlines())
        self.assertEqual(summary["failed"], len(records))
        self.assertGreater(len(records), 0)

    def test_sigterm_is_passed_on(self):
        process, out = self.begin([*(f"h{n}.test" for n in range(40)),
            *(f"silent.h{n}.test" for n in range(40))])
        while not out.exists() or not out.read_bytes().count(b"\n"):
            time.sleep(0.01)
        process.terminate()
        self.assertEqual(process.wait(30), 1)
        *records, summary = map(json.loads, out.read_text().splitlines())
        self.assertEqual(summary["signal"], "SIGTERM")
        self.assertIn("CANCELED", {
            record["error"] and record["error"]["code"] for record in records})


if __name__ == "__main__":
    unittest.main()
