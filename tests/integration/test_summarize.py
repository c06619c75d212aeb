"""--summarize: the records of runs, read back."""

import json
import re
import signal
import tempfile
import time
import unittest
from pathlib import Path

from harness import (MB, SLOWER, Afetch, Case, Server, afetch, figures,
    target_list)

fast = True

COUNTS = ("targets", "ok", "failed", "not_begun", "errors", "statuses",
    "signal")
NAMES = [*(f"h{n}.test" for n in range(30)), "reset.a.test", "a..b",
    "status-404.b.test", "status-503.c.test", "h3.test"]


class Summaries(Case):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def write(self, name, data):
        file = self.directory / name
        file.write_bytes(data)
        return file

    def run_list(self, *args, names=NAMES):
        return afetch("-i", "-", "--json", "-s", self.lab.options(), args,
            stdin=target_list(names))

    def sum(self, *files, **how):
        return afetch("--summarize", "--json", files, **how)

    def faults(self, *files, **how):
        """What is said of the files; the summary, too."""
        run = self.sum(*files, **how)
        self.assertEqual(run.code, 3, run.err)
        text = run.err.decode().replace(f"{self.directory}/", "")
        prefix = "afetch: "
        for line in text.splitlines():
            self.assertTrue(line.startswith(prefix), line)
        return [line[len(prefix):] for line in text.splitlines()], run.summary


class Good(Summaries):
    def test_as_the_run_told(self):
        run = self.run_list()
        file = self.write("run.jsonl", run.out)
        again = self.sum(file)
        self.assertEqual((again.code, again.err), (run.code, b""))
        self.assertEqual(len(again.lines), 1)
        mine, own = again.summary, run.summary
        self.assertEqual(list(mine), list(own))
        for key in (*COUNTS, "concurrency"):
            self.assertEqual(mine[key], own[key], key)
        self.assertAlmostEqual(mine["sum_ms"], own["sum_ms"],
            delta=0.001 * len(NAMES))
        self.assertLess(mine["wall_ms"], own["wall_ms"] + 1.5)
        for phase, quantiles in mine["phases"].items():
            for key, value in quantiles.items():
                expected = own["phases"][phase][key]
                if expected is None or key == "count":
                    self.assertEqual(value, expected)
                else:
                    self.assertAlmostEqual(
                        value, expected, delta=0.002 + expected * 0.02)

    def test_wall_is_from_the_first_start_to_the_last_end(self):
        times = dict.fromkeys(
            ("queued", "dns", "connect", "tls", "send", "wait", "receive"))
        lines = [{"type": "result", "index": n, "input": "a", "status": 200,
            "started_at": f"2026-11-22T23:59:{at}Z", "error": None,
            "timings_ms": {**times, "queued": queued, "total": total}}
            for n, (at, queued, total) in enumerate([
                ("58.000", 500, 10), ("59.250", 0, 750), ("57.900", 0, 1)])]
        lines.append({"type": "summary", "targets": 3, "not_begun": 0,
            "concurrency": 2, "signal": None})
        data = "".join(json.dumps(line) + "\n" for line in lines).encode()
        run = self.sum(stdin=data)
        self.assertEqual(run.code, 0, run.err)
        self.assertEqual((run.summary["wall_ms"], run.summary["sum_ms"]),
            (2500, 761))
        self.assertAlmostEqual(run.summary["ratio"], 761 / 2500, places=3)

    def test_shards(self):
        """The total of all, as files or as cat puts them together."""
        whole = self.run_list().summary
        for count in (1, 2, 3, 7, 60):
            runs = [self.run_list("--shard", f"{number}/{count}")
                for number in range(1, count + 1)]
            files = [self.write(f"{number}.jsonl", run.out)
                for number, run in enumerate(runs)]
            for total in self.sum(files), self.sum(
                    stdin=b"".join(run.out for run in runs)):
                self.assertEqual((total.code, total.err), (1, b""))
                for key in COUNTS:
                    self.assertEqual(total.summary[key], whole[key], key)
                self.assertEqual(total.summary["concurrency"], 256 * count)

    def test_runs_one_after_the_other(self):
        run = self.run_list(names=["a.test", "b.test"])
        total = self.sum(stdin=run.out * 3)
        self.assertEqual((total.code, total.err), (0, b""))
        self.assertEqual(total.summary["targets"], 6)

    def test_text(self):
        """On stdout, in the words of the run's own."""
        file = self.directory / "run.jsonl"
        run = afetch("--json", "-o", file, "--summary=total", NAMES,
            self.lab.options())
        own = [line for line in run.err.splitlines()
            if not line.startswith((b"reset.a.test:", b"a..b:"))]
        again = afetch("--summarize", file)
        self.assertEqual((again.code, again.err), (1, b""))
        self.assertEqual(again.lines[0], own[0])
        self.assertEqual(len(again.lines), len(own))
        self.assertTrue(again.lines[1].endswith(b"(at most 256 at once)"))
        self.assertEqual([line.split()[:2] for line in again.lines[2:]],
            [line.split()[:2] for line in own[2:]])

    def test_rows(self):
        run = self.run_list(names=["a.test", "reset.b.test"])
        again = afetch("--summarize", "--summary=hosts", stdin=run.out)
        self.assertRegex(again.lines[0], rb"^host +status +queued ")
        rows = [line.split()[:2] for line in again.lines[1:3]]
        self.assertEqual(rows, [[b"a.test", b"200"], [b"reset.b.test",
            b"RESET"]])

    def test_many_rows(self):
        """More than a pipe takes and is kept until its reader comes."""
        file = self.write("run", self.run_list(names=["a.test"] * 500).out)
        program = Afetch("--summarize", "--summary=hosts", [file] * 8)
        time.sleep(0.5)
        run = program.finish()
        self.assertEqual((run.code, run.err), (0, b""))
        rows = [line for line in run.lines
            if line.split()[:2] == [b"a.test", b"200"]]
        self.assertEqual(len(rows), 4000)

    def check_large(self, count):
        """Many addresses with heads as large as may be, of bytes that are
        longest in JSON."""
        field = b"A: " + b"\x80" * 65000 + b"\r\n"
        with Server(b"HTTP/1.1 200 OK\r\n" + field * 4 + b"\r\n",
                address="") as server:
            addresses = ",".join(f"127.0.0.{n}" for n in range(1, count + 1))
            run = afetch("--json", "-s", "--all-addresses", "-m",
                30 * SLOWER, "--resolve",
                f"x.test:{server.port}:{addresses}",
                f"x.test:{server.port}", limit=60)
        total = self.sum(self.write("run.jsonl", run.out))
        self.assertEqual((total.code, total.err), (run.code, b""))
        self.assertEqual(total.summary["targets"], 1)
        return run

    def test_large_records(self):
        run = self.check_large(16)
        self.assertEqual(run.code, 0)
        self.assertGreater(len(run.out), 30 * MB)

    def test_too_many_large_heads(self):
        run = self.check_large(64)
        self.assertLess(len(run.out), 40 * MB)
        self.assertEqual([(one["error"]["code"], one["error"]["message"])
            for one in run.records[0]["addresses"]], [("HEADER_TOO_LARGE",
            "the headers are larger than 65536 bytes")] * 64)

    def test_after_a_signal(self):
        child = Afetch("-j1", "--json", "-s", "a.test", "silent.b.test",
            "c.test", self.lab.options())
        child.until(lambda it: it.out.count(b"\n") == 1)
        child.signal(signal.SIGINT)
        run = child.finish()
        total = self.sum(stdin=run.out)
        self.assertEqual((run.code, total.code, total.err), (130, 1, b""))
        for key in COUNTS:
            self.assertEqual(total.summary[key], run.summary[key], key)
        self.assertEqual(total.summary["not_begun"], 1)

    def test_after_a_signal_in_a_serial_half(self):
        """All that was to be recorded is."""
        child = Afetch("--json", "-s", "--versus-serial", "ttfb-300.a.test",
            "ttfb-300.b.test", self.lab.options())
        child.until(lambda it: it.out.count(b"\n") == 2)
        time.sleep(0.1)
        child.signal(signal.SIGINT)
        run = child.finish()
        self.assertEqual((run.code, run.summary["ok"]), (130, 2))
        total = afetch("--summarize", stdin=run.out)
        self.assertEqual((total.code, total.err), (0, b""))
        self.assertEqual(total.lines[1], b"ended by SIGINT")

    def test_an_empty_shard_tells_so(self):
        runs = [afetch("--json", "--shard", f"{n}/2", "x.test",
            self.lab.options()) for n in (1, 2)]
        self.assertEqual(sorted(len(run.lines) for run in runs), [1, 2])
        self.assertEqual(self.sum(stdin=runs[0].out + runs[1].out).code, 0)


class Bad(Summaries):
    def test_nothing(self):
        empty = self.write("empty.jsonl", b"")
        for files in (), (empty,), (empty, empty):
            run = afetch("--summarize", files)
            self.assertEqual((run.code, run.out, run.err),
                (3, b"", b"afetch: no records\n"))
        run = afetch("--summarize", stdin=b"hello\n")
        self.assertEqual((run.code, run.err), (3,
            b"afetch: -:1: not JSON\nafetch: no records\n"))
        run = self.run_list(names=["a.test"])
        self.assertEqual(self.sum(empty, "-", stdin=run.out).code, 0)

    def test_garbage_and_what_is_cut_off(self):
        run = self.run_list(names=["a.test", "b.test", "c.test"])
        lines = run.out.splitlines(keepends=True)
        data = (b"hello\n" + lines[0] + b"\n" + lines[1] + b"{}\n" +
            lines[2][:-20] + lines[3])
        faults, summary = self.faults(
            self.write("x.jsonl", data), self.write("y.jsonl", run.out))
        self.assertEqual(faults, ["x.jsonl:1: not JSON", "x.jsonl:3: not JSON",
            "x.jsonl:5: neither a result nor a summary",
            "x.jsonl:6: not JSON", "x.jsonl: 2 of 2 records have no summary"
            " line: a run was cut off"])
        self.assertEqual(summary["targets"], 5)

    def test_missing_and_double(self):
        run = self.run_list(names=["a.test", "b.test", "c.test"])
        lines = run.out.splitlines(keepends=True)
        faults, summary = self.faults(
            stdin=lines[0] + lines[1] + lines[0] + lines[3])
        self.assertEqual(faults, [
            "-:3: duplicate record: index already seen",
            "-: 1 of 3 records are missing"])
        self.assertEqual(summary["targets"], 2)

    def test_shards_that_do_not_fit(self):
        runs = [self.run_list("--shard", f"{n}/3").out for n in (1, 2, 3)]
        faults, _ = self.faults(stdin=runs[0] + runs[2])
        self.assertEqual(faults, ["shard 2/3 is missing"])
        faults, _ = self.faults(stdin=runs[0] + runs[1] * 2 + runs[2])
        self.assertEqual(faults, ["shard 2/3 occurs 2 times"])
        other = self.run_list("--shard", "1/1").out
        faults, _ = self.faults(stdin=b"".join(runs) + other)
        self.assertEqual(faults, [f"-:{2 * len(NAMES) + 4}: "
            "shard count differs from earlier records"])

    def test_shards_of_different_lists(self):
        one = self.run_list("--shard", "1/2")
        self.assertEqual(one.summary["listed"], len(NAMES))
        longer = self.run_list("--shard", "2/2", names=["new.test"] + NAMES)
        faults, _ = self.faults(stdin=one.out + longer.out)
        self.assertEqual(
            faults, ["the shards are not of the same list: lengths differ"])
        # Another name in a place: that of two shards, or of none.
        mine = {record["input"] for record in one.records}
        swapped = [name if name not in mine else f"x.{name}" for name in NAMES]
        other = self.run_list("--shard", "2/2", names=swapped)
        count = one.summary["targets"] + other.summary["targets"]
        faults, _ = self.faults(stdin=one.out + other.out)
        self.assertEqual(faults, ["the shards are not of the same list: they "
            f"have {count} targets, the list has {len(NAMES)}"])
        # Twice, run both ways, and by a run that does not tell.
        ways = b"".join(self.run_list("--versus-serial", "--shard",
            f"{n}/2").out for n in (1, 2))
        self.assertEqual(self.sum(stdin=ways).err, b"")
        both = one.out + self.run_list("--shard", "2/2").out
        self.assertEqual(self.sum(stdin=both * 2).err, b"")
        silent = re.sub(rb'"listed":\d+,', b"", both, count=1)
        self.assertNotEqual(silent, both)
        self.assertEqual(self.sum(stdin=silent).err, b"")

    def test_counts_that_cannot_be(self):
        run = self.run_list(names=["a.test"])
        for what, value in ("targets", 1 << 41), ("concurrency", 4294967297):
            data = re.sub(rf'"{what}":\d+'.encode(),
                f'"{what}":{value}'.encode(), run.out)
            faults, _ = self.faults(stdin=data)
            self.assertIn("-:2: invalid co", faults[0])

    def test_not_a_flood(self):
        faults, _ = self.faults(stdin=b"x\n" * 1000 +
            self.run_list("--shard", "1/1000").out +
            self.run_list().out)
        self.assertEqual(len(faults), 10 + 1 + 10 + 1 + 1)
        self.assertEqual(faults[10], "-: and 990 more invalid lines")
        self.assertEqual(faults[21], "and 989 more shards")
        self.assertEqual(
            faults[22], "a run without --shard is mixed with shards")

    def test_a_line_without_end(self):
        run = self.run_list(names=["a.test"])
        data = b"x" * (200 * MB) + b"\n" + run.out
        faults, summary = self.faults(stdin=data)
        self.assertEqual(faults, ["-:1: longer than 160 MiB"])
        self.assertEqual(summary["targets"], 1)

    def test_runs_of_no_target(self):
        """Such as that of a shard which has none."""
        run = afetch("a.test", "--shard", "2/3", "--json", "-s",
            self.lab.options())
        other = afetch("a.test", "--shard", "3/3", "--json", "-s",
            self.lab.options())
        empty = run if not run.summary["targets"] else other
        self.assertEqual(empty.summary["targets"], 0)
        again = self.sum(stdin=empty.out)
        self.assertEqual(again.summary["targets"], 0)

    def test_names_of_files_are_escaped(self):
        file = self.write("x\x1b[31m\ny", b"no record\n")
        run = self.sum(file)
        self.assertIn(b"x\\x1b[31m\\x0ay:1: ", run.err)
        self.assertNotIn(b"\x1b", run.err)

    def test_what_cannot_be_read(self):
        run = self.sum("/nowhere/x.jsonl", stdin=b"x\n")
        self.assertEqual((run.code, run.out), (2, b""))
        self.assertIn(b"/nowhere/x.jsonl: No such file", run.err)
        run = self.sum(self.directory)
        self.assertEqual((run.code, run.out), (3, b""))
        self.assertIn(b"Is a directory", run.err)
        run = self.sum("-i", "x.jsonl")
        self.assertEqual((run.code, run.out), (2, b""))

    def test_what_cannot_be_written(self):
        run = self.run_list(names=["a.test"])
        again = self.sum("-o", "/dev/full", stdin=run.out)
        self.assertEqual(again.code, 3)
        self.assertIn(b"/dev/full", again.err)

    def test_an_output_that_is_an_input(self):
        data = self.run_list(names=["a.test"]).out
        file = self.write("run.jsonl", data)
        with file.open() as stdin:
            for run in (self.sum(file, "-o", file),
                    self.sum("-o", file, stdin=stdin)):
                self.assertEqual((run.code, run.out), (2, b""))
                self.assertIn(b"run.jsonl is the same file", run.err)
                self.assertEqual(file.read_bytes(), data)


class Figures(Summaries):
    @figures
    def test_memory_does_not_grow(self):
        """40 MB of records leave no trace."""
        count = 60000
        run = self.run_list(names=["a.test"])
        record, summary = run.out.splitlines(keepends=True)
        data = b"".join(
            record.replace(b'"index":0,', b'"index":%d,' % index)
            for index in range(count))
        data += summary.replace(b'"targets":1,', b'"targets":%d,' % count)
        again = self.sum(self.write("run.jsonl", data))
        self.assertEqual((again.code, again.err), (0, b""))
        self.assertEqual(again.summary["targets"], count)
        self.assertLess(again.rss, 10 * MB)


if __name__ == "__main__":
    unittest.main()
