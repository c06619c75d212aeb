"""What goes in and comes out again: row 104 of the hazards."""

import json
import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path

import faults
from harness import AFETCH, MB, Afetch, Case, afetch, figures, flat


class Files(Case):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def file(self, name, data):
        path = self.directory / name
        path.write_bytes(data)
        return path


class Input(Files):
    def test_row_104_input_is_whole(self):
        """A bad line too, on stderr and in records."""
        lines = ["x" * size + ".test" + end for size in (70, 256, 60000)
            for end in ("/a:b", ":99999", ":99998", ":\u00fc")]
        data = "\n".join(lines).encode()
        run = afetch("--json", "--serial", "-i", "-", self.lab.options(),
            stdin=data)
        self.assertEqual([r["input"] for r in run.records], lines)
        self.assertEqual(len(run.failures()), len(lines))
        for line, words in run.failures().items():
            self.assertIn(line, lines)
            self.assertTrue(words.startswith("input: -:"))

    def test_row_104_an_argument_is_whole(self):
        lines = ["y" * 50000 + end for end in (":0", ":x")]
        run = afetch("--json", *lines)
        self.assertEqual([r["input"] for r in run.records], lines)

    def test_row_104_what_is_longer_than_a_line_is_cut_and_told(self):
        """Not within a character."""
        text = "h" + "\u00fc" * (5 * MB)
        run = afetch("--json", "-i", "-", stdin=text.encode())
        record, = run.records
        self.assertEqual(record["input"], text[:1 + (65536 - 1) // 2])
        self.check_error(record, "BAD_TARGET", "input",
            "longer than 65536 bytes, only the first are shown")

    @figures
    def test_row_104_long_lines_in_little_memory(self):
        data = (b"x" * MB + b"\n") * 40
        run = afetch("--json", "-s", "-i", "-", stdin=data)
        self.assertEqual(len(run.records), 40)
        self.assertLess(run.rss, 20 * MB)


class Utf16(Files):
    text = "# hosts\r\na.test\r\nb.test\r\n"

    def encodings(self):
        for encoding in "utf-16-le", "utf-16-be":
            for mark in "\ufeff", "":
                for text in (self.text, self.text.replace("\r", ""),
                        "\r\n" + self.text, self.text.rpartition("#")[2]):
                    yield (mark + text).encode(encoding)
            yield ("\ufeff\n\n" + self.text).encode(encoding)

    def test_row_104_utf16_is_told_once(self):
        good = self.file("good", b"h0.test\n")
        for data in self.encodings():
            with self.subTest(data):
                path = self.file("list", data)
                run = afetch("--json", "--serial", "-i", path, "-i", good,
                    self.lab.options())
                bad, fine = run.records
                self.check_error(bad, "BAD_TARGET", "input", "UTF-16")
                self.assertRegex(bad["error"]["message"],
                    re.escape(str(path)) + ":1: ")
                self.assertEqual(
                    (fine["input"], fine["status"]), ("h0.test", 200))
                self.assertEqual(run.code, 1)
                self.assertEqual(len(run.failures()), 1)

    def test_row_104_utf16_on_a_pipe(self):
        for rounds in [], ["--versus-serial"]:
            run = afetch("--json", "-i", "-", rounds, self.lab.options(),
                stdin=("\ufeff" + self.text * 1000).encode("utf-16-le"))
            self.assertEqual(
                {r["error"]["code"] for r in run.records}, {"BAD_TARGET"})
            self.assertEqual(len({r["index"] for r in run.records}), 1)

    def test_row_104_a_nul_alone_is_no_utf16(self):
        run = afetch("--json", "--serial", "-i", "-", self.lab.options(),
            stdin=b"h\0st.test\nh0.test\n\0\nh1.test\n")
        self.assertEqual(
            [r["status"] for r in run.records], [None, 200, None, 200])


class OwnList(Files):
    """stdout or stderr is the list itself."""

    data = b"h0.test\nh1.test:99999\n"

    def check_refused(self, how, *words, code=2):
        self.file("list", self.data)
        words = " ".join(map(str, [*words, *self.lab.options()]))
        run = subprocess.run(
            ["sh", "-c", f"exec {AFETCH} {words} {how}"],
            cwd=self.directory, stdin=subprocess.DEVNULL,
            capture_output=True)
        self.assertEqual(run.returncode, code, run.stderr)
        self.assertEqual(
            (self.directory / "list").read_bytes(), self.data)
        return run

    def test_row_104_stdout(self):
        for how in ">>list", "1<>list", ">>./list":
            run = self.check_refused(how, "-i", "list")
            self.assertIn(b"stdout is the same file as the input list",
                run.stderr)
        for words in ["--json"], ["-i", "-"]:
            run = self.check_refused("<list >>list", *words)
            self.assertIn(b"stdout is the same file as the input on stdin",
                run.stderr)
        os.link(self.file("list", self.data), self.directory / "other")
        self.check_refused(">>other", "-i", "list")

    def test_row_104_stderr(self):
        """Nothing is said: it would be said into the list."""
        for how in "2>>list", ">>list 2>>list", "<list 2>>list":
            self.check_refused(how, *([] if "<" in how else ["-i", "list"]))

    def test_row_104_records_to_be_summed_up(self):
        self.check_refused(">>list", "--summarize", "list")

    def test_row_104_what_is_none(self):
        self.check_refused(">>other 2>>other", "-i", "list", code=1)
        self.check_refused(">>list", "-i", "list", "-o", "other", code=1)
        self.check_refused("-i /dev/null >/dev/null 2>/dev/null", code=0)


class Ignored(Case):
    """nohup-like: a signal ignored at entry stays ignored."""

    def test_row_104_ignored_at_entry(self):
        for name in "INT", "TERM", "HUP":
            number = getattr(signal, f"SIG{name}")
            before = signal.signal(number, signal.SIG_IGN)
            try:
                # Python's own SIGINT handler would not be inherited so.
                run = Afetch("--json", "ttfb-1000.a.test",
                    self.lab.options(), restore_signals=False)
            finally:
                signal.signal(number, before)
            run.until(lambda _: self.lab.page("totals")["open"] > 0)
            run.signal(number)
            ended = run.finish()
            self.assertEqual(ended.code, 0, name)
            self.assertEqual(ended.records[0]["status"], 200)


class Phases(Case):
    PHASES = {"dns", "connect", "tls", "send", "wait", "receive", "input"}

    @figures
    def test_row_104_without_memory_no_phase_is_queued(self):
        """Whichever allocation of our own fails."""
        args = ["--json", *flat(self.lab.options()), "h0.test", "h1.test"]
        calls = faults.Outcome(args, None, None).calls
        phases = set()
        for number in range(1, sum(calls.get(name, 0)
                for name in ("malloc", "own")) + 1):
            outcome = faults.Outcome(args, None, f"own:{number}:ENOMEM")
            for line in outcome.out.splitlines():
                record = json.loads(line)
                if record.get("error"):
                    phases.add(record["error"]["phase"])
            if outcome.hits == 0:
                break
        self.assertTrue(phases)
        self.assertLessEqual(phases, self.PHASES)
