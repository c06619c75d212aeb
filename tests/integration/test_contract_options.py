"""What is promised of targets, lists and options."""

import os
import socket
import tempfile
import unittest
from pathlib import Path

from harness import (SLOWER, Afetch, Case, Lab, Server, afetch, free_port,
    target_list)

import dns
import requests

fast = True


class Contract(Case):
    def setUp(self):
        self.lab.page("clear")
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def file(self, name, lines):
        path = self.directory / name
        path.write_bytes(target_list(lines))
        return path

    def need_v6(self):
        if self.lab.says["ipv6"] != "yes":
            self.skipTest("no IPv6 here")


class Targets(Contract):
    def test_forms(self):
        """What is written, where it leads, what is asked for and of whom."""
        self.need_v6()
        forms = (
            ("x.test", "http://x.test/", 80, "/", "x.test"),
            ("x.test:8080", "http://x.test:8080/", 8080, "/", "x.test:8080"),
            ("x.test:8080/p", "http://x.test:8080/p", 8080, "/p",
                "x.test:8080"),
            ("x.test/p?q=1", "http://x.test/p?q=1", 80, "/p?q=1", "x.test"),
            ("x.test?q", "http://x.test/?q", 80, "/?q", "x.test"),
            ("http://x.test", "http://x.test/", 80, "/", "x.test"),
            ("HTTP://x.test/P", "http://x.test/P", 80, "/P", "x.test"),
            ("http://x.test:80/", "http://x.test/", 80, "/", "x.test"),
            ("http://x.test:443/", "http://x.test:443/", 443, "/",
                "x.test:443"),
            ("127.0.0.1", "http://127.0.0.1/", 80, "/", "127.0.0.1"),
            ("127.0.0.1:81", "http://127.0.0.1:81/", 81, "/",
                "127.0.0.1:81"),
            ("::1", "http://[::1]/", 80, "/", "[::1]"),
            ("[::1]", "http://[::1]/", 80, "/", "[::1]"),
            ("[::1]:81/x", "http://[::1]:81/x", 81, "/x", "[::1]:81"),
            ("http://[::1]:81/x", "http://[::1]:81/x", 81, "/x",
                "[::1]:81"))
        for written, url, port, path, host in forms:
            with self.subTest(written):
                self.lab.page("clear")
                run = afetch("--json", written, self.lab.options(dns=True))
                record = run.record(written)
                self.assertEqual((record["url"], record["port"],
                    record["status"]), (url, port, 200))
                self.assertEqual(requests.sent(self.lab), [(path, host)])

    def test_request(self):
        afetch("x.test", self.lab.options())
        lines = requests.raw(self.lab)[0].split("\r\n")
        self.assertEqual(lines[:2], ["GET / HTTP/1.0", "Host: x.test"])
        self.assertEqual(lines[-2:], ["", ""])
        version = afetch("--version").out.split()[1].decode()
        self.assertIn(f"User-Agent: afetch/{version}", lines)

    def test_prefix_is_as_written(self):
        for target in ("HTTP://X.test:80/p?q#f", "x.test:80", "X.TEST.",
                "127.0.0.1:80/x", "bücher.example"):
            run = afetch(target, self.lab.options())
            self.assertEqual(run.of(target)[0], b"HTTP/1.1 200 OK", target)

    def test_after_two_hyphens(self):
        run = afetch("--json", self.lab.options(), "--", "-x.test")
        self.assertEqual(run.records[0]["input"], "-x.test")

    def test_options_among_targets(self):
        run = afetch("x.test", "--json", "y.test", self.lab.options(),
            "-j1", "z.test", "--max-time=2")
        self.assertEqual([r["input"] for r in run.records],
            ["x.test", "y.test", "z.test"])


class Lists(Contract):
    def test_second_column(self):
        self.need_v6()
        port = self.lab.http
        lines = [f"x.test:{port} 127.0.0.1", f"y.test:{port}\t::1",
            f"z.test:{port}  [::1]  # comment", f"http://v.test:{port}/p "
            "127.0.0.1", f"127.0.1.9:{port} 127.0.0.1",
            f"w.test:{port} 127.0.1.1"]
        run = afetch("--json", "-i", "-", "--dns-servers", self.lab.dns,
            stdin=target_list(lines))
        self.assertEqual(dns.questions(self.lab), 0)
        records = sorted(run.records, key=lambda r: r["index"])
        self.assertEqual([r["input"] for r in records],
            [line.split()[0] for line in lines])
        self.assertEqual([r["remote_ip"] for r in records],
            ["127.0.0.1", "::1", "::1", "127.0.0.1", "127.0.0.1",
                "127.0.1.1"])
        self.assertEqual([r["timings_ms"]["dns"] for r in records],
            [None] * 6)
        self.check_error(records[5], "REFUSED", "connect")
        self.assertEqual(requests.sent(self.lab), sorted([
            ("/", f"x.test:{port}"), ("/", f"y.test:{port}"),
            ("/", f"z.test:{port}"), ("/p", f"v.test:{port}"),
            ("/", f"127.0.1.9:{port}")]))

    def test_second_column_that_is_no_address(self):
        run = afetch("--json", "-i", "-", self.lab.options(),
            stdin=b"x.test name.test\ny.test 127.1\nz.test 127.0.0.1 x\n"
            b"w.test 127.0.0.1:80\nv.test [127.0.0.1]\n")
        self.assertEqual(len(run.records), 5)
        for record in run.records:
            self.check_error(record, "BAD_TARGET", "input",
                f"-:{record['index'] + 1}: ")
        self.assertEqual(self.lab.page("totals")["accepted"], 0)

    def test_stdin_without_targets(self):
        for args in ([], ["-i", "-"]):
            run = afetch("--json", args, self.lab.options(),
                stdin=b"x.test\ny.test\n")
            self.assertEqual(
                sorted(r["input"] for r in run.records), ["x.test", "y.test"])

    def test_stdin_is_never_touched_with_targets(self):
        """Not a byte is taken, so the rest of a script stays."""
        path = self.file("list", ["y.test"])
        for args in (["x.test"], ["-i", path]):
            theirs, ours = os.pipe()
            os.write(ours, b"script\n")
            run = afetch("--json", args, self.lab.options(), stdin=theirs)
            os.close(ours)
            self.assertEqual(len(run.records), 1)
            self.assertEqual(os.read(theirs, 100), b"script\n")
            os.close(theirs)

    def test_several_lists(self):
        first = self.file("first", ["x.test", "#", "y.test"])
        second = self.file("second", ["z.test", "a..b"])
        run = afetch("--json", "-j", "1", "-i", second, "arg.test", "-i",
            "-", f"--input-file={first}", "-i", second, self.lab.options(),
            stdin=b"stdin.test\n")
        inputs = ["arg.test", "z.test", "a..b", "stdin.test", "x.test",
            "y.test", "z.test", "a..b"]
        self.assertEqual([r["input"] for r in run.records], inputs)
        self.assertEqual([r["index"] for r in run.records], list(range(8)))
        # Each list counts its own lines.
        for index in (2, 7):
            self.assertIn(f"{second}:2: ",
                run.records[index]["error"]["message"])

    def test_all_lists_are_opened_first(self):
        good = self.file("good", ["x.test"])
        run = afetch("y.test", "-i", good, "-i", self.directory / "none",
            self.lab.options())
        self.assertEqual((run.code, run.out), (2, b""))
        self.assertEqual(self.lab.page("totals")["accepted"], 0)

    def test_bad_arguments_are_numbered(self):
        run = afetch("--json", "x.test", "a..b", self.lab.options())
        self.check_error(run.record("a..b"), "BAD_TARGET", "input",
            "argument 2: ")


class Routes(Contract):
    def addresses(self, *args):
        run = afetch("--json", "--dns-servers", self.lab.dns, args)
        return {r["input"]: (r["remote_ip"], r["remote_port"])
            for r in run.records}

    def test_resolve(self):
        port = self.lab.http
        to = ["--resolve", f"x.test:{port}:127.0.0.1",
            "--resolve", f"*:{port}:127.0.1.1"]
        self.assertEqual(
            self.addresses(f"x.test:{port}", f"y.test:{port}", to),
            {f"x.test:{port}": ("127.0.0.1", port),
                f"y.test:{port}": ("127.0.1.1", port)})
        self.assertEqual(dns.questions(self.lab), 0)
        # Another port is another matter: it is asked for.
        run = afetch("--json", "dns-nxdomain.x.test", to, "--dns-servers",
            self.lab.dns, "--resolve", "dns-nxdomain.x.test:81:127.0.0.1")
        self.check_error(run.records[0], "NXDOMAIN", "dns")
        self.assertEqual(requests.sent(self.lab), [("/", f"x.test:{port}")])

    def test_resolve_several_addresses(self):
        port = self.lab.http
        run = afetch("--json", f"X.test:{port}", "--resolve",
            f"x.TEST:{port}:127.0.1.1,127.0.1.2,127.0.0.1")
        self.assertEqual(run.records[0]["remote_ip"], "127.0.0.1")
        self.assertIsNone(run.records[0]["timings_ms"]["dns"])

    def test_a_name_of_the_other_family(self):
        for args in (), ("--all-addresses",):
            run = afetch("--json", "-6", "x.test", args, "--dns-servers",
                self.lab.dns)
            self.check_error(run.records[0], "NODATA", "dns",
                "the name has no IPv6 address")

    def test_an_address_without_its_zone(self):
        self.need_v6()
        run = afetch("--json", "fe80::1")
        self.check_error(run.records[0], "SYSTEM", "connect",
            "a link-local address needs a zone, as in fe80::1%eth0")

    def test_resolve_of_an_address(self):
        """As curl does: a rule's host may be one, and any host is."""
        port = self.lab.http
        self.assertEqual(self.addresses(f"192.0.2.1:{port}",
            f"192.0.2.2:{port}", "--resolve", f"192.0.2.1:{port}:127.0.1.4",
            "--resolve", f"*:{port}:127.0.1.5"),
            {f"192.0.2.1:{port}": ("127.0.1.4", port),
                f"192.0.2.2:{port}": ("127.0.1.5", port)})
        run = afetch("--json", "--all-addresses", f"192.0.2.1:{port}",
            "--resolve", f"192.0.2.1:{port}:127.0.1.4,127.0.1.5",
            "--resolve", f"*:{port}:127.0.1.6")
        self.assertEqual(
            [a["remote_ip"] for a in run.records[0]["addresses"]],
            ["127.0.1.4", "127.0.1.5"])

    def test_resolve_v6(self):
        self.need_v6()
        port = self.lab.http
        self.assertEqual(self.addresses(f"x.test:{port}",
            "--resolve", f"x.test:{port}:[::1]"),
            {f"x.test:{port}": ("::1", port)})

    def test_connect_to(self):
        """The first rule that fits; empty parts fit any and change
        nothing; Host stays."""
        port, closed = self.lab.http, free_port()
        rules = [f"x.test:80:127.0.0.1:{port}", f"x.test::127.0.1.1:{port}",
            f":81::{port}", f"Y.test::127.0.0.1:{port}",
            f"y.test::127.0.1.1:{closed}", f"::127.0.1.2:{port}"]
        options = [word for rule in rules for word in ("--connect-to", rule)]
        self.assertEqual(self.addresses("x.test", "x.test:8080", "y.test:82",
            "z.test", "w.test:81", "127.0.0.1:81", options),
            {"x.test": ("127.0.0.1", port),
                "x.test:8080": ("127.0.1.1", port),
                "y.test:82": ("127.0.0.1", port),
                "z.test": ("127.0.1.2", port),
                "w.test:81": ("127.0.0.1", port),
                "127.0.0.1:81": ("127.0.0.1", port)})
        self.assertEqual(set(dns.asked(self.lab)), {"w.test"})
        self.assertEqual(requests.sent(self.lab), sorted([
            ("/", "x.test"), ("/", "y.test:82"), ("/", "w.test:81"),
            ("/", "127.0.0.1:81")]))

    def test_connect_to_a_name(self):
        """The other name is asked for, and --resolve knows it, too."""
        port = self.lab.http
        to = ["--connect-to", f"x.test::other.test:{port}"]
        self.addresses("x.test", to)
        self.assertEqual(set(dns.asked(self.lab)), {"other.test"})
        self.assertEqual(self.addresses("x.test", to, "--resolve",
            f"other.test:{port}:127.0.1.3"),
            {"x.test": ("127.0.1.3", port)})

    def test_connect_to_v6(self):
        self.need_v6()
        port = self.lab.http
        self.assertEqual(
            self.addresses("x.test", "--connect-to", f"::[::1]:{port}"),
            {"x.test": ("::1", port)})
        self.assertEqual(self.addresses("[::1]:81", "--connect-to",
            f"[::1]:81:127.0.0.1:{port}"),
            {"[::1]:81": ("127.0.0.1", port)})

    def test_family(self):
        self.need_v6()
        for option, ip, asked in (
                ("-4", "127.0.0.1", (1, 0)), ("-6", "::1", (0, 1)),
                ("--ipv4", "127.0.0.1", (1, 0)),
                ("--ipv6", "::1", (0, 1))):
            self.lab.page("clear")
            run = afetch("--json", option, "aaaa.x.test",
                self.lab.options(dns=True))
            self.assertEqual(run.records[0]["remote_ip"], ip, option)
            self.assertEqual(dns.asked(self.lab), {"aaaa.x.test": asked})

    def test_dns_servers(self):
        """The second one is asked when the first is not there."""
        with Lab() as other:
            run = afetch("--json", "x.test", "--dns-servers",
                f"127.0.0.1:{free_port()},{other.dns}",
                "--connect-to", f":::{other.http}")
            self.assertIsNone(run.records[0]["error"])
            self.assertIn("x.test", dns.asked(other))

    def test_hosts_file_first(self):
        """Also with --dns-servers; localhost is never asked for."""
        run = afetch("--json", "-4", "localhost", "LOCALHOST.",
            "sub.localhost", self.lab.options(dns=True))
        self.assertEqual(dns.questions(self.lab), 0)
        self.assertEqual(
            [r["remote_ip"] for r in run.records], ["127.0.0.1"] * 3)


class Concurrency(Contract):
    hosts = [f"ttfb-{40 - 10 * n}.h{n}.test" for n in range(5)]

    def inputs(self, *args):
        run = afetch("--json", self.hosts, args, self.lab.options())
        return [r["input"] for r in run.records]

    def test_one_by_one(self):
        for options in (["-j", "1"], ["--serial"], ["--concurrency=1"]):
            self.assertEqual(self.inputs(*options), self.hosts)
            self.assertEqual(self.lab.page("totals")["max_open"], 1)

    def test_all_at_once(self):
        """The last one answers first."""
        hosts = [f"ttfb-{600 - 140 * n}.h{n}.test" for n in range(5)]
        run = afetch("--json", hosts, self.lab.options())
        self.assertEqual([r["input"] for r in run.records], hosts[::-1])

    def test_at_most(self):
        hosts = [f"ttfb-5.h{n}.test" for n in range(60)]
        for at_once in (2, 7, 30):
            self.lab.page("clear")
            run = afetch("--json", "-j", at_once, hosts, self.lab.options())
            self.assertEqual(run.code, 0)
            self.assertEqual(
                self.lab.page("totals")["max_open"], at_once)
            self.assertEqual(run.summary["concurrency"], at_once)

    def test_the_last_one_wins(self):
        run = afetch("--json", "--serial", "-j", "9", self.hosts,
            self.lab.options())
        self.assertEqual(run.summary["concurrency"], 9)

    def test_max_time_is_for_the_whole_target(self):
        run = afetch("--json", "-m", "0.5", "x.test", "silent.x.test",
            "line-60.lines-100.x.test", "trickle-20.x.test",
            "dns-300.ttfb-300.x.test", "dns-silent.x.test",
            self.lab.options(dns=True))
        for record in run.records:
            if record["input"] == "x.test":
                self.assertIsNone(record["error"])
                continue
            self.check_error(record, "TIMEOUT")
            total = record["timings_ms"]["total"]
            self.assertGreater(total, 490)
            self.assertLess(total, 5000 * SLOWER)


class Output(Contract):
    hosts = ["x.test", "early-2.y.test", "reset.z.test"]
    told = b"reset.z.test: wait: connection reset by peer\n"

    def run_with(self, *options):
        run = afetch("-j", "1", self.hosts, options, self.lab.options())
        self.assertEqual(run.code, 1)
        return run

    def test_text(self):
        run = self.run_with()
        self.assertEqual({line.split(b" ")[0] for line in run.lines},
            {b"x.test", b"early-2.y.test"})
        self.assertEqual(run.of("early-2.y.test")[0], b"HTTP/1.1 200 OK")
        self.assertNotIn(b"103", run.out)
        self.assertTrue(run.err.startswith(self.told))

    def test_quiet(self):
        run = self.run_with("-q")
        self.assertEqual(run.out, b"")
        self.assertTrue(run.err.startswith(self.told))
        self.assertIn(b"3 targets: 2 ok (2 2xx), 1 failed: "
            b"1 connection reset by peer\n", run.err)

    def test_silent(self):
        run = self.run_with("-s")
        self.assertEqual(run.err, b"")
        self.assertEqual(len(run.of("x.test")), 7)

    def test_silent_leaves_usage_and_fatal_errors(self):
        self.assertIn(b"afetch: ", afetch("-s", "--nonesuch").err)
        with open("/dev/full", "wb") as full:
            run = afetch("-s", "x.test", self.lab.options(), stdout=full)
        self.assertEqual(run.code, 3)
        self.assertIn(b"cannot write", run.err)

    def test_verbose(self):
        """Interim responses, on stderr, for text and JSON."""
        interim = [b"early-2.y.test interim > HTTP/1.1 103 Early Hints",
            b"early-2.y.test interim > "
            b"Link: </style.css>; rel=preload; as=style"] * 2
        for options in (["-v"], ["-v", "--json"], ["--verbose", "-q"]):
            run = self.run_with(*options)
            self.assertEqual([line for line in run.err.split(b"\n")
                if b" interim > " in line], interim)
            self.assertNotIn(b" interim > ", run.out)
            self.assertNotIn(b" 103", run.out)
        self.assertNotIn(b"interim", self.run_with().err)
        self.assertEqual(self.run_with("-v", "-s").err, b"")

    def test_file(self):
        path = self.directory / "out"
        path.write_bytes(b"x" * 100000)
        run = self.run_with("-o", path)
        self.assertEqual(run.out, b"")
        self.assertIn(b"x.test header > HTTP/1.1 200 OK\n",
            path.read_bytes())
        self.assertNotIn(b"xxx", path.read_bytes())
        self.run_with("--json", f"--output={path}")
        self.assertEqual(path.read_bytes().count(b"\n"), 4)

    def test_file_that_cannot_be(self):
        run = afetch("x.test", "-o", self.directory, self.lab.options())
        self.assertEqual((run.code, run.out), (3, b""))
        self.assertEqual(run.err.decode(),
            f"afetch: cannot write {self.directory}: Is a directory\n")
        self.assertEqual(self.lab.page("totals")["accepted"], 0)

    def rows(self, run):
        """The hosts of the summary's table, in its order; no line of it is
        wider than a window."""
        _, heading, table = run.err.decode().partition("\nhost  ")
        if not heading:
            _, heading, table = ("\n" + run.err.decode()).partition("\nhost  ")
        lines = table.partition("\n\n")[0].splitlines()[1:]
        for line in lines:
            self.assertLessEqual(len(line), 80)
        return [line.split()[0] for line in lines]

    def test_summary(self):
        for options, rows in (([], 3), (["--summary", "hosts"], 3),
                (["--summary=total"], 0)):
            run = self.run_with(*options)
            self.assertEqual(len(self.rows(run)), rows, options)
            self.assertIn(
                b"\n3 targets: 2 ok (2 2xx), 1 failed: "
                b"1 connection reset by peer\nwall ", run.err)
            self.assertNotIn(b"p50", run.err)
            if rows:
                self.assertTrue(self.rows(run)[-1].startswith("reset"))
        run = self.run_with("--summary", "none")
        self.assertEqual(run.err, self.told)

    def test_summary_of_many(self):
        for count, rows in ((50, 50), (51, 0)):
            hosts = [f"h{n}.test" for n in range(count)]
            run = afetch(hosts, self.lab.options())
            self.assertEqual(len(self.rows(run)), rows)
            self.assertIn(b"%d targets: %d ok (%d 2xx), 0 failed\n"
                % ((count,) * 3), run.err)
            for phase in (b"queued", b"dns", b"connect", b"total"):
                self.assertRegex(run.err, b"\n" + phase + rb" +\d")
        run = afetch(hosts, self.lab.options(), "--summary", "hosts")
        self.assertEqual(sorted(self.rows(run)), sorted(hosts))

    def test_max_header_size(self):
        run = afetch("--json", "head-4096.x.test", "head-4097.y.test",
            "--max-header-size", "4K", self.lab.options())
        self.assertIsNone(run.record("head-4096.x.test")["error"])
        self.assertEqual(run.record("head-4096.x.test")["header_bytes"], 4096)
        self.check_error(run.record("head-4097.y.test"), "HEADER_TOO_LARGE",
            "receive", "4096 bytes")


if __name__ == "__main__":
    unittest.main()
