"""Lists as they are found in the world: rows 72 to 76 of the hazards."""

import os
import random
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path

from harness import (MB, SLOWER, Afetch, Case, Server, afetch, figures,
    free_port, target_list)

HOSTS = [f"h{n}.test" for n in range(5)]


class Lists(Case):
    def setUp(self):
        self.lab.page("clear")
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def file(self, name, data):
        path = self.directory / name
        path.write_bytes(data)
        return path

    def run_bytes(self, data, *options, **how):
        """The same bytes as a file and by a pipe, with the same outcome."""
        path = self.file("list", data)
        by_file = afetch("--json", "-j", "1", "-i", path, options,
            self.lab.options(), **how)
        by_pipe = afetch("--json", "-j", "1", options, self.lab.options(),
            stdin=data, **how)
        self.assertEqual(by_file.code, by_pipe.code)
        self.assertEqual(
            [(r["index"], r["input"], r["status"]) for r in by_file.records],
            [(r["index"], r["input"], r["status"]) for r in by_pipe.records])
        return by_file

    def inputs(self, run):
        return [record["input"] for record in run.records]


class Variants(Lists):
    def test_row_72_the_same_list(self):
        lines = "\n".join(HOSTS)
        first, rest = HOSTS[0], "\n".join(HOSTS[1:])
        for name, text in (
                ("clean", lines + "\n"),
                ("no last LF", lines),
                ("CRLF", lines.replace("\n", "\r\n") + "\r\n"),
                ("CRLF, no last one", lines.replace("\n", "\r\n")),
                ("BOM", "\ufeff" + lines + "\n"),
                ("BOM, then a comment", "\ufeff# x\n" + lines),
                ("BOM and CRLF", "\ufeff" + lines.replace("\n", "\r\n")),
                ("comments", f"# one\n{first} # two\n#\n\t#x\n{rest}\n#"),
                ("empty lines", f"\n\n{first}\n\n \n\t\n{rest}\n\n"),
                ("blanks around", lines.replace("\n", " \t\n \t") + "  ")):
            with self.subTest(name):
                run = self.run_bytes(text.encode())
                self.assertEqual(self.inputs(run), HOSTS)
                self.assertEqual(run.code, 0)

    def test_row_72_a_mark_is_no_comment(self):
        """A # inside a word is a URL's."""
        run = self.run_bytes(b"h0.test/a#b\nh1.test #c\nh2.test\t#d\n")
        self.assertEqual(
            self.inputs(run), ["h0.test/a#b", "h1.test", "h2.test"])

    def test_row_72_text_output_is_the_same(self):
        clean = afetch("-j", "1", self.lab.options(),
            stdin=target_list(HOSTS))
        crlf = afetch("-j", "1", self.lab.options(),
            stdin=b"\xef\xbb\xbf#\r\n" + b"\r\n".join(
                host.encode() + b"  " for host in HOSTS))

        def no_date(run):
            return [line for line in run.lines if b" > Date: " not in line]

        self.assertEqual(no_date(clean), no_date(crlf))

    def test_row_72_line_numbers_count_every_line(self):
        for text in (b"\xef\xbb\xbf# 1\r\n\r\nh0.test\r\n\r\na..b",
                b"\n\nh0.test\n\na..b\n", b" \n#\n#\n\na..b #"):
            run = self.run_bytes(text)
            self.check_error(
                run.record("a..b"), "BAD_TARGET", "input", ":5: ")


class Kept(Lists):
    """A list that is the output, too, is not lost."""

    def check(self, *args, **how):
        run = afetch(args, self.lab.options(), **how)
        self.assertEqual((run.code, run.out), (2, b""))
        self.assertIn(b"the same file as the input", run.err)
        self.assertEqual(self.path.read_bytes(), b"h0.test\n")
        self.assertEqual(self.lab.page("totals")["requests"], 0)

    def test_an_output_that_is_the_list(self):
        self.path = self.file("list", b"h0.test\n")
        link = self.directory / "link"
        link.symlink_to(self.path)
        other = self.file("other", b"h1.test\n")
        self.check("-i", self.path, "-o", self.path)
        self.check("-i", other, "-i", self.path, "-o", link)
        with self.path.open() as file:
            self.check("-o", self.path, stdin=file)
        with self.path.open() as file:
            self.check("-i", "-", "-o", self.path, "h2.test", stdin=file)

    def test_an_output_that_is_another_file_to_read(self):
        path = self.file("secret", b"a:b\n")
        link = self.directory / "link"
        link.symlink_to(path)
        for option in (["-u", f"@{path}"], ["-H", f"@{link}"],
                ["--cacert", link]):
            for args in (["-o", path, *option], [*option, "-o", path]):
                run = afetch("a.test", args)
                self.assertEqual(run.code, 2)
                self.assertEqual(path.read_bytes(), b"a:b\n")
                if option[0] != "--cacert":
                    self.assertIn(b"the same file as the input", run.err)

    def test_stdin_that_is_not_read(self):
        self.path = self.file("list", b"h0.test\n")
        with self.path.open() as file:
            run = afetch("-qs", "h1.test", "-o", self.path,
                self.lab.options(), stdin=file)
        self.assertEqual((run.code, self.path.read_bytes()), (0, b""))


class Broken(Lists):
    def test_row_73_nul(self):
        run = self.run_bytes(b"h0.test\nh1\0.test\n\0\nh2.test\0\nh3.test\n")
        self.assertEqual(run.code, 1)
        self.assertEqual([r["status"] for r in run.records],
            [200, None, None, None, 200])
        for record in run.records[1:4]:
            self.check_error(record, "BAD_TARGET", "input",
                f":{record['index'] + 1}: ")
        self.assertEqual([r["input"] for r in run.records[1:4]],
            ["h1\0.test", "\0", "h2.test\0"])
        run = afetch("-i", "-", stdin=b"h1\0.test\n")
        self.assertEqual(run.failures(), {r"h1\x00.test":
            "input: -:1: control character in the target"})
        run = afetch("-i", "-", "--json", stdin=b"h1\0.test\n")
        rows = afetch("--summarize", "--summary=hosts", stdin=run.out)
        for table in (run.err, rows.out):
            self.assertIn(b"\nh1\\x00.test  ", table)

    def test_row_73_endless_line(self):
        data = b"h0.test\n" + b"a" * (10 * MB) + b"\nh1.test\n"
        run = self.run_bytes(data)
        self.assertEqual(run.code, 1)
        self.assertEqual([r["status"] for r in run.records],
            [200, None, 200])
        self.check_error(
            run.records[1], "BAD_TARGET", "input", ":2: longer than 65536")
        self.assertLess(len(run.out), 100000)

    @figures
    def test_row_73_endless_line_in_little_memory(self):
        run = afetch("-sq", self.lab.options(), "-i", "-",
            stdin=b"x" * (50 * MB))
        self.assertEqual(run.code, 1)
        self.assertLess(run.rss, 16 * MB)

    def test_row_73_line_at_the_limit(self):
        path = b"/" + b"p" * (65536 - len("h0.test/"))
        with Server(b"HTTP/1.0 200 OK\r\n\r\n") as server:
            run = self.run_bytes(
                b"h0.test" + path + b"\nh0.test" + path + b"p\n",
                server.route("h0.test"))
        self.assertEqual({head.split(b" ")[1] for head in server.requests()},
            {path})
        self.assertEqual([r["status"] for r in run.records], [200, None])
        self.assertIn(":2: ", run.records[1]["error"]["message"])

    def test_row_73_binary_file(self):
        data = random.Random(73).randbytes(60000)
        run = self.run_bytes(b"h0.test\n" + data + b"\nh1.test\n",
            "--max-time", "2")
        self.assertEqual(run.code, 1)
        records = run.records
        self.assertEqual((records[0]["status"], records[-1]["status"]),
            (200, 200))
        self.assertEqual(
            [r["index"] for r in records], list(range(len(records))))
        for record in records[1:-1]:
            self.check_error(record, "BAD_TARGET", "input")

    def check_not_opened(self, name, why):
        """Exit 2, and nothing at all was done."""
        good = self.file("good", b"h0.test\n")
        for files in (["-i", good, "-i", name], ["-i", name, "-i", good],
                ["h1.test", "-i", name]):
            run = afetch(files, self.lab.options(dns=True))
            self.assertEqual((run.code, run.out), (2, b""))
            self.assertEqual(run.err, b"afetch: cannot read %s: %s\n" %
                (str(name).encode(), why))
        totals = self.lab.page("totals")
        self.assertEqual((totals["accepted"], totals["a"]), (0, 0))

    def test_row_73_missing(self):
        self.check_not_opened(self.directory / "nonesuch",
            b"No such file or directory")

    def test_row_73_directory(self):
        self.check_not_opened(self.directory, b"Is a directory")

    def test_row_73_unreadable(self):
        path = self.file("closed", b"h0.test\n")
        path.chmod(0)
        if os.geteuid() != 0:  # root may read it
            self.check_not_opened(path, b"Permission denied")
        path = self.directory / "socket"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
        self.check_not_opened(path, b"No such device or address")

    def test_row_73_stdin_is_a_directory(self):
        directory = os.open(self.directory, os.O_RDONLY)
        self.addCleanup(os.close, directory)
        run = afetch("-i", "-", self.lab.options(), stdin=directory)
        self.assertEqual((run.code, run.out), (2, b""))
        self.assertEqual(run.err, b"afetch: cannot read -: Is a directory\n")

    def test_row_73_fifo(self):
        path = self.directory / "fifo"
        os.mkfifo(path)

        def write():
            with open(path, "wb") as fifo:
                fifo.write(target_list(HOSTS[:2]))
                fifo.flush()
                time.sleep(0.1)
                fifo.write(target_list(HOSTS[2:]))

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        run = afetch("--json", "-j", "1", "-i", path, self.lab.options())
        writer.join()
        self.assertEqual((run.code, self.inputs(run)), (0, HOSTS))

    def test_row_73_fifo_whose_writer_comes_late(self):
        path = self.directory / "fifo"
        os.mkfifo(path)
        run = Afetch("--json", "-j", "1", "h9.test", "-i", path,
            self.lab.options())
        # Arguments come first, and do not wait for the list.
        run.until(lambda run: b'"input":"h9.test"' in run.out)
        with open(path, "wb") as fifo:
            fifo.write(target_list(HOSTS))
        ended = run.finish()
        self.assertEqual(
            (ended.code, self.inputs(ended)), (0, ["h9.test", *HOSTS]))

    def test_row_73_several_of_them(self):
        """Good lists are done whatever stands in the others."""
        files = [self.file("a", b"h0.test\nh1.test"), "/dev/null",
            self.file("b", b"\0\n" * 3), self.file("c", b"h2.test")]
        run = afetch("--json", "-j", "1", [("-i", f) for f in files],
            self.lab.options())
        self.assertEqual(run.code, 1)
        self.assertEqual([r["input"] for r in run.records if r["status"]],
            ["h0.test", "h1.test", "h2.test"])
        self.assertEqual([r["index"] for r in run.records], list(range(6)))


class Long(Lists):
    timeout = 180

    def refused(self, count):
        """A run of so many targets whose port is closed."""
        return afetch("-s", "--json", "-i", "-", limit=170,
            stdin=f"127.0.0.1:{free_port()}\n".encode() * count)

    def check_refused(self, run, count):
        self.assertEqual(run.code, 1)
        summary = run.out[run.out.rindex(b"\n", 0, -1) + 1:]
        self.assertIn(b'"targets":%d,"ok":0,"failed":%d,"not_begun":0,'
            b'"errors":{"REFUSED":%d}' % ((count,) * 3), summary)
        self.assertEqual(run.out.count(b"\n"), count + 1)
        # Each index once: they end about in order, but only about.
        indexes = sorted(int(line[line.index(b'"index":') + 8:
            line.index(b',"input"')]) for line in run.lines[:-1])
        self.assertEqual(indexes, list(range(count)))

    @figures
    def test_row_74_memory_does_not_grow_with_the_list(self):
        short = self.refused(10000)
        long = self.refused(200000)
        self.check_refused(short, 10000)
        self.check_refused(long, 200000)
        self.assertLess(long.rss, 1.1 * short.rss + 200 * 1024)
        self.assertLess(long.rss, 16 * MB)

    def test_row_74_starts_at_once(self):
        """A list on a pipe that stays open."""
        theirs, ours = os.pipe()
        self.addCleanup(os.close, theirs)
        run = Afetch("-s", self.lab.options(), stdin=theirs)
        for host in HOSTS:
            os.write(ours, host.encode() + b"\n")
            seen = f"{host} header > X-Token: {host}\n".encode()
            run.until(lambda run: seen in run.out, limit=0.5)
        # A line is a line when its LF comes.
        os.write(ours, b"last")
        run.step(0.05)
        self.assertNotIn(b"last", run.out)
        os.write(ours, b".test")
        os.close(ours)
        ended = run.finish()
        self.assertEqual(ended.code, 0)
        self.assertEqual(ended.of("last.test")[-1], b"X-Token: last.test")

    def test_row_75_equal_targets(self):
        run = self.run_bytes(target_list(["h0.test"] * 3))
        self.assertEqual(self.inputs(run), ["h0.test"] * 3)
        self.assertEqual([r["index"] for r in run.records], [0, 1, 2])
        self.assertEqual(self.lab.page("name/h0.test")["requests"], 2 * 3)
        self.assertEqual(run.summary["targets"], 3)

    def test_row_76_empty_lists(self):
        for data in (b"", b"\n", b"# nothing\n\n", b"\xef\xbb\xbf",
                b"\xef\xbb\xbf\r\n", b" \t \n#"):
            path = self.file("empty", data)
            for options in ([], ["--json"], ["--summary", "hosts"]):
                for run in (afetch("-i", path, options),
                        afetch(options, stdin=data)):
                    self.assertEqual(
                        (run.code, run.out, run.err), (0, b"", b""), data)

    def test_row_76_dev_null(self):
        run = afetch("-i", "/dev/null", "-i", "/dev/null")
        self.assertEqual((run.code, run.out, run.err), (0, b"", b""))


if __name__ == "__main__":
    unittest.main()
