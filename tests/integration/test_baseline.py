"""What is promised of --baseline."""

import json
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import Case, Server, afetch, figures

fast = True


def head(*lines, status="200 OK"):
    text = "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""])
    return text.encode("latin-1")


class Baseline(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "before.jsonl"

    def fetch(self, answers, *args, hosts=None):
        with Server(answers) as server:
            return afetch(hosts or list(answers), "--summary", "total",
                "--json", server.route(), args)

    def record(self, answers, *args, hosts=None):
        run = self.fetch(answers, *args, hosts=hosts)
        self.assertEqual(run.code, 0, run.err)
        self.file.write_bytes(run.out)
        return run

    def compare(self, answers, *args, hosts=None):
        return self.fetch(
            answers, "--baseline", self.file, *args, hosts=hosts)

    def told(self, run):
        return [line for line in run.err.decode().splitlines()
            if " since baseline" in line
            and not line.startswith("since")]

    def test_unchanged(self):
        odd = head("X-Odd: \xff\xe9a", "X-\xc3\xa9: \xc3\xa9", "X-Fold: a",
            " b", "Set-Cookie: a=1", "Set-Cookie: b=1; Path=/", "Date: x",
            "bare", "Empty:", "X-Nul: a\0b")
        self.record({"a.test": odd})
        run = self.compare({"a.test": odd.replace(b"Date: x", b"Date: y")
            .replace(b"a=1", b"a=2")})
        self.assertEqual((run.code, self.told(run)), (0, []), run.err)
        self.assertEqual(run.record("a.test")["drift"],
            {"outcome": "unchanged", "changes": []})
        self.assertEqual(run.summary["drift"],
            {"unchanged": 1, "changed": 0, "added": 0, "removed": 0})
        self.assertIn(b"since baseline: 1 unchanged, 0 changed, 0 added, "
            b"0 removed", run.err)

    def test_changed(self):
        self.record({"a.test": head("Server: a", "Gone: x", "Same: 1")})
        run = self.compare({"a.test": head("Same: 1", "server: b",
            "New: \x1b[2J", status="503 No")})
        self.assertEqual(run.code, 4)
        self.assertEqual(self.told(run), ['a.test: changed since baseline: '
            'status 200 -> 503, gone "x" -> none, new none -> "\\x1b[2J", '
            'server "a" -> "b"'])
        self.assertEqual(run.record("a.test")["drift"], {"outcome": "changed",
            "changes": [
                {"what": "status", "from": "200", "to": "503"},
                {"what": "gone", "from": "x", "to": None},
                {"what": "new", "from": None, "to": "\x1b[2J"},
                {"what": "server", "from": "a", "to": "b"}]})

    def test_added_removed_and_failed(self):
        answer = head("A: 1")
        self.record({"a.test": answer, "b.test": answer, "c.test": answer})
        run = self.compare(
            {"a.test": answer, "d.test": answer, "c.test": b""})
        self.assertEqual(run.code, 1)
        self.assertEqual(sorted(self.told(run)), [
            "b.test: removed since baseline",
            "c.test: changed since baseline: status 200 -> EMPTY_REPLY",
            "d.test: added since baseline"])
        self.assertEqual(self.told(run)[-1], "b.test: removed since baseline")
        self.assertEqual(run.summary["drift"],
            {"unchanged": 1, "changed": 1, "added": 1, "removed": 1})
        answers = {f"{name}.test": answer for name in "abcd"}
        for hosts in ["a.test"], list(answers):
            self.assertEqual(self.compare(answers, hosts=hosts).code, 4)

    def test_summed_up(self):
        """Counts and exit codes of a run, from its records; --check keeps
        what has changed."""
        answer, folder = head("A: 1"), self.file.parent
        self.record({"a.test": answer, "b.test": answer})
        for answers, code in (({"a.test": answer, "b.test": answer}, 0),
                ({"a.test": head("A: 2", "N: \x1b"), "b.test": answer}, 4),
                ({"a.test": answer, "b.test": answer, "c.test": answer}, 4),
                ({"b.test": answer}, 4)):
            run = self.compare(answers)
            (folder / "run").write_bytes(run.out)
            again = afetch("--summarize", "--json", folder / "run")
            self.assertEqual((run.code, again.code), (code, code), run.err)
            self.assertEqual(again.summary["drift"], run.summary["drift"])
            self.assertIn(b"since baseline: ",
                afetch("--summarize", folder / "run").out)
            judged = afetch("--check", "--json", "--expect", "status == 200",
                folder / "run")
            self.assertEqual(judged.code, code, judged.err)
            self.assertEqual(judged.summary["drift"], run.summary["drift"])
            for record in run.records:
                self.assertEqual(
                    judged.record(record["input"])["drift"], record["drift"])
        plain = self.record({"a.test": answer})
        self.assertIsNone(
            afetch("--summarize", "--json", self.file).summary["drift"])
        self.assertIsNone(plain.summary["drift"])
        bad = plain.out.replace(b'"drift":null',
            b'"drift":{"outcome":"odd","changes":[]}', 1)
        self.file.write_bytes(bad)
        run = afetch("--summarize", self.file)
        self.assertEqual(run.code, 3)
        self.assertIn(b":1: unknown outcome of drift", run.err)

    def test_equal_inputs_in_order(self):
        hosts = ["a.test"] * 3
        plain = [*self.record({"a.test": head("N: 0")}, hosts=hosts)
            .out.splitlines(keepends=True)]
        records = {json.loads(line).get("index", 9): line for line in plain}
        mark = lambda i: records[i].replace(b'["N","0"]', b'["N","%d"]' % i)
        # Records stand in order of arrival; what counts is the index.
        self.file.write_bytes(mark(2) + mark(0) + mark(1) + records[9])
        run = self.compare({"a.test": head("N: 1")}, hosts=hosts * 2)
        drifts = sorted((record["index"], record["drift"]["outcome"],
            [change["from"] for change in record["drift"]["changes"]])
            for record in map(json.loads, run.out.splitlines()[:-1]))
        self.assertEqual(drifts, [(0, "changed", ["0"]), (1, "unchanged", []),
            (2, "changed", ["2"]), (3, "added", []), (4, "added", []),
            (5, "added", [])])

    def test_masks(self):
        self.record({"a.test": head("Date: 1", "Set-Cookie: a=1", "ETag: 1")})
        now = {"a.test": head("Date: 2", "Set-Cookie: a=2", "ETag: 2")}
        for args, names in (
                ([], ["etag"]),
                (["--ignore", "x,ETag"], []),
                (["--ignore-none"], ["date", "etag", "set-cookie"]),
                (["--ignore-none", "--ignore", "date"],
                    ["etag", "set-cookie"])):
            run = self.compare(now, *args)
            self.assertEqual([change["what"] for change in
                run.record("a.test")["drift"]["changes"]], names)
            self.assertEqual(run.code, 4 if names else 0)

    def test_learn(self):
        """Each target is fetched twice; what differs then is no drift."""
        asked = []
        def answer(changed):
            def serve(peer):
                peer.request()
                asked.append(peer)
                peer.send(head(f"ETag: {len(asked)}", "Server: a", "Once: 1",
                    f"X: {changed}")
                    if len(asked) % 2 else head(f"ETag: {len(asked)}",
                        "Server: a", f"X: {changed}"))
            return serve
        self.record({"a.test": head("ETag: 0", "Server: a", "X: 1")})
        run = self.compare({"a.test": answer(1)}, "--learn")
        self.assertEqual((run.code, len(asked)), (0, 2), run.err)
        self.assertEqual(len(run.records), 1)
        self.assertIn(b"afetch: not compared, since it differs between two "
            b"fetches: etag, once\n", run.err)
        run = self.compare({"a.test": answer(2)}, "--learn", "-s")
        self.assertEqual((run.code, run.err), (4, b""))
        self.assertEqual([change["what"] for change in
            run.record("a.test")["drift"]["changes"]], ["x"])
        self.assertEqual(len(asked), 4)
        run = self.compare({"a.test": answer(1)})
        self.assertEqual([change["what"] for change in
            run.record("a.test")["drift"]["changes"]], ["etag", "once"])

    def test_learn_from_failures(self):
        """A second fetch that failed has shown nothing; one that failed at
        first is not fetched again."""
        asked = []
        def answer(peer):
            peer.request()
            asked.append(peer)
            if len(asked) == 1:
                peer.send(head("A: 2"))
        self.record({"a.test": head("A: 1"), "b.test": head("A: 1")})
        run = self.compare({"a.test": answer}, "--learn", hosts=["a.test"])
        self.assertEqual((run.code, len(asked)), (4, 2), run.err)
        self.assertEqual(run.record("a.test")["drift"]["changes"],
            [{"what": "a", "from": "1", "to": "2"}])
        run = self.compare({"a.test": answer}, "--learn", hosts=["a.test"])
        self.assertEqual((run.code, len(asked)), (1, 3), run.err)

    def test_learn_of_all_addresses(self):
        hosts = {"a.test": head("A: 1")}
        with Server(hosts, address="") as server:
            args = ["--all-addresses", "--json", "--resolve",
                f"a.test:{server.port}:127.0.0.1,127.0.0.9",
                f"a.test:{server.port}"]
            self.file.write_bytes(afetch(args).out)
            run = afetch(args, "--learn", "--baseline", self.file)
        self.assertEqual((run.code, run.records[0]["drift"]["outcome"]),
            (0, "unchanged"), run.err)

    def test_final_url(self):
        def to(path):
            def answer(peer):
                at = peer.request().split()[1]
                peer.send(head(f"Location: {path}", status="302 Found")
                    if at == b"/" else head())
            return answer
        with Server(to("/x")) as server:
            run = afetch("a.test", "-L", "--json", server.route())
            self.file.write_bytes(run.out)
        with Server(to("/y")) as server:
            run = afetch("a.test", "-L", "--baseline", self.file,
                server.route())
        self.assertEqual(self.told(run)[0], "a.test: changed since baseline: "
            "final URL http://a.test/x -> http://a.test/y", run.err)

    def issue(self, name):
        """A certificate of a.test by a CA of this name, which is added to
        those that are trusted; a context that has it."""
        def openssl(*words):
            subprocess.run(["openssl", *words], check=True,
                cwd=self.file.parent, capture_output=True)
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "9")
        openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem",
            "-subj", f"/CN={name}")
        openssl("req", "-x509", *key, "-keyout", "key", "-out", "cert",
            "-subj", "/CN=a.test", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-addext", "subjectAltName=DNS:a.test",
            "-addext", "basicConstraints=critical,CA:FALSE")
        folder = self.file.parent
        with open(folder / "trusted", "ab") as trusted:
            trusted.write((folder / "ca.pem").read_bytes())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert", folder / "key")
        return context

    def test_issuer(self):
        """Of a certificate by another CA; not of a new one by the same."""
        contexts = [self.issue("One CA"), self.issue("Two, and \"more\" CA")]
        contexts.append(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        contexts[2].load_cert_chain(
            self.file.parent / "cert", self.file.parent / "key")
        def serve(peer):
            peer.sock = contexts[0].wrap_socket(peer.sock, server_side=True)
            peer.request()
            peer.send(head("A: 1"))
        with Server(serve) as server:
            args = ["https://a.test", "--json", "--cacert",
                self.file.parent / "trusted", server.route()]
            for changes in [], [("CN=One CA",
                    r'CN=Two\, and \"more\" CA')], []:
                run = afetch(args, *(["--baseline", self.file]
                    if self.file.exists() else []))
                self.assertEqual(run.code, 4 if changes else 0, run.err)
                drift = run.records[0]["drift"]
                self.assertEqual(changes, [] if not drift else [
                    (change["from"], change["to"])
                    for change in drift["changes"]
                    if change["what"] == "certificate issuer"])
                self.file.write_bytes(run.out)
                contexts.pop(0)
        self.assertEqual(contexts, [])

    @figures
    def test_memory(self):
        """Of each record no more than its place in the file."""
        line = ('{"type":"result","index":%d,"input":"%d.test","status":200,'
            '"headers":[],"started_at":null,"timings_ms":{"queued":null,'
            '"dns":null,"connect":null,"tls":null,"send":null,"wait":null,'
            '"receive":null,"total":null},"tls":null,"hops":null,"error":null,'
            '"x":"' + "x" * 500 + '"}\n')
        used = []
        for count in 10, 100000:
            self.file.write_text("".join(line % (i, i) for i in range(count)) +
                '{"type":"summary","targets":%d,"not_begun":0,"concurrency":1,'
                '"signal":null,"shard":null,"listed":%d}\n' % (count, count))
            run = self.compare({"7.test": head()}, "-s")
            self.assertEqual(run.summary["drift"]["removed"], count - 1)
            used.append(run.rss)
        self.assertLess((used[1] - used[0]) / 100000, 128)

    def test_wrong_files(self):
        run = self.record({"a.test": head(), "b.test": head()})
        first, second, summary = run.out.splitlines(keepends=True)
        fetched = []
        answers = {"a.test": lambda peer: fetched.append(peer)}
        for content, what in (
                (b"", b"no records"),
                (first, b"have no summary line"),
                (first + summary, b"1 of 2 records are missing"),
                (first + second + summary[:-5], b"the last line has no end"),
                (first + b"{}\n" + second + summary, b":2: neither a result"),
                (b"x\n" * 20 + summary, b"and 10 more invalid lines")):
            self.file.write_bytes(content)
            run = self.compare(answers)
            self.assertEqual(run.code, 2, run.err)
            self.assertIn(what, run.err)
        for name in "/nowhere", "/", "/dev/null":
            run = self.fetch(answers, "--baseline", name)
            self.assertEqual(run.code, 2, run.err)
        self.assertEqual(fetched, [])

    def test_options(self):
        for args in (["--ignore", "x"], ["--ignore-none"],
                ["--learn"],
                ["--summarize", "--baseline", "x"],
                ["--versus-serial", "--baseline", "x"], ["--baseline", ""]):
            self.assertEqual(afetch("a.test", args).code, 2, args)

    def test_ten_shown(self):
        self.record({"a.test": head()})
        run = self.compare({"a.test": head(*(f"X-{i}: {'v' * 200}"
            for i in range(12)))})
        line = self.told(run)[0]
        self.assertTrue(line.endswith(", and 2 more"), line)
        self.assertLess(len(line), 1400)
        self.assertEqual(len(run.record("a.test")["drift"]["changes"]), 12)


if __name__ == "__main__":
    unittest.main()
