"""Servers that are fine, asked for what they do not serve: the words help."""

import json
import pathlib
import ssl
import subprocess
import tempfile
import time
import unittest

import namespace
from harness import AFETCH, Case, Server, afetch, in_quotes

DONE = b"HTTP/1.1 200 OK\r\n\r\n"
ALERT = b"\x15\x03\x01\x00\x02\x02\x46"
SETTINGS = b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18)
GOAWAY = b"\x00\x00\x0a\x07\x00\x00\x00\x00\x00" + bytes(10)
PAGES = {
    "nginx": b"<html><title>400 The plain HTTP request was sent to HTTPS port",
    "Apache": b"Reason: You're speaking plain HTTP to an SSL-enabled server "
        b"port.<br />\n Instead use the HTTPS scheme",
    "Go": b"Client sent an HTTP request to an HTTPS server.\n",
    "Tomcat": b"Bad Request\r\nThis combination of host and port requires TLS."
}


class Asking(Case):
    def ask(self, answer, *args, target="http://a.test/"):
        """The record, after the text of the same was compared with it."""
        with Server(answer) as server:
            route = () if "-x" in args else (
                "--connect-to", f"::127.0.0.1:{server.port}")
            args = [arg.format(f"127.0.0.1:{server.port}")
                if isinstance(arg, str) else arg for arg in args]
            text = afetch(target, "-q", "-m", 5, route, *args)
            record = afetch(target, "--json", "-m", 5, route,
                *args).records[0]
        lines = []
        if record["error"]:
            lines.append("{phase}: {message}".format_map(record["error"]))
        if record["hint"]:
            lines.append(f"hint: {record['hint']}")
        shown = [line.partition(b": ")[2].decode()
            for line in text.err.splitlines()
            if line.startswith(target.encode() + b": ")]
        self.assertEqual(shown, lines)
        return record

    def code(self, record):
        return (record["error"] or {}).get("code")


class Hints(Asking):
    def test_row_101_head(self):
        for status in 405, 501:
            answer = b"HTTP/1.1 %d X\r\n\r\n" % status
            for target in "http://a.test/", "http://a.test:443/":
                record = self.ask(answer, "-I", target=target)
                self.assertEqual(record["status"], status)
                self.assertEqual(record["hint"],
                    "the server does not support HEAD, try without -I")
            for args in (), ("-X", "OPTIONS"):
                self.assertIsNone(self.ask(answer, *args)["hint"])
        for answer in DONE, b"HTTP/1.1 404 X\r\n\r\n":
            self.assertIsNone(self.ask(answer, "-I")["hint"])

    def test_row_101_head_of_a_redirect(self):
        """Of the last hop."""
        answers = [b"HTTP/1.1 302 X\r\nLocation: /x\r\n\r\n",
            b"HTTP/1.1 405 X\r\n\r\n"] * 2

        def serve(peer):
            peer.request()
            peer.send(answers.pop(0))
        self.assertIn("-I", self.ask(serve, "-I", "-L")["hint"])

    def test_row_101_silence_at_a_port_of_tls(self):
        def close(peer):
            peer.request()

        def reset(peer):
            peer.request()
            peer.reset()

        hint = "the port expects TLS, try https://"
        for act, code in (close, "EMPTY_REPLY"), (reset, "RESET"):
            for port in 443, 8443:
                record = self.ask(act, target=f"http://a.test:{port}/")
                self.assertEqual((self.code(record), record["hint"]),
                    (code, hint))
            record = self.ask(act, target="http://a.test:444/")
            self.assertEqual((self.code(record), record["hint"]),
                (code, None))
            record = self.ask(act, "-x", "http://{}",
                target="http://a.test:443/")
            self.assertEqual((self.code(record), record["hint"]),
                (code, None), "the proxy closed")

    def test_row_101_silence_once(self):
        """What another try ended with counts."""
        tries = [b"", DONE] * 2

        def serve(peer):
            peer.request()
            peer.send(tries.pop(0))
        record = self.ask(serve, "--retry", 1, target="http://a.test:443/")
        self.assertEqual((record["status"], record["attempts"],
            record["hint"]), (200, 2, None))

    def test_row_101_alert(self):
        record = self.ask(ALERT)
        self.assertEqual(record["error"], {"phase": "receive", "code":
            "NOT_HTTP", "message": f'not HTTP: "{in_quotes(ALERT)}"'})
        self.assertEqual(record["hint"],
            "the server speaks TLS here, try https://")
        record = self.ask(ALERT, "-x", "http://{}")
        self.assertEqual((self.code(record), record["hint"]),
            ("NOT_HTTP", None), "it is the proxy's")

    def test_row_101_pages(self):
        """What is behind the head, as far as it is there."""
        for server, page in PAGES.items():
            for port in 80, 8080, 443:
                with self.subTest(server, port=port):
                    record = self.ask(b"HTTP/1.1 400 Bad Request\r\n\r\n" +
                        page, target=f"http://a.test:{port}/")
                    self.assertEqual((record["status"], record["hint"]),
                        (400, "the server speaks TLS here, try https://"))
            record = self.ask(DONE + page)
            self.assertIsNone(record["hint"])
        record = self.ask(b"HTTP/1.1 400 Bad Request\r\n\r\nno")
        self.assertIsNone(record["hint"])
        record = self.ask(b"HTTP/1.1 400 Bad Request\r\n\r\nno", "-I",
            target="http://a.test:443/")
        self.assertEqual(record["hint"],
            "the port expects TLS, try https://")

    def test_row_101_http2_only(self):
        """Named alike whole, byte by byte and without an end."""
        def hold(data):
            def act(peer):
                peer.request()
                peer.send(data)
                peer.hold()
            return act

        def trickle(data):
            def act(peer):
                peer.request()
                peer.trickle(data, pause=0.005)
            return act

        for data in SETTINGS, GOAWAY, SETTINGS[:2] + b"\0" + SETTINGS[3:9]:
            for act in data, hold(data), trickle(data):
                record = self.ask(act)
                self.assertEqual(record["error"], {"phase": "receive",
                    "code": "NOT_HTTP",
                    "message": "not HTTP/1: speaks HTTP/2 only"})
                self.assertIsNone(record["hint"])
                self.assertIsNone(record["status"])
        record = self.ask(SETTINGS, "-x", "http://{}")
        self.assertRegex(record["error"]["message"], r"^the proxy http://"
            r"127.0.0.1:\d+: not HTTP: it speaks HTTP/2 only, "
                r"which is not supported for a proxy$")

    def test_row_101_no_http2(self):
        for data in SETTINGS[:8], b"\0" * 60, b"\0\0\x12\x01" + bytes(20):
            record = self.ask(data)
            self.assertEqual(record["error"]["message"],
                f'not HTTP: "{in_quotes(data[:60])}"')

    def test_row_101_http2_only_by_tls(self):
        record = self.ask(
            lambda peer: peer.send(b"\x15\x03\x03\x00\x02\x02\x78"),
            target="https://a.test/")
        self.assertEqual(record["error"], {"phase": "tls", "code": "NOT_HTTP",
            "message": "not HTTP/1: speaks HTTP/2 only (alert "
            '"no application protocol")'})

    def test_row_101_http_where_tls_is_asked(self):
        answer = b"HTTP/1.1 400 Bad Request\r\n\r\n"
        record = self.ask(lambda peer: peer.send(answer),
            target="https://a.test/")
        self.assertEqual((self.code(record), record["hint"]),
            ("TLS_NOT_TLS", "the server speaks HTTP without TLS here, "
            "try http://"))
        record = self.ask(lambda peer: peer.send(b"SSH-2.0-x\r\n"),
            target="https://a.test/")
        self.assertEqual((self.code(record), record["hint"]),
            ("TLS_NOT_TLS", None))


class Http2BehindTls(Asking):
    """Frames within TLS, by a server that looks at no ALPN."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.file = pathlib.Path(folder.name) / "both.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec",
            "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x",
            "-keyout", cls.file, "-out", cls.file.with_name("c")],
            check=True, capture_output=True)
        cls.file.write_text(cls.file.read_text()
            + cls.file.with_name("c").read_text())

    def test_row_101_frames(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)

        def serve(peer):
            peer.sock = context.wrap_socket(peer.sock, server_side=True)
            peer.request()
            peer.send(SETTINGS)
        record = self.ask(serve, "-k", target="https://a.test/")
        self.assertEqual(record["error"], {"phase": "receive",
            "code": "NOT_HTTP", "message": "not HTTP/1: speaks HTTP/2 only"})


NGINX = """
    server {{
        listen 443 ssl;
        listen 444 ssl http2;
        ssl_certificate {0}/site.pem;
        ssl_certificate_key {0}/site.key;
        return 200 "page\\n";
    }}
    server {{
        listen 80;
        return 200 "plain\\n";
    }}
    server {{
        listen 81 http2;
        return 200 "two\\n";
    }}
    """


class NginxHints(unittest.TestCase):
    lock = "netns"

    @classmethod
    def setUpClass(cls):
        reason = namespace.why_not()
        if reason:
            raise unittest.SkipTest(reason)
        cls.space = namespace.Namespace("")
        cls.addClassCleanup(cls.space.close)
        cls.space.certify()
        cls.space.nginx(NGINX.format(cls.space.directory))
        end = time.monotonic() + 10
        while cls.ask("http://127.0.0.1/")["error"]:
            if time.monotonic() > end:
                raise AssertionError("nginx does not serve")
            time.sleep(0.05)

    @classmethod
    def ask(cls, *args):
        run = cls.space.popen([AFETCH, "--json", "--silent", "-k", *args],
            stdout=subprocess.PIPE)
        out, _ = run.communicate(timeout=30)
        return json.loads(out.splitlines()[0])

    def test_row_101_nginx_http_to_tls(self):
        record = self.ask("http://127.0.0.1:443/")
        self.assertEqual((record["status"], record["hint"]),
            (400, "the server speaks TLS here, try https://"))
        record = self.ask("http://127.0.0.1:444/")
        self.assertEqual((record["status"], record["hint"]),
            (400, "the server speaks TLS here, try https://"))
        record = self.ask("-I", "http://127.0.0.1:443/")
        self.assertEqual((record["status"], record["hint"]),
            (400, "the port expects TLS, try https://"))

    def test_row_101_nginx_tls_to_http(self):
        record = self.ask("https://127.0.0.1:80/")
        self.assertEqual(record["error"]["code"], "TLS_NOT_TLS")
        self.assertEqual(record["hint"],
            "the server speaks HTTP without TLS here, try http://")

    def test_row_101_nginx_http2_only(self):
        """nginx 1.25.1 and newer have both at this port."""
        for args in (), ("--http1.1",), ("-I",):
            record = self.ask("http://127.0.0.1:81/", *args)
            if record["status"] == 200:
                continue
            self.assertEqual((record["error"]["code"],
                record["error"]["message"]),
                ("NOT_HTTP", "not HTTP/1: speaks HTTP/2 only"))

    def test_row_101_nginx_good(self):
        for url in "http://127.0.0.1/", "https://127.0.0.1:444/":
            record = self.ask(url)
            self.assertEqual((record["status"], record["hint"]), (200, None))
