"""What is promised of %{certs}: the chain that curl writes."""

import contextlib
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from harness import afetch
from test_tls import TlsCase

fast = True

# What a certificate may hold: names with all that has to be escaped, extensions
# with several lines, that nobody knows or that cannot be read.
EXTENSIONS = """
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
subjectAltName = DNS:a.test, DNS:*.b.test, IP:127.0.0.1, URI:http://x/\x7fy
authorityKeyIdentifier = keyid, issuer
authorityInfoAccess = OCSP;URI:http://o.test/,caIssuers;URI:http://c.test/
certificatePolicies = 2.23.140.1.2.1, 1.2.3.4
crlDistributionPoints = URI:http://crl.test/x
1.2.3.4.5 = ASN1:UTF8String:nobody\x1bknows
issuerAltName = DER:01:02:0a:1b
"""


def openssl(folder, *words):
    subprocess.run(["openssl", *words], check=True, cwd=folder,
        capture_output=True, timeout=60)


def make_chain(folder):
    """site.pem: a leaf, and the authority that issued it; root.pem; site.key."""
    rsa = ["-newkey", "rsa:2048", "-nodes"]
    ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    (Path(folder) / "ext").write_text(EXTENSIONS)
    openssl(folder, "req", "-x509", *ec, "-keyout", "root.key", "-out",
        "root.pem", "-subj", "/CN=Root", "-days", "30")
    for name, key, subject, signer, section in [
            ("ca", ec, "/C=CN/O=A, \"B\" +C/CN=Ca \u4e2d", "root", "ca"),
            ("leaf", rsa, "/CN=a.test/emailAddress=x@a.test", "ca", "leaf")]:
        openssl(folder, "req", *key, "-keyout", name + ".key", "-out",
            name + ".csr", "-utf8", "-subj", subject)
        openssl(folder, "x509", "-req", "-in", name + ".csr", "-out",
            name + ".pem", "-CA", signer + ".pem", "-CAkey", signer + ".key",
            "-CAcreateserial", "-days", "20", "-extfile", "ext",
            "-extensions", section)
    texts = [(Path(folder) / (n + ".pem")).read_text() for n in ("leaf", "ca")]
    (Path(folder) / "site.pem").write_text("".join(texts))


class Site:
    """An HTTPS server with that chain."""

    def __init__(self, folder):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder + "/site.pem", folder + "/leaf.key")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                plain = self.listener.accept()[0]
            except OSError:
                return
            with contextlib.suppress(OSError), plain:
                plain.settimeout(10)
                with self.context.wrap_socket(plain, server_side=True) as peer:
                    peer.recv(4096)
                    peer.sendall(b"HTTP/1.0 200 OK\r\n\r\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


def escaped_lines(text):
    """As the program shows it: control bytes, but for the line ends."""
    return b"".join(b"\\x%02x" % b if (b < 32 and b != 10) or b == 127
        else bytes([b]) for b in text)


class Certs(TlsCase):
    def both(self, text, url, options):
        """stdout of curl, escaped, and of the program."""
        curl = subprocess.run(["curl", "-q", "-s", "-o", "/dev/null", "-w",
            text, *options, url], stdin=subprocess.DEVNULL,
            capture_output=True, timeout=30)
        return escaped_lines(curl.stdout), afetch("-s", "-w", text, *options,
            url).out

    def options(self):
        return ["--cacert", self.ca.name, "--connect-to",
            f"::127.0.0.1:{self.lab.https}"]

    def test_of_the_lab_as_curl(self):
        for host in ("a.test", "cert-wrong.a.test", "cert-self.a.test",
                "cert-expired.a.test", "cert-unknown.a.test"):
            for also in ([], ["-k"]):
                theirs, ours = self.both("%{num_certs}\\n%{certs}|",
                    f"https://{host}/", [*self.options(), *also])
                self.assertEqual(theirs, ours, host)

    def test_chain_as_curl(self):
        with tempfile.TemporaryDirectory() as folder:
            make_chain(folder)
            with Site(folder) as site:
                trust = ["--cacert", folder + "/root.pem", "--connect-to",
                    f"::127.0.0.1:{site.port}"]
                for also in ([], ["-k"]):
                    theirs, ours = self.both("%{num_certs}\\n%{certs}",
                        "https://a.test/", [*trust, *also])
                    self.assertEqual(theirs, ours)
                    self.assertTrue(ours.startswith(b"2\nSubject:CN = a.test"))
                    self.assertEqual(ours.count(b"-----END CERT"), 2)
                self.check_selector(trust)

    def check_selector(self, trust):
        run = afetch("-s", *trust, "--csv", "--show", "certs",
            "https://a.test/")
        self.assertIn(b"\nRSA Public Key:2048\n", run.out)
        for rule, code in [("certs =~ 'Subject:C = CN, '", 0),
                ("certs =~ 'Let.s Encrypt'", 4)]:
            self.assertEqual(afetch("-qs", *trust, "--expect", rule,
                "https://a.test/").code, code)

    def test_where_there_is_none(self):
        run = afetch("-s", "--connect-to", f"::127.0.0.1:{self.lab.http}", "-w",
            "%{num_certs}[%{certs}]%{json}", "a.test")
        self.assertTrue(run.out.startswith(b'0[]{"certs":"",'), run.out)

    def test_not_resumed(self):
        """A session would bring no certificates but the server's own."""
        run = afetch("-s", "--serial", *self.options(), "-w",
            "%{num_certs} %header{x-none}", "https://a.test/",
            "https://a.test/")
        self.assertEqual(run.out, b"1 1 ")

    def test_not_of_records(self):
        with tempfile.NamedTemporaryFile() as file:
            run = afetch("--check", "--expect", "certs", file.name)
        self.assertEqual(run.code, 2)
        self.assertIn(b"certs, which records do not have", run.err)


if __name__ == "__main__":
    unittest.main()
