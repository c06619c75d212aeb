"""What name servers do to us: rows 55 to 69 of the hazards."""

import unittest

from harness import (GOOD, SLOWER, Case, Lab, Server, afetch, free_port,
    target_list)

import dns

T = 2
LATE = 8  # what ends after T has ended; else it would take 10


class Dns(Case):
    def setUp(self):
        self.lab.page("clear")

    def run_json(self, *targets, options=(), **how):
        return afetch("--json", targets, self.lab.options(dns=True), options,
            **how)

    def check_fine(self, record):
        self.assertIsNone(record["error"], record["input"])
        self.assertEqual(record["status"], 200)
        self.assertEqual(dict(record["headers"])["X-Token"], record["host"])

    def below(self, seconds, record):
        self.assertLess(
            record["timings_ms"]["total"], seconds * 1000 * SLOWER)


class Answers(Dns):
    def test_row_55_no_such_name(self):
        run = self.run_json("dns-nxdomain.x.test", "dns-nodata.b.test", GOOD)
        for host, code, message in (
                ("dns-nxdomain.x.test", "NXDOMAIN", "no such name"),
                ("dns-nodata.b.test", "NODATA", "the name has no address")):
            record = run.record(host)
            self.check_error(record, code, "dns", message)
            self.assertEqual(dns.asked(self.lab)[host], (1, 1))
            self.assertIsNone(record["remote_ip"])
            self.assertIsNone(record["timings_ms"]["connect"])
        self.check_good_records(run)
        self.assertEqual(run.code, 1)

    def test_row_55_on_stderr(self):
        run = afetch("dns-nxdomain.x.test", "dns-nodata.b.test",
            self.lab.options(dns=True))
        self.assertEqual(run.out, b"")
        self.assertEqual(run.failures(), {
            "dns-nxdomain.x.test": "dns: no such name",
            "dns-nodata.b.test": "dns: the name has no address"})

    def test_row_55_one_family_only(self):
        run = self.run_json("dns-nxdomain.x.test", "plain.test", "aaaa.b.test",
            "a-nodata.c.test", options=["-6"])
        codes = {r["input"]: r["error"] and r["error"]["code"]
            for r in run.records}
        self.assertEqual(codes, {"dns-nxdomain.x.test": "NXDOMAIN",
            "plain.test": "NODATA", "aaaa.b.test": None,
            "a-nodata.c.test": "NODATA"})

    def test_row_56_the_server_fails(self):
        run = self.run_json("dns-servfail.x.test", "dns-refused.b.test",
            "a-servfail.aaaa-servfail.x.test", GOOD)
        self.check_error(run.record("dns-servfail.x.test"), "SERVFAIL",
            "dns", "SERVFAIL")
        self.check_error(run.record("a-servfail.aaaa-servfail.x.test"),
            "SERVFAIL", "dns", "SERVFAIL")
        self.check_error(run.record("dns-refused.b.test"), "DNS_REFUSED",
            "dns", "REFUSED")
        self.check_good_records(run)
        self.assertEqual(run.code, 1)

    def test_row_56_no_server_there(self):
        run = afetch("--json", "plain.test", "-m", T, "--dns-servers",
            f"127.0.0.1:{free_port()}")
        self.check_error(run.record("plain.test"), "DNS_UNREACHABLE", "dns")
        self.assertEqual(run.code, 1)

    def test_row_56_other_answers_without_sense(self):
        """FORMERR and NOTIMP say no more than that the server cannot."""
        run = self.run_json("dns-formerr.x.test", "dns-notimp.b.test", GOOD,
            options=["-m", T])
        for host, name in (("dns-formerr.x.test", "(FORMERR)"),
                ("dns-notimp.b.test", "(NOTIMP)")):
            self.check_error(
                run.record(host), "DNS_BAD_ANSWER", "dns", name)
        self.check_good_records(run)

    def test_row_57_silence(self):
        run = self.run_json("dns-silent.x.test", "127.0.0.1", GOOD,
            options=["-m", T])
        record = run.record("dns-silent.x.test")
        self.check_error(record, "TIMEOUT", "dns")
        self.assertGreater(record["timings_ms"]["total"], T * 1000 - 100)
        self.below(LATE, record)
        self.check_good_records(run)

    def test_row_57_all_silent_but_local_names_work(self):
        with dns.silent_server() as server:
            run = afetch("--json", "-m", T, "plain.test", "b.test",
                "localhost", "127.0.0.1", "--dns-servers", server,
                "--connect-to", f":::{self.lab.http}")
        for host in ("plain.test", "b.test"):
            self.check_error(run.record(host), "TIMEOUT", "dns")
            self.below(LATE, run.record(host))
        for record in run.records[:2]:
            self.assertIn(record["input"], ("localhost", "127.0.0.1"))
            self.check_fine(record)

    def test_row_57_one_family_silent(self):
        """An A record is enough, AAAA is not waited for long."""
        run = self.run_json("aaaa-silent.w.test", "aaaa.a-silent.b.test")
        for record in run.records:
            self.check_fine(record)
            self.below(1, record)

    def test_row_57_one_family_silent_for_many(self):
        """Whoever waits no longer for AAAA leaves room for others."""
        run = self.run_json("-i", "-", stdin=target_list(
            [f"aaaa-silent.h{n}.test" for n in range(300)] + GOOD))
        self.assertEqual([r["error"] for r in run.records], [None] * 350)
        self.check_good_records(run)

    def test_row_57_silent_names_do_not_hold_up_others(self):
        """More than have a place at once, all of them in front."""
        silent = [f"dns-silent.h{n}.test" for n in range(60)]
        run = self.run_json("-i", "-", options=["--connect-timeout", 3],
            stdin=target_list(silent + GOOD))
        self.check_good_records(run)
        for host in silent:
            self.check_error(run.record(host), "TIMEOUT", "dns")

    def test_row_57_what_is_known_beats_silence(self):
        """The one family's failure is told, not the other one's silence."""
        run = self.run_json("a-dead.aaaa-silent.w.test",
            "a-servfail.aaaa-silent.b.test", "a-nodata.aaaa-silent.c.test",
            options=["--connect-timeout", 1])
        record = run.record("a-dead.aaaa-silent.w.test")
        self.check_error(record, "REFUSED", "connect")
        self.assertTrue(record["remote_ip"].startswith("127.0.1."))
        self.check_error(run.record("a-servfail.aaaa-silent.b.test"),
            "SERVFAIL", "dns")
        self.check_error(run.record("a-nodata.aaaa-silent.c.test"),
            "TIMEOUT", "dns")

    def test_row_57_connect_timeout_covers_dns(self):
        run = self.run_json("dns-silent.x.test",
            options=["--connect-timeout", "0.5"])
        self.check_error(run.record("dns-silent.x.test"), "TIMEOUT", "dns")
        self.below(LATE, run.record("dns-silent.x.test"))

    def test_row_58_truncated(self):
        before = self.lab.page("totals")["dns_tcp"]
        run = self.run_json("tc.x.test", GOOD)
        self.check_fine(run.record("tc.x.test"))
        self.check_good_records(run)
        self.assertGreater(self.lab.page("totals")["dns_tcp"], before)

    def test_row_58_slow_by_tcp(self):
        # From 1.32 on c-ares asks again by UDP after 250 ms, and listens for
        # the newest question's answer only.
        run = self.run_json("dns-1500.tc.x.test", GOOD,
            options=["--connect-timeout", 9])
        self.check_fine(run.record("dns-1500.tc.x.test"))
        self.check_good_records(run)

    def test_row_58_truncated_without_tcp(self):
        run = self.run_json("tc-reset.x.test", "tc-silent.b.test", GOOD,
            options=["-m", T])
        for host in ("tc-reset.x.test", "tc-silent.b.test"):
            record = run.record(host)
            self.assertEqual(record["error"]["phase"], "dns", record)
            self.below(LATE, record)
        self.check_good_records(run)
        self.assertEqual(run.code, 1)

    def test_row_58_tcp_reset_by_one_name(self):
        """Those that shared its connection are asked again."""
        hosts = [f"tc.x{n}.test" for n in range(30)]
        run = self.run_json("tc-reset.x.test", hosts)
        self.check_error(run.record("tc-reset.x.test"), "DNS_UNREACHABLE",
            "dns")
        for host in hosts:
            self.check_fine(run.record(host))

    def test_row_58_tcp_reset_beside_silence(self):
        """Names that are asked alone, one after the other, do not wait long
        for those that get no answer."""
        silent = [f"tc-silent.s{n}.test" for n in range(8)]
        good = [f"tc.g{n}.test" for n in range(4)]
        run = self.run_json(silent, "tc-reset.x.test", good,
            options=["-m", 9])
        for host in good:
            self.check_fine(run.record(host))
        for host in silent:
            self.check_error(run.record(host), "TIMEOUT", "dns")

    def test_row_58_tcp_refused(self):
        """And no other name suffers from it."""
        hosts = [f"tc.x{n}.test" for n in range(4)]
        with Lab("--no-dns-tcp") as lab:
            run = afetch("--json", "-m", T, hosts[0], GOOD, hosts[1:],
                lab.options(dns=True))
        for host in hosts:
            record = run.record(host)
            self.assertEqual(record["error"]["phase"], "dns", record)
            self.below(LATE, record)
        self.check_good_records(run)
        self.assertEqual(run.code, 1)

    def test_row_59_aliases(self):
        run = self.run_json("cname-20.x.test", "cname-loop.b.test", GOOD,
            options=["-m", T])
        self.check_fine(run.record("cname-20.x.test"))
        record = run.record("cname-loop.b.test")
        self.assertEqual(record["error"]["phase"], "dns", record)
        self.below(LATE, record)
        self.check_good_records(run)

    def test_row_60_junk_before_the_answer(self):
        kinds = ("empty", "garbage", "id", "source", "all")
        hosts = [f"junk-{kind}.w.test" for kind in kinds]
        run = self.run_json(hosts, GOOD)
        for host in hosts:
            self.check_fine(run.record(host))
            self.assertEqual(run.record(host)["remote_ip"], "127.0.0.1")
            self.below(0.9, run.record(host))
            self.assertEqual(dns.asked(self.lab)[host], (1, 1))
        self.check_good_records(run)
        self.assertEqual(run.code, 0)

    def test_row_60_junk_by_many(self):
        hosts = [f"junk-all.h{n}.test" for n in range(300)]
        run = self.run_json("-i", "-", stdin=target_list(hosts))
        self.assertEqual([r["error"] for r in run.records], [None] * 300)


class Many(Dns):
    hosts = [f"h{n}.test" for n in range(5000)]

    def slowest_of_all(self):
        self.setUp()
        run = self.run_json("-i", "-", "-j", "5000", "-m", 20 * SLOWER,
            "--connect-timeout", 5 * SLOWER,
            stdin=target_list(self.hosts))
        self.assertEqual(run.code, 0)
        self.assertEqual(len(run.records), 5000)
        # Hardly anything was asked again: no answer was lost. Some c-ares
        # ask again when a busy machine is late by a quarter of a second.
        asked = dns.asked(self.lab)
        self.assertEqual(set(self.hosts) - set(asked), set())
        self.assertLess(
            sum(map(sum, asked.values())), 10000 + 500 * SLOWER)
        return max(r["timings_ms"]["dns"] for r in run.records)

    def test_row_61_five_thousand_names(self):
        """One time of three: others may need the machine, too."""
        times = (self.slowest_of_all() for _ in range(3))
        self.assertTrue(any(time < 2000 * SLOWER for time in times))

    test_row_61_five_thousand_names.serial = True

    def test_row_61_equal_names_are_asked_once(self):
        run = self.run_json("-i", "-", "-j", "50",
            stdin=target_list(["dns-100.same.test"] * 1000))
        self.assertEqual(run.code, 0)
        self.assertEqual(len(run.records), 1000)
        self.assertEqual(
            dns.asked(self.lab)["dns-100.same.test"], (1, 1))


class Addresses(Dns):
    def test_row_62_one_family_dead(self):
        if self.lab.says["ipv6"] != "yes":
            self.skipTest("no IPv6 here")
        run = self.run_json("a-dead.aaaa.w.test", "aaaa-dead.b.test",
            "a-hole.aaaa.c.test", "aaaa-hole.d.test", GOOD)
        for host, ip in (("a-dead.aaaa.w.test", "::1"),
                ("aaaa-dead.b.test", "127.0.0.1"),
                ("a-hole.aaaa.c.test", "::1"),
                ("aaaa-hole.d.test", "127.0.0.1")):
            record = run.record(host)
            self.check_fine(record)
            self.assertEqual(record["remote_ip"], ip, host)
            self.below(T, record)
        self.check_good_records(run)

    def test_row_62_family_options(self):
        if self.lab.says["ipv6"] != "yes":
            self.skipTest("no IPv6 here")
        for option, ip, counts in (
                ("-4", "127.0.0.1", (1, 0)), ("-6", "::1", (0, 1))):
            host = f"aaaa.only{option}.test"
            run = self.run_json(host, options=[option])
            self.check_fine(run.record(host))
            self.assertEqual(run.record(host)["remote_ip"], ip)
            self.assertEqual(dns.asked(self.lab)[host], counts)

    def test_row_63_nine_addresses_refuse(self):
        run = self.run_json("dead-9.x.test", GOOD)
        record = run.record("dead-9.x.test")
        self.check_fine(record)
        self.assertEqual(record["remote_ip"], "127.0.0.1")
        self.assertEqual(record["attempts"], 1)
        self.assertLess(record["timings_ms"]["connect"], 1500 * SLOWER)
        self.check_good_records(run)

    def test_row_63_nine_addresses_are_silent(self):
        run = self.run_json("hole-9.x.test", GOOD, options=["-m", 8])
        record = run.record("hole-9.x.test")
        self.check_fine(record)
        self.assertGreater(record["timings_ms"]["connect"], 9 * 250 - 50)
        self.assertLess(record["timings_ms"]["connect"], 6000 * SLOWER)
        self.check_good_records(run)

    def test_row_63_max_time_holds(self):
        run = self.run_json("hole-9.x.test", "a-hole.b.test", GOOD,
            options=["-m", T])
        for host in ("hole-9.x.test", "a-hole.b.test"):
            self.check_error(run.record(host), "TIMEOUT", "connect")
            self.below(LATE, run.record(host))
        self.check_good_records(run)

    def test_row_63_all_refuse(self):
        run = self.run_json("a-dead.w.test", "a-dead.aaaa-dead.b.test", GOOD)
        for host in ("a-dead.w.test", "a-dead.aaaa-dead.b.test"):
            self.check_error(run.record(host), "REFUSED", "connect")
            self.assertIsNotNone(run.record(host)["remote_ip"])
        self.check_good_records(run)


class Literals(Dns):
    def requests_of(self, name):
        return [request["raw"] for request in
            self.lab.page("stats")["requests"] if request["name"] == name]

    def test_row_64_literals_are_not_asked(self):
        port = self.lab.http
        v4 = ["127.0.0.1", f"127.0.0.1:{port}", f"http://127.0.0.1:{port}/x"]
        v6 = ["::1", "[::1]:80", f"[::1]:{port}", "http://[::1]/y"]
        targets = v4 + (v6 if self.lab.says["ipv6"] == "yes" else [])
        run = self.run_json(targets)
        self.assertEqual(dns.questions(self.lab), 0)
        self.assertEqual(run.code, 0)
        for target in targets:
            record = run.record(target)
            self.assertEqual(record["status"], 200)
            self.assertIsNone(record["timings_ms"]["dns"])
            ip = "127.0.0.1" if "127" in target else "::1"
            self.assertEqual((record["host"], record["remote_ip"]), (ip, ip))

    def test_row_64_family_options_and_literals(self):
        """-4 and -6 choose among a name's addresses, a literal is one."""
        run = self.run_json("127.0.0.1", options=["-6"])
        self.assertEqual(dns.questions(self.lab), 0)
        self.assertEqual(len(run.records), 1)

    def test_row_64_v6_host_has_brackets(self):
        if self.lab.says["ipv6"] != "yes":
            self.skipTest("no IPv6 here")
        run = self.run_json(f"[::1]:{self.lab.http}")
        self.assertEqual(run.code, 0)
        self.assertIn(f"\r\nHost: [::1]:{self.lab.http}\r\n",
            self.requests_of("::1")[-1])

    def test_row_65_scope(self):
        to = ["--connect-to", f"::127.0.0.1:{self.lab.http}"]
        run = afetch("--json", "fe80::1%lo", "[fe80::1%25lo]:81", to,
            "--dns-servers", self.lab.dns)
        self.assertEqual(run.code, 0)
        self.assertEqual(dns.questions(self.lab), 0)
        hosts = [line for raw in self.requests_of("fe80::1")
            for line in raw.split("\r\n") if line.startswith("Host:")]
        self.assertEqual(
            sorted(hosts), ["Host: [fe80::1]", "Host: [fe80::1]:81"])

    def test_row_65_scope_that_is_not_there(self):
        run = self.run_json("fe80::1%nonesuch", "plain.test")
        error = run.record("fe80::1%nonesuch")["error"]
        self.assertIn(error["code"], ("BAD_TARGET", "UNREACHABLE"))
        self.check_fine(run.record("plain.test"))

    def test_row_66_numbers_that_are_no_addresses(self):
        targets = ["127.1", "0x7f.1", "2130706433", "0x7f000001", "1.2.3",
            "256.1.1.1", "1.2.3.4.5", "127.0.0.01", "127.1:80",
            "http://127.1/", "127.1.", "[127.0.0.1]", "1::2::3",
            "[::1", "::1]", "[::1]x", "[::g]"]
        run = self.run_json(targets, GOOD)
        for target in targets:
            self.check_error(run.record(target), "BAD_TARGET", "input")
        self.check_good_records(run)
        self.assertEqual(set(dns.asked(self.lab)), set(GOOD))
        self.assertEqual(run.code, 1)


class Names(Dns):
    def host_lines(self, name):
        return [line[6:] for request in self.lab.page("stats")["requests"]
            if request["name"] == name
            for line in request["raw"].split("\r\n")
            if line.startswith("Host: ")]

    def test_row_67_international_names(self):
        for written, asked in (
                ("bücher.example", "xn--bcher-kva.example"),
                ("straße.example", "xn--strae-oqa.example"),
                ("BÜCHER.example", "xn--bcher-kva.example"),
                ("παράδειγμα.test", "xn--hxajbheg2az3al.test"),
                ("http://例え.テスト/é?ü", "xn--r8jz45g.xn--zckzah")):
            self.setUp()
            run = self.run_json(written)
            record = run.record(written)
            self.check_fine(record)
            self.assertEqual(record["host"], asked)
            self.assertEqual(list(dns.asked(self.lab)), [asked])
            self.assertEqual(self.host_lines(asked), [asked])

    def test_row_67_prefix_is_as_written(self):
        run = afetch("bücher.example", self.lab.options(dns=True))
        self.assertEqual(run.of("bücher.example")[0], b"HTTP/1.1 200 OK")

    def test_row_67_path_is_sent_as_ascii(self):
        self.run_json("p.test/é?ü")
        raw = [request["raw"] for request in
            self.lab.page("stats")["requests"]
            if request["name"] == "p.test"][-1]
        self.assertTrue(raw.startswith("GET /%C3%A9?%C3%BC HTTP/1.0\r\n"))

    def test_row_67_no_utf8(self):
        bad = [b"b\xfccher.example", b"\xff.test", b"\xc3.test",
            "\ufffd.test".encode(), b"\xed\xa0\x80.test"]
        run = self.run_json("-i", "-", GOOD, stdin=target_list(bad))
        failed = [r for r in run.records if r["error"]]
        self.assertEqual(len(failed), len(bad))
        for record in failed:
            self.check_error(record, "BAD_TARGET", "input",
                f"-:{record['index'] - len(GOOD) + 1}: ")
        self.assertEqual(set(dns.asked(self.lab)), set(GOOD))
        self.check_good_records(run)

    def test_row_68_names_that_cannot_be(self):
        bad = ["a..b", ".x", "l" * 64 + ".test", ".".join(["a" * 50] * 5),
            "-", "*", "*.test", "a b.test", "a/b c", "..", ".", "a_b!.test",
            "a,b.test", "a\\b.test", "http://", "http:///x", "ftp://x.test",
            "http:/x.test", "[]", ":80", "?x"]
        run = self.run_json("-i", "-", GOOD, stdin=target_list(bad))
        records = run.records
        for n, line in enumerate(bad, 1):
            record = [r for r in records if r["index"] == len(GOOD) + n - 1]
            self.check_error(record[0], "BAD_TARGET", "input", f"-:{n}: ")
            self.assertEqual(record[0]["attempts"], 0)
        self.assertEqual(len(records), len(bad) + len(GOOD))
        self.assertEqual(set(dns.asked(self.lab)), set(GOOD))
        self.check_good_records(run)
        self.assertEqual(run.code, 1)

    def test_row_68_as_long_as_can_be(self):
        label = "l" * 63
        longest = ".".join([label, label, label, "a" * 61])
        self.assertEqual(len(longest), 253)
        run = self.run_json(longest, longest + "x", label + ".test")
        self.check_fine(run.record(longest))
        self.check_fine(run.record(label + ".test"))
        self.check_error(run.record(longest + "x"), "BAD_TARGET", "input",
            "longer than 253")

    def test_row_69_dot_case_underscore(self):
        for written, name, host in (
                ("dot.test.", "dot.test", "dot.test"),
                ("UPPER.Test", "upper.test", "UPPER.Test"),
                ("under_score.test", "under_score.test",
                    "under_score.test"),
                ("Dot.Test.:8080", "dot.test", "Dot.Test:8080"),
                ("plain.test:80", "plain.test", "plain.test"),
                ("http://slash.test.:80/", "slash.test", "slash.test")):
            self.setUp()
            run = self.run_json(written)
            self.assertIsNone(run.record(written)["error"], written)
            asked = {n.lower(): c for n, c in dns.asked(self.lab).items()}
            self.assertEqual(asked, {name: (1, 1)}, written)
            sent = [line[6:] for request in
                self.lab.page("stats")["requests"]
                for line in request["raw"].split("\r\n")
                if line.startswith("Host: ")]
            self.assertEqual(sent, [host], written)


if __name__ == "__main__":
    unittest.main()
