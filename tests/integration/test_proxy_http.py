"""Through http proxies that the tests script: what they are told, and what
they may answer."""

import unittest

from harness import Case, Server, afetch, free_port, target_list
from proxies import OK, HttpProxy, asked_for, relay

ANSWER = b"HTTP/1.1 200 OK\r\nFrom: proxy\r\n\r\n"


class HttpProxies(Case):
    def run_by(self, proxy, *args, code=0, **how):
        url = proxy if isinstance(proxy, str) else proxy.url
        run = afetch("--json", "-k", "-x", url, *args, **how)
        self.assertEqual(run.code, code, run.out)
        return run

    def test_http_is_asked_of_the_proxy(self):
        with Server(ANSWER) as proxy:
            url = f"http://127.0.0.1:{proxy.port}"
            run = self.run_by(url, "http://A.test:81/b?c#d", "-A", "me",
                "--dns-servers", self.lab.dns)
            request, = proxy.requests()
        self.assertEqual(request, b"GET http://A.test:81/b?c HTTP/1.0\r\n"
            b"Host: A.test:81\r\nUser-Agent: me\r\nAccept: */*\r\n\r\n")
        record, = run.records
        self.assertEqual((record["status"], record["proxy"],
            record["remote_ip"], record["remote_port"], record["tls"]),
            (200, url, "127.0.0.1", proxy.port, None))
        self.assertIsNone(record["timings_ms"]["dns"])
        self.assertEqual(self.lab.page("name/a.test")["a"], 0)

    def test_https_is_tunneled(self):
        with HttpProxy(self.lab.https) as proxy:
            run = self.run_by(proxy, "https://t1.test/x", "-A", "me",
                "https://[::1]:444/", "--dns-servers", self.lab.dns)
            self.assertEqual(sorted(proxy.asked), ["[::1]:444", "t1.test:443"])
            self.assertIn(b"CONNECT t1.test:443 HTTP/1.1\r\nHost: t1.test:443"
                b"\r\nUser-Agent: me\r\n\r\n", proxy.requests())
        record = run.record("https://t1.test/x")
        self.assertEqual((record["status"], record["proxy"],
            dict(record["headers"])["X-Token"]), (200, proxy.url, "t1.test"))
        self.assertEqual(record["tls"]["subject"], "CN=t1.test")
        for phase in "connect", "tls", "wait":
            self.assertGreater(record["timings_ms"][phase], 0)
        self.assertEqual(self.lab.page("name/t1.test")["a"], 0)
        self.assertEqual(self.lab.page("name/t1.test")["requests"], 1)

    def test_verified_behind_the_tunnel(self):
        with HttpProxy(self.lab.https) as proxy:
            run = afetch("--json", "-x", proxy.url, "https://v.test/")
        self.assertEqual(run.records[0]["error"]["code"],
            "TLS_UNKNOWN_ISSUER")
        self.assertNotIn("proxy", run.records[0]["error"]["message"])

    def test_names_of_the_proxy(self):
        """Its own name is looked up, and led elsewhere, as any."""
        with HttpProxy(self.lab.https) as proxy:
            for options in (["--dns-servers", self.lab.dns],
                    ["--resolve", f"p.test:{proxy.port}:127.0.0.1"]):
                run = self.run_by(f"http://p.test:{proxy.port}", "-4",
                    "https://a.test/", options, "--connect-to",
                    "p.test::127.0.0.1:1")
                self.assertEqual(run.records[0]["status"], 200)
                self.assertEqual(run.records[0]["proxy"],
                    f"http://p.test:{proxy.port}")

    def test_elsewhere(self):
        """--connect-to and the second column are for the proxy to do, by
        tunnels."""
        with HttpProxy(self.lab.http) as proxy:
            run = self.run_by(proxy, "-i", "-", "--connect-to",
                "b.test:80:c.test:81", "--connect-to", "d.test::[::1]:",
                stdin=target_list(["a.test 192.0.2.7", "b.test", "d.test:9",
                    "192.0.2.1 192.0.2.2"]))
            self.assertEqual(sorted(proxy.asked), ["192.0.2.2:80",
                "192.0.2.7:80", "[::1]:9", "c.test:81"])
        for record in run.records:
            self.assertEqual(record["status"], 200)
            self.assertEqual(
                dict(record["headers"])["X-Token"], record["host"])

    def test_credentials(self):
        """The proxy's go to it alone, the target's never in a CONNECT."""
        own = ["-u", "me:own", "-H", "Proxy-Authorization: third",
            "-H", "Cookie: c=d"]
        with HttpProxy(self.lab.https, forward=lambda peer:
                peer.send(ANSWER)) as proxy:
            url = proxy.url.replace("//", "//us%65r:s%3aecret@")
            self.lab.page("clear")
            for args in [], own:
                run = self.run_by(url, "https://c.test/", "http://c.test/",
                    "-v", "-j1", args)
                for record in run.records:
                    self.assertEqual(record["proxy"], proxy.url)
            requests = [head.decode() for head in proxy.requests()]
        basic = "Proxy-Authorization: Basic dXNlcjpzOmVjcmV0\r\n"
        self.assertEqual([basic in head for head in requests],
            [True, True, True, False])
        self.assertIn("Proxy-Authorization: third\r\n", requests[3])
        self.assertNotIn("Cookie", requests[2])
        self.assertNotIn("\r\nAuthorization", requests[2])
        inside = [request["raw"]
            for request in self.lab.page("stats")["requests"]]
        self.assertEqual(len(inside), 2)
        for head in inside:
            self.assertNotIn("Proxy-Authorization", head)
        self.assertIn("Cookie: c=d", inside[1])

    def test_credentials_are_in_no_output(self):
        def serve(peer):
            if b"ok" in peer.request():
                relay(peer, self.lab.https)
            else:
                peer.send(b"HTTP/1.1 407 No\r\n\r\n")
        with Server(serve) as server:
            for port in server.port, free_port():
                for how in ["--json"], ["-v"]:
                    run = afetch("-x", f"me:sesame@127.0.0.1:{port}", how,
                        "https://a.test", "http://b.test", "https://ok.test")
                    for secret in b"sesame", b"c2VzYW1l", b"bWU6c2":
                        self.assertNotIn(secret, run.out + run.err)

    def test_refusals(self):
        says = {}
        for status, code in ((407, "PROXY_LOGIN"), (401, "PROXY_LOGIN"),
                (403, "PROXY_REFUSED"),
                (502, "PROXY_FAILED"), (503, "PROXY_FAILED"),
                (302, "PROXY_REFUSED"), (101, "PROXY_REFUSED"),
                (999, "PROXY_FAILED")):
            says[f"s{status}.test"] = (status, code)
        def serve(peer):
            status, _ = says[asked_for(peer).partition(":")[0]]
            peer.send(f"HTTP/1.1 {status} No \x1b[1m {'x' * 99}\r\n"
                "Content-Length: 3\r\n\r\nno\n".encode())
        with Server(serve) as server:
            url = f"http://127.0.0.1:{server.port}"
            run = self.run_by(url, [f"https://{name}" for name in says],
                code=1)
            login, = self.run_by(url.replace("//", "//me:x@"),
                "https://s407.test", code=1).records
        quote = f" No \\x1b[1m {'x' * 52}"
        for name, (status, code) in says.items():
            record = run.record(f"https://{name}")
            extra = (" (the proxy's URL can have a user name and password)"
                if code == "PROXY_LOGIN" else "")
            self.assertEqual(record["error"], {"phase": "connect",
                "code": code, "message": f"the proxy {url}: connecting to "
                f"{name}:443: {status}{quote}{extra}"})
            self.assertEqual((record["headers"], record["header_bytes"],
                record["proxy"]), ([], 0, url))
        self.assertTrue(login["error"]["message"].endswith(
            " (not those in the proxy's URL)"))

    def test_any_2xx_will_do(self):
        for reply in (b"HTTP/1.0 204 \r\nA: b\r\nContent-Length: 9\r\n\r\n",
                b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 299 X\n\n"):
            with HttpProxy(self.lab.https, reply) as proxy:
                run = self.run_by(proxy, "https://a.test")
            self.assertEqual(
                dict(run.records[0]["headers"])["X-Token"], "a.test")

    def test_answers_of_its_own(self):
        """For plain http, the proxy's answer is the answer."""
        for status, hint in (407, "its URL"), (502, None):
            with Server(b"HTTP/1.1 %d No\r\n\r\n" % status) as server:
                run = self.run_by(f"127.0.0.1:{server.port}", "a.test")
            record, = run.records
            self.assertEqual((record["status"], record["error"]),
                (status, None))
            self.assertEqual(bool(record["hint"]), bool(hint))
            self.assertIn(hint or "", record["hint"] or "")

    def test_reply_cut_at_every_length(self):
        reply = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"
        def serve(peer):
            peer.send(reply[:int(asked_for(peer)[1:3])])
        with Server(serve) as server:
            run = self.run_by(f"127.0.0.1:{server.port}", [f"https://c{n:02}"
                for n in range(len(reply) + 1)], code=1)
        for n in range(len(reply) + 1):
            error = run.record(f"https://c{n:02}")["error"]
            if n == len(reply):
                self.assertEqual(error["phase"], "tls")
                self.assertIn(error["code"], ("TLS_HANDSHAKE", "RESET"))
                continue
            self.assertEqual((error["phase"], error["code"]), ("connect",
                "TRUNCATED" if n else "EMPTY_REPLY"), n)
            self.assertIn(f"connecting to c{n:02}:443: ", error["message"])

    def test_reply_split_at_every_length(self):
        reply = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"
        def serve(peer):
            cut = int(asked_for(peer)[1:3])
            peer.send(reply[:cut])
            peer.pause(0.01)
            peer.send(reply[cut:])
            relay(peer, self.lab.https)
        with Server(serve) as server:
            run = self.run_by(f"127.0.0.1:{server.port}", "-m", 30,
                [f"https://s{n:02}" for n in range(len(reply))], limit=40)
        self.assertEqual({r["status"] for r in run.records}, {200})
        for record in run.records:
            self.assertEqual(
                dict(record["headers"])["X-Token"], record["host"])

    def test_bytes_behind_the_reply(self):
        """They are the target's: no TLS, but perhaps an answer."""
        with Server(OK + b"SSH-2.0-x\r\n\r\n") as server:
            run = self.run_by(f"127.0.0.1:{server.port}", "https://a.test",
                code=1)
        self.assertEqual(run.records[0]["error"], {"phase": "tls",
            "code": "TLS_NOT_TLS",
            "message": 'the server does not speak TLS here: "SSH-2.0-x"'})
        with Server(OK + ANSWER) as server:
            run = self.run_by(f"127.0.0.1:{server.port}", "a.test",
                "--connect-to", ":::81")
        self.assertEqual(run.records[0]["headers"], [["From", "proxy"]])

    def failure(self, handler, target="https://a.test", *args):
        with Server(handler) as server:
            run = self.run_by(f"127.0.0.1:{server.port}", target, args,
                code=1)
            error = run.records[0]["error"]
            self.assertTrue(error["message"].startswith(
                f"the proxy http://127.0.0.1:{server.port}: "), error)
            return error, server.most_sent, run

    def test_no_http(self):
        for target, phase in (("https://a.test", "connect"),
                ("http://a.test", "receive")):
            for banner in b"SSH-2.0-OpenSSH\r\n", b"\5\xff", b"HTTX":
                error, _, _ = self.failure(banner, target)
                self.assertEqual((error["phase"], error["code"]),
                    (phase, "NOT_HTTP"))

    def test_endless(self):
        def endless(head, unit):
            def serve(peer):
                peer.request()
                peer.send(head)
                peer.forever(unit)
            return serve
        for head, unit in ((b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
                (b"HTTP/1.1 200 OK\r\n", b"a"), (b"", b"HTTP/1.1 200 OK"),
                (b"", b"HTTP/1.1 100 C\r\n\r\n")):
            error, sent, run = self.failure(endless(head, unit),
                "https://a.test", "--max-header-size", "20K")
            self.assertEqual((error["phase"], error["code"]),
                ("connect", "HEADER_TOO_LARGE"))
            self.assertLess(sent, 8 << 20)

    def test_silent(self):
        for target, phase, args in (
                ("https://a.test", "connect", ("--connect-timeout", 0.3)),
                ("https://a.test", "connect", ("-m", 0.3)),
                ("http://a.test", "wait", ("-m", 0.3))):
            error, _, _ = self.failure(lambda peer: peer.hold(), target, *args)
            self.assertEqual((error["phase"], error["code"]),
                (phase, "TIMEOUT"))

    def test_slow_is_not_waited_for(self):
        def serve(peer):
            peer.request()
            peer.trickle(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100, 1, 0.05)
        error, _, run = self.failure(serve, "https://a.test", "-m", 0.5)
        self.assertEqual(error["code"], "TIMEOUT")
        self.assertLess(run.seconds, 15)

    def test_reset(self):
        def serve(head):
            def act(peer):
                peer.request()
                peer.send(head)
                peer.pause(0.05)
                peer.reset()
            return act
        for head in b"", b"HTTP/1.1 200 OK\r\nA":
            error, _, _ = self.failure(serve(head))
            self.assertEqual((error["phase"], error["code"]),
                ("connect", "RESET"))

    def test_unreachable(self):
        port = free_port()
        for target in "http://a.test", "https://a.test":
            run = self.run_by(f"127.0.0.1:{port}", target, code=1)
            self.assertEqual(run.records[0]["error"], {"phase": "connect",
                "code": "REFUSED", "message":
                f"the proxy http://127.0.0.1:{port}: connection refused"})
            run = self.run_by("dns-nxdomain.p.test", target, "--dns-servers",
                self.lab.dns, code=1)
            self.assertEqual(run.records[0]["error"], {"phase": "dns",
                "code": "NXDOMAIN", "message":
                "the proxy http://dns-nxdomain.p.test:1080: no such name"})

    def test_retries(self):
        """A proxy that could not connect may be able to next time."""
        for status, tries in (503, 3), (403, 1):
            with Server(b"HTTP/1.1 %d X\r\n\r\n" % status) as server:
                run = self.run_by(f"127.0.0.1:{server.port}", "--retry", 2,
                    "https://a.test", code=1)
            self.assertEqual(run.records[0]["attempts"], tries)

    def test_per_address(self):
        """All targets' connections are to the proxy."""
        self.lab.page("clear")
        run = self.run_by(f"127.0.0.1:{self.lab.http}", "--per-address", 2,
            [f"ttfb-20.p{n}.test" for n in range(20)])
        self.assertEqual(run.summary["ok"], 20)
        self.assertLessEqual(self.lab.page("totals")["max_open"], 2)

    def test_redirects(self):
        """The way is chosen for each hop anew."""
        pages = {"http://a.test/": "https://a.test/",
            "http://b.test/": f"http://127.0.0.1:{self.lab.http}/"}
        def forward(peer):
            url = peer.request().split()[1].decode()
            peer.send(f"HTTP/1.1 302 X\r\nLocation: {pages[url]}\r\n\r\n"
                .encode())
        with HttpProxy(self.lab.https, forward=forward) as proxy:
            run = self.run_by(proxy, "-L", *pages, "--noproxy",
                "x.test 127.0.0.0/8")
            self.assertEqual(proxy.asked, ["a.test:443"])
        hops = run.record("http://a.test/")["hops"]
        self.assertEqual([(hop["status"], hop["proxy"]) for hop in hops],
            [(302, proxy.url), (200, proxy.url)])
        record = run.record("http://b.test/")
        self.assertEqual([(hop["status"], hop["proxy"])
            for hop in record["hops"]], [(302, proxy.url), (200, None)])
        self.assertIsNone(record["proxy"])


class Environment(Case):
    """Which variables count."""

    def proxies_of(self, env, *args):
        """What http and https targets went through."""
        run = afetch("--json", "-s", "-k", args, "http://a.test",
            "https://a.test", "-m", 1, env={"PATH": "/bin", **env})
        return {record["host"] and record["url"].partition(":")[0]:
            record["proxy"] for record in run.records}

    def test_row_86_environment(self):
        """Only what is documented has an effect."""
        port = free_port()
        proxy = f"http://127.0.0.1:{port}"
        direct = self.lab.options()[2:]
        none = {"http": None, "https": None}
        for env, expected in (
                ({"http_proxy": proxy}, {"http": proxy, "https": None}),
                ({"HTTP_PROXY": proxy}, none),
                ({"https_proxy": proxy}, {"http": None, "https": proxy}),
                ({"HTTPS_PROXY": proxy}, {"http": None, "https": proxy}),
                ({"ALL_PROXY": proxy}, {"http": proxy, "https": proxy}),
                ({"all_proxy": proxy, "NO_PROXY": "b, test"}, none),
                ({"all_proxy": proxy, "no_proxy": "*"}, none),
                ({"Http_Proxy": proxy, "ftp_proxy": proxy,
                    "socks_proxy": proxy}, none)):
            self.assertEqual(self.proxies_of(env, direct), expected, env)
        for args in ["-x", ""], ["--noproxy", "*"]:
            self.assertEqual(
                self.proxies_of({"all_proxy": proxy}, args, direct), none)

    def test_row_86_no_effect(self):
        plain = afetch("a.test", "i.test", "-s", self.lab.options(dns=True))
        other = afetch("a.test", "i.test", "-s", self.lab.options(dns=True),
            env={"HTTP_PROXY": "http://127.0.0.1:1", "LC_ALL": "tr_TR.UTF-8",
                "RES_OPTIONS": "timeout:1 attempts:1 ndots:15",
                "HOSTALIASES": "/dev/null", "LOCALDOMAIN": "x.test",
                "CURL_CA_BUNDLE": "/x", "POSIXLY_CORRECT": "1"})
        def lines(run):
            return sorted(line for line in run.lines if b" Date: " not in line)
        self.assertEqual((other.code, lines(other)), (0, lines(plain)))

    def test_row_86_bad(self):
        for name, value, why in (
                ("https_proxy", "https://me:sesame@p", "https"),
                ("all_proxy", "socks4://p", "scheme"),
                ("http_proxy", "p:x", "port")):
            run = afetch("a.test", env={name: value})
            self.assertEqual((run.code, run.out), (2, b""))
            self.assertTrue(run.err.startswith(
                b"afetch: environment variable %s: its value "
                % name.encode()), run.err)
            self.assertIn(why.encode(), run.err)
            self.assertNotIn(b"sesame", run.err)
            self.assertEqual(afetch("a.test", "-x", "", self.lab.options(),
                env={name: value}).code, 0)


if __name__ == "__main__":
    unittest.main()
