"""HTTPS with -L, --retry and --per-address: what each hop and try has."""

import unittest

from harness import SLOWER, afetch, target_list
from test_tls import TlsCase

fast = True


class TlsRedirects(TlsCase):
    lab_script = ('down.test status=302 location="http://plain.test/"\n'
        'bare.test cert=self status=302 location="http://plain.test/"\n')

    def options(self):
        return [*super().options(), "-L"]

    def one(self, host, *args, scheme="http"):
        return self.fetch([host], *args, scheme=scheme)[1][host]

    def chain(self, record):
        return [(hop["url"], hop["status"]) for hop in record["hops"]]

    def test_to_https(self):
        host = "tohttps.a.test"
        record = self.one(host)
        self.assertIsNone(record["error"])
        self.assertEqual(self.chain(record),
            [(f"http://{host}/", 301), (f"https://{host}/", 200)])
        self.assertEqual(record["final_url"], f"https://{host}/")
        plain, secure = record["hops"]
        self.assertIsNone(plain["tls"])
        self.assertIsNone(plain["timings_ms"]["tls"])
        self.assertIs(secure["tls"]["verified"], True)
        self.assertEqual(secure["tls"]["subject"], f"CN={host}")
        self.assertEqual(record["tls"], secure["tls"])
        self.assertEqual(
            record["timings_ms"]["tls"], secure["timings_ms"]["tls"])
        self.assertEqual(record["remote_port"], self.lab.https)
        run = afetch(host, self.options())
        self.assertEqual([line for line in run.of(host)
            if line.startswith(b"HTTP/") or not line],
            [b"HTTP/1.1 301 Moved Permanently", b"", b"HTTP/1.1 200 OK"])

    def test_to_http(self):
        """The record has the last hop's, which is none."""
        record = self.one("down.test", scheme="https")
        self.assertEqual(self.chain(record),
            [("https://down.test/", 302), ("http://plain.test/", 200)])
        self.assertIsNone(record["tls"])
        self.assertEqual(record["hops"][0]["tls"]["subject"], "CN=down.test")
        self.assertIsNone(record["hops"][1]["tls"])
        self.assertGreater(record["timings_ms"]["tls"], 0)

    def test_each_its_own(self):
        record = self.one("redirect-3.a.test", scheme="https")
        self.assertEqual([hop["tls"]["subject"] for hop in record["hops"]],
            ["CN=redirect-3.a.test", "CN=redirect-2.a.test",
                "CN=redirect-1.a.test", "CN=a.test"])
        self.assertEqual(record["tls"], record["hops"][-1]["tls"])
        times = [hop["timings_ms"]["tls"] for hop in record["hops"]]
        self.assertAlmostEqual(
            record["timings_ms"]["tls"], sum(times), delta=0.01)

    def test_too_many(self):
        for most, code in (3, None), (2, "TOO_MANY_REDIRECTS"):
            record = self.one("redirect-3.a.test", "--max-redirs", most,
                scheme="https")
            self.assertEqual((record["error"] or {}).get("code"), code)
            self.assertEqual(len(record["hops"]), most + 1)
            self.assertIs(record["tls"]["verified"], True)

    def test_certificate_of_a_later_hop(self):
        host = "tohttps.cert-self.a.test"
        record = self.one(host)
        self.check_failed(
            record, "TLS_SELF_SIGNED", "the certificate is self-signed")
        self.assertEqual(self.chain(record),
            [(f"http://{host}/", 301), (f"https://{host}/", None)])
        self.assertIs(record["hops"][1]["tls"]["verified"], False)

    def test_insecure_counts_every_hop(self):
        run, records = self.fetch(["bare.test"], "-k", scheme="https")
        self.assertIsNone(records["bare.test"]["tls"])
        self.assertIs(
            records["bare.test"]["hops"][0]["tls"]["verified"], False)
        self.assertIn(b"INSECURE (-k): 1 target had an unverified "
            b"certificate\n", run.err)

    def test_credentials(self):
        """Another scheme is another site, in both directions."""
        for host, scheme in ("tohttps.a.test", "http"), ("down.test", "https"):
            for secret in (("-u", "me:secret"),
                    ("-H", "Authorization: secret"), ("-H", "Cookie: c=d")):
                self.lab.page("clear")
                self.one(host, secret, "-H", "X: y", scheme=scheme)
                first, second = [request["raw"]
                    for request in self.lab.page("stats")["requests"]]
                name = ("Cookie: " if "Cookie: c=d" in secret
                    else "Authorization: ")
                self.assertIn(f"\r\n{name}", first)
                self.assertNotIn(name, second)
                for request in first, second:
                    self.assertIn("\r\nX: y\r\n", request)


class TlsManners(TlsCase):
    def tries(self, word, *args):
        host = f"{word}.test"
        return self.fetch([host], "--retry", 2, *args)[1][host]

    def test_transient(self):
        for n, word in enumerate(
                ("tls-reset", "tls-close", "status-503", "reset-half")):
            record = self.tries(f"first-1.{word}.r{n}")
            self.assertEqual((record["status"], record["attempts"]), (200, 2))
            self.assertIs(record["tls"]["verified"], True)

    def test_no_other_address(self):
        """The first one that connects is the one, whatever its TLS."""
        for word, code in ("tls-reset", "RESET"), ("tls-close",
                "TLS_HANDSHAKE"):
            host = f"{word}.once.test"
            run = afetch(f"https://{host}", "--json", "--cacert", self.ca.name,
                "--resolve", f"{host}:{self.lab.https}:127.0.0.1,::1",
                "--connect-to", f":443::{self.lab.https}")
            self.check_error(run.records[0], code, "tls")
            self.assertEqual(self.lab.page(f"name/{host}")["hellos"], 1)

    def test_connect_timeout_is_of_one_try(self):
        record = self.tries("first-1.tls-stall.t",
            "--connect-timeout", 0.5 * SLOWER)
        self.assertEqual((record["status"], record["attempts"]), (200, 2))
        self.assertGreater(record["timings_ms"]["tls"], 400)

    def test_lasting(self):
        for word, code in (("cert-expired.a", "TLS_EXPIRED"),
                ("cert-wrong.a", "TLS_NAME_MISMATCH"),
                ("tls-plain.a", "TLS_NOT_TLS"), ("tls-old.a", "TLS_PROTOCOL")):
            record = self.tries(word)
            self.assertEqual(record["error"]["code"], code)
            self.assertEqual(record["attempts"], 1)

    def test_per_address(self):
        hosts = [f"tls-50.p{n}.test" for n in range(10)]
        self.lab.page("clear")
        run = afetch("-i", "-", "--json", "--per-address", 2, self.options(),
            stdin=target_list(f"https://{host}/" for host in hosts))
        self.assertFalse(run.errors())
        self.assertEqual(self.lab.page("totals")["max_open"], 2)


if __name__ == "__main__":
    unittest.main()
