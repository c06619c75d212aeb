"""One round of a soak: a run of the program and the judgement of it."""

import collections
import contextlib
import dataclasses
import pathlib
import random
import signal
import tempfile
import time

import harness
import kinds
import mixture
import proxies

RSS_LIMIT = 64 * harness.MB
SPARE_DESCRIPTORS = 20  # beside -j
LOOP_DESCRIPTORS = 6  # of each further thread
PER_SLOT = 100  # targets of a round, at most, for each of -j
PROXIED = 1500  # targets through a proxy in Python, at most
HANGS = 60  # seconds without output
# A busy machine may be late with a healthy host once in a while.
LATE = 1 / 2000


def quiet(child):
    """Seconds since it said something."""
    last = child.chunks[-1][0] if child.chunks else 0
    return time.monotonic() - child.start - last


class Wrong(Exception):
    """Something does not fit."""


@dataclasses.dataclass
class Tally:
    """What a round came to, or several."""

    rounds: int = 0
    fetches: int = 0
    signals: int = 0
    late: int = 0
    descriptors: int = 0
    rss: int = 0
    routes: collections.Counter = dataclasses.field(
        default_factory=collections.Counter)
    outcomes: collections.Counter = dataclasses.field(
        default_factory=collections.Counter)

    def add(self, other):
        for name in ("rounds", "fetches", "signals", "late"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("descriptors", "rss"):
            setattr(self, name, max(getattr(self, name), getattr(other, name)))
        self.routes += other.routes
        self.outcomes += other.outcomes


class Round:
    """All that is random comes of the seed, the options whatever the size."""

    def __init__(self, seed, size):
        self.rng = rng = random.Random(seed)
        self.route = rng.choices(
            ["direct", "forward", "connect", "socks"], [85, 7, 4, 4])[0]
        self.follow = rng.random() < 0.3
        self.retry = rng.random() < 0.15
        self.text = rng.random() < 0.2
        self.at_once = rng.choice([16, 64, 256, 1000])
        if self.route in ("connect", "socks"):
            self.at_once = min(self.at_once, 256)
        self.kill = (rng.choice([signal.SIGINT, signal.SIGTERM])
            if rng.random() < 0.2 else None)
        self.slow = rng.random() < 0.2
        self.threads = rng.choice([1, 1, 2, 4])
        self.mixture = mixture.Mixture(
            rng, self.size(size), seed, self.kinds())
        self.command = self.late = ""
        self.tally = Tally(rounds=1, routes=collections.Counter([self.route]))

    def size(self, most):
        if self.route in ("connect", "socks"):
            most = min(most, PROXIED)
        return min(most, self.at_once * PER_SLOT)

    def kinds(self):
        some = kinds.kinds(self.follow, self.retry, self.route != "direct")
        # The more at once, the more wait, or it never comes to so many.
        some.append(kinds.good("ttfb-200-2000", weight=self.at_once / 5))
        # The lab forwards what is asked of it, but makes no tunnels.
        return [kind for kind in some
            if self.route != "forward" or not kind.tls]

    # Running.

    def play(self):
        """Runs it and judges; the Tally."""
        with contextlib.ExitStack() as stack:
            directory = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="afetch-soak-"))
            ca = pathlib.Path(directory, "ca.pem")
            self.lab = stack.enter_context(harness.Lab("--ca-file", ca,
                "--names", 4 * len(self.mixture), script=kinds.SCRIPT))
            self.run = self.fetch(["--cacert", ca, self.way(stack),
                self.options()])
            self.requests = self.lab.page("totals")["requests"]
        self.judge()
        return self.tally

    def way(self, stack):
        """The options that lead to the lab."""
        lab = self.lab
        to_lab = ["--connect-to", f":80::{lab.http}",
            "--connect-to", f":443::{lab.https}"]
        if self.route == "direct":
            return [to_lab, "--dns-servers", lab.dns]
        if self.route == "forward":
            return ["-x", f"http://127.0.0.1:{lab.http}"]
        if self.route == "connect":  # to other ports, so it is a tunnel
            ports = {port: port for port in (lab.http, lab.https)}
            proxy = stack.enter_context(proxies.HttpProxy(ports))
            return [to_lab, "-x", proxy.url]
        ports = {80: lab.http, 443: lab.https}
        return ["-x", stack.enter_context(proxies.SocksProxy(ports)).url]

    def options(self):
        # Many at once may each take longer where the machine is busy.
        chosen = ["-m", 8 + self.at_once // 50, "-j", self.at_once,
            "--threads", self.threads,
            "--connect-timeout", 6 + self.at_once // 60]
        chosen += ["-L"] * self.follow + ["--retry", 1] * self.retry
        chosen += ["--summary=none" if self.text else "--json"]
        for option in (["--http1.1"], ["--per-address", 300]):
            if self.rng.random() < 0.15:
                chosen += option
        return chosen

    def fetch(self, options):
        self.command = " ".join(harness.flat(options))
        child = harness.Afetch(*options, stdin=self.mixture.list())
        strike = time.monotonic() + self.rng.uniform(0, 5)
        try:
            while child.step():
                self.tally.descriptors = max(
                    self.tally.descriptors, child.descriptors())
                if self.slow:
                    time.sleep(self.rng.choice([0, 0, 0.01, 0.1]))
                if self.kill and child.chunks and time.monotonic() > strike:
                    child.signal(self.kill)
                    strike = float("inf")
                if quiet(child) > HANGS * harness.SLOWER:
                    raise Wrong("it hangs")
            return child.finish(60)
        except BaseException:
            child.stop()
            raise

    # Judging.

    def judge(self):
        tally = self.tally
        tally.rss = self.run.rss
        spare = SPARE_DESCRIPTORS + LOOP_DESCRIPTORS * (self.threads - 1)
        if tally.descriptors > self.at_once + spare:
            raise Wrong(
                f"{tally.descriptors} descriptors at -j {self.at_once}")
        if tally.rss > RSS_LIMIT and harness.SLOWER == 1:
            raise Wrong(f"{tally.rss / harness.MB:.0f} MB of memory")
        self.killed = (
            self.kill is not None and self.run.code == 128 + self.kill)
        tally.signals = int(self.killed)
        if self.text:
            self.judge_text()
        else:
            self.judge_json()
        tally.fetches = tally.outcomes.total()
        if tally.late > max(1, tally.fetches * LATE):
            raise Wrong(f"{tally.late} of {tally.fetches} were late, at last "
                f"{self.late}")

    def judge_json(self):
        seen, failed, asked, summary = set(), 0, 0, None
        for record in self.run.each_record():
            if summary:
                raise Wrong("something follows the summary")
            if record["type"] == "summary":
                summary = record
                continue
            if record["index"] in seen:
                raise Wrong(f"a second record: {record}")
            seen.add(record["index"])
            failed += record["error"] is not None
            asked += self.asked(record)
            self.judge_record(record)
        if not summary:
            raise Wrong(f"no summary; exit code {self.run.code}")
        self.judge_counts(summary, len(seen), failed)
        self.judge_requests(asked)

    def asked(self, record):
        """Whether the record tells of a request that the lab has to count."""
        error = record["error"]
        return ((not error or error["phase"] in ("wait", "receive"))
            and not self.mixture.kinds[record["index"]].door)

    def judge_record(self, record):
        code = mixture.code_of(record)
        self.tally.outcomes[code or record["status"]] += 1
        if self.killed and code == "CANCELED":
            return
        why = self.mixture.complaint(record)
        if why and code == "TIMEOUT":
            self.tally.late += 1
            self.late = why
        elif why:
            raise Wrong(why)

    def judge_counts(self, summary, records, failed):
        told = [summary[key] for key in ("targets", "ok", "failed")]
        if told != [records, records - failed, failed]:
            raise Wrong(f"{records} records, {failed} failed: {told}")
        # What a signal left in the list has not even been counted.
        if records + summary["not_begun"] > len(self.mixture):
            raise Wrong(f"the summary does not add up: {summary}")
        if not self.killed and records != len(self.mixture):
            raise Wrong(f"{records} records of {len(self.mixture)} targets")
        self.judge_code(failed)

    def judge_requests(self, asked):
        """No more and no fewer than the records tell of."""
        single = not (self.follow or self.retry or self.killed)
        if single and abs(self.requests - asked) > self.tally.late:
            raise Wrong(f"{self.requests} requests, {asked} told of")

    def judge_code(self, failed):
        if not self.killed and self.run.code != (1 if failed else 0):
            raise Wrong(f"exit code {self.run.code}, {failed} failed: "
                f"{self.run.err[-300:]!r}")

    def judge_text(self):
        """Lines are whole, and of the host that they name; who failed is
        told on stderr, and who should."""
        statuses = self.judge_lines()
        failures = self.run.failures()
        for name, kind in zip(self.mixture.shown, self.mixture.kinds):
            if why := self.text_complaint(
                    kind, statuses.get(name), failures.get(name)):
                raise Wrong(f"{name}: {why}; exit code {self.run.code}")
        self.judge_code(len(failures))
        self.tally.outcomes.update(
            statuses[name] for name in statuses.keys() - failures.keys())
        self.tally.outcomes["failed, in text"] += len(failures)

    def judge_lines(self):
        """{target: its last status}"""
        targets, statuses = set(self.mixture.shown), {}
        for line in self.run.lines:
            name, found, rest = line.decode().partition(" header > ")
            # Between two hops stands a prefix with nothing after it.
            name = name if found else name.removesuffix(" header >")
            if name not in targets:
                raise Wrong(f"a line of nobody: {line!r}")
            if rest.startswith("HTTP/"):
                statuses[name] = int(rest.split()[1])
            elif rest.startswith("X-Token: ") \
                    and mixture.mark(name) != mixture.mark(rest):
                raise Wrong(f"another host's line: {line!r}")
        return statuses

    def text_complaint(self, kind, status, failure):
        if status is None and failure is None:
            return None if self.killed else "not told of"
        if not failure:
            return None if status == kind.status else f"status {status}"
        if kind.error or self.killed:
            return None
        if "time" in failure:
            self.tally.late += 1
            self.late = f"{kind.words}: {failure}"
            return None
        return failure
