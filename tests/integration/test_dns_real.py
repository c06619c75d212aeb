"""Real name servers, as resolv.conf(5) has them."""

import json
import os
import re
import subprocess
import time
import unittest

import namespace
from harness import AFETCH, SLOWER

# What both know, what only it knows; and a zone whose server it may not ask:
# those at loopback addresses are not asked.
UNBOUND = """
    access-control: 0.0.0.0/0 allow
    local-zone: "test." nodefault
    local-zone: "site.test." static
    local-data: "both.site.test. A 127.0.0.2"
    local-zone: "own.test." static
    local-data: "www.own.test. A 127.0.0.2"
    local-zone: "refused.test." refuse
stub-zone:
    name: "broken.test."
    stub-addr: 127.0.0.9
"""


class RealNameServers(unittest.TestCase):
    """Two: dnsmasq first, unbound second.  What dnsmasq does not know it
    refuses: it has nobody to ask."""

    lock = "netns"

    def setUp(self):
        if why := namespace.why_not("unbound"):
            self.skipTest(why)
        self.space = namespace.Namespace(
            "nameserver 127.0.0.1\nnameserver 127.0.0.2\n")
        self.addCleanup(self.space.close)
        self.dnsmasq = self.space.dnsmasq(
            "--address=/both.site.test/127.0.0.1", "--local=/site.test/")
        self.unbound = self.space.unbound("127.0.0.2", UNBOUND)
        self.wait_for("127.0.0.1", "127.0.0.1")
        self.wait_for("127.0.0.2", "127.0.0.2")

    def ask(self, *targets, options=()):
        """The records; nothing listens where a name leads."""
        child = self.space.popen([AFETCH, "--json", "-s", "-m", "8", "-4",
            *options, *targets], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE)
        lines = child.communicate(timeout=60)[0].splitlines()
        records = [json.loads(line) for line in lines]
        return {r["input"]: r for r in records if r["type"] == "result"}

    def address(self, name, *options):
        """Where a name leads, or None."""
        return self.ask(name, options=options)[name]["remote_ip"]

    def wait_for(self, server, ip):
        end = time.monotonic() + 20
        while self.address("both.site.test", "--dns-servers", server) != ip:
            self.assertLess(time.monotonic(), end, f"no server at {server}")
            time.sleep(0.1)

    def stop(self, server):
        server.terminate()
        server.wait()

    def check_errors(self, **codes):
        records = self.ask(*(f"www.{zone}.test" for zone in codes))
        for zone, code in codes.items():
            error = records[f"www.{zone}.test"]["error"]
            self.assertEqual((error["phase"], error["code"]), ("dns", code))

    def test_row_56_the_second_one(self):
        self.assertEqual(self.address("both.site.test"), "127.0.0.1")
        self.assertEqual(self.address("www.own.test"), "127.0.0.2")
        self.stop(self.dnsmasq)
        self.assertEqual(self.address("both.site.test"), "127.0.0.2")
        self.assertEqual(self.address("www.own.test"), "127.0.0.2")

    def test_row_56_what_is_said(self):
        self.check_errors(site="NXDOMAIN", broken="SERVFAIL",
            refused="DNS_REFUSED")
        self.stop(self.dnsmasq)
        self.check_errors(site="NXDOMAIN", broken="SERVFAIL",
            refused="DNS_REFUSED")
        self.stop(self.unbound)
        self.check_errors(site="DNS_UNREACHABLE", broken="DNS_UNREACHABLE")


class RefusedHere(unittest.TestCase):
    """unbound that serves other clients only says so with 12 bytes."""

    lock = "netns"

    def setUp(self):
        if why := namespace.why_not("unbound"):
            self.skipTest(why)
        self.space = namespace.Namespace(
            "nameserver 127.0.0.2\nnameserver 127.0.0.1\n")
        self.addCleanup(self.space.close)
        self.space.dnsmasq("--address=/site.test/127.0.0.1")
        self.space.unbound("127.0.0.2", "access-control: 127.0.0.0/8 refuse")

    def ask(self, *options):
        child = self.space.popen([AFETCH, "--json", "-s", "-m", "8", *options,
            "www.site.test"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        return json.loads(child.communicate(timeout=60)[0].splitlines()[0])

    def wait_for(self, code, *options):
        end = time.monotonic() + 20
        while (record := self.ask(*options))["error"]["code"] != code:
            self.assertLess(time.monotonic(), end, record)
            time.sleep(0.1)
        return record

    def test_row_89_unbound_refuses(self):
        self.wait_for("REFUSED", "--dns-servers", "127.0.0.1")
        alone = self.wait_for(
            "DNS_REFUSED", "--dns-servers", "127.0.0.2", "--connect-timeout",
            "3")
        both = self.ask()
        self.assertEqual((both["error"]["code"], both["remote_ip"]),
            ("REFUSED", "127.0.0.1"))
        for record in alone, both:
            self.assertLess(record["timings_ms"]["dns"], 900 * SLOWER)


class SearchList(unittest.TestCase):
    """Which names dnsmasq is asked, as it logs them."""

    lock = "netns"

    def setUp(self):
        if why := namespace.why_not():
            self.skipTest(why)
        self.space = namespace.Namespace(
            "nameserver 127.0.0.1\nsearch corp.test\n")
        self.addCleanup(self.space.close)
        self.log = self.space.directory / "dnsmasq.log"
        self.log.touch()
        foreign = "v4only.test.corp.test"
        self.space.dnsmasq("--local=/#/", "--log-queries",
            "--address=/v4only.test/127.0.0.1",
            f"--address=/{foreign}/127.0.0.2", f"--address=/{foreign}/::1")
        end = time.monotonic() + 20
        while not self.asked("up.test"):
            self.assertLess(time.monotonic(), end, "no dnsmasq")
            time.sleep(0.1)

    def logged(self, since, kind):
        """The names that were asked for, in lower case."""
        with open(self.log, "rb") as log:
            log.seek(since)
            return re.findall(rf"query\[{kind}\] (\S+) from",
                log.read().decode().lower())

    def asked(self, *targets, **variables):
        """In order, all in lower case."""
        before = self.log.stat().st_size
        child = self.space.popen([AFETCH, "-s", "-4", "-m", "2", "--serial",
            *targets], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            env={**os.environ, "PATH": namespace.PATH, **variables})
        self.assertEqual(child.wait(30), 1)
        return self.logged(before, "a")

    def test_onion_names_are_not_asked(self):
        """RFC 7686: not even below the search list's domains."""
        self.assertEqual(self.asked("foo", "a.b", "c.d."),
            ["foo.corp.test", "foo", "a.b", "a.b.corp.test", "c.d"])
        self.assertEqual(self.asked("abcdefghij.onion", "www.ab.ONION",
            "http://ab.Onion./x", "foo"), ["foo.corp.test", "foo"])

    def test_row_87_one_family_ends_the_search(self):
        """No foreign address, though AAAA has none here and one there; and
        nobody is told the name."""
        for options in [], ["--all-addresses"], ["-u", "me:secret"]:
            before = self.log.stat().st_size
            child = self.space.popen([AFETCH, "--json", "-s", "-m", "5",
                *options, "www.v4only.test"], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE)
            text = child.communicate(timeout=30)[0]
            record = json.loads(text.splitlines()[0])
            self.assertEqual((record["error"]["code"], record["remote_ip"]),
                ("REFUSED", "127.0.0.1"), record)
            self.assertNotIn(b"127.0.0.2", text)
            self.assertNotIn(b"::1", text)
            for kind in "a", "aaaa":
                self.assertEqual(
                    self.logged(before, kind), ["www.v4only.test"])

    def test_row_86_environment(self):
        """It changes neither the list nor how it is used."""
        aliases = self.space.directory / "aliases"
        aliases.write_text("foo elsewhere.test\n")
        plain = self.asked("foo", "a.b")
        self.assertEqual(plain,
            ["foo.corp.test", "foo", "a.b", "a.b.corp.test"])
        for variables in ({"LOCALDOMAIN": "evil.example"},
                {"RES_OPTIONS": "ndots:5 timeout:30 attempts:9 rotate"},
                {"HOSTALIASES": str(aliases)}, {"CARES_HOSTS": str(aliases)}):
            self.assertEqual(self.asked("foo", "a.b", **variables), plain)


if __name__ == "__main__":
    unittest.main()
