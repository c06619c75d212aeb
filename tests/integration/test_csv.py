"""What is promised of --csv and --tsv, as another program reads them."""

import csv
import json
import sqlite3
import tempfile
import unittest
from pathlib import Path

from harness import Case, Server, afetch

fast = True

COLUMNS = ["input", "status", "error", "remote_ip", "http_version", "hops",
    "time.total"]
# Hosts, and what is no target; the last but one has bytes that are no UTF-8.
INPUTS = [b"a.test", b"b.test:81", b'no"host,', b"=1+2", b"a\r\nb",
    b"x\\y", b"\xff..", b"-1..2"]


def cells(run):
    text = run.out.decode("utf-8", "surrogateescape")
    return list(csv.reader(text.split("\r\n")[:-1]))


class Table(Case):
    def both(self, *args, inputs=()):
        """The same run as CSV and as records."""
        with Server(b"HTTP/1.1 204 No\r\nX: y\r\n\r\n") as server:
            return [afetch(form, *args, server.route(), "--", *inputs)
                for form in ("--csv", "--json")]

    def test_as_the_records(self):
        """Python's reader finds what the records say, row by row."""
        table, records = self.both("-s", "--serial", inputs=INPUTS)
        text = table.out.decode("utf-8", "surrogateescape")
        rows = list(csv.DictReader(text.splitlines(keepends=True)))
        self.assertEqual(table.code, 1)
        self.assertEqual(table.err, b"")
        self.assertEqual([row["input"].encode("utf-8", "surrogateescape")
            for row in rows], INPUTS)
        for row, record in zip(rows, records.records, strict=True):
            self.assertEqual(list(row), COLUMNS)
            self.assertEqual(row["status"], str(record["status"] or ""))
            self.assertEqual(row["error"],
                record["error"]["code"] if record["error"] else "")
            self.assertEqual(row["remote_ip"], record["remote_ip"] or "")
            self.assertEqual(row["http_version"], record["http_version"] or "")
            self.assertEqual(row["hops"], str(record["attempts"]))
            self.assertEqual(row["time.total"] == "",
                record["timings_ms"]["total"] is None)

    def test_line_ends(self):
        table, _ = self.both("-s", "a.test", "b.test")
        lines = table.out.split(b"\r\n")
        self.assertEqual(lines[0].decode(), ",".join(COLUMNS))
        self.assertEqual(len(lines), 4)
        self.assertEqual(lines[3], b"")
        self.assertNotIn(b"\n", b"".join(lines))

    def test_seconds(self):
        def serve(peer):
            peer.request()
            peer.pause(0.5)
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        with Server(serve) as server:
            run = afetch("--csv", "-s", "a.test", server.route())
        seconds = cells(run)[1][6]
        self.assertRegex(seconds, r"^[0-9]+\.[0-9]{6}$")
        self.assertGreater(float(seconds), 0.49)
        self.assertLess(float(seconds), 10)

    def test_hops(self):
        def serve(peer):
            path = peer.request().split(b" ")[1]
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n" if path == b"/b" else
                b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n")
        with Server(serve) as server:
            run = afetch("--csv", "-s", "-L", "a.test", server.route())
        self.assertEqual(cells(run)[1][1], "200")
        self.assertEqual(cells(run)[1][5], "2")

    def test_a_heading_always(self):
        run = afetch("--csv", "-i", "/dev/null")
        self.assertEqual(run.out.decode(), ",".join(COLUMNS) + "\r\n")
        run = afetch("--tsv", "-i", "/dev/null")
        self.assertEqual(run.out.decode(), "\t".join(COLUMNS) + "\n")

    def test_tsv_is_a_row_a_line(self):
        with Server(b"HTTP/1.1 204 No\r\n\r\n") as server:
            run = afetch("--tsv", "-s", "--serial", server.route(),
                "--", *INPUTS)
        self.assertEqual(len(run.lines), 1 + len(INPUTS))
        names = []
        for line in run.lines:
            self.assertEqual(line.count(b"\t"), len(COLUMNS) - 1)
            self.assertNotIn(b"\r", line)
            names.append(line.split(b"\t")[0])
        self.assertEqual(names, [b"input", b"a.test", b"b.test:81",
            b'no"host,', b"=1+2", b"a\\r\\nb", b"x\\\\y", b"\xff..",
            b"-1..2"])

    def test_summary_stays_on_stderr(self):
        table, records = self.both("a.test")
        self.assertIn(b"1 target: 1 ok", table.err)
        self.assertNotIn(b" header > ", table.out)
        self.assertEqual(len(table.lines), 2)
        self.assertEqual(len(records.lines), 2)

    def test_into_a_database(self):
        """sqlite3's own types: an empty cell is no number."""
        table, _ = self.both("-s", "a.test", "=1")
        base = sqlite3.connect(":memory:")
        base.execute("CREATE TABLE t (input TEXT, status INT, seconds REAL)")
        base.executemany("INSERT INTO t VALUES (?, nullif(?, ''), ?)",
            [(row[0], row[1], row[6]) for row in cells(table)[1:]])
        self.assertEqual(base.execute(
            "SELECT count(*), sum(status), min(seconds) > 0 FROM t"
            " WHERE status IS NOT NULL").fetchall(), [(1, 204, 1)])
        base.close()

    def test_one_has_stdout(self):
        for forms in (("--csv", "--json"), ("--tsv", "--json"),
                ("--tsv", "--csv")):
            run = afetch(*forms, "127.0.0.1:1")
            self.assertEqual((run.code, run.out), (2, b""))
            for form in forms:
                self.assertIn(form.encode(), run.err)
            self.assertIn(b"cannot both be written to stdout", run.err)

    def test_refused_before_the_file_is_emptied(self):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "out")
            path.write_text("old\n")
            run = afetch("--csv", "--json", "-o", path, "127.0.0.1:1")
            self.assertEqual(run.code, 2)
            self.assertEqual(path.read_text(), "old\n")

    def test_no_sum(self):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "run.jsonl")
            path.write_text(json.dumps({}))
            run = afetch("--summarize", "--csv", path)
        self.assertEqual((run.code, run.out), (2, b""))
        self.assertIn(b"--csv cannot be used with --summarize", run.err)

    def test_full_disk(self):
        run = afetch("--csv", "-s", "-o", "/dev/full", "-i", "/dev/null")
        self.assertEqual(run.code, 3)
        self.assertIn(b"cannot write /dev/full", run.err)


if __name__ == "__main__":
    unittest.main()
