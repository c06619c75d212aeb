"""HTTPS: which servers are believed, and what is said of the others."""

import datetime
import os
import re
import subprocess
import tempfile

from harness import Case, Lab, Server, afetch, figures, target_list

T = ("-m", 2)


class TlsCase(Case):
    """A case with a lab whose CA is trusted."""

    @classmethod
    def setUpClass(cls):
        cls.ca = tempfile.NamedTemporaryFile(suffix=".pem")
        cls.addClassCleanup(cls.ca.close)
        cls.lab_args = ("--ca-file", cls.ca.name)
        super().setUpClass()

    def options(self):
        return ["--cacert", self.ca.name,
            "--connect-to", f":443:127.0.0.1:{self.lab.https}",
            *self.lab.options()]

    def fetch(self, hosts, *args, limit=20, scheme="https"):
        """One run with --json; the records by host."""
        run = afetch("-i", "-", "--json", self.options(), *args,
            stdin=target_list(f"{scheme}://{host}/" for host in hosts),
            limit=limit)
        records = {r["host"]: r for r in run.records}
        self.assertEqual(sorted(records), sorted(hosts))
        return run, records

    def check_failed(self, record, code, message, phase="tls"):
        self.check_error(record, code, phase)
        self.assertRegex(record["error"]["message"], "^" + message + "$")


DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"

# Word of the lab: code, message (NAME is the host).
CERTIFICATES = {
    "cert-expired": ("TLS_EXPIRED", f"the certificate expired on {DATE}"),
    "cert-future": ("TLS_NOT_YET_VALID",
        f"the certificate is not valid before {DATE}"),
    "cert-wrong": ("TLS_NAME_MISMATCH",
        "the certificate is for wrong.invalid, not for NAME"),
    "cert-self": ("TLS_SELF_SIGNED", "the certificate is self-signed"),
    "cert-unknown": ("TLS_UNKNOWN_ISSUER",
        r"the certificate was issued by an unknown authority "
        r"\(CN=Nobody's CA\)"),
    "cert-nosan": ("TLS_NAME_MISMATCH", "the certificate is for no host "
        r"\(it has no subjectAltName\), not for NAME"),
    "cert-top": ("TLS_NAME_MISMATCH",
        r"the certificate is for \*.test, not for NAME"),
    "cert-partial": ("TLS_NAME_MISMATCH",
        r"the certificate is for c\*.a.test, not for NAME"),
    "cert-nul": ("TLS_NAME_MISMATCH",
        r"the certificate is for NAME\\x00.evil.test, not for NAME"),
}

HANDSHAKES = {
    "tls-plain": ("TLS_NOT_TLS",
        'the server does not speak TLS here: "HTTP/1.1 200 OK"'),
    "tls-alert": ("TLS_ALERT",
        r'the server sent the alert "handshake failure" \(40\)'),
    "tls-close": ("TLS_HANDSHAKE",
        "the server closed the connection during the TLS handshake"),
    "tls-reset": ("RESET", "connection reset by peer"),
    "tls-old": ("TLS_PROTOCOL",
        r"no common TLS version \(1.2 or later needed\)"),
}

STALLS = ("tls-stall", "tls-byte")


class Tls(TlsCase):
    def test_good(self):
        _, records = self.fetch(["www.a.test", "cert-wild.a.test"])
        for host, record in records.items():
            self.assertIsNone(record["error"], host)
            self.assertEqual(record["status"], 200)
            self.assertEqual(record["url"], f"https://{host}/")
            self.assertGreater(record["timings_ms"]["tls"], 0)
            tls = record["tls"]
            self.assertEqual(list(tls), ["version", "cipher", "subject",
                "issuer", "not_after", "days_left", "verified"])
            self.assertEqual(tls["version"], "TLSv1.3")
            self.assertEqual(tls["subject"], f"CN={host}")
            self.assertEqual(tls["issuer"], "CN=afetch lab CA")
            self.assertIs(tls["verified"], True)
            left = (datetime.datetime.strptime(tls["not_after"],
                    "%Y-%m-%dT%H:%M:%SZ")
                - datetime.datetime.strptime(record["started_at"][:19],
                    "%Y-%m-%dT%H:%M:%S"))
            self.assertEqual(tls["days_left"], left.days)

    def test_http_has_no_tls(self):
        _, records = self.fetch(["www.a.test"], scheme="http")
        record = records["www.a.test"]
        self.assertIsNone(record["error"])
        self.assertIsNone(record["tls"])
        self.assertIsNone(record["timings_ms"]["tls"])

    def test_text(self):
        run = afetch("https://www.a.test/", self.options())
        self.assertEqual(run.code, 0)
        lines = run.of("https://www.a.test/")
        self.assertEqual(lines[0], b"HTTP/1.1 200 OK")
        self.assertIn(b"X-Token: www.a.test", lines)

    def test_row_80_certificates(self):
        hosts = {f"{word}.a.test": word for word in CERTIFICATES}
        run, records = self.fetch(hosts)
        self.assertEqual(run.code, 1)
        for host, word in hosts.items():
            code, message = CERTIFICATES[word]
            self.check_failed(records[host], code,
                message.replace("NAME", re.escape(host)))
            tls = records[host]["tls"]
            self.assertIs(tls["verified"], False, host)
            self.assertEqual(tls["subject"], f"CN={host}")
        self.assertLess(
            records["cert-expired.a.test"]["tls"]["days_left"], 0)

    def test_row_80_insecure_is_the_only_way_past(self):
        hosts = [f"{word}.a.test" for word in CERTIFICATES]
        run, records = self.fetch([*hosts, "www.a.test"], "-k")
        self.assertEqual(run.code, 0)
        for host in hosts:
            self.assertIsNone(records[host]["error"], host)
            self.assertIs(records[host]["tls"]["verified"], False, host)
        self.assertIs(records["www.a.test"]["tls"]["verified"], True)
        self.assertIn(b"INSECURE (-k): 9 targets had an unverified "
            b"certificate\n", run.err)

    def test_row_80_addresses(self):
        _, records = self.fetch(["127.0.0.1"])
        self.assertIs(records["127.0.0.1"]["tls"]["verified"], True)
        _, records = self.fetch(["127.0.0.9"])
        self.check_failed(records["127.0.0.9"], "TLS_NAME_MISMATCH",
            "the certificate is for .*127.0.0.1.*, not for 127.0.0.9")

    def test_row_80_system_does_not_trust_the_lab(self):
        run = afetch("https://www.a.test/", "--json", "--connect-to",
            f":443:127.0.0.1:{self.lab.https}", "--dns-servers", self.lab.dns)
        self.check_failed(run.records[0], "TLS_UNKNOWN_ISSUER",
            r"the certificate was issued by an unknown authority "
            r"\(CN=afetch lab CA\)")

    def test_row_81_sni(self):
        # Without SNI the lab counts a hello under the address.
        for host in "sni-name.test", "127.0.0.1":
            self.lab.page("clear")
            self.fetch([host])
            page = self.lab.page(f"name/{host}")
            self.assertEqual((page["hellos"], page["requests"]), (1, 1))

    def test_row_82_close_without_notify(self):
        _, records = self.fetch(
            ["nonotify.a.test", "nonotify.close-half.a.test"])
        good = records["nonotify.a.test"]
        self.assertIsNone(good["error"])
        self.assertEqual(good["headers"][-1], ["X-Token", "nonotify.a.test"])
        cut = records["nonotify.close-half.a.test"]
        self.check_error(cut, "TRUNCATED", "receive")
        self.assertIs(cut["tls"]["verified"], True)

    def test_row_83_handshakes(self):
        hosts = {f"{word}.a.test": word for word in HANDSHAKES}
        run, records = self.fetch(hosts, "-m", 19, "--connect-timeout", 19)
        self.assertLess(run.seconds, 10)
        for host, word in hosts.items():
            self.check_failed(records[host], *HANDSHAKES[word])

    def test_row_83_stalls(self):
        hosts = [f"{word}.a.test" for word in STALLS]
        _, records = self.fetch(hosts, "-m", 9, "--connect-timeout", 1)
        for host in hosts:
            self.check_failed(records[host], "TIMEOUT", "timed out")
            self.assertLess(records[host]["timings_ms"]["total"], 8000)

    def test_row_83_other_protocols(self):
        talk = {
            b"SSH-2.0-OpenSSH_9\r\n": "SSH-2.0-OpenSSH_9",
            b"220 mail ESMTP\r\n": "220 mail ESMTP",
            b"\x00\xff\x1b[31m": r"\\x00\\xff\\x1b\[31m",
            b"<html>": "<html>",
        }
        for bytes_, shown in talk.items():
            def say(peer, data=bytes_):
                peer.send(data)
                peer.hold()
            with Server(say) as server:
                run = afetch("https://a.test/", "--json", T,
                    "--cacert", self.ca.name, server.route("a.test"))
            self.check_failed(run.records[0], "TLS_NOT_TLS",
                f'the server does not speak TLS here: "{shown}"')

    def test_row_83_endless_handshake(self):
        """HelloRequests are skipped, but not for ever; others go on."""
        with Server(lambda peer: peer.forever(
                b"\x16\x03\x03\0\4\0\0\0\0")) as server:
            run = afetch("https://endless.test/", "https://good.test/",
                "--json", "-m", 5, server.route("endless.test"),
                self.options())
        self.check_failed(run.record("https://endless.test/"),
            "TLS_HANDSHAKE", "more than 1048576 bytes in the TLS handshake")
        good = run.record("https://good.test/")
        self.assertIsNone(good["error"])
        self.assertIs(run.records[0], good)

    def test_row_84_names_that_almost_match(self):
        """A "*" is one whole label, a name has no NUL, the common name does
        not count, be it an address."""
        hosts = ["cert-top.a.test", "cert-partial.a.test", "cert-nul.a.test",
            "cert-nosan.a.test", "two.labels.cert-wild.a.test"]
        _, records = self.fetch(hosts)
        for host in hosts[:4]:
            self.check_error(records[host], "TLS_NAME_MISMATCH", "tls")
            self.assertFalse(records[host]["tls"]["verified"])
        with Lab("--ca-file", self.ca.name + ".row84",
                script="127.0.0.1 cert=nosan\n*.b.test san=*.b.test\n") as lab:
            self.addCleanup(os.unlink, self.ca.name + ".row84")
            run = afetch("--json", "--cacert", self.ca.name + ".row84",
                "--connect-to", f":443:127.0.0.1:{lab.https}",
                "https://127.0.0.1", "https://x.b.test", "https://y.x.b.test")
        self.assertEqual({host: error["code"]
            for host, error in run.errors().items()},
            {"https://127.0.0.1": "TLS_NAME_MISMATCH",
                "https://y.x.b.test": "TLS_NAME_MISMATCH"})

    def test_row_85_each_its_own_text(self):
        words = list(CERTIFICATES) + list(HANDSHAKES)
        bad = {f"{words[n % len(words)]}.n{n}.test": words[n % len(words)]
            for n in range(50)}
        good = [f"good{n}.test" for n in range(50)]
        mixed = [host for pair in zip(bad, good) for host in pair]
        _, records = self.fetch(mixed)
        for host in good:
            self.assertIsNone(records[host]["error"], host)
            self.assertIs(records[host]["tls"]["verified"], True)
        for host, word in bad.items():
            code, message = {**CERTIFICATES, **HANDSHAKES}[word]
            rest = host.partition(".")[2]
            self.check_failed(records[host], code,
                message.replace("NAME", re.escape(host))
                .replace("a.test", re.escape(rest)))

    def test_row_86_what_openssl_reads(self):
        """Its variables are documented: trust and policy, the latter within
        what is spoken here."""
        def tls_with(*lines, **env):
            with tempfile.NamedTemporaryFile("w", suffix=".cnf") as conf:
                conf.write("\n".join(("openssl_conf = a", "[a]",
                    "ssl_conf = b", "[b]", "system_default = c", "[c]",
                    *lines)))
                conf.flush()
                run = afetch("https://www.a.test/", "http://www.a.test/",
                    "--json", "--connect-to",
                    f":443:127.0.0.1:{self.lab.https}", self.lab.options(),
                    env={**os.environ, "OPENSSL_CONF": conf.name, **env})
            self.assertEqual(
                run.record("http://www.a.test/")["status"], 200)
            record = run.record("https://www.a.test/")
            return record["error"], record["tls"]
        error, _ = tls_with()
        self.assertEqual(error["code"], "TLS_UNKNOWN_ISSUER")
        trust = {"SSL_CERT_FILE": self.ca.name}
        error, tls = tls_with(**trust)
        self.assertIsNone(error)
        self.assertEqual((tls["version"], tls["verified"]), ("TLSv1.3", True))
        error, tls = tls_with("MaxProtocol = TLSv1.2",
            "CipherString = ECDHE-ECDSA-CHACHA20-POLY1305", **trust)
        self.assertIsNone(error)
        self.assertEqual((tls["version"], tls["cipher"]),
            ("TLSv1.2", "ECDHE-ECDSA-CHACHA20-POLY1305"))
        # Nothing is left that both have.
        for lines in (["Groups = ffdhe8192"], ["MaxProtocol = TLSv1.2",
                "CipherString = kDHE"], ["MaxProtocol = TLSv1.1"]):
            error, _ = tls_with(*lines, **trust)
            self.assertIn("TLS_", error["code"], lines)

    def test_row_86_providers(self):
        """openssl.cnf may activate others than the default one."""
        def error_with(conf):
            with tempfile.NamedTemporaryFile("w", suffix=".cnf") as file:
                file.write(conf)
                file.flush()
                run = afetch("https://www.a.test/", "--json", "--connect-to",
                    f":443:127.0.0.1:{self.lab.https}", self.lab.options(),
                    env={**os.environ, "OPENSSL_CONF": file.name,
                        "SSL_CERT_FILE": self.ca.name})
            return run.record("https://www.a.test/")["error"]
        begin = "openssl_conf = a\n[a]\n"
        providers = begin + "providers = p\n[on]\nactivate = 1\n[p]\n"
        for conf in ("", "[[[\n", begin + "no_such_section = x\n",
                providers + "default = on\n",
                providers + "default = on\nbase = on\n",
                providers + "default = on\nlegacy = on\n",
                providers + "default = on\nno-such-provider = on\n"):
            self.assertIsNone(error_with(conf), conf)
        for conf in (providers + "null = on\n", begin + "alg_section = g\n"
                "[g]\ndefault_properties = fips=yes\n"):
            error = error_with(conf)
            self.assertIn("cannot set up OpenSSL", error["message"], conf)

    def test_two_thousand_names(self):
        hosts = [f"h{n}.test" for n in range(2000)]
        wrong = "cert-wrong.h1000.test"
        hosts[1000] = wrong
        run, records = self.fetch(hosts, "-j", 256, "-m", 60,
            "--connect-timeout", 60, limit=100)
        failed = {host for host, r in records.items() if r["error"]}
        self.assertEqual(failed, {wrong})
        self.assertEqual(records[wrong]["error"]["code"], "TLS_NAME_MISMATCH")
        self.assertEqual({r["tls"]["verified"] for host, r in records.items()
            if host != wrong}, {True})
        self.assertEqual(run.summary["phases"]["tls"]["count"], 2000)

    def test_answers_of_every_size(self):
        hosts = ["head-200k.a.test", "trickle-1.a.test", "longline-60k.a.test",
            "lines-900.a.test", "size-5m.a.test"]
        _, records = self.fetch(hosts)
        for host in hosts:
            self.assertIsNone(records[host]["error"], host)
        _, plain = self.fetch(hosts, scheme="http")
        for host in hosts:
            self.assertEqual(without_date(records[host]),
                without_date(plain[host]), host)

    def test_cacert_that_cannot_be_read(self):
        for file, why in (("/nowhere", "No such file or directory"),
                ("/dev/null", "no certificate in it")):
            run = afetch("--cacert", file, "a.test")
            self.assertEqual(run.code, 2)
            self.assertEqual(run.out, b"")
            self.assertEqual(
                run.err, f"afetch: --cacert: {file}: {why}\n".encode())

    def test_cacert_of_a_self_signed_server(self):
        with tempfile.NamedTemporaryFile(suffix=".pem") as pem:
            text = subprocess.run(["openssl", "s_client", "-connect",
                f"127.0.0.1:{self.lab.https}", "-servername",
                "cert-self.b.test"], stdin=subprocess.DEVNULL,
                capture_output=True, check=False).stdout
            pem.write(text)
            pem.flush()
            run = afetch("https://cert-self.b.test/", "--json",
                "--cacert", pem.name, "--connect-to",
                f":443:127.0.0.1:{self.lab.https}")
        self.assertIsNone(run.records[0]["error"])

    @figures
    def test_memory_of_a_connection(self):
        """At most 48 KiB more for each one that waits for its answer; the
        key shares of OpenSSL 3.5 take some more."""
        rss = {}
        for count in (100, 600):
            hosts = [f"ttfb-4000.m{n}.test" for n in range(count)]
            run, records = self.fetch(
                hosts, "-j", count, "-m", 30, limit=60)
            self.assertFalse(run.errors())
            rss[count] = run.rss
        each = (rss[600] - rss[100]) / 500 / 1024
        version = subprocess.run(["openssl", "version"],
            capture_output=True, check=True).stdout
        self.assertLess(each, 48 if b"OpenSSL 3.0" in version else 80)


def without_date(record):
    return [pair for pair in record["headers"] if pair[0] != "Date"]
