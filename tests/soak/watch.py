#!/usr/bin/env python3
"""Rounds of 50 hosts for a while: memory, descriptors, the schedule.

    tests/soak/watch.py [SECONDS [INTERVAL]]

Needs build/afetch and build/afetch-lab ($AFETCH, $AFETCH_LAB). First rounds
without a pause, for SECONDS (60): resident memory and open descriptors after
the first sixth and at the end. Then 50 rounds, one each INTERVAL (0.2 s): how
far each began from where the first and the interval put it, by the records.
"""

import datetime
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "integration"))
from harness import AFETCH, Lab  # noqa: E402

HOSTS = [f"h{i}.test" for i in range(50)]


def begin(lab, *args, **popen):
    return subprocess.Popen([AFETCH, *HOSTS, *lab.options(dns=True), *args],
        stdin=subprocess.DEVNULL, **popen)


def resident(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0])


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def soak(lab, seconds):
    program = begin(lab, "--interval", "0", "--json", "-s",
        stdout=subprocess.PIPE)
    last, told = b"", []
    times = [seconds / 6, seconds]
    start = time.monotonic()
    for line in program.stdout:
        last = line
        if times and time.monotonic() - start > times[0]:
            times.pop(0)
            # Between two rounds nothing is open but what always is.
            fewest = min(descriptors(program.pid) for _ in range(2000))
            told.append((resident(program.pid), fewest,
                json.loads(line).get("round")))
            if not times:
                program.send_signal(signal.SIGINT)
    program.wait(10)
    for rss, fewest, number in told:
        print(f"round {number}: {rss} KiB resident, {fewest} descriptors")
    totals = json.loads(last)
    print(f"{totals['rounds']} rounds, {totals['targets']} targets, "
        f"{totals['failed'] - totals['errors'].get('CANCELED', 0)} failed")


def schedule(lab, interval):
    program = begin(lab, "-c", "50", "--interval", str(interval), "--json",
        "-s", stdout=subprocess.PIPE)
    starts = {}
    for line in program.stdout:
        record = json.loads(line)
        if record["type"] != "result":
            continue
        at = datetime.datetime.fromisoformat(
            record["started_at"].replace("Z", "+00:00")).timestamp()
        number = record["round"]
        starts[number] = min(at, starts.get(number, at))
    program.wait(10)
    off = [1000 * (starts[number] - starts[1] - (number - 1) * interval)
        for number in sorted(starts)]
    print(f"{len(off)} rounds each {interval} s: begun {min(off):.0f} to "
        f"{max(off):.0f} ms from where they should, the last {off[-1]:.0f} ms")


def main(seconds=60, interval=0.2):
    with Lab() as lab:
        schedule(lab, float(interval))
        soak(lab, float(seconds))


main(*sys.argv[1:])
