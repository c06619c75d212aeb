"""Through SOCKS 5 proxies that the tests script: what they are told, and
what they may answer."""

import socket
import unittest

from harness import Case, Server, afetch, free_port
from proxies import REACHED, Socks, SocksProxy, relay

V4, NAME, V6 = 1, 3, 4


def token(record):
    return dict(record["headers"])["X-Token"]


class SocksProxies(Case):
    @property
    def ports(self):
        return {80: self.lab.http, 443: self.lab.https}

    def run_by(self, url, *args, code=0, **how):
        run = afetch("--json", "-k", "-m", 20, "-x", url, *args, limit=40,
            **how)
        self.assertEqual(run.code, code, run.out)
        return run

    def test_names_go_to_the_proxy(self):
        self.lab.page("clear")
        with SocksProxy(self.ports) as proxy:
            run = self.run_by(proxy.url, "http://a.test/x", "https://b.test",
                "--dns-servers", self.lab.dns)
            self.assertEqual(proxy.offered, [b"\5\1\0"] * 2)
            self.assertEqual(sorted(proxy.asked),
                [(NAME, b"a.test", 80), (NAME, b"b.test", 443)])
        for record in run.records:
            self.assertEqual((record["status"], token(record),
                record["proxy"], record["remote_ip"], record["remote_port"]),
                (200, record["host"], proxy.url, "127.0.0.1", proxy.port))
            self.assertIsNone(record["timings_ms"]["dns"])
            self.assertGreater(record["timings_ms"]["connect"], 0)
        secure = run.record("https://b.test")
        self.assertEqual(secure["tls"]["subject"], "CN=b.test")
        self.assertGreater(secure["timings_ms"]["tls"], 0)
        totals = self.lab.page("totals")
        self.assertEqual((totals["a"], totals["aaaa"]), (0, 0))

    def test_request_is_the_targets(self):
        """Nothing in it shows the proxy."""
        with Server(b"HTTP/1.1 204 No\r\n\r\n") as server, \
                SocksProxy({81: server.port}, login=(b"me", b"x")) as proxy:
            self.run_by(proxy.url.replace("//", "//me:x@"),
                "http://a.test:81/b?c", "-A", "me")
            request, = server.requests()
        self.assertEqual(request, b"GET /b?c HTTP/1.0\r\nHost: a.test:81\r\n"
            b"User-Agent: me\r\nAccept: */*\r\n\r\n")

    def test_socks5_resolves_here(self):
        with SocksProxy(self.ports) as proxy:
            url = proxy.url.replace("socks5h", "socks5")
            for args, expected in (
                    (["s.test"], (V4, b"\x7f\0\0\1", 80)),
                    (["https://aaaa.a-nodata.s.test"],
                        (V6, b"\0" * 15 + b"\1", 443)),
                    (["s.test", "--resolve", "s.test:80:192.0.2.7"],
                        (V4, b"\xc0\0\2\7", 80))):
                run = self.run_by(
                    url, args, "--dns-servers", self.lab.dns)
                self.assertEqual(proxy.asked.pop(), expected)
                record, = run.records
                self.assertEqual((token(record), record["proxy"]),
                    (record["host"], url))
                self.assertEqual(record["timings_ms"]["dns"] is None,
                    "--resolve" in args)
            run = self.run_by(url, "dns-nxdomain.s.test", "--dns-servers",
                self.lab.dns, code=1)
            self.assertEqual(run.records[0]["error"], {"phase": "dns",
                "code": "NXDOMAIN", "message": "no such name"})
            self.assertEqual(proxy.asked, [])

    def test_types_of_address(self):
        """Literals are addresses, names go as they are asked of DNS."""
        with SocksProxy({**self.ports, 81: self.lab.http}) as proxy:
            for target, args, expected in (
                    ("192.0.2.7", [], (V4, b"\xc0\0\2\7", 80)),
                    ("[2001:db8::1]:81", [],
                        (V6, socket.inet_pton(socket.AF_INET6, "2001:db8::1"),
                            81)),
                    ("bücher.example", [],
                        (NAME, b"xn--bcher-kva.example", 80)),
                    ("UPPER.test", [], (NAME, b"UPPER.test", 80)),
                    ("c.test", ["--connect-to", "c.test::d.test:81"],
                        (NAME, b"d.test", 81)),
                    ("c.test", ["--connect-to", "c.test::[::1]:"],
                        (V6, b"\0" * 15 + b"\1", 80))):
                run = self.run_by(proxy.url, target, args)
                self.assertEqual(proxy.asked.pop(), expected)
                self.assertEqual(run.records[0]["status"], 200)

    def test_login(self):
        """Offered where there is one, and then both ways."""
        login = (b"us:er", b"p@ss\xc3\xa9")
        with SocksProxy(self.ports, login=login) as proxy:
            url = proxy.url.replace("//", "//us%3aer:p%40ss%c3%a9@")
            run = self.run_by(url, "https://a.test", "b.test")
            self.assertEqual(proxy.offered, [b"\5\2\0\2"] * 2)
        for record in run.records:
            self.assertEqual((token(record), record["proxy"]),
                (record["host"], proxy.url))
        with SocksProxy(self.ports) as proxy:
            self.run_by(proxy.url.replace("//", "//me:x@"), "a.test")

    def failure(self, handler, *args, userinfo="", target="https://a.test"):
        """(error, Run); a handler, or a proxy's reply to everything."""
        with Server(handler) as server:
            run = self.run_by(f"socks5h://{userinfo}127.0.0.1:{server.port}",
                target, args, code=1)
            start = f"the proxy socks5h://127.0.0.1:{server.port}: "
        record, = run.records
        error = record["error"]
        self.assertTrue(error["message"].startswith(start), error)
        error["message"] = error["message"][len(start):]
        self.assertEqual((error["phase"], record["status"],
            record["headers"], record["tls"]), ("connect", None, [], None))
        return error, run

    def test_login_refused(self):
        def says(*replies):
            def serve(peer):
                client = Socks(peer)
                client.methods()
                peer.send(replies[0])
                if len(replies) > 1:
                    client.login()
                    peer.send(replies[1])
                peer.hold()
            return serve
        for userinfo, replies, words in (
                ("", [b"\5\xff"],
                    "it requires a user name and password, "
                    "give them in its URL"),
                ("", [b"\5\2"],
                    "it requires a user name and password, "
                    "give them in its URL"),
                ("me:sesame@", [b"\5\xff"],
                    "it does not accept a user name and password"),
                ("me:sesame@", [b"\5\1"],
                    "it does not accept a user name and password"),
                ("me:sesame@", [b"\5\2", b"\1\1"], "it rejected the "
                    "user name and password in its URL"),
                ("me:sesame@", [b"\5\2", b"\5\xff"], "it rejected the "
                    "user name and password in its URL")):
            error, run = self.failure(says(*replies), userinfo=userinfo)
            self.assertEqual((error["code"], error["message"]),
                ("PROXY_LOGIN", "connecting to a.test:443: " + words))
            self.assertNotIn(b"sesame", run.out + run.err)

    def test_each_reply(self):
        says = {1: "general failure", 2: "not allowed by its ruleset",
            3: "network unreachable", 4: "host unreachable",
            5: "connection refused",
            6: "the connection took too long (TTL expired)",
            7: "command not supported", 8: "address type not supported",
            9: "unknown reply", 255: "unknown reply"}
        for reply, words in says.items():
            with SocksProxy({}, reply=b"\5%c\0\1\0\0\0\0\0\0" % reply) as proxy:
                run = self.run_by(proxy.url, "a.test", code=1)
            self.assertEqual(run.records[0]["error"], {"phase": "connect",
                "code": "PROXY_REFUSED" if reply in (2, 7, 8)
                    else "PROXY_FAILED",
                "message": f"the proxy {proxy.url}: connecting to a.test:80: "
                    + words})

    def test_each_type_in_the_reply(self):
        for bound in (b"\1" + b"x" * 4, b"\4" + b"x" * 16, b"\3\0",
                b"\3\xff" + b"x" * 255):
            with SocksProxy(self.ports,
                    reply=b"\5\0\0" + bound + b"\0\x50") as proxy:
                run = self.run_by(proxy.url, "a.test", "https://a.test")
            self.assertEqual([token(r) for r in run.records], ["a.test"] * 2)

    def test_replies_byte_by_byte(self):
        def slowly(peer, data):
            peer.trickle(data, 1, 0.01)
        with SocksProxy(self.ports, send=slowly, login=(b"me", b"x")) as proxy:
            run = self.run_by(proxy.url.replace("//", "//me:x@"),
                [f"http://h{n}.test" for n in range(10)],
                [f"https://s{n}.test" for n in range(10)])
        for record in run.records:
            self.assertEqual(token(record), record["host"])

    def test_all_replies_at_once(self):
        """Those ahead of their message, and the answer with the last one:
        no byte of it is lost."""
        answer = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"
        def serve(peer):
            peer.send(b"\5\0" + REACHED + answer)
            peer.hold()
        with Server(serve) as server:
            run = self.run_by(f"socks5h://127.0.0.1:{server.port}", "a.test")
        self.assertEqual(run.records[0]["headers"], [["A", "b"]])

    def test_cut_at_every_length(self):
        replies = b"\5\2", b"\1\0", REACHED
        whole = sum(map(len, replies))
        def cut_at(left):
            def serve(peer):
                client = Socks(peer)
                rest = left
                for ask, reply in zip(
                        (client.methods, client.login, client.connect),
                        replies):
                    ask()
                    peer.send(reply[:rest])
                    rest -= len(reply)
                    if rest < 0:
                        return
            return serve
        between = {
            0: ("EMPTY_REPLY", "empty reply: closed without an answer; no "
                "reply to the SOCKS greeting, is it an http proxy?"),
            2: ("EMPTY_REPLY", "empty reply: closed without an answer"),
            4: ("PROXY_FAILED", "it closed the connection without a reply, "
                "as ssh -D does when it cannot connect")}
        for left in range(whole):
            error, _ = self.failure(cut_at(left), userinfo="me:x@")
            code, words = between.get(left,
                ("TRUNCATED", "incomplete: closed within a reply"))
            self.assertEqual(error, {"phase": "connect", "code": code,
                "message": "connecting to a.test:443: " + words}, left)

    def test_no_socks(self):
        for garbage, quoted in ((b"220 smtp\r\n\r\n", "220 smtp"),
                (b"SSH-2.0-x\r\n", "SSH-2.0-x"), (b"\4Z", "\\x04Z"),
                (b"\0" * 100000, "\\x00" * 60)):
            def serve(peer, garbage=garbage):
                peer.send(garbage)
                peer.hold()
            error, _ = self.failure(serve)
            self.assertEqual(error["code"], "NOT_SOCKS")
            self.assertTrue(error["message"].endswith(f': "{quoted}"'), error)

    def test_no_reply_to_connect(self):
        for garbage in b"\4\0\0\1", b"\5\0\0\2xxxxxx", b"HTTP/1.1 200 OK\r\n":
            def serve(peer, garbage=garbage):
                client = Socks(peer)
                client.methods()
                peer.send(b"\5\0")
                client.connect()
                peer.send(garbage)
                peer.hold()
            self.assertEqual(self.failure(serve)[0]["code"], "NOT_SOCKS")

    def test_silent(self):
        def says(*replies):
            def serve(peer):
                client = Socks(peer)
                for ask, reply in zip((client.methods, client.connect),
                        replies):
                    ask()
                    peer.send(reply)
                peer.hold()
            return serve
        for serve in says(), says(b"\5"), says(b"\5\0"), says(
                b"\5\0", REACHED[:9]):
            for args in ["--connect-timeout", 0.3], ["-m", 0.3]:
                error, run = self.failure(serve, args)
                self.assertEqual(error["code"], "TIMEOUT")
                self.assertLess(run.seconds, 10)

    def test_reset(self):
        def says(*replies):
            def serve(peer):
                client = Socks(peer)
                client.methods()
                for reply in replies:
                    peer.send(reply)
                    client.connect()
                peer.reset()
            return serve
        for serve in says(), says(b"\5\0"):
            error, _ = self.failure(serve)
            self.assertEqual(error["code"], "RESET")

    def test_unreachable(self):
        url = f"socks5h://127.0.0.1:{free_port()}"
        run = self.run_by(url, "a.test", code=1)
        self.assertEqual(run.records[0]["error"], {"phase": "connect",
            "code": "REFUSED",
            "message": f"the proxy {url}: connection refused"})

    def test_bad_host_fails_alone(self):
        """A refusal of one target is of no other one's."""
        def serve(peer):
            client = Socks(peer)
            client.methods()
            peer.send(b"\5\0")
            _, name, port = client.connect()
            if name.startswith(b"bad"):
                peer.send(b"\5\5\0\1\0\0\0\0\0\0")
            else:
                peer.send(REACHED)
                relay(peer, self.ports[port])
        with Server(serve) as server:
            run = self.run_by(f"socks5h://127.0.0.1:{server.port}",
                [f"{kind}{n}.test" for n in range(20)
                    for kind in ("bad", "https://good")], code=1)
        self.assertEqual(sorted(run.errors()),
            sorted(f"bad{n}.test" for n in range(20)))
        for record in run.records:
            if not record["error"]:
                self.assertEqual(token(record), record["host"])


if __name__ == "__main__":
    unittest.main()
