"""Several name servers: which one is used, and what is said when none is."""

import contextlib
import itertools
import unittest

from harness import Afetch, Case, Lab

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


if __name__ == "__main__":
    unittest.main()
