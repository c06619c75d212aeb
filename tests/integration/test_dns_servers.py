"""Several name servers: which one is used, and what is said when none is."""

import contextlib
import functools
import itertools
import unittest

from harness import SLOWER, Afetch, Case, Lab

import dns

# The more telling before the less: the code and the message when no server
# is any better.
KINDS = {
    "good": None,
    "servfail": ("SERVFAIL", "SERVFAIL"),
    "refused": ("DNS_REFUSED", "REFUSED"),
    "formerr": ("DNS_BAD_ANSWER", "FORMERR"),
    "silent": ("TIMEOUT", ""),
    "closed": ("DNS_UNREACHABLE", ""),
}


class Servers(Case):
    """All pairs of kinds at once, each with a name of its own."""

    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.labs = {"good": self.lab}
        for kind in "servfail", "refused", "formerr":
            self.labs[kind] = stack.enter_context(
                Lab("--default", f"dns-{kind}"))
        self.servers = {kind: lab.dns for kind, lab in self.labs.items()}
        self.servers["silent"] = stack.enter_context(dns.silent_server())
        self.servers["closed"] = stack.enter_context(dns.closed_server())

    def ask(self, *kinds, options=()):
        servers = ",".join(self.servers[kind] for kind in kinds)
        return Afetch("-".join(kinds) + ".pair", "--json", "--dns-servers",
            servers, "--connect-to", f":80::{self.lab.http}", options)

    def ask_pairs(self, options):
        """The records of all pairs."""
        pairs = list(itertools.product(KINDS, repeat=2))
        runs = [self.ask(*pair, options=options) for pair in pairs]
        return {pair: run.finish(30).records[0]
            for pair, run in zip(pairs, runs)}

    def check_said(self, record, *kinds):
        telling = min(kinds, key=list(KINDS).index)
        code, message = KINDS[telling]
        if set(kinds) == {"silent", "closed"}:
            code = record["error"]["code"]
            self.assertIn(code, ("TIMEOUT", "DNS_UNREACHABLE"))
        self.check_error(record, code, "dns", message)

    def check_used(self, first, second):
        """No server but the first is asked when that is good; it is the one
        asked first when it is not."""
        name = f"{first}-{second}.pair"
        if first in self.labs:
            self.assertIn(name, dns.asked(self.labs[first]))
        if second in self.labs and second != first:
            asked = dns.asked(self.labs[second])
            self.assertEqual(name in asked, first != "good", name)

    def test_row_56_pairs(self):
        for pair, record in self.ask_pairs(["--connect-timeout", 4]).items():
            with self.subTest(pair=pair):
                if "good" in pair:
                    self.assertIsNone(record["error"])
                    self.assertEqual(record["status"], 200)
                else:
                    self.check_said(record, *pair)
                self.check_used(*pair)

    def test_row_57_what_a_server_said_beats_silence(self):
        """However the time ends in which the other one is waited for."""
        for options in (["--connect-timeout", 1], ["-m", 1],
                ["-m", 1, "--all-addresses"], ["-m", 2, "-4", "-L"]):
            runs = [self.ask(*kinds, options=options) for kinds in
                (("servfail", "silent"), ("refused", "silent", "closed"))]
            for run, kind in zip(runs, ("servfail", "refused")):
                self.check_said(run.finish(30).records[0], kind)


class Families(Case):
    """-4 and -6 hold for addresses that are given for a name, too."""

    def record(self, target, option, *options, line=None):
        run = Afetch("--json", option, "--dns-servers", self.lab.dns, options,
            *(["-i", "-"] if line else [target]),
            stdin=line and line.encode()).finish(20)
        return run.records[0]

    def check_none(self, record):
        self.check_error(record, "NODATA", "dns",
            "is excluded by -4/-6")
        self.assertIsNone(record["remote_ip"])

    def test_row_62_resolve_rules(self):
        port = self.lab.http
        target = f"given.test:{port}"
        rule = f"given.test:{port}:"
        both = rule + "[::1],127.0.0.1,[::1]"
        for extra in [], ["--all-addresses"]:
            record = self.record(target, "-4", "--resolve", both, extra)
            self.assertEqual((record["status"], record["remote_ip"]),
                (200, "127.0.0.1"), record["error"])
            self.check_none(self.record(
                target, "-4", "--resolve", rule + "::1", extra))
            self.check_none(self.record(
                target, "-6", "--resolve", rule + "127.0.0.1", extra))

    def test_row_62_resolve_rule_for_a_proxy(self):
        record = self.record("a.test", "-4", "--resolve", "p.test:3128:::1",
            "-x", "http://p.test:3128")
        self.check_none(record)
        self.assertIn("the proxy http://p.test:3128: ",
            record["error"]["message"])

    def test_row_62_second_column(self):
        line = f"given.test:{self.lab.http} 127.0.0.1\n"
        self.assertEqual(self.record(None, "-4", line=line)["status"], 200)
        self.check_none(self.record(None, "-6", line=line))

    def test_row_64_a_literal_is_what_it_is(self):
        port = self.lab.http
        for target, options in ((f"127.0.0.1:{port}", []),
                ("a.test", ["--connect-to", f"::127.0.0.1:{port}"])):
            record = self.record(target, "-6", *options)
            self.assertEqual(record["status"], 200, record["error"])


# How an answer comes: dns.server's arguments.
WAYS = {
    "UDP": {},
    "TCP": {"by_tcp": True},
    "TCP, byte by byte": {"by_tcp": True, "piece": 1},
}


def each_way(test):
    """All is the same, whichever way the answer comes."""
    @functools.wraps(test)
    def run(self):
        for way, self.way in WAYS.items():
            with self.subTest(way=way):
                test(self)
    return run


class Answers(Case):
    """What one server, or the first of two, says in a way of its own."""

    way = WAYS["UDP"]

    def ask(self, answer, *targets, second=None, options=()):
        """The records by name."""
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(dns.server(answer, **self.way))]
            if second:
                servers.append(second)
            run = Afetch("--json", "-m", 6, *targets, "--dns-servers",
                ",".join(servers), "--connect-to", f":80::{self.lab.http}",
                options).finish(30)
        self.seconds = run.seconds
        return {r["host"]: r for r in run.records}

    def check_fine(self, record, ip="127.0.0.1"):
        self.assertIsNone(record["error"])
        self.assertEqual((record["status"], record["remote_ip"]), (200, ip))

    def check_next(self, answer, code, message, name="a.test"):
        """One alone tells it, with a second one the name is found."""
        record = self.ask(answer, name)[name]
        self.check_error(record, code, "dns", message)
        self.assertLess(record["timings_ms"]["total"], 900 * SLOWER)
        record = self.ask(answer, name, second=self.lab.dns)[name]
        self.check_fine(record)
        self.assertLess(record["timings_ms"]["dns"], 900 * SLOWER)

    @each_way
    def test_row_89_an_error_without_its_question(self):
        for rcode, code, message in ((5, "DNS_REFUSED", "REFUSED"),
                (2, "SERVFAIL", "SERVFAIL"),
                (1, "DNS_BAD_ANSWER", "FORMERR"),
                (4, "DNS_BAD_ANSWER", "NOTIMP")):
            with self.subTest(rcode=rcode):
                self.check_next(lambda query: query.id +
                    bytes([0x81, rcode]) + bytes(8), code, message)

    @each_way
    def test_row_89_only_to_what_was_asked(self):
        """Another id, or no error: no answer."""
        for head in lambda q: bytes([q.id[0] ^ 1, q.id[1], 0x81, 5]), \
                lambda q: q.id + b"\x81\x80":
            record = self.ask(lambda query: head(query) + bytes(8), "a.test",
                options=["-m", 1])["a.test"]
            self.check_error(record, "TIMEOUT", "dns")

    def test_row_89_among_others_on_one_connection(self):
        """Pipelined, answered in another order, and cut within messages
        (RFC 7766 section 6.2.1.1)."""
        def answer(query):
            if query.name.startswith("bare"):
                return query.id + b"\x81\4" + bytes(8)
            return query.reply([(query.name, dns.CNAME, "a b.x"),
                ("A b.x", dns.A, "127.0.0.1")])

        names = [f"{kind}{i}.test" for i in range(20)
            for kind in ("bare", "good")]
        for piece in 1, 7, 1000, 1 << 20:
            self.way = {"by_tcp": True, "batch": len(names), "piece": piece}
            for host, record in self.ask(
                    answer, *names, options=["-4"]).items():
                if host.startswith("good"):
                    self.check_fine(record)
                else:
                    self.check_error(
                        record, "DNS_BAD_ANSWER", "dns", "NOTIMP")

    @each_way
    def test_row_90_any_order(self):
        """The address before its alias, chains in any order."""
        chain = [("a.test", dns.CNAME, "b.test"),
            ("b.test", dns.CNAME, "c.test"), ("c.test", dns.CNAME, "d.test"),
            ("d.test", dns.A, "127.0.0.1")]
        orders = list(itertools.permutations(chain))

        def answer(query):
            order = orders[int(query.name[1:].split(".")[0])]
            records = [(query.name if owner == "a.test" else owner, *rest)
                for owner, *rest in order]
            return query.reply(records if query.type == dns.A else ())

        names = [f"n{i}.test" for i in range(len(orders))]
        for record in self.ask(answer, *names).values():
            self.check_fine(record)

    @each_way
    def test_row_91_an_alias_alone(self):
        self.check_next(lambda query: query.reply(
            [(query.name, dns.CNAME, "elsewhere.example")], flags=0x8500),
            "DNS_BAD_ANSWER", "the name server is not recursive: it "
            "returned an alias")

    @each_way
    def test_row_91_a_referral(self):
        self.check_next(lambda query: query.reply(
            authority=[("test", dns.NS, "ns.test")], flags=0x8100),
            "DNS_BAD_ANSWER", "it returned only a referral")

    @each_way
    def test_row_91_no_address_without_aa_and_ra(self):
        """Twisted Names tells the zone (SOA) all the same."""
        for zone, code in ("test", "NODATA"), ("example", "DNS_BAD_ANSWER"):
            record = self.ask(lambda query: query.reply(
                authority=[(zone, 6, "ns.test")], flags=0x8100),
                "a.test")["a.test"]
            self.check_error(record, code, "dns")

    @each_way
    def test_row_91_an_alias_to_a_name_without_address(self):
        """With recursion that is no fault of the server's."""
        for second in None, self.lab.dns:
            record = self.ask(lambda query: query.reply(
                [(query.name, dns.CNAME, "elsewhere.example")]), "a.test",
                second=second)["a.test"]
            self.check_error(record, "NODATA", "dns")

    @each_way
    def test_row_93_any_byte(self):
        targets = {"star": "*.x", "plus": "a+b.x", "blank": "a b.x",
            "nul": "a\0b.x", "high": "\xff\xc3.x", "slash": "a/b.x"}

        def answer(query):
            target = targets[query.name.split(".")[0]]
            return query.reply([(query.name, dns.CNAME, target),
                (target.replace("x", "X"), dns.A, "127.0.0.1")]
                if query.type == dns.A else ())

        for record in self.ask(
                answer, *(f"{name}.test" for name in targets)).values():
            self.check_fine(record)

    def nobody(self, query):
        """"a0-b1.test": 0.0.0.0 and ::, and 127.0.0.1, in this order."""
        a, aaaa = query.name.split(".")[0].split("-")
        one, kind, zeros, real = ((a, dns.A, "0.0.0.0", "127.0.0.1")
            if query.type == dns.A else
            (aaaa, dns.AAAA, "::" if "m" not in aaaa else "::ffff:0.0.0.0",
                "::1"))
        return query.reply([(query.name, kind, zeros if c in "0m" else real)
            for c in one[1:]])

    @each_way
    def test_row_94_nobodys_address_beside_another_one(self):
        names = ["a1-b.test", "a01-b.test", "a10-b.test", "a1-b0.test",
            "a01-bm0.test"]
        for options in [], ["--all-addresses"]:
            for record in self.ask(
                    self.nobody, *names, options=options).values():
                self.check_fine(record)
                self.assertNotIn("0.0.0.0", str(record.get("addresses")))

    @each_way
    def test_row_94_nobodys_address_alone(self):
        names = ["a0-b.test", "a-b0.test", "a00-b0.test", "a-bm.test"]
        for options in [], ["--all-addresses"]:
            for record in self.ask(
                    self.nobody, *names, options=options).values():
                self.check_error(record, "NODATA", "dns",
                    "no address but 0.0.0.0 or ::")
                self.assertIsNone(record["remote_ip"])

    def test_row_94_as_typed_it_is_what_it_is(self):
        """0.0.0.0 is this machine, on Linux."""
        port = self.lab.http
        for args in ([f"0.0.0.0:{port}"],
                [f"a.test:{port}", "--resolve", f"a.test:{port}:0.0.0.0"],
                ["a.test", "--connect-to", f"::0.0.0.0:{port}"]):
            record = Afetch("--json", args).finish(20).records[0]
            self.assertEqual((record["status"], record["remote_ip"]),
                (200, "0.0.0.0"), record["error"])
        run = Afetch("--json", "-i", "-",
            stdin=f"a.test:{port} 0.0.0.0\n".encode()).finish(20)
        self.assertEqual(run.records[0]["status"], 200)

    @each_way
    def test_row_93_any_byte_beyond_512(self):
        """More than UDP may bring: whole all the same."""
        def answer(query):
            chain = [query.name,
                *(f"{i} \xff{'x' * 59}.test" for i in range(5))]
            return query.reply([*((owner, dns.CNAME, target)
                for owner, target in zip(chain, chain[1:])),
                (chain[-1], dns.A, "127.0.0.1")]
                if query.type == dns.A else ())

        self.check_fine(self.ask(answer, "a.test")["a.test"])

    @each_way
    def test_row_93_any_byte_before_no_address(self):
        """An alias to such a name that has none, or is none."""
        for rcode, code in (0, "NODATA"), (3, "NXDOMAIN"):
            record = self.ask(lambda query: query.reply(
                [(query.name, dns.CNAME, "a b.x")],
                authority=[("\xff.x", dns.NS, "ns.x")], flags=0x8180 | rcode),
                "a.test")["a.test"]
            self.check_error(record, code, "dns")


if __name__ == "__main__":
    unittest.main()
