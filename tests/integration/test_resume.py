"""What is promised of --resume and --only-failed."""

import json
import random
import resource
import signal
import tempfile
import time
import unittest
from pathlib import Path

from harness import SLOWER, Afetch, Case, afetch, decoded, target_list

fast = True

def results(file):
    """The records, of which each line is whole."""
    data = Path(file).read_bytes()
    assert not data or data.endswith(b"\n"), data[-200:]
    records = [json.loads(line) for line in data.splitlines()]
    return [record for record in records if record["type"] == "result"]


def places(records):
    return sorted((record["list_file"], record["list_line"], record["input"])
        for record in records)


class Resume(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.hosts = self.folder / "hosts"
        self.file = self.folder / "run.jsonl"

    def list(self, *names):
        self.hosts.write_bytes(target_list(names))

    def arguments(self, *args, file=None):
        file = file or self.file
        return ["-i", self.hosts, "--json", "-o", file, "--resume", file,
            self.lab.options(), args]

    def resume(self, *args, code=0, **how):
        """Goes on with the file; what was said."""
        run = afetch(self.arguments(*args), **how)
        self.assertEqual(run.code, code, run.err)
        return [line[8:] for line in decoded(run.err).splitlines()
            if line.startswith("afetch: ")]

    def record(self, *args, stdin=None):
        run = afetch("--json", self.lab.options(), args, stdin=stdin)
        self.file.write_bytes(run.out)
        return run

    def inputs(self, file=None):
        return [record["input"] for record in results(file or self.file)]

    def last(self):
        return json.loads(self.file.read_bytes().splitlines()[-1])

    def keep(self, count, rest=b""):
        """As if the run had been killed after so many records."""
        lines = self.file.read_bytes().splitlines(keepends=True)
        self.file.write_bytes(b"".join(lines[:count]) + rest)


class Again(Resume):
    def test_begins_and_ends(self):
        """The same command, until all is done; then nothing is."""
        self.list("a.test", "b.test", "# c", "a..b")
        self.assertEqual(self.resume(code=1), ["--resume: 0 targets are already "
            "done"])
        self.assertEqual(sorted(self.inputs()), ["a..b", "a.test", "b.test"])
        self.assertEqual(self.last()["resumed"], 0)
        before = places(results(self.file))
        self.assertEqual(self.resume(), ["--resume: 3 targets are already "
            "done"])
        self.assertEqual(places(results(self.file)), before)
        summary = self.last()
        self.assertEqual([summary[name] for name in
            ("type", "targets", "resumed", "listed", "not_begun")],
            ["summary", 0, 3, 3, 0])
        self.assertEqual(self.file.read_bytes().count(b'"summary"'), 1)

    def test_without_it_the_file_is_emptied(self):
        self.list("a.test", "b.test")
        self.resume()
        run = afetch("a.test", "--json", "-o", self.file, self.lab.options())
        self.assertEqual(run.code, 0)
        self.assertEqual(self.inputs(), ["a.test"])
        self.assertIsNone(self.last()["resumed"])

    def test_half_a_line(self):
        names = [f"h{n}.test" for n in range(9)]
        self.list(*names)
        self.resume()
        whole = self.file.read_bytes().splitlines(keepends=True)
        for rest in b'{"type":"result","ind', whole[5][:-1], b"{", b"\0" * 99:
            self.file.write_bytes(b"".join(whole[:5]) + rest)
            said = self.resume()
            self.assertEqual(said, [f"{self.file}: half a line at the end is "
                "cut off", "--resume: 5 targets are already done"])
            self.assertEqual(sorted(self.inputs()), sorted(names))
            self.assertEqual(self.last()["targets"], 4)
            self.assertEqual(self.file.read_bytes()[:sum(map(len, whole[:5]))],
                b"".join(whole[:5]))

    def test_half_a_line_elsewhere_is_ignored(self):
        """A file that is not written stays as it is."""
        self.list("a.test", "b.test", "c.test")
        self.resume()
        self.keep(2, b'{"type":')
        before = self.file.read_bytes()
        rest = afetch("-i", self.hosts, "--json", "--resume", self.file,
            self.lab.options())
        self.assertEqual(rest.code, 0)
        self.assertIn(b"half a line at the end is ignored", rest.err)
        self.assertEqual(len(rest.records), 1)
        self.assertEqual(self.file.read_bytes(), before)
        self.assertEqual(afetch("-i", self.hosts, "-s", "--json", "--resume",
            self.file, self.lab.options()).err, b"")

    def test_several_files(self):
        names = [f"h{n}.test" for n in range(12)]
        self.list(*names)
        self.resume()
        self.keep(4)
        second = self.folder / "second"
        run = afetch("-i", self.hosts, "--json", "--resume", self.file, "-o",
            second, self.lab.options())
        self.assertEqual(run.code, 0)
        lines = second.read_bytes().splitlines(keepends=True)
        second.write_bytes(b"".join(lines[:3]))
        third = self.folder / "third"
        run = afetch("-i", self.hosts, "--json", "--resume", self.file,
            "--resume", second, "--resume", third, "-o", third,
            self.lab.options())
        self.assertEqual(run.code, 0)
        self.assertEqual([len(results(file))
            for file in (self.file, second, third)], [4, 3, 5])
        self.assertEqual(sorted(self.inputs() + self.inputs(second)
            + self.inputs(third)), sorted(names))

    def test_equal_lines(self):
        """Which of them was done is told by its place."""
        self.list(*["a.test"] * 6)
        self.resume()
        lines = self.file.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines[:-1]
            if json.loads(line)["list_line"] in (2, 3, 6)]
        for how in "file", "stdin", "pipe":
            self.file.write_bytes(b"".join(kept).replace(
                str(self.hosts).encode(), b"-") if how != "file"
                else b"".join(kept))
            self.go_on(how)
            self.assertEqual(sorted(record["list_line"]
                for record in results(self.file)), [1, 2, 3, 4, 5, 6], how)

    def go_on(self, how):
        """With the list as a file, as a file on stdin, from a pipe."""
        data = self.hosts.read_bytes()
        args = ["--json", "-s", "-o", self.file, "--resume", self.file,
            self.lab.options()]
        if how == "file":
            run = afetch("-i", self.hosts, args)
        elif how == "pipe":
            run = afetch("-i", "-", args, stdin=data)
        else:
            with self.hosts.open("rb") as stdin:
                run = afetch("-i", "-", args, stdin=stdin)
        self.assertEqual((run.code, run.err), (0, b""))

    def test_a_list_that_changed(self):
        self.list("a.test", "b.test", "c.test", "c.test", "d.test")
        self.resume()
        self.list("x.test", "c.test", "b.test", "c.test", "c.test", "d.test")
        said = self.resume()
        self.assertEqual(said, [
            "--resume: the list has changed: 3 records are of lines that have "
            "moved",
            "--resume: the list has changed: 1 record is of lines that are not "
            "in the list",
            "--resume: 4 targets are already done"])
        self.assertEqual(sorted(self.inputs()), ["a.test", "b.test", "c.test",
            "c.test", "c.test", "d.test", "x.test"])

    def test_a_piped_list_that_changed(self):
        """It is told when it is known; a line is never left out."""
        run = self.record("-i", "-", stdin=b"a.test\nb.test\nc.test\n")
        self.assertEqual(run.code, 0)
        rest = afetch("-i", "-", "--json", "--resume", self.file,
            self.lab.options(), stdin=b"x.test\na.test\nb.test\n")
        self.assertEqual([r["input"] for r in rest.records], ["x.test"])
        self.assertIn(b"2 records are of lines that have moved",
            rest.err)
        self.assertIn(b"1 record is of lines that are not in the list",
            rest.err)
        self.assertEqual(rest.summary["resumed"], 2)

    def test_arguments_and_old_records(self):
        """Records without list_file: by their index, else by their text."""
        self.record("a.test", "b.test", "a.test")
        self.keep(9)
        lines = self.file.read_bytes().splitlines(keepends=True)[:-1]
        first = [line for line in lines if json.loads(line)["index"] == 0]
        self.file.write_bytes(b"".join(first))
        rest = afetch("a.test", "b.test", "a.test", "--json", "--resume",
            self.file, self.lab.options())
        self.assertEqual(sorted(r["index"] for r in rest.records), [1, 2])
        old = [{k: v for k, v in json.loads(line).items()
            if not k.startswith("list_")} for line in lines]
        self.file.write_text("".join(json.dumps(r) + "\n" for r in old))
        self.list("b.test", "a.test", "c.test")
        rest = afetch("-i", self.hosts, "--json", "--resume", self.file,
            self.lab.options())
        self.assertEqual([r["input"] for r in rest.records], ["c.test"])

    def test_bad_targets_are_done_too(self):
        self.hosts.write_bytes(b"a..b\nu:p@a.test\n\xff\xe4.test\n"
            b"caf\xc3\xa9.test\nb.test 127.0.0.1 x\n"
            + b"x" * 70000 + b"\n")
        self.resume(code=1)
        self.assertEqual(self.resume()[-1],
            "--resume: 6 targets are already done")

    def test_canceled_is_not_done(self):
        """What was in flight at a signal is fetched again, and the file has
        one record of it."""
        names = [f"h{n}.test" for n in range(20)]
        hang = [f"silent.{n}.test" for n in range(5)]
        self.list(*names, *hang)
        program = Afetch(self.arguments("--order", "done"))
        program.until(lambda _: self.file.exists()
            and self.file.read_bytes().count(b"\n") == 20)
        program.signal(signal.SIGTERM)
        run = program.finish()
        self.assertEqual(run.code, 143, run.err)
        self.assertEqual(sum(r["error"] is not None
            for r in results(self.file)), 5)
        self.assertEqual(self.last()["signal"], "SIGTERM")
        said = self.resume("-m", "0.3", code=1)
        self.assertEqual(said, ["--resume: 20 targets are already done"])
        self.assertEqual(sorted(self.inputs()), sorted(names + hang))
        self.assertEqual({r["error"]["code"] for r in results(self.file)
            if r["error"]}, {"TIMEOUT"})

    def test_shards(self):
        names = [f"h{n % 40}.test" for n in range(60)]
        self.list(*names)
        found = []
        for shard in 1, 2, 3:
            self.file = self.folder / f"{shard}.jsonl"
            self.resume("--shard", f"{shard}/3")
            count = len(results(self.file))
            self.keep(count // 2, b"{")
            said = self.resume("--shard", f"{shard}/3")
            self.assertEqual(said[-1], f"--resume: {count // 2} targets are "
                "already done")
            self.assertEqual(self.last()["listed"], 60)
            found += results(self.file)
        self.assertEqual(len(found), 60)
        self.assertEqual(sorted(r["index"] for r in found), list(range(60)))
        # What others have done is no change of the list.
        both = self.folder / "both"
        both.write_bytes(b"".join((self.folder / f"{n}.jsonl").read_bytes()
            for n in (1, 2, 3)))
        rest = afetch("-i", self.hosts, "--json", "--shard", "2/3", "--resume",
            both, self.lab.options())
        self.assertEqual(rest.records, [])
        self.assertNotIn(b"changed", rest.err)

    def test_only_failed(self):
        names = ["a.test", "reset.b.test", "status-404.c.test", "a..b"]
        self.list(*names, "new.test")
        self.list(*names)
        self.resume(code=1)
        self.assertEqual(self.resume(), ["--resume: 4 targets are already "
            "done"])
        said = self.resume("--only-failed", code=1)
        self.assertEqual(said, ["--resume: 2 targets are already done"])
        self.assertEqual(self.last()["targets"], 2)
        self.assertEqual(sorted(self.inputs())[:4],
            ["a..b", "a..b", "a.test", "reset.b.test"])
        # The last record is what counts.
        lines = self.file.read_text().splitlines(keepends=True)
        good = json.loads([line for line in lines if '"a.test"' in line][0])
        bad = json.loads([line for line in lines if "reset.b" in line][-1])
        good.update(index=bad["index"], input=bad["input"],
            list_line=bad["list_line"])
        self.file.write_text("".join(lines[:-1]) + json.dumps(good) + "\n")
        self.resume("--only-failed", code=1)
        self.assertEqual(self.last()["resumed"], 3)

    def test_records_that_are_none(self):
        self.list("a.test")
        for data, word in (
                (b"x\n", ":1: not JSON"),
                (b'{"type":"result"}\n', ':1: missing or invalid "index"'),
                (b"[]\n" * 20, "and 10 more invalid lines")):
            self.file.write_bytes(data)
            said = self.resume(code=2)
            self.assertTrue(any(word in line for line in said), said)
            self.assertEqual(said[-1],
                f"--resume: {self.file} is not a file of records")
            self.assertEqual(self.file.read_bytes(), data)

    def test_refused(self):
        self.list("a.test")
        missing = self.folder / "missing"
        self.file.write_bytes(b"")
        for args, word in (
                (["--resume", missing], "No such file"),
                (["--resume", self.folder], "Is a directory"),
                (["--resume", "/dev/null"], "Illegal seek"),
                (["--resume", self.file, "-o", self.file], "--json is needed"),
                (["--only-failed"], "--only-failed needs --resume"),
                (["--resume", self.file, "--versus-serial"], "cannot be used"),
                (["--resume", self.file, "--baseline", self.file], "cannot"),
                (["--resume", self.file, "--odd-one-out"], "cannot be used"),
                (["--resume", self.file, "--har", self.file, "--json"],
                    "same file as the input")):
            run = afetch("-i", self.hosts, self.lab.options(), args)
            self.assertEqual(run.code, 2, args)
            self.assertIn(word, run.err.decode(), args)
        self.assertFalse(missing.exists())
        with self.file.open("ab") as out:
            run = afetch("-i", self.hosts, "--resume", self.file, "--json",
                self.lab.options(), stdout=out)
        self.assertEqual(run.code, 2)
        self.assertIn(b"stdout is the same file", run.err)

    def test_two_at_once(self):
        """The second one would cut off what the first one writes."""
        self.list("silent.a.test")
        program = Afetch(self.arguments("-m", "60"))
        program.until(lambda _: self.file.exists())
        program.until(lambda _: self.lab.page("totals")["requests"] > 0)
        said = self.resume(code=3)
        self.assertEqual(said,
            [f"--resume: another run appends to {self.file}"])
        program.signal(signal.SIGTERM)
        program.finish()

    def test_other_names_of_the_file(self):
        self.list("a.test", "b.test")
        self.resume()
        self.keep(1)
        link = self.folder / "link"
        link.symlink_to(self.file)
        run = afetch("-i", self.hosts, "--json", "-o", link, "--resume",
            self.file, self.lab.options())
        self.assertEqual(run.code, 0, run.err)
        self.assertEqual(sorted(self.inputs()), ["a.test", "b.test"])


class Killed(Resume):
    """Runs that end at any moment, each gone on with: a whole record of each
    target at the end. The seed is in what a failure says."""

    TARGETS = 600
    KILLS = 8

    def setUp(self):
        super().setUp()
        self.seed = random.randrange(1 << 32)
        self.random = random.Random(self.seed)
        names = [f"ttfb-4.h{n % (self.TARGETS - 50)}.test"
            for n in range(self.TARGETS)]
        self.list(*names)
        self.expected = [(str(self.hosts), line, name)
            for line, name in enumerate(names, 1)]
        self.ends = 0  # runs that have not come to their end

    def kill(self, *args, seconds=0.12, **how):
        """One run, killed at a random moment; all that is whole is kept."""
        program = Afetch(self.arguments("-j", "12", "-s", *args), **how)
        time.sleep(self.random.uniform(0, seconds * SLOWER))
        program.signal(signal.SIGKILL)
        self.ends += program.finish().code == -signal.SIGKILL

    def finish_file(self, *args, **how):
        run = afetch(self.arguments("-s", *args), limit=60, **how)
        self.assertEqual((run.code, run.err), (0, b""), self.seed)

    def check(self, *files):
        found = [record for file in files or [self.file]
            for record in results(file)]
        self.assertEqual(places(found), self.expected, self.seed)
        self.assertEqual({record["status"] for record in found}, {200})
        self.assertGreater(self.ends, 0, self.seed)

    def test_at_any_moment(self):
        for _ in range(self.KILLS):
            self.kill(self.random.choice([[], ["--order", "input"],
                ["--order", "done"]]))
        self.finish_file()
        self.check()
        self.assertEqual(self.last()["targets"] + self.last()["resumed"],
            self.TARGETS)

    def test_shards_at_any_moment(self):
        files = [self.folder / f"{n}.jsonl" for n in range(3)]
        for number, self.file in enumerate(files, 1):
            shard = ["--shard", f"{number}/3"]
            for _ in range(2):
                self.kill(shard, seconds=0.05)
            self.finish_file(shard)
        self.check(*files)

    def limit(self, size):
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    def test_a_full_disk_between(self):
        """A write that is cut off leaves half a line, which is the end of the
        run; the next one has more room."""
        size, halves = 0, 0
        for _ in range(self.KILLS):
            size += self.random.randrange(500, 40000)
            run = afetch(self.arguments("-j", "16", "-s"),
                preexec_fn=self.limit(size))
            self.assertEqual(run.code, 3, self.seed)
            self.assertIn(b"File too large", run.err)
            halves += not self.file.read_bytes().endswith(b"\n")
            self.ends += 1
            self.kill("--quiet")
        self.assertGreater(halves, 0, self.seed)
        self.finish_file()
        self.check()


class Summed(Resume):
    """The sum of a run's parts is that of one whole run."""

    NAMES = [*(f"h{n}.test" for n in range(40)), "reset.a.test", "a..b",
        "status-404.b.test", "h3.test", "h3.test", "close.c.test"]

    def setUp(self):
        super().setUp()
        self.list(*self.NAMES)
        self.files = [self.folder / f"{n}.jsonl" for n in range(3)]

    def part(self, *args, limit=None, then=None, files=(), resume=()):
        """Fetches to a file: all, or so many records, and then a signal."""
        self.file = files
        program = Afetch("-i", self.hosts, "--json", "-s", "-j", "2", "-o",
            files, [["--resume", name] for name in resume],
            self.lab.options(), args)
        if limit:
            program.until(lambda _: files.exists() and
                files.read_bytes().count(b"\n") >= limit)
            program.signal(then)
        return program.finish()

    def whole(self, *files):
        """Of the last record of each target, as one run: its sum."""
        last = {}
        for file in files:
            for line in file.read_bytes().split(b"\n")[:-1]:
                record = json.loads(line)
                if record["type"] == "result":
                    last[record["list_file"], record["list_line"]] = line
        summary = {"type": "summary", "targets": len(last), "not_begun": 0,
            "concurrency": 2, "signal": None, "listed": len(self.NAMES)}
        data = b"\n".join([*last.values(), json.dumps(summary).encode(), b""])
        run = afetch("--summarize", "--json", stdin=data)
        self.assertEqual((run.code, run.err), (1, b""))
        return run.summary

    def check(self, *files, code=1, concurrency=2):
        run = afetch("--summarize", "--json", files)
        self.assertEqual((run.code, run.err), (code, b""))
        expected = self.whole(*files)
        expected["concurrency"] = concurrency
        self.assertEqual(run.summary, expected)
        self.assertEqual(run.summary["targets"], len(self.NAMES))
        self.assertEqual(run.summary["listed"], len(self.NAMES))
        rows = afetch("--summarize", "--summary=hosts", files)
        self.assertEqual(len([line for line in rows.lines
            if line.split()[:1] and line.split()[0].decode() in self.NAMES]),
            len(self.NAMES))
        checked = afetch("--check", "--expect", "status == 200", "--csv",
            files)
        self.assertEqual(checked.code, 1, checked.err)
        self.assertEqual(len(checked.lines), len(self.NAMES) + 1)

    def test_three_parts_in_a_file(self):
        file = self.files[0]
        self.part("--rate", "200", limit=10, then=signal.SIGTERM, files=file,
            resume=[file])
        self.part("--rate", "200", limit=20, then=signal.SIGKILL, files=file,
            resume=[file])
        self.part(files=file, resume=[file])
        self.check(file)
        self.part("--only-failed", files=file, resume=[file])
        self.assertEqual(len(results(file)), len(self.NAMES) + 3)
        self.check(file)

    def test_three_parts_in_files(self):
        a, b, c = self.files
        for first, second in ((signal.SIGTERM, signal.SIGKILL),
                (signal.SIGKILL, signal.SIGTERM),
                (signal.SIGKILL, signal.SIGKILL)):
            for file in self.files:
                file.unlink(missing_ok=True)
            self.part("--rate", "200", limit=10, then=first, files=a)
            self.part("--rate", "200", limit=10, then=second, files=b,
                resume=[a])
            if second == signal.SIGKILL:  # it may leave half a line
                b.write_bytes(b.read_bytes() + b'{"type":"resu')
            self.part(files=c, resume=[a, b])
            self.check(a, b, c)
            run = afetch("--summarize", b, c)
            self.assertEqual(run.code, 3)
            self.assertRegex(run.err, rb"^afetch: [0-9]+ of 46 records are "
                rb"missing: of runs that were resumed\n$")

    def test_only_failed_apart(self):
        a, b, c = self.files
        self.part(files=a)
        self.part("--only-failed", files=b, resume=[a])
        self.assertEqual(len(results(b)), 3)
        self.check(a, b)
        self.part("--only-failed", files=c, resume=[a, b])
        self.check(a, b, c)

    def test_what_is_no_part_counts_by_itself(self):
        """A run of the day before, which is whole."""
        a, b, c = self.files
        self.part(files=a)
        self.part("--rate", "200", limit=10, then=signal.SIGTERM, files=b)
        self.part(files=c, resume=[b])
        self.check(b, c)
        run = afetch("--summarize", "--json", a, b, c, a)
        self.assertEqual((run.code, run.err), (1, b""))
        self.assertEqual([run.summary[name] for name in
            ("targets", "listed", "not_begun", "signal")],
            [3 * 46, 3 * 46, 0, None])

    def test_shards_in_parts(self):
        parts = []
        for kind in "abc":
            for shard in "1/3", "2/3", "3/3":
                file = self.folder / f"{kind}{shard[0]}"
                before = [self.folder / f"{other}{shard[0]}"
                    for other in "abc" if other < kind]
                self.part("--shard", shard, "--rate", "200", files=file,
                    resume=before, limit=kind != "c" and 3,
                    then=signal.SIGTERM)
                parts.append(file)
        self.check(*parts, concurrency=6)
        self.check(*sorted(parts, key=lambda file: file.name[1]),
            concurrency=6)
        run = afetch("--summarize", "--json", parts[:6], parts[7:])
        self.assertEqual(run.code, 1)  # the last part that is there is cut
        self.assertGreater(run.summary["not_begun"], 0)
        run = afetch("--summarize", parts[:3], parts[4:])
        self.assertEqual(run.code, 3)
        self.assertIn(b"records are missing: of runs that", run.err)

    def test_a_pipe(self):
        """Where nothing was fetched twice the parts may be a stream."""
        file = self.files[0]
        self.part(files=file)
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(lines[:9]))
        self.part(files=file, resume=[file])
        run = afetch("--summarize", "--json", stdin=file.read_bytes())
        self.assertEqual((run.code, run.err), (1, b""))
        self.assertEqual(run.summary["targets"], len(self.NAMES))


if __name__ == "__main__":
    unittest.main()
