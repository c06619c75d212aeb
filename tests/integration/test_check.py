"""What is promised of --check: finished runs are judged as they would have
been when they ran."""

import json
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

from harness import MB, Case, Server, afetch, figures

fast = True

# Expressions of every kind, over whatever comes.
RULES = rb"""
use leaks
use owasp
use mdn
use preload
use cookies
STATUS: status == 200 -- not 200
status < 400 when not error == 'TIMEOUT'
error or server
error == 'NXDOMAIN' or error.phase == dns or error.message =~ 'reset'
not (error)
warn
x-token =~ '^[a-z]'
first: status == 200
any: status == 301 or any: status == 302
every: url =~ '^http'
every: time.wait < 10m
location.host == host when location
location.scheme == https and location.path =~ '/'
final_url == url
count(set-cookie) < 3
raw(x-odd) has 'b'
header('x-odd') == "\xc3\xa9"
x-odd =~ '[^ -~]'
x-fold == 'a b'
x-nul
absent(x-empty)
x-empty == ''
valid(strict-transport-security)
hsts.max-age >= 1d
framing in nobody, self
cache.lifetime > 5m
age(date) < 1w
skew(date) < 1d
content-type == 'TEXT/html; charset="utf-8"'
cookie.a == 1
any: cookie.secure
cookie.samesite == Strict
hops <= 3
header_bytes > 100
http_version == 1.1
reason == OK
remote_ip == '127.0.0.1'
attempts == 1
hint == none
proxy == none
port in 80, 443
index >= 0
input == 'site.test'
tls.version =~ 'TLSv1' when tls.version
tls.days_left >= 14 when tls.verified
tls.subject =~ 'CN' and tls.issuer and tls.not_after > 2020-01-01
tls.cipher
time.total < 1h and time.queued < 1h
on *.site.test
x-site == none
on b.test/x*
x-b
on *
except *.site.test STATUS until 2099-01-01 "always odd"
except b.test STATUS until 2001-01-01 "over"
""".replace(rb"\xc3\xa9", "é".encode())

ODD = b"\r\n".join([b"HTTP/1.1 200 Gr\xc3\xbc\xc3\x9fe", b" folded: first",
    b"X-Odd: \xff\xfe b", b"X-Odd: \xc3\xa9", b"x-odd:\tb \t", b"no colon",
    b" after: bare", b"X-Fold: a\r\n \t b", b"X-Nul: a\0b", b"X-Empty:",
    b"X-Empty:   ", b": no name", b"N\xffme: v", b"Name : v", b"X-CR: a\rb\r",
    b"Set-Cookie: a=1; Secure", b"Set-Cookie: b=\xff; HttpOnly; SameSite=Lax",
    b"Strict-Transport-Security: max-age=300; includeSubDomains",
    b"Content-Type: text/html;charset=UTF-8", b"Cache-Control: max-age=600",
    b"Date: Tue, 01 Dec 2026 06:00:00 GMT", b"", b""])
BARE = b"HTTP/1.0 404 \r\n\r\n"
ANSWERS = {"odd.test": ODD, "bare.test": BARE, "empty.test": b"",
    "cut.test": b"HTTP/1.1 200 OK\r\nX: 1\r\nX-Cut",
    "nothing.test": b"SSH-2.0-x\r\n",
    "loop.test": b"HTTP/1.1 302 F\r\nLocation: http://loop.test/\r\n\r\n",
    "bad.test": b"HTTP/1.1 301 M\r\nX: y\r\nLocation: http://[/\r\n\r\n",
    "moved.test": b"HTTP/1.1 301 M\r\nLocation: http://odd.test/a?b#c\r\n\r\n",
    "early.test": b"HTTP/1.1 103 E\r\nLink: <x>\r\n\r\n" + ODD}
NAMES = ["site.test", "http://site.test:80/x?y=%C3%A9", "b.test/xyz", "b.test",
    "https://www.site.test/", "http://b\xfccher.test/\xe9", "127.0.0.1", "[::1]",
    "ttfb-30.status-404.site.test", "redirect-2.site.test", "close.site.test",
    "redirect-loop.site.test", "tohttps.site.test", "lines-50.site.test",
    "dup-5.site.test", "reset-half.site.test", "banner-ssh.site.test",
    "banner-html.site.test", "endless-1xx.site.test", "eol-lf.site.test",
    "https://cert-expired.site.test", "https://cert-wrong.site.test",
    "https://tls-alert.site.test", "https://tls-plain.site.test",
    "https://banner-http.site.test", "dns-nxdomain.site.test",
    "dns-servfail.site.test", "status-999.site.test", "status-505.site.test",
    "longline-70000.site.test", "a-dead.aaaa.site.test", "aaaa.site.test",
    "http://user:pass@b.test/", "a..b", "q\"<&\\x", "http://b.test:99999/"]


class Check(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.rules = self.write("rules", RULES)

    def write(self, name, text):
        path = self.folder / name
        path.write_bytes(text)
        return path

    def same(self, *args, rules=(), **how):
        """A run is judged; so are the records of it without rules."""
        rules = rules or ("--rules", self.rules)
        run = afetch("--json", "--summary", "none", *args, *rules, **how)
        plain = b"".join(
            json.dumps({**json.loads(line), "checks": None}).encode() + b"\n"
            for line in run.out.splitlines())
        records = self.write("run.jsonl", plain)
        check = afetch("--check", "--json", "--summary", "none", records, *rules)
        self.assertEqual(check.code, run.code, check.err)
        old, new = run.out.splitlines(), check.out.splitlines()
        self.assertEqual(len(old), len(new))
        for a, b in zip(old[:-1], new[:-1]):
            self.assertEqual(json.loads(a), json.loads(b))
        for name in "checks", "targets", "ok", "failed", "errors", "statuses", \
                "not_begun", "unverified":
            self.assertEqual(run.summary[name], check.summary[name])
        self.assertEqual(run.err, check.err)
        for form in "--tap", ["--annotate", "github"], "--csv":
            again = afetch("--check", form, "-s", records, *rules)
            self.assertEqual(again.code, run.code)
            self.assertTrue(again.out)
        return run

    def test_the_labs_odd_hosts(self):
        args = [self.lab.options(dns=True), "-m", "0.7"]
        self.same(*args, *NAMES)
        self.same(*args, "-L", "--max-redirs", "3", *NAMES)

    def test_certificates(self):
        """What is known of TLS is read back: names, dates, whether it held."""
        args = ["--connect-to", f":443:127.0.0.1:{self.lab.https}",
            self.lab.options(), "-m", "1", "https://a.site.test/",
            "https://cert-expired.site.test/", "https://cert-wrong.site.test/",
            "http://site.test/"]
        for option in "-k", "-L":
            run = self.same(option, *args)
            self.assertIsNotNone(run.record("https://a.site.test/")["tls"])
            rules = ["tls.verified", "tls.days_left > 0", "tls.version =~ 'TLS'",
                "tls.subject =~ 'CN'", "tls.issuer", "tls.not_after < 2020-01-01"]
            self.same(option, *args, rules=[word for rule in rules
                for word in ("--expect", rule)])

    def test_all_addresses(self):
        args = [self.lab.options(dns=True), "-m", "0.7"]
        self.same(*args, "--all-addresses", "-L", *NAMES)
        self.same(*args, "--all-addresses", "--http1.1", *NAMES,
            rules=("--expect", "status == 200", "--expect", "input =~ '\\['",
                "--expect", "error == 'REFUSED'"))

    def test_odd_heads(self):
        with Server(ANSWERS) as server:
            self.same(server.route(), "-j", "1", *ANSWERS)
            self.same(server.route(), "-j", "1", "-L", *ANSWERS)
            self.same("-j", "1", "-k", "-x", f"127.0.0.1:{server.port}",
                *ANSWERS)

    def test_lines_as_of_a_run(self):
        with Server(ANSWERS) as server:
            run = afetch(server.route(), "-j", "1", "bare.test", "moved.test",
                "-L", "--json")
        records = self.write("run.jsonl", run.out)
        check = afetch("--check", records, "--expect", "status == 404",
            "--summary", "none")
        self.assertEqual(check.code, 4)
        self.assertEqual(check.lines[0], b"bare.test header > HTTP/1.0 404 ")
        self.assertIn(b"moved.test header > HTTP/1.1 301 M", check.lines)
        self.assertEqual(check.err,
            b"moved.test: expected status == 404: is 200\n")

    def test_exit_codes(self):
        with Server({"a.test": ODD, "b.test": b""}) as server:
            good = self.write("good", afetch(
                "--json", "a.test", server.route()).out)
            dead = self.write("dead", afetch(
                "--json", "b.test", server.route()).out)
        for code, args in ((0, [good, "-f"]), (4, [good, "--expect", "x"]),
                (1, [good, dead, "--expect", "x"]),
                (1, [dead, "--expect", "not x"]),
                (0, [dead, "--expect", "error == EMPTY_REPLY"]),
                (2, [good]), (2, [good, "-f", "--summarize"]),
                (2, [good, "-f", "-i", good]), (2, ["/none", "-f"]),
                (2, [good, "--expect", "status == $1"]),
                (2, [good, "--expect", "=="])):
            run = afetch("--check", "-q", *args)
            self.assertEqual(run.code, code, (args, run.err))
        run = afetch("--check", "-q", "-f", stdin=good.read_bytes())
        self.assertEqual(run.code, 0, run.err)
        run = afetch("--check", "--nagios", dead, "-f")
        self.assertEqual(run.code, 3)
        run = afetch("--check", "-q", good, "--expect", "x when status == 404")
        self.assertIn(b"no target was judged by: x when status == 404", run.err)

    def test_wrong_lines(self):
        with Server(ODD) as server:
            run = afetch("--json", "a.test", "-L", server.route())
        record, summary = (json.loads(line) for line in run.out.splitlines())
        def lines(**changed):
            changed = {**record, **changed}
            changed = {k: v for k, v in changed.items() if v != "gone"}
            return "\n".join(map(json.dumps, (changed, summary))).encode()
        hop = record["hops"][0]
        for what, text in (
                (b":1: invalid url", lines(url="http://[")),
                (b":1: invalid headers", lines(hops=[
                    {**hop, "headers": [["a\nb", "c"]]}])),
                (b":1: invalid headers", lines(hops=[
                    {**hop, "headers": [["a", "b", "*"]]}])),
                (b":1: invalid headers", lines(hops=[
                    {**hop, "headers": [[None, "b"]]}])),
                (b":1: invalid headers", lines(hops=None, headers="gone")),
                (b":1: invalid headers", lines(hops=None, headers=[["\u0100", "b"]])),
                (b":1: invalid attempts", lines(attempts=-1)),
                (b":1: invalid status", lines(hops=None, http_version="x")),
                (b":1: invalid status", lines(hops=None, http_version=None)),
                (b":1: invalid remote_ip", lines(hops=None, remote_ip="1.2")),
                (b":1: invalid tls", lines(hops=None, tls=1)),
                (b":1: invalid header_bytes", lines(hops=None, header_bytes=None)),
                (b":1: a hop has no url", lines(hops=[{**hop, "url": None}])),
                (b":1: invalid ip of an address", lines(addresses=[{"ip": "x"}])),
                (b":1: not JSON", b"x\n" + lines()),
                (b":2: duplicate record", lines() + b"\n")):
            if b"duplicate" in what:
                text = text.split(b"\n")[0] + b"\n" + text
            run = afetch("--check", "-q", "-f", stdin=text)
            self.assertEqual(run.code, 3, (what, run.err))
            self.assertIn(b"afetch: -" + what, run.err)
        run = afetch("--check", "-q", "--expect", "interim: link",
            stdin=lines(interim="gone"))
        self.assertIn(b'-:1: no "interim"', run.err)

    def test_all_forms_tell_the_same(self):
        """What does not hold in records, TAP, JUnit, annotations, lines."""
        args = [self.lab.options(dns=True), "-m", "0.7", "-L", NAMES]
        records = self.write("run.jsonl", afetch("--json", args).out)
        def check(*form):
            return afetch("--check", records, "--rules", self.rules,
                "--summary", "none", form)
        results = [record for record in check("--json").records
            if record["type"] == "result"]
        failed = warned = silent = excused = 0
        for record in results:
            holds = any(c["outcome"] == "ok" for c in record["checks"])
            for one in record["checks"]:
                warns = (one["why"] or "").startswith("warning: ")
                warned += one["outcome"] == "failed" and warns
                failed += one["outcome"] == "failed" and not warns
                silent += one["outcome"] == "no answer"
                excused += one["outcome"] == "no answer" and holds
        self.assertTrue(failed and warned and silent and excused)
        tap = check("--tap").out.decode()
        for count, words in (
                (failed, "failed"), (warned, "warning"), (silent, "no answer")):
            self.assertEqual(tap.count(f'  outcome: "{words}"\n'), count)
        path = self.folder / "run.xml"
        check("--junit", path)
        root = xml.etree.ElementTree.parse(path).getroot()
        for element, count in (
                ("failure", failed), ("error", silent), ("system-out", warned)):
            self.assertEqual(sum(1 for _ in root.iter(element)), count)
        notes = check("--annotate", "github").out
        self.assertEqual(notes.count(b"::warning "), warned)
        self.assertEqual(notes.count(b": expected "), warned + failed + excused)
        lines = check("-q").err
        self.assertEqual(lines.count(b": warning: expected "), warned)
        self.assertEqual(lines.count(b": expected "), warned + failed + excused)

    @figures
    def test_memory_does_not_grow(self):
        with Server(ODD) as server:
            record = afetch("--json", "a.test", server.route()).records[0]
        summary = {"type": "summary", "targets": 20000, "not_begun": 0,
            "concurrency": 1, "signal": None, "shard": None}
        lines = [json.dumps({**record, "index": i}) for i in range(20000)]
        path = self.write(
            "many", "\n".join([*lines, json.dumps(summary)]).encode())
        self.assertGreater(path.stat().st_size, 20 * MB)
        run = afetch("--check", "-q", "--summary", "none", path,
            "--expect", "x-odd")
        self.assertEqual(run.code, 0, run.err)
        self.assertLess(run.rss, 12 * MB)


if __name__ == "__main__":
    unittest.main()
