"""Whose fault it is: what is no proxy, or one of another kind, and what a
proxy says itself."""

import unittest

from harness import Case, Peer, Server, afetch
from proxies import OK, REACHED, HttpProxy, Socks, asked_for, relay

SOCKS5_NO = b"\5\xff"  # microsocks, to anything
SOCKS4_NO = b"\0\x5b\0\0\0\0\0\0"
TLS_NO = b"\x15\3\3\0\2\2\x32"  # an alert
HTTP2 = b"\0\0\x12\4\0\0\0\0\0" + b"\0\3\0\0\0\x80" * 3
BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"

SQUID = (b"Server: squid/5.7\r\nX-Squid-Error: ERR_CONNECT_FAIL 111\r\n"
    b"Via: 1.1 gate (squid/5.7)\r\n")
TINYPROXY = b"Server: tinyproxy/1.11.1\r\nContent-Type: text/html\r\n"
PRIVOXY = (b"Date: Tue, 01 Dec 2026 02:29:24 GMT\r\n"
    b"Last-Modified: Wed, 08 Jun 1955 12:00:00 GMT\r\n")
VARNISH = b"Server: Varnish\r\nVia: 1.1 varnish (Varnish/7.1)\r\n"


def says(data, end=Peer.hold):
    """Takes what comes first, says this, and stays, or whatever `end` is."""
    def serve(peer):
        peer.sock.recv(4096)
        peer.send(data)
        end(peer)
    return serve


def closes(peer):
    pass


class Faults(Case):
    def run_by(self, scheme, handler, target, *args, code=1):
        """The record; a proxy's failure without "the proxy URL: "."""
        with Server(handler) as server:
            url = f"{scheme}://127.0.0.1:{server.port}"
            run = afetch("--json", "-k", "-m", 5, "-x", url, target, args)
        self.assertEqual(run.code, code, run.out)
        record, = run.records
        error = record["error"]
        if error:
            self.assertIn(f"the proxy {url}: ", error["message"])
            error["message"] = error["message"].partition(f"{url}: ")[2]
            self.assertIsNone(record["status"])
        return record

    def fail_by(self, *args):
        error = self.run_by(*args)["error"]
        return error["phase"], error["code"], error["message"]

    def test_row_102_other_kind_at_an_http_url(self):
        for data, words in (
                (SOCKS5_NO, "it speaks SOCKS 5, try socks5h://"),
                (SOCKS4_NO, "it speaks SOCKS 4, which is not supported"),
                (TLS_NO, "it speaks TLS, which is not supported for a proxy"),
                (HTTP2, "it speaks HTTP/2 only, which is not supported for a "
                    "proxy")):
            # Who stays is waited for, a second at most.
            for end in closes, *([Peer.hold] if data == HTTP2 else []):
                for target, phase in (("http://a.test", "receive"),
                        ("https://a.test", "connect")):
                    found = self.fail_by("http", says(data, end), target)
                    self.assertEqual(found[:2], (phase, "NOT_HTTP"))
                    self.assertTrue(
                        found[2].endswith(f"not HTTP: {words}"), found)

    def test_row_102_closed_at_an_http_url(self):
        """As ssh -D and dante do when they are asked for no SOCKS."""
        for target, phase, to, other in (
                ("http://a.test", "wait", "", "did the target close, or "),
                ("https://a.test", "connect", "connecting to a.test:443: ",
                    "")):
            self.assertEqual(self.fail_by("http", says(b"", closes), target),
                (phase, "EMPTY_REPLY", f"{to}empty reply: closed without an "
                f"answer; {other}is it a SOCKS proxy (socks5h://)?"))

    def test_row_102_other_kind_at_a_socks_url(self):
        for data, words in (
                (BAD_REQUEST, "it speaks HTTP, try http://"),
                (SOCKS4_NO, "it speaks SOCKS 4, which is not supported"),
                (TLS_NO, "it speaks TLS, which is not supported for a proxy"),
                (HTTP2, "it speaks HTTP/2 only, which is not supported for a "
                    "proxy")):
            for scheme in "socks5h", "socks":
                with Server(says(data, closes)) as server:
                    run = afetch("--json", "-x",
                        f"{scheme}://127.0.0.1:{server.port}", "a.test")
                error = run.records[0]["error"]
                self.assertEqual((error["phase"], error["code"]),
                    ("connect", "NOT_SOCKS"))
                self.assertTrue(error["message"].endswith(
                    f": not SOCKS 5: {words}"), error)

    def test_row_102_no_reply_to_the_greeting(self):
        doubt = "no reply to the SOCKS greeting, is it an http proxy?"
        for handler, code, words in (
                (says(b"", closes), "EMPTY_REPLY",
                    "empty reply: closed without an answer"),
                (says(b"", Peer.reset), "RESET",
                    "connection reset by peer"),
                (says(b""), "TIMEOUT", "timed out")):
            self.assertEqual(self.fail_by("socks5h", handler, "a.test",
                "--connect-timeout", 0.5), ("connect", code,
                f"connecting to a.test:80: {words}; {doubt}"))
        # Once it has shown that it is one, it is in no doubt.
        found = self.fail_by("socks5h", says(b"\5\0"), "a.test",
            "--connect-timeout", 0.5)
        self.assertEqual(found, ("connect", "TIMEOUT",
            "connecting to a.test:80: timed out"))

    def test_row_102_closed_for_a_reply(self):
        """As ssh -D when it cannot connect; the next try may do."""
        tries = []
        def serve(peer):
            client = Socks(peer)
            client.methods()
            peer.send(b"\5\0")
            client.connect()
            tries.append(1)
            if len(tries) == 3:
                peer.send(REACHED)
                relay(peer, self.lab.http)
        self.assertEqual(self.fail_by("socks5h", serve, "a.test"),
            ("connect", "PROXY_FAILED", "connecting to a.test:80: it closed "
            "the connection without a reply, as ssh -D does when it cannot "
            "connect"))
        record = self.run_by("socks5h", serve, "a.test", "--retry", 2, code=0)
        self.assertEqual((record["status"], record["attempts"]), (200, 2))

    CONTENT = (b"Content-Length: 14\r\n", b"Transfer-Encoding: chunked\r\n",
        b"content-type: text/html\r\n")

    def test_row_102_connect_answered_with_content(self):
        """By what is no proxy; its phase is that of the proxy."""
        page = b"<html></html>\n"
        def at_once(head):
            return says(head + page)
        def later(head):
            def serve(peer):
                asked_for(peer)
                peer.send(head)
                peer.sock.recv(1)
                peer.send(page)
                peer.hold()
            return serve
        def next_one(head):
            def serve(peer):
                asked_for(peer)
                peer.send(head)
                peer.sock.recv(1)
                peer.send(BAD_REQUEST)
            return serve
        def left(head):
            return says(head, lambda peer: peer.pause(0.1))
        def reset(head):
            def end(peer):
                peer.pause(0.1)
                peer.reset()
            return says(head, end)
        for field in self.CONTENT:
            for act in at_once, later, next_one, left, reset:
                head = b"HTTP/1.1 200 OK\r\n" + field + b"\r\n"
                record = self.run_by("http", act(head), "https://a.test")
                self.assertEqual(record["error"], {"phase": "connect",
                    "code": "PROXY_REFUSED", "message": "it answered CONNECT "
                    "with content instead of a tunnel; is it an http proxy?"})
                self.assertIsNone(record["tls"])
                self.assertIsNone(record["timings_ms"]["tls"])
                self.assertIsNotNone(record["timings_ms"]["connect"])
            found = self.fail_by("http", at_once(head), "a.test",
                "--connect-to", ":::81")
            self.assertEqual(found[:2], ("connect", "PROXY_REFUSED"))

    def test_row_102_content_is_not_looked_at_in_a_tunnel(self):
        """Whatever a proxy says of content, behind it the target is asked,
        and has its own faults."""
        for field in *self.CONTENT, b"Content-Length: 0\r\n", b"":
            reply = b"HTTP/1.1 200 OK\r\n" + field + b"\r\n"
            with HttpProxy(self.lab.https, reply) as proxy:
                run = afetch("--json", "-x", proxy.url, "-k", "https://a.test")
                self.assertEqual(run.records[0]["status"], 200)
                run = afetch("--json", "-x", proxy.url, "https://a.test")
            error = run.records[0]["error"]
            self.assertEqual((error["phase"], error["code"]),
                ("tls", "TLS_UNKNOWN_ISSUER"))
        for reply in OK, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n":
            with Server(says(BAD_REQUEST)) as plain, \
                    HttpProxy(plain.port, reply) as proxy:
                run = afetch("--json", "-x", proxy.url, "https://a.test")
            error = run.records[0]["error"]
            self.assertEqual((error["phase"], error["code"]),
                ("tls", "TLS_NOT_TLS"))
            self.assertNotIn("proxy", error["message"])

    def refusal(self, status, fields=b"", userinfo=""):
        reply = b"HTTP/1.1 " + status + b"\r\n" + fields + b"\r\n"
        with Server(reply) as server:
            run = afetch("--json", "-x", f"http://{userinfo}127.0.0.1:"
                f"{server.port}", "https://a.test")
        error = run.records[0]["error"]
        return error["code"], error["message"].partition("a.test:443: ")[2]

    def test_row_102_refusals_of_connect(self):
        other = b"Proxy-Authenticate: Negotiate\r\n" \
            b"proxy-authenticate: NTLM, Digest realm=\"Basic, x\"\r\n"
        for status, fields, code, message in (
                (b"503 Service Unavailable", SQUID, "PROXY_FAILED",
                    "503 Service Unavailable (ERR_CONNECT_FAIL 111)"),
                (b"404 No such domain", PRIVOXY, "PROXY_REFUSED",
                    "404 No such domain"),
                (b"502 X", b"Proxy-Status: p.test; error=dns_error;\r\n "
                    b"rcode=\"NX\x1bDOMAIN\"\r\n", "PROXY_FAILED",
                    '502 X (p.test; error=dns_error;\\x0a rcode='
                    '"NX\\x1bDOMAIN")'),
                (b"405 Not Allowed", b"Server: nginx\r\n", "PROXY_REFUSED",
                    "405 Not Allowed (is it an http proxy?)"),
                (b"400 Bad Request", b"", "PROXY_REFUSED",
                    "400 Bad Request (is it an http proxy?)"),
                (b"400 Bad Request", TINYPROXY, "PROXY_REFUSED",
                    "400 Bad Request"),
                (b"501 Tor is not an HTTP Proxy", b"", "PROXY_REFUSED",
                    "501 Tor is not an HTTP Proxy (is it an http proxy?)"),
                (b"505 No", b"", "PROXY_REFUSED", "505 No"),
                (b"403 No", b"", "PROXY_REFUSED", "403 No"),
                (b"407 No", b"", "PROXY_LOGIN",
                    "407 No (give a user name and password in its URL)"),
                (b"407 No", other, "PROXY_LOGIN", "407 No (it offers no Basic "
                    "authentication, the only kind supported)"),
                (b"407 No", other + b"Proxy-Authenticate: x, basic\r\n",
                    "PROXY_LOGIN",
                    "407 No (give a user name and password in its URL)")):
            self.assertEqual(self.refusal(status, fields), (code, message))
        self.assertEqual(self.refusal(b"407 No", userinfo="me:x@"),
            ("PROXY_LOGIN", "407 No (it rejected the credentials in its URL)"))

    def answer(self, status, fields, *args, userinfo="", target="a.test"):
        """(hint in the record, the line on stderr)"""
        head = b"HTTP/1.1 " + status + b"\r\n" + fields + b"\r\n"
        with Server(lambda peer: peer.request() and peer.send(head)) as server:
            url = f"http://{userinfo}127.0.0.1:{server.port}"
            run = afetch("--json", "-x", url, target, args)
            text = afetch("-x", url, target, args, "--summary", "none")
        self.assertEqual((run.code, text.code), (0, 0), text.err)
        return run.records[0]["hint"], text.err.decode()

    def test_row_102_generated_by_a_proxy(self):
        words = "a proxy ({}) generated this response, not the target"
        status = "a proxy on the way reports {} (Proxy-Status)"
        for line, fields, hint in (
                (b"503 X", SQUID, words.format("squid") +
                    ": see X-Squid-Error"),
                (b"403 X", b"Server: squid/6.1\r\n", words.format("squid")),
                (b"500 X", TINYPROXY, words.format("tinyproxy")),
                (b"404 No such domain", PRIVOXY, words.format("Privoxy")),
                (b"503 X", VARNISH, words.format("Varnish")),
                (b"504 X", b"Proxy-Status: a; error=connection_timeout\r\n",
                    status.format("connection_timeout")),
                # The last one is the nearest; what is quoted is a string.
                (b"502 X", b'Proxy-Status: a;error=dns_error, '
                    b'b; x="\\";error=y" ; error=tls_protocol_error;z\r\n',
                    status.format("tls_protocol_error")),
                (b"502 X", b"Proxy-Status: a; error=new\r\n",
                    "a proxy on the way reports an error: see Proxy-Status"),
                # Nothing of these is the proxy's own.
                (b"200 X", SQUID, None), (b"302 X", TINYPROXY, None),
                (b"502 X", b"", None), (b"502 X", b"Server: nginx\r\n", None),
                (b"502 X", b"Proxy-Status: a; received-status=502\r\n", None),
                (b"503 X", VARNISH + b"Via: 1.0 vm (tinyproxy/1.11.1)\r\n",
                    None),
                (b"503 X", b"Server: Varnish\r\nVia: 1.1 varnish, 1.1 g\r\n",
                    None)):
            found, err = self.answer(line, fields)
            self.assertEqual(found, hint, fields)
            self.assertEqual(err, f"a.test: hint: {hint}\n" if hint else "")
            self.assertEqual(self.answer(line, fields, "-L")[0], hint)

    def test_row_102_login_of_an_http_target(self):
        for status, fields, userinfo, hint in (
                (b"407 X", b"", "", "the proxy requires a user name "
                    "and password, give them in its URL"),
                (b"407 X", b"", "me:x@", "the proxy rejected the user name "
                    "and password in its URL"),
                (b"407 X", b"Proxy-Authenticate: NTLM\r\n", "", "the proxy "
                    "offers no Basic authentication, the only kind supported"),
                (b"401 X", TINYPROXY, "me:x@", "the proxy rejected the user "
                    "name and password in its URL"),
                (b"401 X", b"Server: nginx\r\n", "", None)):
            self.assertEqual(
                self.answer(status, fields, userinfo=userinfo)[0], hint)

    def test_row_102_no_hint_without_a_proxy(self):
        """A tunnel passes the target's own words on, and so does none."""
        head = b"HTTP/1.1 503 X\r\n" + SQUID + b"\r\n"
        with Server(head) as server, HttpProxy(server.port) as proxy:
            for args in (server.route(),
                    ["-x", proxy.url, "--connect-to", ":::81"]):
                run = afetch("--json", args, "a.test")
                record, = run.records
                self.assertEqual((record["status"], record["hint"]),
                    (503, None))

    def test_row_102_no_hint_for_a_later_failure(self):
        """The hint is of the answer that counts."""
        def serve(peer):
            first = b"/b" not in peer.request()
            peer.send(b"HTTP/1.1 407 X\r\nLocation: /b\r\n\r\n" if not first
                else b"HTTP/1.1 302 X\r\nLocation: http://a.test/b\r\n\r\n")
        with Server(serve) as server:
            url = f"http://127.0.0.1:{server.port}"
            followed, = afetch("--json", "-L", "-x", url, "a.test").records
            failed, = afetch("--json", "-L", "--max-redirs", 0, "-x", url,
                "a.test").records
        self.assertIn("its URL", followed["hint"])
        self.assertIsNone(failed["hint"])
        self.assertEqual(failed["error"]["code"], "TOO_MANY_REDIRECTS")


if __name__ == "__main__":
    unittest.main()
