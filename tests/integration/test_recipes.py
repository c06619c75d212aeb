"""The recipes of the man page, as they are typed: those that go over addresses
or runs; and each of them with a dead host."""

import os
import re
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import Case, Server, afetch

fast = True


def head(*lines):
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def recipes():
    """(what, expression or None) of each."""
    page = Path(os.environ["AFETCH_MAN"]).read_text()
    section = page.partition("\n.Ss Recipes\n")[2].partition("\n.Sh ")[0]
    return [(item.split("\n")[0], found and found[1])
        for item in section.split("\n.It ")[1:]
        for found in [re.search(r"^\.Li (.*)$", item, re.M)]]


class Recipes(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def expression(self, words):
        return next(expr for what, expr in recipes() if words in what)

    def certify(self, days):
        """A context for a.test whose certificate has so many days."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-days", str(days), "-keyout",
            "key", "-out", "cert", "-subj", "/CN=a.test", "-addext",
            "subjectAltName=DNS:a.test"], check=True, cwd=self.folder,
            capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "cert", self.folder / "key")
        with open(self.folder / "trusted", "ab") as trusted:
            trusted.write((self.folder / "cert").read_bytes())
        return context

    def on_addresses(self, answers, expr, scheme="http", more=()):
        """A run over two addresses of one name, by {address: handler}."""
        def serve(peer):
            answers[peer.sock.getsockname()[0]](peer)
        with Server(serve, address="") as server:
            return afetch("-q", "--summary", "none", "--all-addresses",
                f"{scheme}://a.test:{server.port}/", "--resolve",
                f"a.test:{server.port}:127.0.0.1,127.0.0.9", "--expect", expr,
                *more)

    def test_there_are_twenty(self):
        self.assertGreaterEqual(len(recipes()), 20)
        self.assertEqual([what for what, expr in recipes() if not expr],
            ["what has changed since yesterday"])

    def test_no_pass_for_a_dead_host(self):
        expressions = [expr for _, expr in recipes() if expr]
        for expr in expressions:
            run = afetch("-qs", "http://127.0.0.1:1/", "--expect", expr)
            self.assertEqual(run.code, 1, expr)

    def test_days_on_every_address(self):
        expr = self.expression("two weeks left for the certificate")
        def secure(context):
            def serve(peer):
                peer.sock = context.wrap_socket(peer.sock, server_side=True)
                peer.request()
                peer.send(head())
            return serve
        new, old = secure(self.certify(30)), secure(self.certify(9))
        trust = ["--cacert", self.folder / "trusted"]
        run = self.on_addresses(
            {"127.0.0.1": new, "127.0.0.9": new}, expr, "https", trust)
        self.assertEqual(run.code, 0, run.err)
        run = self.on_addresses(
            {"127.0.0.1": new, "127.0.0.9": old}, expr, "https", trust)
        self.assertEqual(run.code, 4, run.err)
        self.assertRegex(run.err.decode(), r"^https://a\.test:\d+/"
            r"\[127\.0\.0\.9\]: expected tls\.days_left >= 14: is [89]\n$")

    def test_live_everywhere(self):
        expr = self.expression("the new version is live")
        def version(text):
            def serve(peer):
                peer.request()
                peer.send(head(f"X-Version: {text}"))
            return serve
        run = self.on_addresses(
            {"127.0.0.1": version("2.1"), "127.0.0.9": version("2.1")}, expr)
        self.assertEqual(run.code, 0, run.err)
        run = self.on_addresses(
            {"127.0.0.1": version("2.1"), "127.0.0.9": version("2.10")}, expr)
        self.assertEqual(run.code, 4, run.err)
        self.assertIn(b"[127.0.0.9]: expected ", run.err)

    def test_since_yesterday(self):
        yesterday = self.folder / "yesterday.jsonl"
        answers = {"a.test": head("Server: a"), "b.test": head("Server: a")}
        with Server(answers) as server:
            args = [list(answers), "-q", "--summary", "none", server.route()]
            yesterday.write_bytes(afetch(args[0], "--json", args[4]).out)
            same = afetch(args, "--baseline", yesterday)
            answers["b.test"] = head("Server: b")
            run = afetch(args, "--baseline", yesterday)
        self.assertEqual((same.code, same.err), (0, b""))
        self.assertEqual((run.code, run.err), (4,
            b'b.test: changed since baseline: server "a" -> "b"\n'))


if __name__ == "__main__":
    unittest.main()
