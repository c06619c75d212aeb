"""The commands of docs/loading.md, on records of strange headers: those whose
reader is small.  scripts/zoo reports has the others."""

import csv
import datetime
import io
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import Case, ROOT, SLOWER, Server, afetch

fast = True

SERVER = 'é "q\\",\t😀 </b>'
HEADS = {
    "a.test": b"HTTP/1.1 200 OK\r\nsErVer: %s\r\nX: \xff\r\n\r\n"
        % SERVER.encode(),
    "b.test": b"HTTP/1.1 404 No\r\nServer: plain\r\nServer: twice\r\n\r\n",
    "c.test": b"no HTTP",
}


def recipe(name):
    """The first block below the heading."""
    text = (ROOT / "docs/loading.md").read_text()
    return re.search(rf"^## {name}\n.*?^```sh\n(.*?)^```$", text,
        re.MULTILINE | re.DOTALL).group(1)


class Loading(Case):
    def run_recipe(self, name, **environment):
        with tempfile.TemporaryDirectory() as folder, Server(HEADS) as server:
            run = afetch("--json", "-s", "-o", Path(folder) / "records.jsonl",
                server.route(), "a.test", "b.test", "c.test", "a..b")
            self.assertEqual(run.code, 1)
            run = subprocess.run(["sh", "-ec", recipe(name)], cwd=folder,
                env={**os.environ, **environment}, capture_output=True, timeout=20 * SLOWER, check=False)
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        return run.stdout.decode()

    def test_sqlite3(self):
        self.assertEqual(sorted(self.run_recipe("sqlite3").splitlines()),
            sorted([f"{SERVER}|1", "plain|1", "twice|1"]))

    def test_miller(self):
        rows = list(csv.reader(io.StringIO(self.run_recipe("Miller"))))
        self.assertEqual(rows[0], ["input", "status", "server"])
        self.assertEqual(sorted(rows[1:]), sorted([["a.test", "200", SERVER],
            ["b.test", "404", "plain"], ["b.test", "404", "twice"]]))

    def test_loki(self):
        """As its push API wants it: labels, and pairs of texts in order."""
        def take(peer):
            head, _, body = peer.request().partition(b"\r\n\r\n")
            size = int(re.search(rb"Content-Length: (\d+)", head)[1])
            while len(body) < size:
                body += peer.sock.recv(4096)
            pushed.append((head, json.loads(body)))
            peer.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        pushed = []
        with Server(take) as loki:
            self.run_recipe("Loki and Vector",
                LOKI=f"http://127.0.0.1:{loki.port}", no_proxy="*")
        [(head, body)] = pushed
        self.assertTrue(head.startswith(b"POST /loki/api/v1/push HTTP/1.1"))
        [stream] = body["streams"]
        self.assertEqual(stream["stream"], {"job": "afetch"})
        records = {}
        for time, line in stream["values"]:
            record = json.loads(line)
            records[record["input"]] = record
            moment = datetime.datetime.fromisoformat(record["started_at"][:-1])
            self.assertEqual(int(time), round(moment.replace(
                tzinfo=datetime.timezone.utc).timestamp() * 1000) * 1000000)
        self.assertEqual(set(records), {"a.test", "b.test", "c.test"})
        self.assertIn(["sErVer", SERVER], records["a.test"]["headers"])
        times = [int(time) for time, _ in stream["values"]]
        self.assertEqual(times, sorted(times))


if __name__ == "__main__":
    unittest.main()
