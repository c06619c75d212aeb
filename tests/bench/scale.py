"""Many hosts: memory, lists, million."""

import array
import bisect
import collections
import json
import time

import world
from job import Job
from measure import CHUNK, cpu_seconds, resident, resident_by_kind, run
from peers import AFETCH, EPOLL
from report import RESULTS, mib, note, table, verdict

# --- memory: what a host in flight takes ---

PATIENT = ("-4", "-m", "60", "--connect-timeout", "60")


class Kinds:
    """Looks every half second what memory is for; keeps the most."""

    def __init__(self):
        self.most, self.next = {}, 0.0

    def __call__(self, pid):
        if time.monotonic() < self.next:
            return
        seen = resident_by_kind(pid)
        if sum(seen.values()) >= sum(self.most.values()):
            self.most = seen
        self.next = time.monotonic() + 0.5


def memory(tmp, options):
    """Memory per host: all of them in flight, waiting for their answer"""
    hosts = world.names(2000 if options.quick else 9000)
    rows, results = [], {}
    with world.lab("ttfb=300"):  # time enough to look
        one = {p.name: run(p, Job(tmp, hosts[:1], 1))["rss"]
               for p in (EPOLL, AFETCH)}
    with world.lab("ttfb=5000"):
        job = Job(tmp, hosts, len(hosts), options=PATIENT)
        for peer in (EPOLL, AFETCH):
            kinds = Kinds()
            seen = run(peer, job, look=kinds)
            results[peer.name] = {**seen, "one": one[peer.name],
                                  "kinds": kinds.most}
    for name, seen in results.items():
        seen["kib_each"] = (seen["rss"] - seen["one"]) / len(hosts) / 1024
        rows.append([name, mib(seen["one"]), mib(seen["rss"]),
                     seen["kib_each"],
                     *(seen["kinds"].get(k, 0) / len(hosts) / 1024
                       for k in ("heap", "stacks", "anonymous"))])
    table(f"Memory per host: {len(hosts)} in flight, answers after 5 s",
          ["", "one MiB", "peak MiB", "KiB/host", "heap", "stacks", "other"],
          rows)
    good = results["afetch"]["fetched"] == len(hosts)
    verdict("KiB per host in flight",
            results["afetch"]["kib_each"] if good else None, most=6)
    RESULTS["memory"] = {"hosts": len(hosts), **results}


# --- lists: memory does not grow with them ---


def lists(tmp, options):
    """Memory over lists of refused addresses"""
    few, many = 10000, 100000 if options.quick else 1000000
    results = {}
    for count in (few, many):
        refused = [f"{world.address_of(i)}:9" for i in range(count)]
        results[count] = run(AFETCH, Job(tmp, refused, 256))
    table("Lists of refused addresses, 256 in flight",
          ["lines", "CPU us/line", "wall s", "peak MiB"],
          [[f"{count}", seen["cpu"], seen["wall"], mib(seen["rss"])]
           for count, seen in results.items()])
    verdict(f"peak memory, {many} lines to {few}",
            results[many]["rss"] / results[few]["rss"], most=1.10)
    RESULTS["lists"] = results


# --- million: constant memory, steady rate, exact accounting ---


class Progress:
    """Samples of (bytes of output, seconds, CPU seconds, bytes resident)."""

    def __init__(self, out):
        self.out, self.samples = out, []

    def __call__(self, pid):
        now, _ = resident(pid)
        if now:
            self.samples.append((self.out.stat().st_size, time.monotonic(),
                                 cpu_seconds(pid), now))

    def at(self, size):
        """The sample when so much had been written, between two of them."""
        i = bisect.bisect_left(self.samples, (size,))
        if i in (0, len(self.samples)):
            return self.samples[min(i, len(self.samples) - 1)]
        before, after = self.samples[i - 1:i + 1]
        part = (size - before[0]) / (after[0] - before[0])
        return tuple(b + (a - b) * part for b, a in zip(before, after))


class Account:
    """Where each record ends; who is missing, double or not well."""

    def __init__(self, path, count):
        self.ends = array.array("Q")
        self.errors = collections.Counter()
        seen, self.double = bytearray(count), 0
        offset = 0
        with open(path, "rb", CHUNK) as out:
            for line in out:
                offset += len(line)
                record = json.loads(line)
                if record["type"] != "result":
                    continue
                self.ends.append(offset)
                self.double += seen[record["index"]]
                seen[record["index"]] = 1
                if record["error"]:
                    self.errors[record["error"]["phase"] + " "
                                + record["error"]["code"]] += 1
        self.missing = count - sum(seen)
        self.failed = sum(self.errors.values())
        self.wrong = self.missing + self.double + self.failed


def million(tmp, options):
    """A million names: memory, rate, one record each"""
    count = options.hosts or (50000 if options.quick else 1000000)
    part = count // 10
    hosts = world.names(count)
    job = Job(tmp, hosts, 256, options=(
        *PATIENT, "--json", "--threads", options.threads))
    progress = Progress(job.out)
    with world.nginx_and_dnsmasq(tmp, hosts):
        seen = run(AFETCH, job, look=progress)
    account = Account(job.out, count)
    figures = figures_of(progress, account, part)
    table(f"{count} names at nginx, 256 in flight, --json",
          ["", "wall s", "hosts/s", "CPU us/host", "MiB"],
          [["all (memory: peak)", seen["wall"], count / seen["wall"],
            seen["cpu"], mib(seen["rss"])],
           ["first tenth (at 10,000)", part / figures["first"],
            figures["first"], figures["first_cpu"],
            mib(figures["rss_early"])],
           ["last tenth (at the end)", part / figures["last"],
            figures["last"], figures["last_cpu"], mib(figures["rss_end"])]])
    note(f"records: {len(account.ends)}, missing {account.missing}, double "
         f"{account.double}, failed {account.failed}; exit code "
         f"{seen['exit']}")
    for error, times in account.errors.most_common():
        note(f"{times} times {error}")
    verdict("records missing, double or failed", account.wrong, most=0)
    verdict("memory at the end to that at 10,000 names",
            figures["rss_end"] / figures["rss_early"], most=1.10)
    verdict("rate of the last tenth to the first",
            figures["last"] / figures["first"], least=0.90)
    RESULTS["million"] = {**seen, **figures, "hosts": count,
                          "missing": account.missing,
                          "double": account.double,
                          "errors": account.errors}


def figures_of(progress, account, part):
    """Rates and CPU of the first and last part, memory early and late."""
    ends = account.ends
    marks = {"first": (progress.samples[0], progress.at(ends[part - 1])),
             "last": (progress.at(ends[-part - 1]), progress.at(ends[-1]))}
    figures = {}
    for name, (begin, end) in marks.items():
        figures[name] = part / (end[1] - begin[1])
        figures[name + "_cpu"] = (end[2] - begin[2]) / part * 1e6
    figures["rss_early"] = progress.at(ends[min(10000, len(ends)) - 1])[3]
    figures["rss_end"] = progress.samples[-1][3]
    return figures
