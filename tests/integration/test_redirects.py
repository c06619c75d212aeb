"""Redirects: where they lead, what goes along, how they are told."""

import pathlib
import re
import shutil
import subprocess
import unittest

from harness import Case, Server, afetch, free_port

fast = True


def answer(status, *lines):
    text = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status} X", *lines))
    return text.encode() + b"\r\n"


class Redirects(Case):
    def site(self, pages, *args, target="a.test", code=0):
        """The text run, the record and the requests (of the record's run)
        over pages {"METHOD url": answer}."""
        def serve(peer):
            line, *fields = peer.request().decode().split("\r\n")
            method, path, _ = line.split(" ")
            hosts = [f[6:] for f in fields if f.startswith("Host: ")]
            peer.send(pages.get(f"{method} {''.join(hosts)}{path}")
                or answer(404))
        with Server(serve) as server:
            text = afetch(target, "-L", server.route(), args)
            before = len(server.requests())
            run = afetch(target, "-L", server.route(), args, "--json")
            self.assertEqual((text.code, run.code), (code, code), run.out)
            record = run.record(target)
            return text, record, [head.decode()
                for head in server.requests()[before:]]

    def chain(self, record):
        return [(hop["url"], hop["status"]) for hop in record["hops"]]

    @unittest.skipUnless(shutil.which("jq"), "needs jq")
    def test_readme_recipe(self):
        """Who still answers plain http, those that do not answer apart."""
        readme = (pathlib.Path(__file__).parents[2] / "README.md").read_text()
        recipe = re.search(r"afetch -L .*jq -r '(.*)'", readme)[1]
        with Server(lambda peer: peer.send(answer(200))) as server:
            run = afetch("a.test", f"127.0.0.1:{free_port()}", "a b", "-L",
                "--json", server.route("a.test"))
        hosts = subprocess.run(["jq", "-r", recipe], input=run.out,
            stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(hosts, b"a.test\n")

    def test_hops(self):
        text, record, requests = self.site({
            "GET a.test/": answer(301, "Location: /x y#z", "A: 1"),
            "GET a.test/x%20y": answer(302, "Location: //b.test:81/c/d?e"),
            "GET b.test:81/c/d?e": answer(308, "Location: ../f"),
            "GET b.test:81/f": answer(200, "B: 2")})
        self.assertEqual(text.of("a.test"), [
            b"HTTP/1.1 301 X", b"Location: /x y#z", b"A: 1", b"",
            b"HTTP/1.1 302 X", b"Location: //b.test:81/c/d?e", b"",
            b"HTTP/1.1 308 X", b"Location: ../f", b"",
            b"HTTP/1.1 200 X", b"B: 2"])
        self.assertEqual(self.chain(record), [
            ("http://a.test/", 301), ("http://a.test/x%20y", 302),
            ("http://b.test:81/c/d?e", 308), ("http://b.test:81/f", 200)])
        self.assertEqual(record["url"], "http://a.test/")
        self.assertEqual(record["final_url"], "http://b.test:81/f")
        self.assertEqual((record["status"], record["headers"]),
            (200, [["B", "2"]]))
        self.assertEqual(record["hops"][3]["headers"], [["B", "2"]])
        self.assertEqual(record["hops"][0]["headers"],
            [["Location", "/x y#z"], ["A", "1"]])
        for hop in record["hops"]:
            self.assertEqual(hop["remote_ip"], "127.0.0.1")
            self.assertEqual(hop["reason"], "X")
        for phase in "connect", "wait", "receive", "total":
            times = [hop["timings_ms"][phase] for hop in record["hops"]]
            self.assertLessEqual(sum(times),
                record["timings_ms"][phase] + 0.01, phase)
        self.assertEqual(len(requests), 4)

    def test_not_followed(self):
        with Server(answer(301, "Location: /x")) as server:
            run = afetch("a.test", server.route(), "--json")
        record = run.record("a.test")
        self.assertEqual((record["status"], record["hops"],
            record["final_url"]), (301, None, "http://a.test/"))

    def test_no_redirect(self):
        _, record, _ = self.site({"GET a.test/": answer(304, "Location: /x")})
        self.assertEqual(self.chain(record), [("http://a.test/", 304)])
        _, record, _ = self.site({"GET a.test/": answer(301)})
        self.assertEqual(self.chain(record), [("http://a.test/", 301)])

    def failed(self, pages, code, *args):
        text, record, requests = self.site(pages, *args, code=1)
        self.assertEqual(record["error"]["code"], code)
        self.assertIn(record["error"]["message"].encode(), text.err)
        self.assertIsNone(record["status"])
        return text, record, requests

    def test_loop(self):
        pages = {"GET a.test/": answer(302, "Location: http://b.test/"),
            "GET b.test/": answer(302, "Location: http://A.TEST:80#x")}
        text, record, requests = self.failed(pages, "REDIRECT_LOOP")
        self.assertEqual(len(requests), 2)
        self.assertEqual(len(text.of("a.test")), 5)
        self.assertEqual(self.chain(record),
            [("http://a.test/", 302), ("http://b.test/", 302)])
        self.assertEqual(record["headers"], [["Location",
            "http://A.TEST:80#x"]])

    def test_too_many(self):
        host = "redirect-{}.a.test"
        for n, args, code in ((10, (), None), (11, (), "TOO_MANY_REDIRECTS"),
                (2, ("--max-redirs", 2), None), (1, ("--max-redirs", 0),
                "TOO_MANY_REDIRECTS")):
            run = afetch(host.format(n), "-L", "--json", args,
                self.lab.options())
            record = run.record(host.format(n))
            self.assertEqual((record["error"] or {}).get("code"), code)
            self.assertEqual(run.code, int(bool(code)))

    def test_bad(self):
        for value in ("ftp://b.test/", "http://", "http://me:secret@b.test/",
                "http://b.test/a\x01b", "x y" * 20000, "//b.test:0/",
                "//b\u00fc..test/"):
            text, record, _ = self.failed(
                {"GET a.test/": answer(302, f"Location: {value}")},
                "BAD_REDIRECT")
            self.assertEqual(record["hops"][0]["status"], 302)
            self.assertNotIn(b"secret", text.err)
            self.assertNotIn("secret", record["error"]["message"])

    def test_next_hop_fails(self):
        port = free_port()
        with Server(answer(301, f"Location: http://127.0.0.1:{port}/")) as s:
            run = afetch("a.test", "-L", s.route("a.test"), "--json")
        record = run.record("a.test")
        self.assertEqual(record["error"]["code"], "REFUSED")
        self.assertEqual([hop["status"] for hop in record["hops"]],
            [301, None])
        self.assertEqual(record["remote_port"], port)
        self.assertEqual(record["headers"], [])

    def test_methods(self):
        for status, after in ((301, "GET"), (302, "GET"), (303, "GET"),
                (307, "POST"), (308, "POST")):
            _, record, requests = self.site({
                "POST a.test/": answer(status, "Location: /"),
                "GET a.test/": answer(200)}, "-X", "POST",
                code=int(after == "POST"))
            self.assertTrue(requests[-1].startswith(f"{after} /"))
            self.assertEqual(len(requests), 2 if after == "GET" else 1)

    def test_a_long_one(self):
        """As long as the line that it stands in."""
        path = "/" + "p" * (65536 - len("Location: /"))
        text, record, requests = self.site({
            "GET a.test/": answer(302, f"Location: {path}"),
            f"GET a.test{path}": answer(200)})
        self.assertEqual(record["final_url"], f"http://a.test{path}")
        self.assertEqual(requests[1].split(" ")[1], path)

    def test_credentials(self):
        """They go on the same site only, and never again when they did not
        go once."""
        fields = ("-u", "me:secret", "-H", "Cookie: c=d", "-H", "X: y",
            "-H", "Host: own.test")
        for there in "http://b.test/", "http://a.test:81/":
            _, _, (first, same, other, back) = self.site({
                "GET own.test/": answer(302, "Location: /same"),
                "GET a.test/same": answer(302, f"Location: {there}"),
                f"GET {there[7:]}": answer(302,
                    "Location: http://a.test/back"),
                "GET a.test/back": answer(200)}, fields)
            self.assertIn("\r\nHost: own.test\r\n", first)
            for request in first, same:
                self.assertIn("\r\nAuthorization: Basic ", request)
                self.assertIn("\r\nCookie: c=d\r\n", request)
            for request in other, back:
                self.assertNotIn("uthorization", request)
                self.assertNotIn("Cookie", request)
            for request in same, other, back:
                self.assertNotIn("own.test", request)
                self.assertIn("\r\nX: y\r\n", request)
        _, _, (_, other) = self.site({
            "GET a.test/": answer(302, "Location: http://b.test/"),
            "GET b.test/": answer(200)}, "-H", "Authorization: secret")
        self.assertNotIn("secret", other)

    def test_injection(self):
        """Row 70: a redirect cannot begin a line of ours."""
        _, _, requests = self.site({
            "GET a.test/": answer(302, "Location: /x%0d%0aEvil:1 HTTP/1.0")})
        self.assertTrue(requests[1].startswith(
            "GET /x%0d%0aEvil:1%20HTTP/1.0 HTTP/1.0\r\nHost: a.test\r\n"))

    def test_max_time(self):
        """One clock for all hops."""
        host = "redirect-9.ttfb-300.a.test"
        run = afetch(host, "-L", "-m", 1, "--json", self.lab.options())
        record = run.record(host)
        self.assertEqual(record["error"]["code"], "TIMEOUT")
        self.assertIn(len(record["hops"]), range(2, 10))

    def test_chain_is_bounded(self):
        """Many long heads: all hops together have four times the limit."""
        def serve(peer):
            n = int(peer.request().split()[1][1:] or 0)
            peer.send(answer(302, f"Location: /{n + 1}", f"A: {'x' * 3000}"))
        with Server(serve) as server:
            run = afetch("a.test", "-L", server.route(), "--json",
                "--max-redirs", 1000000, "--max-header-size", "4K")
        record = run.record("a.test")
        self.assertEqual(record["error"]["code"], "HEADER_TOO_LARGE")
        self.assertEqual(len(record["hops"]), 6)
        self.assertEqual(record["error"]["message"], "the headers and URLs of "
            "all redirects are larger than 16384 bytes in sum (four times "
            "--max-header-size)")


if __name__ == "__main__":
    unittest.main()
