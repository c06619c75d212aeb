"""Rows 97 to 99: another handshake, "_" under a wildcard, and whose fault it
is when TLS fails."""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import time
import unittest

import namespace
from harness import AFETCH, SLOWER, Case, Lab, Server, afetch, free_port

HEAD = b"HTTP/1.1 200 OK\nServer: s_server\n\n"

APACHE = """
    ServerName site.test
    ServerRoot {0}
    PidFile {0}/apache.pid
    ErrorLog {0}/apache.log
    DefaultRuntimeDir {0}
    Mutex pthread
    DocumentRoot {0}
    LoadModule mpm_event_module {1}/mod_mpm_event.so
    LoadModule authz_core_module {1}/mod_authz_core.so
    LoadModule ssl_module {1}/mod_ssl.so
    User #{2}
    Group #{3}
    SSLCertificateFile {0}/site.pem
    SSLCertificateKeyFile {0}/site.key
    SSLCACertificateFile {0}/ca.pem
    Listen 127.0.0.1:443
    Listen 127.0.0.1:444
    <VirtualHost *:443>
        SSLEngine on
        SSLProtocol TLSv1.2
    </VirtualHost>
    <VirtualHost *:444>
        SSLEngine on
        SSLProtocol TLSv1.3
    </VirtualHost>
    <Location /optional>
        SSLVerifyClient optional
    </Location>
    <Location /required>
        SSLVerifyClient require
    </Location>
    """
MODULES = pathlib.Path("/usr/lib/apache2/modules")


def certify(names, file):
    """A key and a certificate for these names, signed by itself."""
    file.write_bytes(subprocess.run(["openssl", "req", "-x509", "-newkey",
        "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
        "-keyout", "-", "-subj", "/CN=site", "-addext",
        f"subjectAltName={names}"], check=True, capture_output=True).stdout)


@contextlib.contextmanager
def s_server_run(names, *options):
    """openssl s_server, which accepts: the process, its port, the file of its
    certificate."""
    with tempfile.TemporaryDirectory(prefix="afetch-tls.") as files:
        pem = pathlib.Path(files, "site.pem")
        certify(names, pem)
        port = free_port()
        server = subprocess.Popen(["openssl", "s_server", "-accept",
            f"127.0.0.1:{port}", "-cert", pem, *options],
            bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        try:
            while b"ACCEPT" not in server.stdout.readline():
                pass
            yield server, port, pem
        finally:
            server.kill()
            server.wait()
            server.stdin.close()
            server.stdout.close()


@contextlib.contextmanager
def s_server(names, *options):
    """The same, the process aside."""
    with s_server_run(names, *options) as (_, port, pem):
        yield port, pem


class Renegotiation(unittest.TestCase):
    @contextlib.contextmanager
    def heard(self, server):
        """The text that the server has written so far."""
        text = bytearray()

        def watch():
            while part := os.read(server.stdout.fileno(), 4096):
                text.extend(part)
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield text
        finally:
            server.kill()
            watcher.join()

    def wait(self, condition):
        end = time.monotonic() + 10 * SLOWER
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    def test_row_97_asked_by_the_server(self):
        """Its command R: another handshake, with a client's certificate."""
        with s_server_run("DNS:www.test", "-tls1_2", "-naccept", "1") as (
                server, port, pem), self.heard(server) as text:
            run = subprocess.Popen([AFETCH, "--json", "-s", "-m", "20",
                "--cacert", pem, "--connect-to", f"::127.0.0.1:{port}",
                "https://www.test/"], stdout=subprocess.PIPE)
            self.wait(lambda: b"GET /" in text)
            # Each is a command of its own only if it comes alone.
            for words in b"R\n", b"R\n", b"R\n", HEAD, b"Q\n":
                with contextlib.suppress(BrokenPipeError):
                    server.stdin.write(words)
                time.sleep(0.3 * SLOWER)
            out, _ = run.communicate(timeout=30 * SLOWER)
            server.wait(10 * SLOWER)
            self.wait(lambda: b"server accepts that finished" in text)
        # What it tells at its end.
        self.assertEqual(int(re.search(
            rb"(\d+) server accepts that finished", text)[1]), 4)
        record = json.loads(out.splitlines()[0])
        self.assertIsNone(record["error"])
        self.assertEqual(record["headers"], [["Server", "s_server"]])
        self.assertIs(record["tls"]["verified"], True)


class Apache(unittest.TestCase):
    lock = "netns"

    @classmethod
    def setUpClass(cls):
        reason = namespace.why_not("apache2")
        if reason:
            raise unittest.SkipTest(reason)
        cls.space = namespace.Namespace("")
        cls.addClassCleanup(cls.space.close)
        directory = cls.space.directory
        cls.space.certify()
        conf = directory / "apache.conf"
        conf.write_text(APACHE.format(
            directory, MODULES, os.getuid() or 65534, os.getgid() or 65534))
        directory.chmod(0o755)
        for name in "page", "optional", "required":
            (directory / name).write_text("page\n")
        cls.space.serve(["apache2", "-X", "-f", conf],
            stderr=subprocess.DEVNULL)
        end = time.monotonic() + 10 * SLOWER
        while cls.fetch("https://a.site.test/page")[0]["error"]:
            if time.monotonic() > end:
                raise AssertionError("apache2 does not serve: "
                    + (directory / "apache.log").read_text())
            time.sleep(0.05)

    @classmethod
    def fetch(cls, *urls):
        run = cls.space.popen([AFETCH, "--json", "-s", "--serial", "--cacert",
            cls.space.directory / "ca.pem", "--connect-to", "::127.0.0.1:",
            *urls], stdout=subprocess.PIPE)
        out, _ = run.communicate(timeout=60)
        return [json.loads(line) for line in out.splitlines()][:-1]

    def test_row_97_client_certificate_on_a_path(self):
        for port, version in (443, "TLSv1.2"), (444, "TLSv1.3"):
            site = f"https://a.site.test:{port}"
            page, optional, required = self.fetch(
                f"{site}/page", f"{site}/optional", f"{site}/required")
            for record in page, optional:
                self.assertIsNone(record["error"], record["url"])
                self.assertEqual(record["status"], 200)
                self.assertIs(record["tls"]["verified"], True)
                self.assertEqual(record["tls"]["version"], version)
            # A server may as well answer 403.
            if required["error"]:
                self.assertEqual(required["error"]["code"], "TLS_ALERT")
                self.assertIs(required["tls"]["verified"], True)
            else:
                self.assertEqual(required["status"], 403)


class Underscore(unittest.TestCase):
    def test_row_98_underscore_under_a_wildcard(self):
        with tempfile.NamedTemporaryFile(suffix=".pem") as ca, Lab(
                "--ca-file", ca.name, script="*.apps.test san=*.apps.test\n"
                "*.top san=*.top\n*.x_y.test san=*.x_y.test\n") as lab:
            run = afetch("--json", "--cacert", ca.name, "--connect-to",
                f":443:127.0.0.1:{lab.https}", "https://foo_bar.apps.test",
                "https://_x.apps.test", "https://a.x_y.test",
                "https://foo.apps.test", "https://foo_bar.top",
                "https://a.foo_bar.apps.test")
        self.assertEqual({url: error["code"]
            for url, error in run.errors().items()},
            {"https://foo_bar.top": "TLS_NAME_MISMATCH",
                "https://a.foo_bar.apps.test": "TLS_NAME_MISMATCH"})


def record_of(kind, data):
    return bytes((kind, 3, 3)) + len(data).to_bytes(2, "big") + data


class Faults(Case):
    """The lab's certificates; its CA is not the machine's."""

    @classmethod
    def setUpClass(cls):
        cls.ca = tempfile.NamedTemporaryFile(suffix=".pem")
        cls.addClassCleanup(cls.ca.close)
        cls.lab_args = ("--ca-file", cls.ca.name)
        super().setUpClass()

    def fetch(self, *args, **env):
        run = afetch("https://www.a.test/", "https://www.b.test/", "--json",
            "--connect-to", f":443:127.0.0.1:{self.lab.https}", "--summary",
            "none", *args, env={**os.environ, **env})
        return run

    def test_row_99_alerts_have_names(self):
        names = {86: "inappropriate fallback", 109: "missing extension",
            116: "certificate required", 121: "ECH required"}
        for number, name in names.items():
            with Server(lambda peer: (peer.sock.recv(4096), peer.send(
                    record_of(21, bytes((2, number)))))) as server:
                run = afetch("https://x.test", "--json", server.route())
            self.check_error(run.records[0], "TLS_ALERT", "tls",
                f'the server sent the alert "{name}" ({number})')

    def test_row_99_handshake_without_end(self):
        """HelloRequests are skipped, but not for ever."""
        with Server(lambda peer: peer.forever(
                record_of(22, bytes(4)))) as server:
            run = afetch("https://x.test", "--json", server.route())
            self.assertLess(server.sent, 16 * 1000 * 1000)
        self.check_error(run.records[0], "TLS_HANDSHAKE", "tls",
            "more than 1048576 bytes in the TLS handshake")

    def test_row_99_good_chain_stays_good(self):
        """The server finds the handshake bad once it has shown its own
        certificate: it wants one of the client."""
        with s_server("DNS:www.test", "-tls1_2", "-Verify", "1",
                "-verify_return_error") as (port, pem):
            run = afetch("https://www.test", "https://other.test", "--json",
                "--serial", "--cacert", pem, "--connect-to",
                f"::127.0.0.1:{port}")
        good, other = run.records
        self.check_error(good, "TLS_ALERT", "tls", '"handshake failure" (40)')
        self.assertIs(good["tls"]["verified"], True)
        self.check_error(other, "TLS_NAME_MISMATCH", "tls")
        self.assertIs(other["tls"]["verified"], False)

    def test_row_99_nobody_is_trusted(self):
        """Told once, and in each message."""
        nothing = {"SSL_CERT_FILE": "/nowhere", "SSL_CERT_DIR": "/nowhere"}
        run = self.fetch(**nothing)
        lines = run.err.splitlines()
        self.assertEqual(lines[0], b"afetch: no authority is trusted: "
            b"no certificates in /nowhere, and no hashed ones in /nowhere "
            b"(install ca-certificates, or use --cacert)")
        self.assertEqual(len([line for line in lines if b"hashed" in line]), 1)
        for record in run.records:
            self.check_error(record, "TLS_UNKNOWN_ISSUER", "tls",
                "(CN=afetch lab CA); no authority is trusted")
        for option in "-s", "-k":
            self.assertNotIn(b"hashed", self.fetch(option, **nothing).err)
        self.assertEqual(self.fetch("--cacert", self.ca.name, **nothing).err,
            b"")

    def test_row_99_block_that_is_damaged(self):
        good = pathlib.Path(self.ca.name).read_text()
        lines = good.splitlines(keepends=True)
        lines[2] = "!" + lines[2][1:]
        words = ("certificate 2 in it, which begins at line "
            f"{len(lines) + 1}, is damaged: bad base64 decode")
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(good + "".join(lines) + good)
            file.flush()
            run = self.fetch("--cacert", file.name)
            self.assertEqual((run.code, run.out), (2, b""))
            self.assertEqual(run.err.decode(),
                f"afetch: --cacert: {file.name}: {words}\n")
            run = self.fetch(SSL_CERT_FILE=file.name, SSL_CERT_DIR="/nowhere")
        self.assertEqual(run.err.decode().splitlines()[0],
            f"afetch: cannot use the trusted certificates in {file.name}: "
            + words)

    def test_row_99_configuration_is_no_shortage(self):
        with tempfile.NamedTemporaryFile("w", suffix=".cnf") as conf:
            conf.write("openssl_conf = a\n[a]\nproviders = p\n[p]\n"
                "nosuch = l\n[l]\nactivate = 1\n")
            conf.flush()
            run = self.fetch(OPENSSL_CONF=conf.name)
            words = "cannot set up OpenSSL: "
            for record in run.records:
                self.check_error(record, "SYSTEM", "tls", words)
                self.assertIn("OPENSSL_CONF", record["error"]["message"])
            run = self.fetch("--cacert", self.ca.name, OPENSSL_CONF=conf.name)
        self.assertEqual(run.code, 3)
        self.assertIn(words.encode(), run.err)

    def test_row_99_no_subject_alt_name(self):
        """Said only where there is none."""
        with s_server("email:me@www.test") as (port, pem):
            run = afetch("https://www.test", "--json", "--cacert", pem,
                "--connect-to", f"::127.0.0.1:{port}")
        self.check_error(run.records[0], "TLS_NAME_MISMATCH", "tls",
            "the certificate is for no host (its subjectAltName has no host "
            "name or IP address), not for www.test")


if __name__ == "__main__":
    unittest.main()
