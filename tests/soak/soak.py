#!/usr/bin/env python3
"""Runs afetch on random mixtures of everything the lab can do, over and over.

    scripts/soak [MINUTES] [--seed N] [--size N] [--jobs N]

Each round is a lab, a list of new names, and random options; some go through
a proxy.  Several run side by side.  Checked of every one: the outcome is its
kind's own, tokens and certificates show no other host's bytes, each target has
one record, the summary counts the same, the exit code fits.  Some rounds are
ended by a signal, some read slowly.  Open descriptors and resident memory are
watched all the time.  The first thing that does not fit ends the soak with
exit code 1, and names the seed that brings the round about again.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))

import harness  # noqa: E402
import kinds  # noqa: E402
from rounds import Round, Tally, Wrong  # noqa: E402

# Rounds that wait for a timeout at their end leave the machine to others.
JOBS = 2 * len(os.sched_getaffinity(0))


def play(seed, size):
    """One round, in a process of its own; its Tally."""
    one = Round(seed, size)
    try:
        return one.play()
    except Exception as error:
        raise Wrong(f"{error or repr(error)}\n  afetch {one.command}\n"
            f"  again: scripts/soak 0 --seed {seed} --size {size}") from error


class Soak:
    """All rounds, and what they came to."""

    def __init__(self, options):
        self.options = options
        self.begun = time.monotonic()
        self.started = 0
        self.tally = Tally()

    def run(self):
        next_word = self.begun + 30
        with concurrent.futures.ProcessPoolExecutor(self.options.jobs) as pool:
            running = self.fill(pool, set())
            while running:
                done, running = concurrent.futures.wait(
                    running, return_when="FIRST_COMPLETED")
                for round_ in done:
                    self.tally.add(round_.result())
                running = self.fill(pool, running)
                if time.monotonic() > next_word:
                    print(self.progress(), flush=True)
                    next_word += 30

    def fill(self, pool, running):
        """Begins as many rounds as there is time and room for, at least
        one."""
        end = self.begun + self.options.minutes * 60
        while len(running) < self.options.jobs and (
                time.monotonic() < end or not self.started):
            seed = self.options.seed + self.started
            running.add(pool.submit(play, seed, self.options.size))
            self.started += 1
        return running

    def progress(self):
        t, seconds = self.tally, time.monotonic() - self.begun
        return (f"soak: {t.fetches} fetches in {t.rounds} rounds and "
            f"{seconds:.0f} s ({t.fetches / seconds:.0f}/s)")

    def closing(self):
        t = self.tally
        outcomes = ", ".join(f"{key} {count}"
            for key, count in t.outcomes.most_common())
        routes = ", ".join(f"{key} {count}" for key, count in
            t.routes.most_common())
        return (f"{self.progress()}, --seed {self.options.seed}\n"
            f"  mismatches:       0\n"
            f"  late:             {t.late} healthy hosts met their timeout\n"
            f"  ended by signals: {t.signals} rounds\n"
            f"  most descriptors: {t.descriptors}\n"
            f"  most memory:      {t.rss / harness.MB:.1f} MB\n"
            f"  rounds by way:    {routes}\n"
            f"  outcomes:         {outcomes}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", type=float, nargs="?", default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31),
        help="of the first round; those after it count up")
    parser.add_argument("--size", type=int, default=16000,
        help="targets of a round, at most (%(default)s)")
    parser.add_argument("--jobs", type=int, default=JOBS,
        help="rounds side by side (%(default)s)")
    soak = Soak(parser.parse_args())
    try:
        soak.run()
    except Wrong as error:
        sys.exit(f"{soak.progress()}\n  mismatch: {error}")
    print(soak.closing())


if __name__ == "__main__":
    main()
