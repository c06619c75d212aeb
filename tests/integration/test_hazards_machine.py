"""What the machine says of name servers and routes: rows 92 and 95 of the
hazards."""

import json
import subprocess
import time
import unittest
from socket import SOCK_DGRAM, SOCK_STREAM

import namespace
import stub_dns
from harness import AFETCH, SLOWER, Case, Lab, afetch


def good(question):
    return question.answer("127.0.0.1")


def silent(_):
    return None


def failing(question):
    return question.answer(rcode=2)


class Machine(Case):
    """Each test has a namespace, with a web server at 127.0.0.1:80."""

    lock = "netns"

    def setUp(self):
        if why := namespace.why_not():
            self.skipTest(why)
        self.space = namespace.Namespace("")
        self.addCleanup(self.space.close)
        self.keep(stub_dns.WebServer(stub_dns.OK,
            self.space.socket(SOCK_STREAM, "127.0.0.1", 80)))

    def keep(self, stub):
        self.addCleanup(stub.close)
        return stub

    def name_server(self, answer, host, port=53, kinds=(SOCK_DGRAM,)):
        return self.keep(stub_dns.NameServer(answer,
            *(self.space.socket(kind, host, port) for kind in kinds)))

    def device(self, name, address):
        self.space.ip(
            "link", "add", name, "type", "veth", "peer", f"{name}-peer")
        for end in name, f"{name}-peer":
            self.space.ip("link", "set", end, "up")
        self.space.ip("addr", "add", address, "dev", name, "nodad")

    def resolv_conf(self, *lines):
        # In place: that is what is bound over the file inside.
        (self.space.etc / "resolv.conf").write_text(
            "".join(line + "\n" for line in lines))

    def start(self, *words, **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        return self.space.popen([AFETCH, "-s", "--json", *words],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **how)

    def run_inside(self, *words):
        with self.start(*words) as child:
            out = child.stdout.read()
        records = [json.loads(line) for line in out.splitlines()]
        return [r for r in records if r["type"] == "result"]

    def check_fine(self, record):
        self.assertIsNone(record["error"], record["input"])
        self.assertEqual(record["status"], 200)


class ResolvConf(Machine):
    def test_row_92_name_servers_with_a_zone(self):
        """Two routers with one address, each on a link of its own."""
        self.device("one", "fe80::1/64")
        self.device("two", "fe80::1/64")
        first = self.name_server(failing, "fe80::1%one")
        second = self.name_server(good, "fe80::1%two")
        self.resolv_conf("nameserver fe80::1%one", "nameserver fe80::1%two")
        self.check_fine(self.run_inside("a.test")[0])
        self.assertTrue(first.count("a.test") and second.count("a.test"))
        self.check_fine(self.run_inside(
            "b.test", "--dns-servers", "fe80::1%two")[0])
        self.assertFalse(first.count("b.test"))

    def test_row_92_zones_and_brackets_as_an_option(self):
        self.device("one", "fe80::1/64")
        self.name_server(good, "fe80::1%one", 5353)
        self.name_server(good, "::1")
        for servers in "[fe80::1%one]:5353", "[::1]", "::1", "[::1]:53":
            self.check_fine(self.run_inside(
                "a.test", "--dns-servers", servers)[0])

    def test_row_92_by_tcp_with_a_zone(self):
        def answer(question):
            return (good(question) if question.by_tcp
                else question.answer(flags=0x8380))
        self.device("one", "fe80::1/64")
        self.name_server(answer, "fe80::1%one",
            kinds=(SOCK_DGRAM, SOCK_STREAM))
        self.resolv_conf("nameserver fe80::1%one")
        self.check_fine(self.run_inside("a.test")[0])

    def test_row_92_use_vc(self):
        server = self.name_server(
            good, "127.0.0.2", kinds=(SOCK_DGRAM, SOCK_STREAM))
        self.resolv_conf("nameserver 127.0.0.2", "options use-vc")
        for record in self.run_inside(*(f"n{n}.test" for n in range(20))):
            self.check_fine(record)
        self.assertEqual({by_tcp for _, _, by_tcp in server.asked}, {True})

    def test_row_92_attempts(self):
        """The default is three tries, in 7 s."""
        server = self.name_server(silent, "127.0.0.2")
        self.resolv_conf(
            "nameserver 127.0.0.2", "options timeout:1 attempts:1")
        record, = self.run_inside("a.test", "-m", "30",
            "--connect-timeout", "30", "-4")
        self.assertEqual(record["error"]["code"], "TIMEOUT")
        self.assertLess(record["timings_ms"]["dns"], 5000 * SLOWER)
        self.assertGreaterEqual(server.count("a.test"), 1)

    def test_row_92_timeout(self):
        """A server that takes 2 s is asked once."""
        def slow(question):
            time.sleep(2)
            return good(question)
        server = self.name_server(slow, "127.0.0.2")
        self.resolv_conf("nameserver 127.0.0.2", "options timeout:5")
        record, = self.run_inside("a.test", "-4")
        self.check_fine(record)
        self.assertEqual(server.count("a.test"), 1)

    def test_row_92_rotate(self):
        servers = [self.name_server(good, f"127.0.0.{n}") for n in (2, 3)]
        self.resolv_conf(
            "nameserver 127.0.0.2", "nameserver 127.0.0.3", "options rotate")
        for record in self.run_inside(*(f"n{n}.test" for n in range(40))):
            self.check_fine(record)
        for server in servers:
            self.assertGreater(len(server.asked), 5)

    def test_row_92_at_most_three_and_a_default(self):
        silent_ones = [self.name_server(failing, f"127.0.0.{n}")
            for n in (2, 3, 4)]
        fourth = self.name_server(good, "127.0.0.5")
        own = self.name_server(good, "127.0.0.1")
        self.resolv_conf(*(f"nameserver 127.0.0.{n} # {n}"
            for n in (2, 3, 4, 5)))
        record, = self.run_inside("a.test")
        self.assertEqual(record["error"]["code"], "SERVFAIL")
        for server in silent_ones:
            self.assertTrue(server.count("a.test"))
        self.assertFalse(fourth.asked)
        self.resolv_conf("; nameserver 127.0.0.2", "options timeout:2")
        self.check_fine(self.run_inside("b.test")[0])
        self.assertTrue(own.count("b.test"))


class Change(Machine):
    """resolv.conf changes while a list stays open."""

    def setUp(self):
        super().setUp()
        self.works = True
        self.old = self.name_server(
            lambda q: good(q) if self.works else None, "127.0.0.2")
        self.new = self.name_server(good, "127.0.0.3")
        self.resolv_conf("nameserver 127.0.0.2", "search old.test")
        self.run = self.start("-m", "4", stdin=subprocess.PIPE)
        self.addCleanup(self.end)

    def end(self):
        self.run.stdin.close()
        self.run.stdout.read()
        self.run.stdout.close()
        self.run.wait()

    def fetch(self, name):
        self.send(name)
        return json.loads(self.run.stdout.readline())

    def send(self, name):
        self.run.stdin.write(name.encode() + b"\n")
        self.run.stdin.flush()

    def test_row_92_a_change_is_noticed(self):
        self.check_fine(self.fetch("a.test"))
        self.works = False
        self.resolv_conf("nameserver 127.0.0.3")
        time.sleep(1.2)
        self.check_fine(self.fetch("b.test"))
        # Another network may know the same name otherwise.
        self.check_fine(self.fetch("a.test"))
        self.assertEqual(self.old.count("b.test"), 0)
        self.assertEqual(self.new.count("a.test"), 1)

    def test_row_92_open_questions_end_where_they_were_asked(self):
        self.check_fine(self.fetch("a.test"))
        self.works = False
        self.send("open.test")
        time.sleep(1.2)
        self.resolv_conf("nameserver 127.0.0.3")
        self.check_fine(self.fetch("b.test"))
        self.works = True
        self.check_fine(json.loads(self.run.stdout.readline()))
        self.assertGreater(self.old.count("open.test"), 1)

    def test_row_92_an_empty_file_is_one_being_written(self):
        self.check_fine(self.fetch("a.test"))
        self.resolv_conf()
        time.sleep(1.2)
        self.check_fine(self.fetch("b.test"))
        self.assertEqual(self.old.count("b.test"), 1)

    def test_row_92_the_search_list_changes_too(self):
        self.check_fine(self.fetch("a"))
        self.assertEqual(self.old.count("a.old.test"), 1)
        self.resolv_conf("nameserver 127.0.0.3", "search new.test")
        time.sleep(1.2)
        self.check_fine(self.fetch("a"))
        self.assertEqual(self.new.count("a.new.test"), 1)


class Routes(Machine):
    def check_unreachable(self, record, *words):
        self.assertEqual(record["error"]["code"], "UNREACHABLE", record)
        self.assertEqual(record["error"]["phase"], "connect")
        for word in words:
            self.assertIn(word, record["error"]["message"])

    def test_row_95_no_ipv6_on_the_machine(self):
        for device in "all", "lo":
            (self.space.popen(["sysctl", "-qw",
                f"net.ipv6.conf.{device}.disable_ipv6=1"])).wait()
        self.check_unreachable(self.run_inside("http://[2001:db8::1]/")[0],
            "no address of that family")
        record, = self.run_inside("--resolve",
            "x.test:81:127.0.0.1,[2001:db8::1]", "http://x.test:81/")
        self.check_unreachable(record)

    def test_row_95_no_ipv6_and_a_name_server_that_has_it(self):
        for device in "all", "lo":
            (self.space.popen(["sysctl", "-qw",
                f"net.ipv6.conf.{device}.disable_ipv6=1"])).wait()
        self.name_server(good, "127.0.0.2")
        self.resolv_conf("nameserver 2001:db8::53", "nameserver 127.0.0.2")
        self.check_fine(self.run_inside("a.test")[0])
        self.resolv_conf("nameserver 2001:db8::53")
        record, = self.run_inside("a.test")
        self.assertEqual(record["error"]["code"], "DNS_UNREACHABLE")

    def test_row_95_routes_that_lead_nowhere(self):
        self.device("one", "2001:db8::1/128")
        self.space.ip("addr", "add", "192.0.2.1/32", "dev", "one")
        kinds = {"blackhole": "blackhole", "prohibit": "prohibited",
            "unreachable": "", "throw": ""}
        for n, (kind, word) in enumerate(kinds.items()):
            self.space.ip("route", "add", kind, f"198.51.100.{n}")
            self.space.ip("-6", "route", "add", kind, f"2001:db8:1::{n}")
            with self.subTest(kind):
                for record in self.run_inside(
                        f"198.51.100.{n}", f"[2001:db8:1::{n}]"):
                    self.check_unreachable(record, word)

    def test_row_95_a_link_local_address_still_needs_its_zone(self):
        self.device("one", "fe80::1/64")
        record, = self.run_inside("http://[fe80::2]/")
        self.assertIn("needs a zone", record["error"]["message"])

    def test_row_95_ports_are_still_told_as_such(self):
        """Two ports, both taken."""
        script = ("echo 40000 40001 >/proc/sys/net/ipv4/ip_local_port_range;"
            "exec \"$@\"")
        self.name_server(silent, "127.0.0.2")
        with self.space.popen(["sh", "-c", script, "sh", AFETCH, "-s",
                "--json", "-m", "1", "127.0.0.1:81", "127.0.0.1:82"],
                stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as child:
            child.stdout.read()
        self.keep(stub_dns.WebServer(b"",
            self.space.socket(SOCK_STREAM, "127.0.0.9", 83)))
        held = [self.space.socket(SOCK_STREAM, "0.0.0.0", port)
            for port in (40000, 40001)]
        record, = self.run_inside("127.0.0.9:83")
        for sock in held:
            sock.close()
        self.assertEqual(record["error"]["code"], "NO_LOCAL_PORT")


class NoTcp(unittest.TestCase):
    """What was cut off needs TCP, where nobody answers."""

    def check(self, record, code):
        self.assertEqual(record["error"]["code"], code)
        self.assertEqual(record["error"]["phase"], "dns")
        self.assertIn("truncated", record["error"]["message"])
        self.assertIn("by TCP", record["error"]["message"])

    def test_row_95_refused_and_silent(self):
        with Lab("--no-dns-tcp") as lab:
            run = afetch("--json", "-m", "3", "tc.x.test",
                lab.options(dns=True))
            self.check(run.record("tc.x.test"), "DNS_UNREACHABLE")
        with Lab() as lab:
            run = afetch("--json", "-m", "2", "tc-silent.x.test",
                "tc-reset.x.test", "plain.test", lab.options(dns=True))
        self.check(run.record("tc-silent.x.test"), "TIMEOUT")
        self.check(run.record("tc-reset.x.test"), "DNS_UNREACHABLE")
        self.assertIsNone(run.record("plain.test")["error"])


if __name__ == "__main__":
    unittest.main()
