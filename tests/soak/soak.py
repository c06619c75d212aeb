#!/usr/bin/env python3
"""Runs afetch on random mixtures of everything the lab can do, over and over.

    scripts/soak [MINUTES] [--seed N] [--size N]

Each round is a list of new names with random options.  Checked of every one:
the outcome is its kind's own, tokens show no other host's bytes, each target
has one record, the summary counts the same, the exit code fits.  Some rounds
are ended by a signal, some read slowly.  Open descriptors and resident memory
are watched all the time.  The first thing that does not fit ends the soak with
exit code 1, and names the seed that brings it about again.
"""

import argparse
import collections
import pathlib
import random
import signal
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))

import harness  # noqa: E402
import mixture  # noqa: E402

RSS_LIMIT = 200 * harness.MB
SPARE_DESCRIPTORS = 20  # beside -j
LAB_ROUNDS = 20  # rounds on one lab
# A busy machine may be late with a healthy host once in a while.
LATE = 1 / 2000


class Wrong(Exception):
    """Something does not fit."""


class Round:
    """One run of the program, its options drawn at random."""

    def __init__(self, rng, lab, ca, size, first):
        self.rng = rng
        self.follow = rng.random() < 0.3
        self.text = rng.random() < 0.2
        self.at_once = rng.choice([16, 64, 256, 1000])
        self.mixture = mixture.Mixture(rng, size, first, self.follow)
        self.kill = (rng.choice([signal.SIGINT, signal.SIGTERM])
            if rng.random() < 0.2 else None)
        self.slow = rng.random() < 0.2
        self.most_open = 0
        self.late = 0
        self.run = self.fetch(self.options(lab, ca))

    def options(self, lab, ca):
        chosen = ["-m", 8, "-j", self.at_once, "--cacert", ca,
            "--dns-servers", lab.dns, "--connect-to", f":80::{lab.http}",
            "--connect-to", f":443::{lab.https}"]
        chosen += ["-L"] * self.follow
        chosen += ["--summary=none" if self.text else "--json"]
        for option in (["--http1.1"], ["--retry", 1], ["--per-address", 300]):
            if self.rng.random() < 0.15:
                chosen += option
        return chosen

    def fetch(self, options):
        self.command = " ".join(harness.flat(options))
        child = harness.Afetch(*options, stdin=self.mixture.list())
        end = time.monotonic() + 180 * harness.SLOWER
        strike = time.monotonic() + self.rng.uniform(0, 3)
        try:
            while child.step():
                self.most_open = max(self.most_open, child.descriptors())
                if self.slow:
                    time.sleep(self.rng.choice([0, 0, 0.01, 0.1]))
                if self.kill and child.chunks and time.monotonic() > strike:
                    child.signal(self.kill)
                    strike = end
                if time.monotonic() > end:
                    raise Wrong("it hangs")
            return child.finish(60)
        except BaseException:
            child.stop()
            raise

    # Judging.

    def judge(self):
        if self.most_open > self.at_once + SPARE_DESCRIPTORS:
            raise Wrong(f"{self.most_open} descriptors at -j {self.at_once}")
        if self.run.rss > RSS_LIMIT:
            raise Wrong(f"{self.run.rss / harness.MB:.0f} MB of memory")
        return self.judge_text() if self.text else self.judge_records()

    def ended_by_signal(self):
        return self.kill is not None and self.run.code == 128 + self.kill

    def judge_records(self):
        summary, records = self.run.summary, self.run.records
        canceled = self.ended_by_signal()
        failed = sum(r["error"] is not None for r in records)
        if not canceled and self.run.code != (1 if failed else 0):
            raise Wrong(f"exit code {self.run.code}, {failed} failed: "
                f"{self.run.err[-300:]!r}")
        self.count(summary, records, failed, canceled)
        for record in records:
            self.judge_record(record, canceled)
        if self.late > max(1, len(records) * LATE):
            raise Wrong(f"{self.late} of {len(records)} were late")
        return len(records)

    def count(self, summary, records, failed, canceled):
        seen = {record["index"] for record in records}
        if len(seen) != len(records):
            raise Wrong("a target has two records")
        told = [summary[key] for key in ("ok", "failed")]
        if told != [len(records) - failed, failed]:
            raise Wrong(f"{len(records)} records, {failed} failed: {told}")
        everything = summary["targets"] + summary["not_begun"]
        # What a signal left in the list has not even been counted.
        if summary["targets"] != len(records) \
                or everything > len(self.mixture.targets):
            raise Wrong(f"the summary does not add up: {summary}")
        if not canceled and len(records) != len(self.mixture.targets):
            raise Wrong(f"{len(records)} records of "
                f"{len(self.mixture.targets)} targets")

    def judge_record(self, record, canceled):
        index = record["index"]
        kind = self.mixture.kinds[index]
        target = self.mixture.targets[index]
        if "secret" in record["input"]:
            raise Wrong("a password is shown")
        code = record["error"] and record["error"]["code"]
        if code == "TIMEOUT" and code not in kind.error:
            self.late += 1
            return
        if isinstance(kind, mixture.BadTarget):
            if code != "BAD_TARGET":
                raise Wrong(f"{target}: {record['error']}")
        elif record["input"] != target:
            raise Wrong(f"{target} is told as {record['input']}")
        elif why := mixture.complaint(kind, target, record, canceled):
            raise Wrong(f"{target}: {why}")

    def judge_text(self):
        """Lines are whole, and of the host that they name."""
        targets, shown = set(self.mixture.targets), set()
        for line in self.run.lines:
            name, found, rest = line.decode().partition(" header > ")
            # Between two hops stands a prefix with nothing after it.
            name = name if found else name.removesuffix(" header >")
            if name not in targets:
                raise Wrong(f"a line of nobody: {line!r}")
            shown.add(name)
            if rest.startswith("X-Token: "):
                token = rest.removeprefix("X-Token: ")
                if mixture.tail(name) != mixture.tail(token):
                    raise Wrong(f"another host's line: {line!r}")
        told = shown | set(self.run.failures())
        quiet = [t for t, kind in zip(self.mixture.targets, self.mixture.kinds)
            if t not in told and not isinstance(kind, mixture.BadTarget)]
        if quiet and not self.ended_by_signal():
            raise Wrong(f"{len(quiet)} targets not told of, as "
                f"{quiet[0]}; exit code {self.run.code}")
        return len(told)


class Soak:
    """All rounds, and what they came to."""

    def __init__(self, options):
        self.options = options
        self.rng = random.Random(options.seed)
        self.totals = collections.Counter()
        self.peak = self.lab = None
        self.directory = tempfile.TemporaryDirectory(prefix="afetch-soak-")
        self.ca = pathlib.Path(self.directory.name, "ca.pem")

    def fresh_lab(self):
        if self.lab:
            self.lab.close()
        self.lab = harness.Lab("--ca-file", self.ca)

    def one_round(self):
        if self.totals["rounds"] % LAB_ROUNDS == 0:
            self.fresh_lab()
        one = Round(self.rng, self.lab, self.ca, self.options.size,
            self.totals["names"])
        self.totals["names"] += self.options.size
        try:
            self.totals["fetches"] += one.judge()
        except Exception as error:
            raise Wrong(f"{error}\n  round {self.totals['rounds']}: afetch "
                f"{one.command}") from error
        self.totals["rounds"] += 1
        self.totals["signals"] += one.ended_by_signal()
        self.totals["late"] += one.late
        self.totals["descriptors"] = max(
            self.totals["descriptors"], one.most_open)
        self.totals["rss"] = max(self.totals["rss"], one.run.rss)

    def tell(self):
        t = self.totals
        print(f"soak: {t['fetches']} fetches in {t['rounds']} rounds, "
            f"{t['signals']} ended by a signal, {t['late']} late; at most "
            f"{t['descriptors']} descriptors, "
            f"{t['rss'] / harness.MB:.1f} MB", flush=True)

    def run(self):
        end = time.monotonic() + self.options.minutes * 60
        next_word = time.monotonic() + 30
        while time.monotonic() < end or not self.totals["rounds"]:
            self.one_round()
            if time.monotonic() > next_word:
                self.tell()
                next_word += 30
        self.tell()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", type=float, nargs="?", default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--size", type=int, default=4000,
        help="targets of a round (%(default)s)")
    soak = Soak(parser.parse_args())
    try:
        soak.run()
    except Wrong as error:
        sys.exit(f"soak: {error}\n  --seed {soak.options.seed}")
    finally:
        if soak.lab:
            soak.lab.close()
        soak.directory.cleanup()


if __name__ == "__main__":
    main()
