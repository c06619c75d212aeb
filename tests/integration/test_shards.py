"""Parts of a list, by processes that know nothing of each other."""

import os
import unittest

from harness import Afetch, Case, afetch, target_list

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


if __name__ == "__main__":
    unittest.main()
