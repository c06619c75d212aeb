"""nginx through proxies that others wrote, tinyproxy and microsocks, in a
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
        return 200 "page\n";
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

HTTP, HTTP_LOGIN = "http://{}127.0.0.1:3128", "http://{}127.0.0.1:3129"
SOCKS, SOCKS_LOGIN = "socks5h://{}127.0.0.1:1081", "socks5h://{}127.0.0.1:1082"


class RealProxies(unittest.TestCase):
    lock = "netns"
    timeout = 120

    @classmethod
    def setUpClass(cls):
        if why := namespace.why_not("tinyproxy", "microsocks"):
            raise unittest.SkipTest(why)
        cls.space = namespace.Namespace("nameserver 127.0.0.1\n")
        cls.addClassCleanup(cls.space.close)
        cls.space.certify()
        cls.space.nginx(NGINX.format(cls.space.directory))
        cls.space.dnsmasq("--address=/site.test/127.0.0.1",
            "--local=/#/", "--cache-size=0", "--dns-forward-max=1000")
        cls.tinyproxy(3128)
        cls.tinyproxy(3129, "BasicAuth me sesame")
        cls.microsocks(1081)
        cls.microsocks(1082, "-u", "me", "-P", "sesame")
        cls.wait_until_up()

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
        for proxy in HTTP, HTTP_LOGIN, SOCKS, SOCKS_LOGIN:
            while cls.fetch(proxy.format("me:sesame@"), "n0.site.test")[0][
                    "status"] != 200:
                if time.monotonic() > end:
                    raise AssertionError(f"{proxy} does not come up")
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

    def failure(self, proxy, target):
        record, = self.fetch(proxy, target)
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
        for proxy in HTTP, HTTP_LOGIN, SOCKS, SOCKS_LOGIN:
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
