"""Strangers' bytes in quotes: a message is ASCII, whatever they are."""

import pathlib
import ssl
import subprocess
import tempfile

from harness import Case, Server, afetch, in_quotes

OK = b"HTTP/1.1 200 OK\r\n"
HIGH = bytes(range(0x7f, 0x100)) + "bücher\u2028".encode()
ODD = HIGH[:40]
SHOWN = in_quotes(ODD)


class Quotes(Case):
    def said(self, answer, *args, target="a.test", code):
        """The message of a target's error, which is ASCII."""
        with Server(answer) as server:
            run = afetch(target, "--json", "-m", 2,
                [arg.format(f"127.0.0.1:{server.port}") for arg in args]
                or server.route("a.test"))
        message = run.records[0]["error"]["message"]
        self.assertEqual(run.records[0]["error"]["code"], code, message)
        self.assertTrue(run.err.isascii(), run.err)
        self.assertTrue(message.isascii(), message)
        return message

    def test_row_103_not_http(self):
        for data in ODD, ODD + b"\r\nmore", b"\xc3" * 60, "é".encode() * 60:
            line = data.partition(b"\r")[0]
            self.assertEqual(self.said(data, code="NOT_HTTP"),
                f'not HTTP: "{in_quotes(line[:60])}"')

    def test_row_103_not_tls(self):
        self.assertEqual(
            self.said(lambda peer: peer.send(ODD), target="https://a.test",
                code="TLS_NOT_TLS"),
            f'the server does not speak TLS here: "{SHOWN}"')

    def test_row_103_redirect(self):
        head = b"HTTP/1.1 301 X\r\nLocation: ftp:%s\r\n\r\n" % ODD[1:]
        self.assertIn(f'"ftp:{in_quotes(ODD[1:])}"', self.said(head, "-L",
            "--connect-to", "a.test::{}", code="BAD_REDIRECT"))

    def test_row_103_proxies(self):
        head = b"HTTP/1.1 403 %s\r\n\r\n" % ODD
        self.assertIn(f"403 {SHOWN}", self.said(head, "-x", "http://{}",
            target="https://a.test", code="PROXY_REFUSED"))
        self.assertIn(f'"{SHOWN}"', self.said(lambda peer: peer.send(ODD),
            "-x", "socks5h://{}", code="NOT_SOCKS"))

    def test_row_103_options(self):
        for word, shown in ((b"-XG\xc3\x89T", '"G\\xc3\\x89T"'),
                (b"--b\xfccher", '"--b\\xfccher"'), (b"-\xff", '"-\\xff"')):
            run = afetch(word, "a.test")
            self.assertEqual(run.code, 2)
            self.assertIn(shown.encode(), run.err)
            self.assertTrue(run.err.isascii(), run.err)

    def test_row_103_addresses_differ(self):
        name = b"X\xc3\xbc\xff"
        heads = OK + b"\r\n", OK + name + b": 1\r\n\r\n"
        with Server(heads[0]) as one, Server(heads[1], address="127.0.0.2",
                port=one.port) as two:
            run = afetch(f"a.test:{two.port}", "--all-addresses",
                "--resolve", f"a.test:{two.port}:127.0.0.1,127.0.0.2")
        self.assertIn(f'addresses differ: "{in_quotes(name)}" ('.encode(),
            run.err)

    def test_row_103_names_of_targets_stay(self):
        """They are the user's own, and what a line begins with."""
        for name in "bücher.test:0", "b\u00fc..test":
            run = afetch(name)
            self.assertTrue(run.err.startswith(f"{name}: input: ".encode()))


class Certificates(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec",
            "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            "key.pem", "-out", "ca.pem", "-utf8", "-subj", "/CN=Über CA"],
            cwd=cls.folder, check=True, capture_output=True)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec",
            "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            "site.key", "-out", "site.pem", "-subj", "/CN=site",
            "-CA", "ca.pem", "-CAkey", "key.pem",
            "-addext", "subjectAltName=DNS:b\u00fccher.test"],
            cwd=cls.folder, check=True, capture_output=True)

    def said(self, *args):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(
            self.folder / "site.pem", self.folder / "site.key")

        def serve(peer):
            peer.sock = context.wrap_socket(peer.sock, server_side=True)
        with Server(serve) as server:
            run = afetch("https://a.test/", "--json", "-m", 2, args,
                server.route("a.test"))
        return run.records[0]

    def test_row_103_issuer(self):
        record = self.said()
        self.assertEqual(record["error"]["message"],
            "the certificate was issued by an unknown authority "
            "(CN=\\xc3\\x9cber CA)")
        self.assertEqual(record["tls"]["issuer"], "CN=Über CA")

    def test_row_103_names(self):
        record = self.said("--cacert", str(self.folder / "ca.pem"))
        self.assertIn("is for b\\xc3\\xbccher.test, not for a.test",
            record["error"]["message"])
