"""What is promised of -w: curl's variables as curl writes them."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import Case, Server, afetch

fast = True

HEAD = (b"HTTP/1.1 302 Fo\xe9und\r\nServer: a\r\nLocation: http://c.test/b?c\r\n"
    b"Content-Type: text/html; charset=x\r\nSet-Cookie: a=1\r\n"
    b"set-cookie: b=2\r\nX: \"q\\\"\r\n\r\n")
HEADS = {"a.test": HEAD, "b.test": b"", "c.test": b"HTTP/1.0 204 No\r\nContent-Type: a/b\r\n\r\n",
    "d.test": b"HTTP/1.1 200 OK\r\nServer: a\x1b\r\n\r\n"}
# All of curl's that are no time, and that both have.
SHARED = ["http_code", "response_code", "http_version", "url", "url_effective",
    "redirect_url", "num_headers", "num_redirects", "size_header", "remote_ip",
    "remote_port", "method", "scheme", "exitcode", "content_type",
    "header_json", "num_certs", "certs"]
FORMATS = ["100%% %", "%{", "%{http_code", "x%y", "a\\tb\\nc\\rd\\q",
    "%{http_code} %{num_headers}\\n", "%header{x-none}|%header{SERVER}",
    "%{stderr}%{http_code}\\n%{stdout}out", "%{onerror}never"]


class WriteOut(Case):
    def write(self, text, *targets, code=0, options=()):
        with Server(HEADS) as server:
            run = afetch("-s", "--serial", "-w", text, *options,
                server.route(), *targets)
        self.assertEqual(run.code, code, run.err)
        return run

    def test_text(self):
        """What is no variable stays; the server's bytes are escaped."""
        run = self.write(r"%{http_code} %header{server} \\n %%{x}\n", "d.test",
            "c.test")
        self.assertEqual(run.out, b"200 a\\x1b \\n %{x}\n204  \\n %{x}\n")

    def test_selectors(self):
        run = self.write("%{status} %{Set-Cookie} %{count(set-cookie)} "
            "%{content-type.charset} %{hsts}%{x-none}\\n", "a.test")
        self.assertEqual(run.out, b"302 a=1, b=2 2 x false\n")

    def test_all_headers(self):
        for text, out in [("%header{set-cookie:all:, }", b"a=1, b=2"),
                ("%header{Set-Cookie:all:\\n}", b"a=1\nb=2"),
                ("%header{set-cookie:all:\\}}", b"a=1}b=2"),
                ("%header{set-cookie}", b"a=1"), ("%header{x-none:all:,}", b"")]:
            self.assertEqual(self.write(text, "a.test").out, out)

    def test_streams(self):
        run = self.write("o%{stderr}e%{http_code}\\n%{stdout}p\\n", "a.test")
        self.assertEqual(run.out, b"op\n")
        self.assertEqual(run.err, b"e302\n")

    def test_on_error(self):
        run = self.write("%{http_code}%{onerror} %{exitcode} %{errormsg}\\n",
            "a.test", "b.test", code=1)
        self.assertEqual(run.out,
            b"302000 52 empty reply: closed without an answer\n")

    def test_json(self):
        value = json.loads(self.write("%{json}", "a.test").out)
        self.assertEqual(value["http_code"], 302)
        self.assertEqual(value["redirect_url"], "http://c.test/b?c")
        self.assertIsNone(value["errormsg"])
        value = json.loads(self.write("%{header_json}", "a.test").out)
        self.assertEqual(value["set-cookie"], ["a=1", "b=2"])
        self.assertEqual(value["x"], ['"q\\"'])

    def test_file(self):
        """Its line ends go, as in curl."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"%{http_code}\r\n x\\n\n")
            file.flush()
            self.assertEqual(
                self.write("@" + file.name, "a.test").out, b"302 x\n")
        self.assertEqual(afetch("-w", "@/none", "a.test").code, 2)

    def test_mistakes(self):
        for text, at, said in [
                ("%{htp_code}", 2, b'did you mean "http_code"?'),
                ("a%{num_cert}", 3, b'did you mean "num_certs"?'),
                ("%{statsu}", 2, b'did you mean "status"?'),
                ("%{status x}", 8, b"expected a closing brace")]:
            run = afetch("-w", text, "a.test")
            self.assertEqual(run.code, 2)
            self.assertIn(said, run.err)
            self.assertEqual(run.err.splitlines()[2], b" " * (at + 2) + b"^")

    def both(self, text, *options, target="a.test"):
        """stdout and stderr of curl and of the program, for the same URL."""
        with Server(HEADS) as server:
            curl = subprocess.run(["curl", "-q", "-s", "-o", "/dev/null", "-w",
                text, *options, *server.route(), target],
                stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
            run = afetch("-s", "-w", text, *options, server.route(), target)
        return (curl.stdout, curl.stderr), (run.out, run.err)

    def test_as_curl(self):
        """Every shared variable; a response, a redirect, none, no scheme."""
        for target, options in [("a.test", []), ("http://a.test/x?y", ["-L"]),
                ("c.test", ["-I"]), ("b.test", [])]:
            for name in SHARED:
                theirs, ours = self.both(
                    "[%%{%s}]" % name, *options, target=target)
                if name == "scheme":  # in capitals before curl 8
                    theirs = theirs[0].lower(), theirs[1]
                self.assertEqual(theirs, ours, (target, name))

    def test_json_as_curl(self):
        """What both have in %{json}, in value and in type."""
        for target in ("a.test", "http://c.test/x", "b.test"):
            (theirs, _), (ours, _) = self.both("%{json}", target=target)
            theirs, ours = json.loads(theirs), json.loads(ours)
            shared = {name for name in theirs.keys() & ours.keys()
                if not name.startswith("time_")} - {"errormsg", "scheme"}
            self.assertGreaterEqual(len(shared), 16)
            self.assertLessEqual({name for name in ours
                if name.startswith("time_")}, theirs.keys())
            for name in sorted(shared):
                self.assertEqual((name, theirs[name]), (name, ours[name]))

    def test_formats_as_curl(self):
        for text in FORMATS:
            theirs, ours = self.both(text, target="c.test")
            self.assertEqual(theirs, ours, text)


if __name__ == "__main__":
    unittest.main()
