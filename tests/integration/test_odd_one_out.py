"""What is promised of --odd-one-out."""

import tempfile
import unittest
from pathlib import Path

from harness import Case, Server, afetch

fast = True


def head(*lines, status="200 OK"):
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


class OddOneOut(Case):
    def fetch(self, answers, *args):
        with Server(answers) as server:
            return afetch(list(answers), "-q", "-j", "1", "--summary", "none",
                "--odd-one-out", server.route(), args)

    def test_one_of_200(self):
        answers = {f"h{i}.test": head("Server: a", f"Date: {i}")
            for i in range(200)}
        answers["h77.test"] = head("Server: \x1b", "Date: 1")
        run = self.fetch(answers)
        self.assertEqual((run.code, run.err.decode().splitlines()), (4, [
            "199 alike: h0.test, h1.test, h2.test, h3.test, h4.test, ...: "
            "status 200",
            '1 differs: h77.test: server "a" -> "\\x1b"']))

    def test_summary_record(self):
        answers = {f"h{i}.test": head("Server: a") for i in range(7)}
        answers["h3.test"] = head("Server: \x1b", status="503 No")
        with Server(answers) as server:
            args = [list(answers), "-j", "1", "--json", server.route()]
            plain = afetch(args)
            run = afetch(args, "--odd-one-out")
            bare = afetch(args, "--odd-one-out", "--no-summary-record")
        self.assertIsNone(plain.summary["groups"])
        self.assertEqual(run.summary["groups"], [
            {"targets": 6, "status": "200", "changes": [],
                "inputs": [f"h{i}.test" for i in (0, 1, 2, 4, 5)]},
            {"targets": 1, "status": "503", "inputs": ["h3.test"],
                "changes": [{"what": "status", "from": "200", "to": "503"},
                    {"what": "server", "from": "a", "to": "\x1b"}]}])
        self.assertEqual(len(bare.out.splitlines()), 7)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "run.jsonl")
            for out, code in (run.out, 4), (plain.out, 0):
                file.write_bytes(out)
                self.assertEqual(afetch("--summarize", file).code, code)
            file.write_bytes(run.out)
            self.assertEqual(
                afetch("--check", "--expect", "status", file).code, 4)

    def test_alike(self):
        run = self.fetch({"a.test": head("A: 1"), "b.test": head("a: 1")})
        self.assertEqual((run.code, run.err),
            (0, b"2 alike: a.test, b.test: status 200\n"))

    def test_no_two_alike(self):
        run = self.fetch({"a.test": head("A: 1"), "b.test": head("a: 2")})
        self.assertEqual((run.code, run.err), (4, b"1 target: a.test: status "
            b'200\n1 differs: b.test: a "1" -> "2"\n'))

    def test_masks(self):
        answers = {"a.test": head("A: 1", "Age: 1"),
            "b.test": head("A: 2", "Age: 2")}
        self.assertEqual(self.fetch(answers, "--ignore", "a").code, 0)
        run = self.fetch(answers, "--ignore", "a", "--ignore-none")
        self.assertEqual(run.code, 4)
        self.assertIn(b'1 differs: b.test: age "1" -> "2"', run.err)

    def test_learn(self):
        """What differs by itself of one target is compared of none."""
        count = 0
        def volatile(peer):
            nonlocal count
            count += 1
            peer.request()
            peer.send(head(f"ETag: {count}", "Server: a"))
        answers = {f"h{i}.test": head(f"ETag: s{i}", "Server: a")
            for i in range(9)}
        answers["h5.test"] = volatile
        answers["h7.test"] = head("ETag: s7", "Server: b")
        self.assertEqual(len(self.fetch(answers).err.splitlines()), 9)
        run = self.fetch(answers, "--learn")
        self.assertEqual((run.code, run.err.decode().splitlines()), (4, [
            "afetch: not compared, since it differs between two fetches: "
            "etag",
            "8 alike: h0.test, h1.test, h2.test, h3.test, h4.test, ...: "
            "status 200",
            '1 differs: h7.test: server "a" -> "b"']))

    def test_too_many_and_failed(self):
        answers = {f"h{i}.test": head(f"A: {i}") for i in range(103)}
        run = self.fetch(answers)
        self.assertEqual(run.code, 4)
        self.assertEqual(len(run.err.splitlines()), 101)
        self.assertTrue(run.err.endswith(b"\n3 more in too many groups\n"))
        run = self.fetch({"a.test": head(), "b.test": head(), "c.test": b""})
        self.assertEqual(run.code, 1)
        self.assertIn(b"1 differs: c.test: status 200 -> EMPTY_REPLY", run.err)


if __name__ == "__main__":
    unittest.main()
