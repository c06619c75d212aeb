"""scripts/bench: it runs, and quotes nobody who did not do the work."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import harness
import namespace

sys.path.insert(0, str(harness.ROOT / "tests/bench"))

import measure  # noqa: E402
from job import Job  # noqa: E402
from peers import Peer  # noqa: E402

TEXT = b"""a.test header > HTTP/1.1 200 OK
a.test header > Server: HTTP/1.1 200 OK
HTTP/1.0 200 OK
b.test header > HTTP/1.1 2001 Odd
c.test: dns: no such name
"""
RECORDS = b"""{"type":"result","index":0,"status":200,"error":null}
{"type":"result","index":1,"status":null,"error":{}}
{"type":"summary","ok":1,"status":200,}
"""
ROWS = b"""input,status,error\r
a.test,200,\r
b.test,,NXDOMAIN\r
c.test,404,,200,\r
"""


class Counting(unittest.TestCase):

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.tmp = pathlib.Path(directory.name)

    def test_status_lines_and_records_count(self):
        for data, wanted in [(TEXT, 2), (RECORDS, 1), (ROWS, 1),
                (b"", 0)]:
            (self.tmp / "out").write_bytes(data)
            self.assertEqual(measure.fetched(self.tmp / "out"), wanted)

    def test_who_misses_a_host_has_no_figure(self):
        def says(count):
            text = "HTTP/1.1 200 OK\n" * count
            return Peer(f"says {count}", lambda job: ["printf", text])
        job = Job(self.tmp, ["a.test", "b.test"], 2)
        rounds = measure.Rounds(
            [(p.name, p, job) for p in (says(2), says(1))], 1)
        self.assertEqual(rounds.good(), ["says 2"])
        self.assertEqual(rounds.failed, {"says 1": "fetched 1 of 2"})
        self.assertIsNone(rounds.ratio("says 2", "says 1"))


@unittest.skipIf(namespace.why_not(), namespace.why_not())
class Running(unittest.TestCase):
    labels = ("figures",)
    timeout = 120

    def bench(self, *args):
        """What it has measured."""
        with tempfile.NamedTemporaryFile() as file:
            subprocess.run(
                [harness.ROOT / "scripts/bench", *args, "--rounds", "1",
                 "--json", file.name],
                check=True, stdout=subprocess.DEVNULL,
                env={**os.environ, "http_proxy": "http://127.0.0.1:1",
                     "AFETCH_BUILD": str(pathlib.Path(harness.LAB).parent)})
            return json.load(file)

    def test_tls(self):
        for version in self.bench("tls", "--quick")["tls"]:
            self.assertEqual(version["failed"], {})
            [figures] = version["rounds"]
            self.assertEqual([seen["fetched"] for seen in figures.values()],
                [version["hosts"]] * 2)

    def test_chains(self):
        points = self.bench("chains", "--quick", "--only",
            "epoll + OpenSSL,afetch")["chains"]
        self.assertEqual([(p["kind"], p["leaves"]) for p in points],
            [(kind, leaves) for kind in "RE" for leaves in ("own", "one")])
        for point in points:
            self.assertEqual(point["failed"], {})
            [figures] = point["rounds"]
            self.assertEqual([seen["fetched"] for seen in figures.values()],
                [point["hosts"]] * 2)

    def test_peers_at_a_point(self):
        results = self.bench("peers", "--only", "epoll,afetch", "--point",
            "300,64,http")
        [point] = results["peers"]
        self.assertEqual(point["failed"], {})
        [figures] = point["rounds"]
        self.assertEqual(set(figures), {"epoll", "afetch"})
        for name, seen in figures.items():
            self.assertEqual(seen["fetched"], 300, name)
            self.assertGreater(seen["cpu"], 0, name)
            self.assertGreater(point["peaks"][name], 0, name)
        self.assertEqual({v["holds"] for v in results["verdicts"]}, {None})


if __name__ == "__main__":
    unittest.main()
