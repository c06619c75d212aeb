"""What is promised of --plan: what a run would do, and nothing is sent."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import AFETCH, Case, Server, afetch, figures, target_list

fast = True

RULES = b"""HSTS-1: hsts.max-age >= 180d -- half a year
warn
on *.b.test
x-b
on c.test/x*
status == 404
on *
use cookies
except b.test HSTS-1 until 2099-01-01 "ticket"
"""


class Plan(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_bytes(text)
        return path

    def plan(self, *args, code=0, **how):
        run = afetch("--plan", *args, **how)
        self.assertEqual(run.code, code, run.err)
        return run.out.decode("utf-8", "replace").splitlines()

    def section(self, lines, title):
        at = [i for i, line in enumerate(lines) if line.startswith(title)][0]
        found = []
        for line in lines[at + 1:]:
            if not line.startswith("  "):
                break
            found.append(line.strip())
        return lines[at], found

    def test_targets(self):
        hosts = self.write("hosts", b"# x\na.test\nb.test 192.0.2.1\n"
            b"https://c.test/x\n192.0.2.7\na..b\n\x1b[2J\xff\n")
        lines = self.plan("-i", hosts, "q..q")
        title, found = self.section(lines, "targets:")
        self.assertEqual(title, "targets: 7")
        self.assertEqual(found[:4], ["http: 3", "https: 1",
            "addresses, without DNS: 2", "bad: 3"])
        self.assertEqual(found[4], "argument 1: empty label in host name: q..q")
        self.assertEqual(
            found[5], f"{hosts}:6: empty label in host name: a..b")
        self.assertTrue(found[6].startswith(f"{hosts}:7: "), found[6])
        self.assertTrue(found[6].endswith(": \\x1b[2J\ufffd"), found[6])

    def test_many_bad_lines(self):
        lines = self.plan("-i", "-", stdin=b"a..b\n" * 25 + b"a.test\n")
        _, found = self.section(lines, "targets:")
        self.assertEqual(found[3], "bad: 25")
        self.assertEqual(len(found), 4 + 10 + 1)
        self.assertEqual(found[-1], "and 15 more")

    def test_rules(self):
        rules = self.write("rules", RULES)
        lines = self.plan("c.test/y", "b.test", "--rules", rules, "--expect",
            "status", "-f")
        title, found = self.section(lines, "rules:")
        self.assertEqual(found[:5], ["status < 400 (command line)",
            "status (command line)",
            f"HSTS-1: hsts.max-age >= 180d ({rules}:1)",
            f"x-b ({rules}:4, on *.b.test, warns, for no target)",
            f"status == 404 ({rules}:6, on c.test/x*, for no target)"])
        self.assertTrue(found[5].endswith(f" ({rules}:8: use cookies)"), found)
        self.assertEqual(found[-1], "except b.test HSTS-1 until 2099-01-01 "
            f'"ticket" ({rules}:9)')
        self.assertEqual(title, f"rules: {len(found)}")
        lines = self.plan("c.test/xyz", "--rules", rules)
        _, found = self.section(lines, "rules:")
        self.assertIn(f"status == 404 ({rules}:6, on c.test/x*)", found)

    def test_json(self):
        """One record, which the schema is held against when it is parsed."""
        hosts = self.write("hosts", b"# x\nb.test 192.0.2.1\n\xff\n")
        plan, = map(json.loads, self.plan("--json", "a.test", "-i", hosts, "-u",
            "me:secret", "-H", "X: \xff", "--expect", "hsts", "-x",
            "http://p.test"))
        self.assertEqual([plan[n] for n in ("type", "targets", "http", "bad",
            "without_dns", "resume")], ["plan", 3, 2, 1, 1, None])
        self.assertEqual(plan["bad_lines"][0]["input"], "\xff")
        self.assertEqual(plan["bad_lines"][0]["line"], 3)
        self.assertEqual(plan["rules"][0]["expr"], "hsts")
        self.assertEqual(plan["request"]["proxy"], "http://p.test:1080")
        self.assertIn("Authorization: ***", plan["request"]["lines"])
        self.assertEqual(plan["limits"]["concurrency"], "256")

    def test_limits(self):
        lines = self.plan("a.test", "-j", "20", "--rate", "4/s", "-m", "2.5",
            "--deadline", "60", "--retry", "2", "-L", "--max-redirs", "3",
            "--shard", "1/1", "--per-address", "7")
        _, found = self.section(lines, "limits:")
        self.assertEqual(found, ["concurrency: 20", "per address: 7",
            "between two starts: 0.25 s", "for a target: 2.5 s",
            "to connect: 5 s", "for the run: 60 s", "retries: 2",
            "redirects: 3", "size of a head: 262144 bytes", "shard: 1/1"])
        done = subprocess.run(["sh", "-c",
            f"ulimit -n 64; {AFETCH} --plan -s a.test -j 500"],
            capture_output=True, check=True)
        told = re.search(rb"  concurrency: ([0-9]+)\n", done.stdout)
        self.assertLess(int(told[1]), 64)

    def test_estimate(self):
        lines = self.plan("a.test", "https://b.test/long", "192.0.2.1", "a..b",
            "--rate", "1/s", "-m", "3", "-j", "2")
        _, found = self.section(lines, "estimate:")
        self.assertEqual(found[0], "requests: 3")
        head = b"GET / HTTP/1.0\r\nHost: a.test\r\n"
        one, = [line for line in self.section(self.plan("a.test"),
            "estimate:")[1] if line.startswith("bytes of requests")]
        size = int(one.split()[-1])
        self.assertGreater(size, len(head))
        self.assertEqual(found[1], f"bytes of requests: "
            f"{3 * size + len('long') + len('192.0.2.1') - len('a.test')}")
        self.assertEqual(found[2:4], ["at least: 2.0 s, by the rate",
            "at most: 6.0 s, if no target answers"])
        self.assertRegex(found[4], "^memory: about 1[0-9] MiB$")
        self.assertRegex(found[5],
            r"^open files: at most [0-9]+ \(RLIMIT_NOFILE\)$")
        for args in ["--per-address", "1"], ["--all-addresses"]:
            _, found = self.section(self.plan("a.test", args), "estimate:")
            self.assertFalse([line for line in found if "at most" in line
                and "answers" in line])
        _, found = self.section(self.plan("a.test", "--per-address", "1",
            "--deadline", "5"), "estimate:")
        self.assertIn("at most: 5.0 s, if no target answers", found)

    @figures
    def test_memory(self):
        """Within half and twice of what is told."""
        for scheme, word in ("http", "silent"), ("https", "ttfb-900"):
            names = [f"{scheme}://{word}.h{n}.test" for n in range(400)]
            args = ["-i", "-", "-j", "400", "-m", "1.5", "-q", "-s", "-k",
                "--dns-servers", self.lab.dns, "--connect-to",
                f"::127.0.0.1:{getattr(self.lab, scheme)}"]
            _, found = self.section(
                self.plan(args, stdin=target_list(names)), "estimate:")
            told, = [int(line.split()[-2]) for line in found
                if line.startswith("memory")]
            run = afetch(args, stdin=target_list(names))
            self.assertLess(told / 2, run.rss / 2**20, scheme)
            self.assertGreater(told * 2, run.rss / 2**20, scheme)

    def test_resume(self):
        hosts = self.write("hosts", b"a.test\nreset.b.test\nc.test\nd.test\n")
        run = afetch("--json", "-i", hosts, self.lab.options())
        lines = run.out.splitlines(keepends=True)
        kept = b"".join(line for line in lines[:-1] if b'"d.test"' not in line)
        records = self.write("run.jsonl", kept + b'{"half')
        args = ["-i", hosts, "--resume", records]
        for more, targets, found in (
                ([], 1, ["already done, not among the targets: 3",
                    "to be fetched again: 0"]),
                (["--only-failed"], 2, ["already done, not among the targets: "
                    "2", "to be fetched again: 1"])):
            lines = self.plan(args, more)
            self.assertEqual(lines[0], f"targets: {targets}")
            self.assertEqual(self.section(lines, "resume:")[1], found)
        plan = json.loads(self.plan(args, "--json", "-o", records)[0])
        self.assertEqual((plan["targets"], plan["resume"]),
            (1, {"done": 3, "again": 0}))
        self.assertEqual(records.read_bytes(), kept + b'{"half')
        new = self.folder / "new"
        lines = self.plan("-i", hosts, "--json", "-o", new, "--resume", new)
        self.assertEqual(json.loads(lines[0])["resume"],
            {"done": 0, "again": 0})
        self.assertFalse(new.exists())

    def test_the_request(self):
        """Byte by byte the one that a run sends."""
        with Server({"a.test": b"HTTP/1.1 200 OK\r\n\r\n"}) as server:
            for args in ([], ["--http1.1", "-I", "-A", "me"],
                    ["-H", "X-A: b", "-H", "Accept:"],
                    ["-x", f"127.0.0.1:{server.port}"]):
                args = ["http://a.test:8080/x?y", *args]
                if "-x" not in args:
                    args.append(server.route())
                sent = self.sent(server, args)
                lines = self.plan(args)
                at = [i for i, line in enumerate(lines)
                    if line.startswith("request to http://a.test:8080/x?y")][0]
                self.assertEqual(b"".join(
                    line[2:].encode() + b"\r\n" for line in lines[at + 1:]) + b"\r\n", sent)

    def sent(self, server, args):
        before = len(server.peers)
        afetch("-q", "-s", args)
        return server.requests()[before]

    def test_no_credentials(self):
        args = ["-u", "me:secret", "-H", "Cookie: secret", "-x",
            "http://me:secret@p.test:1", "a.test", "http://me:secret@b.test/"]
        run = afetch("--plan", args)
        self.assertNotIn(b"secret", run.out)
        self.assertNotIn(b"c2VjcmV0", run.out)
        self.assertIn(b"  Authorization: ***\n", run.out)
        self.assertIn(b"  Cookie: ***\n", run.out)
        self.assertIn(b" through http://p.test:1", run.out)

    def test_mask(self):
        """Shown where something is compared, as --ignore has it."""
        lines = self.plan("a.test", "--odd-one-out", "--ignore", "etag,x-a")
        _, found = self.section(lines, "not compared:")
        self.assertIn("date", [name.lower() for name in found])
        self.assertEqual(found[-2:],
            ["Set-Cookie, but for the names of cookies", "etag,x-a"])
        lines = self.plan("a.test", "--odd-one-out", "--ignore-none",
            "--ignore", "via")
        self.assertEqual(self.section(lines, "not compared:")[1], ["via"])
        lines = self.plan("a.test", "--odd-one-out", "--learn")
        self.assertEqual(self.section(lines, "not compared:")[1][-1],
            "what differs between two fetches")
        self.assertNotIn("not compared:", self.plan("a.test"))

    def test_nothing(self):
        self.assertFalse([line for line in self.plan("-i", "/dev/null")
            if line.startswith("request")])

    @unittest.skipUnless(shutil.which("strace"), "no strace")
    def test_no_socket(self):
        trace = self.folder / "trace"
        done = subprocess.run(["strace", "-f", "-o", trace, "-e",
            "trace=socket,socketpair,connect,sendto,sendmsg", AFETCH, "--plan",
            "a.test", "https://b.test", "--expect", "hsts", "-i", "-"],
            input=b"c.test\n", capture_output=True, check=False,
            env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        self.assertEqual(done.returncode, 0, done.stderr)
        calls = [line for line in trace.read_text().splitlines()
            if "(" in line and "+++" not in line]
        self.assertEqual(calls, [])

    def test_wrong_usage(self):
        for args in (["a.test", "--expect", "=="], ["-i", "/none"],
                ["x", "--summarize"], ["x", "--check", "-f"],
                ["a.test", "--cacert", "/none"]):
            run = afetch("--plan", args)
            self.assertEqual((run.code, run.out), (2, b""), args)

    def test_a_file(self):
        path = self.folder / "plan"
        self.assertEqual(self.plan("a.test", "-o", path), [])
        self.assertTrue(path.read_bytes().startswith(b"targets: 1\n"))
        hosts = self.write("hosts", b"a.test\n")
        self.plan("-i", hosts, "-o", hosts, code=2)
        self.assertEqual(hosts.read_bytes(), b"a.test\n")

    def test_what_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([AFETCH, "--plan", "a.test"], stdout=full,
                stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"No space left", done.stderr)


if __name__ == "__main__":
    unittest.main()
