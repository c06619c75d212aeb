"""nginx through proxies that others wrote, tinyproxy, microsocks and ssh, in a
namespace.  Only they can look the names up: ours is told of a name server
that is not there."""

import json
import subprocess
import time
import unittest

import namespace
from harness import AFETCH

MANY = 2000
AT_ONCE = 256

NGINX = r"""
    map $host $token {{
        default none;
        ~^n(?<number>\d+)\.site\.test$ t$number;
    }}
    server {{
        listen 80 backlog=1024;
        listen 81;
        listen 443 ssl backlog=1024;
        ssl_certificate {0}/site.pem;
        ssl_certificate_key {0}/site.key;
        add_header X-Token $token always;
        add_header X-Scheme $scheme always;
        location = /gone {{ return 444; }}
        location / {{ return 200 "page\n"; }}
    }}
    """

TINYPROXY = """
    Listen 127.0.0.1
    Port {port}
    MaxClients 600
    Timeout 30
    LogLevel Critical
    LogFile "{directory}/tinyproxy.{port}.log"
    ConnectPort 443
    {more}
    """

SSHD = """
    Port 22
    ListenAddress 127.0.0.1
    HostKey {keys}/host
    AuthorizedKeysFile {keys}/user.pub
    PermitRootLogin prohibit-password
    PasswordAuthentication no
    StrictModes no
    UsePAM no
    LogLevel QUIET
    PidFile none
    """
SSH_CONFIG = """
    IdentityFile {keys}/user
    UserKnownHostsFile /dev/null
    StrictHostKeyChecking no
    IdentitiesOnly yes
    BatchMode yes
    LogLevel QUIET
    """

HTTP, HTTP_LOGIN = "http://{}127.0.0.1:3128", "http://{}127.0.0.1:3129"
SSH = "socks5h://{}127.0.0.1:1083"
SOCKS, SOCKS_LOGIN = "socks5h://{}127.0.0.1:1081", "socks5h://{}127.0.0.1:1082"


class RealProxies(unittest.TestCase):
    lock = "netns"
    timeout = 120

    @classmethod
    def setUpClass(cls):
        if why := namespace.why_not("tinyproxy", "microsocks", "ssh",
                "ssh-keygen", "sshd"):
            raise unittest.SkipTest(why)
        cls.space = namespace.Namespace("nameserver 127.0.0.1\n")
        cls.addClassCleanup(cls.space.close)
        cls.space.certify()
        cls.space.nginx(NGINX.format(cls.space.directory))
        cls.space.dnsmasq("--address=/site.test/127.0.0.1",
            "--local=/#/", "--cache-size=0", "--dns-forward-max=1000")
        cls.sshd()
        cls.tinyproxy(3128)
        cls.tinyproxy(3129, "BasicAuth me sesame")
        cls.microsocks(1081)
        cls.microsocks(1082, "-u", "me", "-P", "sesame")
        cls.wait_until_up()

    @classmethod
    def sshd(cls):
        keys = cls.space.directory
        for name in "host", "user":
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "",
                "-f", keys / name], check=True)
        # Not the machine's own accounts: a locked root is let in, too.
        (cls.space.etc / "passwd").write_text(f"root:x:0:0::{keys}:/bin/sh\n"
            "sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n")
        (cls.space.etc / "shadow").write_text(
            "root:*:1::::::\nsshd:*:1::::::\n")
        (keys / "sshd_config").write_text(SSHD.format(keys=keys))
        (keys / "ssh_config").write_text(SSH_CONFIG.format(keys=keys))
        # sshd wants a /run/sshd; this one is of its own mount namespace.
        cls.space.serve(["sh", "-c", "mount -t tmpfs tmpfs /run && mkdir "
            f"/run/sshd && exec $(command -v sshd) -D -f {keys}/sshd_config"])

    @classmethod
    def ssh(cls):
        """Until sshd is there it ends at once."""
        config = cls.space.directory / "ssh_config"
        return cls.space.serve(["ssh", "-F", config, "-N", "-D",
            "127.0.0.1:1083", "127.0.0.1"])

    @classmethod
    def tinyproxy(cls, port, more=""):
        conf = cls.space.directory / f"tinyproxy.{port}.conf"
        conf.write_text(TINYPROXY.format(
            port=port, directory=cls.space.directory, more=more))
        cls.space.serve(["tinyproxy", "-d", "-c", conf])

    @classmethod
    def microsocks(cls, port, *options):
        # It tells of each connection, and not all versions know -q.
        cls.space.serve(["microsocks", "-i", "127.0.0.1", "-p", port,
            *options], stderr=subprocess.DEVNULL)

    @classmethod
    def wait_until_up(cls):
        end = time.monotonic() + 20
        ssh = cls.ssh()
        for proxy in HTTP, HTTP_LOGIN, SOCKS, SOCKS_LOGIN, SSH:
            while cls.fetch(proxy.format("me:sesame@"), "n0.site.test")[0][
                    "status"] != 200:
                if time.monotonic() > end:
                    raise AssertionError(f"{proxy} does not come up")
                if ssh.poll() is not None:
                    ssh = cls.ssh()
                time.sleep(0.1)

    @classmethod
    def fetch(cls, proxy, *targets, options=("--serial",)):
        """Records of the targets, in their order."""
        run = cls.space.popen([AFETCH, "--json", "-s",
            "--dns-servers", "127.0.0.9", "--cacert",
            cls.space.directory / "ca.pem", "-x", proxy, "-i", "-", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        out, _ = run.communicate("\n".join(targets).encode(), timeout=100)
        return [json.loads(line) for line in out.splitlines()][:-1]

    def failure(self, proxy, target, *options):
        record, = self.fetch(proxy, target, options=options)
        error = record["error"]
        self.assertIsNotNone(error, record)
        self.assertEqual((error["phase"], record["headers"]), ("connect", []))
        return error["code"], error["message"]

    def check(self, record, number, scheme):
        self.assertIsNone(record["error"], record)
        fields = dict(record["headers"])
        self.assertEqual((record["status"], fields["X-Token"],
            fields["X-Scheme"], record["host"]),
            (200, f"t{number}", scheme, f"n{number}.site.test"))

    def test_headers(self):
        for proxy in HTTP, HTTP_LOGIN, SOCKS, SOCKS_LOGIN, SSH:
            plain, secure = self.fetch(proxy.format("me:sesame@"),
                "http://n1.site.test", "https://n2.site.test")
            self.check(plain, 1, "http")
            self.check(secure, 2, "https")
            self.assertIs(secure["tls"]["verified"], True)
            for record in plain, secure:
                self.assertEqual(record["proxy"], proxy.format(""))
            # An http proxy is a hop of plain http, and of nothing else.
            self.assertEqual("Via" in dict(plain["headers"]), "http:" in proxy)
            self.assertNotIn("Via", dict(secure["headers"]))

    def test_addresses(self):
        for proxy in HTTP, SOCKS, SOCKS.replace("socks5h", "socks5"):
            for record in self.fetch(proxy.format(""), "http://127.0.0.1",
                    "https://127.0.0.1"):
                self.assertEqual(record["status"], 200, record)

    def test_wrong_login(self):
        for userinfo in "", "me:wrong@":
            code, message = self.failure(
                HTTP_LOGIN.format(userinfo), "https://n1.site.test")
            self.assertEqual(code, "PROXY_LOGIN")
            self.assertIn("connecting to n1.site.test:443: 40", message)
            code, _ = self.failure(
                SOCKS_LOGIN.format(userinfo), "n1.site.test")
            self.assertEqual(code, "PROXY_LOGIN")
            record, = self.fetch(HTTP_LOGIN.format(userinfo), "n1.site.test")
            self.assertIn(record["status"], (401, 407))

    def test_refused(self):
        """What each says when it may not, or cannot, connect."""
        code, message = self.failure(
            HTTP.format(""), "https://n1.site.test:81")
        self.assertEqual(code, "PROXY_REFUSED")
        self.assertIn("connecting to n1.site.test:81: 403 ", message)
        code, message = self.failure(HTTP.format(""), "https://none.test")
        self.assertEqual(code, "PROXY_FAILED")
        self.assertIn("connecting to none.test:443: 5", message)
        refused = self.failure(SOCKS.format(""), "n1.site.test:9")
        self.assertEqual(refused, ("PROXY_FAILED", "the proxy "
            "socks5h://127.0.0.1:1081: connecting to n1.site.test:9: "
            "connection refused"))
        code, _ = self.failure(SOCKS.format(""), "none.test")
        self.assertEqual(code, "PROXY_FAILED")

    def test_row_102_ssh_closes_for_a_reply(self):
        """ssh -D, when the other end cannot connect, or not look it up."""
        for target in "n1.site.test:9", "none.test":
            to = target if ":" in target else f"{target}:80"
            self.assertEqual(self.failure(SSH.format(""), target),
                ("PROXY_FAILED", f"the proxy {SSH.format('')}: connecting to "
                f"{to}: it closed the connection without a reply, as ssh -D "
                "does when it cannot connect"))

    def test_row_102_tinyproxy_closes_as_the_target_did(self):
        record, = self.fetch(HTTP.format(""), "n1.site.test:81/gone")
        error = record["error"]
        self.assertEqual(error["code"], "EMPTY_REPLY", record)
        self.assertTrue(error["message"].endswith("without an answer; did the "
            "target close, or is it a SOCKS proxy (socks5h://)?"), record)

    def test_row_102_wrong_kind(self):
        """Each under the scheme of the other."""
        doubt = "is it a SOCKS proxy (socks5h://)?"
        for proxy, code, words in (
                (SOCKS, "NOT_HTTP",
                    ": not HTTP: it speaks SOCKS 5, try socks5h://"),
                (SSH, "EMPTY_REPLY", doubt)):
            for target in "http://n1.site.test", "https://n1.site.test":
                record, = self.fetch(
                    proxy.format("").replace("socks5h", "http"), target)
                self.assertEqual(record["error"]["code"], code)
                self.assertTrue(
                    record["error"]["message"].endswith(words), record)
        code, message = self.failure(HTTP.format("").replace("http", "socks"),
            "n1.site.test", "--connect-timeout", "0.5")
        self.assertEqual(code, "TIMEOUT")
        self.assertTrue(message.endswith("timed out; no reply to the SOCKS "
            "greeting, is it an http proxy?"), message)
        # A web server that is no proxy.
        nginx = "http://127.0.0.1:80"
        code, message = self.failure(nginx, "https://n1.site.test")
        self.assertEqual(code, "PROXY_REFUSED")
        self.assertTrue(message.endswith(" (is it an http proxy?)"), message)
        code, message = self.failure(
            nginx.replace("http", "socks5h"), "n1.site.test")
        self.assertEqual(code, "NOT_SOCKS")
        self.assertTrue(
            message.endswith(": not SOCKS 5: it speaks HTTP, try http://"))

    def test_row_102_generated_by_tinyproxy(self):
        for target, status, hint in (("none.test", 500, True),
                ("n1.site.test:9", 500, True), ("n1.site.test", 200, False)):
            record, = self.fetch(HTTP.format(""), target)
            self.assertEqual(record["status"], status)
            self.assertEqual(record["hint"], "a proxy (tinyproxy) generated "
                "this response, not the target" if hint else None)
        for userinfo, words in ("", "requires a"), ("me:no@", "rejected the"):
            record, = self.fetch(HTTP_LOGIN.format(userinfo), "n1.site.test")
            self.assertIn(f"{words} user name and password", record["hint"])

    def test_certificate(self):
        """It is verified for the target's name."""
        for proxy in HTTP, SOCKS:
            record, = self.fetch(proxy.format(""), "https://a.b.site.test")
            self.assertEqual(record["error"]["code"], "TLS_NAME_MISMATCH")

    def test_many_at_once(self):
        """None is lost, none is mixed up.  The proxy's resolver may lose an
        answer and ask again after 5 s."""
        for proxy in HTTP, SOCKS:
            schemes = [("http", "https")[n % 4 == 3] for n in range(MANY)]
            records = self.fetch(proxy.format(""), *(
                f"{scheme}://n{n}.site.test"
                    for n, scheme in enumerate(schemes)),
                options=["-j", str(AT_ONCE), "-m", "60",
                    "--connect-timeout", "60"])
            self.assertEqual(len(records), MANY)
            records.sort(key=lambda record: record["index"])
            for n, (record, scheme) in enumerate(zip(records, schemes)):
                self.check(record, n, scheme)


if __name__ == "__main__":
    unittest.main()
