"""HTTPS with nginx, of each version it speaks, names and sessions."""

import json
import subprocess
import time
import unittest

import namespace
from harness import AFETCH

NGINX = """
    server {{
        listen 444 ssl;
        ssl_protocols TLSv1.2;
        ssl_certificate {0}/site.pem;
        ssl_certificate_key {0}/site.key;
        return 200 "page\\n";
    }}
    server {{
        listen 443 ssl default_server;
        ssl_protocols TLSv1.3;
        ssl_certificate {0}/site.pem;
        ssl_certificate_key {0}/site.key;
        add_header X-Reused "$ssl_session_reused" always;
        return 200 "page\\n";
    }}
    server {{
        listen 80;
        return 200 "plain\\n";
    }}
    """


class NginxTls(unittest.TestCase):
    lock = "netns"

    @classmethod
    def setUpClass(cls):
        reason = namespace.why_not()
        if reason:
            raise unittest.SkipTest(reason)
        cls.space = namespace.Namespace("")
        cls.addClassCleanup(cls.space.close)
        directory = cls.space.directory
        cls.space.certify()
        cls.space.nginx(NGINX.format(directory))
        cls.ca = directory / "ca.pem"
        end = time.monotonic() + 10
        while cls.run_on("v13.site.test")[0]["error"]:
            if time.monotonic() > end:
                raise AssertionError("nginx does not serve")
            time.sleep(0.05)

    @classmethod
    def run_on(cls, *hosts, scheme="https", port=""):
        """Records of the targets, in their order."""
        run = cls.space.popen([AFETCH, "--json", "--silent", "--serial",
            "--cacert", cls.space.directory / "ca.pem",
            "--connect-to", "::127.0.0.1:",
            *(f"{scheme}://{host}{port}/" for host in hosts)],
            stdout=subprocess.PIPE)
        out, _ = run.communicate(timeout=30)
        return [json.loads(line) for line in out.splitlines()][:-1]

    def test_versions(self):
        old, = self.run_on("v12.site.test", port=":444")
        new, = self.run_on("v13.site.test")
        for record, version in ((old, "TLSv1.2"), (new, "TLSv1.3")):
            self.assertIsNone(record["error"])
            self.assertEqual(record["status"], 200)
            tls = record["tls"]
            self.assertEqual(tls["version"], version)
            self.assertEqual(tls["subject"], "O=Site,CN=site")
            self.assertEqual(tls["issuer"], "CN=Site CA")
            self.assertIn(tls["days_left"], (29, 30))
            self.assertIs(tls["verified"], True)

    def test_sessions_are_reused(self):
        records = self.run_on(*["v13.site.test"] * 5)
        reused = [dict(r["headers"])["X-Reused"] for r in records]
        self.assertEqual(reused, [".", "r", "r", "r", "r"])
        self.assertEqual({r["tls"]["subject"] for r in records},
            {"O=Site,CN=site"})

    def test_names(self):
        good, address, wrong = self.run_on(
            "any.site.test", "127.0.0.1", "site.test")
        self.assertIsNone(good["error"])
        self.assertIsNone(address["error"])
        self.assertEqual(wrong["error"], {"phase": "tls",
            "code": "TLS_NAME_MISMATCH", "message": "the certificate is for "
            "*.site.test, 127.0.0.1, not for site.test"})

    def test_https_to_a_plain_port(self):
        record, = self.run_on("v13.site.test", port=":80")
        self.assertEqual(record["error"]["code"], "TLS_NOT_TLS")
        self.assertIn("HTTP/1.1 400 Bad Request", record["error"]["message"])

    def test_http_to_a_tls_port(self):
        record, = self.run_on("v13.site.test", scheme="http", port=":443")
        self.assertIsNone(record["error"])
        self.assertEqual(record["status"], 400)
        self.assertIsNone(record["tls"])
