"""What answers do to it: latency, formats, sinks, trickle."""

import collections
import json
import statistics

import world
from job import Job
from measure import Rounds, run
from peers import AFETCH
from report import RESULTS, note, table, verdict


def records(path):
    """Result records of a --json run, one after another."""
    with open(path, "rb") as out:
        for line in out:
            record = json.loads(line)
            if record["type"] == "result":
                yield record


# --- latency ---


def late(tmp, hosts, flight):
    """(wall seconds, the longest host's own seconds)"""
    job = Job(tmp, hosts, flight, options=("-4", "--json"))
    wall = run(AFETCH, job, every=None)["wall"]
    longest = max(r["timings_ms"]["total"] for r in records(job.out)) / 1000
    return wall, longest


def latency(tmp, options):
    """Hosts that answer after 200 ms: all at once, and one by one"""
    count = options.rounds or (3 if options.quick else 7)
    hosts = world.names(1000)
    one, everybody, serial = [], [], []
    with world.lab("ttfb=200"):
        for turn in range(count):
            one.append(late(tmp, hosts[:1], 1))
            everybody.append(late(tmp, hosts, 1000))
            if turn == 0:
                serial.append(late(tmp, hosts[:20], 1))
    rows = [[name, statistics.median(w for w, _ in runs),
             statistics.median(own for _, own in runs),
             statistics.median(w / own for w, own in runs)]
            for name, runs in [("one host", one),
                               ("1000, 1000 in flight", everybody),
                               ("20, one by one", serial)]]
    table(f"Hosts that answer after 200 ms, {count} rounds",
          ["", "wall s", "slowest host's s", "ratio"], rows)
    verdict("wall of 1,000 to the slowest single host", rows[1][3], most=1.05)
    note(f"wall of 1,000 to that of a run of one: "
         f"{rows[1][1] / rows[0][1]:.2f}")
    RESULTS["latency"] = {"one": one, "all": everybody, "serial": serial}


# --- formats ---

FORMATS = {"text": (), "json": ("--json",)}


def formats(tmp, options):
    """CPU of the output formats"""
    hosts = world.names(2000 if options.quick else 10000)
    count = options.rounds or (3 if options.quick else 11)
    runners = [(name, AFETCH, Job(tmp, hosts, 256, options=("-4", *words)))
               for name, words in FORMATS.items()]
    with world.nginx_and_dnsmasq(tmp, hosts):
        rounds = Rounds(runners, count)
    table(f"Output formats: {len(hosts)} names, 256 in flight, {count} rounds",
          ["", "user us", "system us", "both us", "/ text"],
          [[name, *(rounds.median(name, f) for f in
                    ("user", "system", "cpu")), rounds.ratio(name, "text")]
           for name in rounds.good()])
    verdict("CPU, JSON to text", rounds.ratio("json", "text"), most=1.15)
    RESULTS["formats"] = {"hosts": len(hosts), **rounds.data()}


# --- sinks ---

# All that a run can be shown in beside what is on stdout; {} is a folder.
BESIDE = ("-v", "--progress", "always", "--waterfall", "--summary", "hosts",
    "--har", "{}/sink.har", "--html", "{}/sink.html", "--prometheus",
    "{}/sink.prom", "--junit", "{}/sink.xml")
SINKS = {
    "text": ("-s",),
    "text, progress": ("-s", "--progress", "always"),
    "csv": ("-s", "--csv"),
    "records": ("-s", "--json"),
    "HAR beside text": ("-s", *BESIDE[6:8]),
    "HTML beside text": ("-s", *BESIDE[8:10]),
    "Prometheus beside text": ("-s", *BESIDE[10:12]),
    "JUnit beside text": ("-s", *BESIDE[12:14]),
    "all, text": BESIDE,
    "all, records": ("--json", *BESIDE),
    "all, csv": ("--csv", *BESIDE),
}


def sinks(tmp, options):
    """CPU of each sink beside text, and of all at once"""
    hosts = world.names(2000 if options.quick else 10000)
    count = options.rounds or (3 if options.quick else 11)
    runners = [(name, AFETCH, Job(tmp, hosts, 256, options=("-4",
        *(word.format(tmp) for word in words))))
        for name, words in SINKS.items()]
    with world.nginx_and_dnsmasq(tmp, hosts):
        rounds = Rounds(runners, count)
    table(f"Sinks: {len(hosts)} names, 256 in flight, {count} rounds",
          ["", "user us", "system us", "both us", "/ text"],
          [[name, *(rounds.median(name, f) for f in
                    ("user", "system", "cpu")), rounds.ratio(name, "text")]
           for name in rounds.good()])
    for name, most in [("text, progress", 1.01), ("csv", 1.10),
            *((name, 2) for name in SINKS if name.startswith("all"))]:
        verdict(f"CPU, {name}, to text", rounds.ratio(name, "text"), most=most)
    RESULTS["sinks"] = {"hosts": len(hosts), **rounds.data()}


# --- trickle ---

# At a second server, so that what is measured is the client's loop: a 64 KiB
# line byte by byte, and heads without an end, read until a limit is passed.
TRICKLING = "trickle-5.longline-60k"
ENDLESS = ["endless-lines", "endless-line", "endless-folds", "endless-1xx"]


def bad_ones(count):
    """Names that trickle, and as many that are endless."""
    words = [TRICKLING, *ENDLESS]
    share = [TRICKLING] * (count // 2) + [
        words[1 + i % len(ENDLESS)] for i in range(count - count // 2)]
    return [f"{word}.bad{i}.{world.DOMAIN}" for i, word in enumerate(share)]


def judge(tmp, hosts, good, patience):
    """(p99 of the good hosts' own ms, how many of them were fetched, how
    the others ended)"""
    job = Job(tmp, hosts, 256, options=("-4", "--json", "-m", patience))
    run(AFETCH, job)
    own, ends = [], collections.Counter()
    for record in records(job.out):
        if record["host"] not in good:
            ends[record["error"]["code"] if record["error"] else "ok"] += 1
        elif record["status"] == 200:
            own.append(record["timings_ms"]["total"])
    return statistics.quantiles(own, n=100)[98], len(own), ends


def trickle(tmp, options):
    """Good hosts' p99 with and without 100 trickling or endless ones"""
    hosts = world.names(2000 if options.quick else 10000)
    count = options.rounds or (2 if options.quick else 7)
    names, good = bad_ones(100), set(hosts)
    bad = [f"{name}:{world.SECOND_PORT}" for name in names]
    patience = 4 if options.quick else 10
    without, beside = [], []
    with (world.nginx_and_dnsmasq(tmp, hosts, names),
          world.lab("status=200", http=world.SECOND_PORT,
                    dns=world.SECOND_DNS)):
        for _ in range(count):
            without.append(judge(tmp, hosts, good, patience))
            beside.append(judge(tmp, bad + hosts, good, patience))
    table(f"{len(hosts)} good hosts, 256 in flight, {count} rounds",
          ["", "p99 ms", "fetched"],
          [[name, statistics.median(run[0] for run in runs),
            f"{min(run[1] for run in runs)}"] for name, runs in
           [("alone", without), (f"beside {len(bad)} bad ones", beside)]])
    note("the bad ones: " + ", ".join(
        f"{n} {code}" for code, n in beside[0][2].most_common()))
    whole = all(run[1] == len(hosts) for run in without + beside)
    ratio = statistics.median(
        b[0] / a[0] for a, b in zip(without, beside))
    verdict("p99 of good hosts beside bad ones to alone",
            ratio if whole else None, most=2)
    RESULTS["trickle"] = {"hosts": len(hosts), "without": without,
                          "beside": beside}
