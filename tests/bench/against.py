"""afetch beside others: cpu, tls, chains, peers, syscalls."""

import dataclasses
import shutil

import world
from job import Job
from measure import Rounds, strace
from peers import (AFETCH, BEFORE, EPOLL, EPOLL_TLS, PEERS, REFERENCES,
                   present)
from report import RESULTS, mib, note, table, verdict

# --- cpu: beside the references ---


def cpu(tmp, options):
    """CPU per host beside plain epoll and io_uring"""
    hosts = world.names(10000)  # of fewer, the start of a process is a part
    count = options.rounds or (3 if options.quick else 11)
    job = Job(tmp, hosts, 256)
    both = Job(tmp, hosts, 256, options=())
    runners = [(p.name, p, job) for p in present(REFERENCES)]
    runners += [("afetch -4", AFETCH, job), ("afetch", AFETCH, both)]
    with world.nginx_and_dnsmasq(tmp, hosts):
        rounds = Rounds(runners, count)
    show(f"CPU per host: {len(hosts)} names, 256 in flight, nginx and "
         f"dnsmasq, {count} rounds", rounds, EPOLL.name)
    verdict("CPU, afetch -4 to plain epoll",
            rounds.ratio("afetch -4", EPOLL.name), most=1.10)
    verdict("CPU, afetch with both families to plain epoll",
            rounds.ratio("afetch", EPOLL.name), most=1.30)
    RESULTS["cpu"] = {"hosts": len(hosts), "flight": 256, **rounds.data()}


def show(title, rounds, base, calls=None):
    """base: whose CPU is 1."""
    head = ["", "user us", "system us", "both us", f"/ {base}", "wall s",
            "peak MiB"]
    rows = [[name, *(rounds.median(name, f) for f in
                     ("user", "system", "cpu")),
             rounds.ratio(name, base), rounds.median(name, "wall"),
             mib(rounds.peaks[name])] for name in rounds.good()]
    if calls is not None:
        head.append("calls")
        rows = [[*row, calls.get(row[0])] for row in rows]
    table(title, head, rows)
    for name, reason in rounds.failed.items():
        note(f"no figure: {name} {reason}")


# --- tls: beside epoll and OpenSSL ---


def tls(tmp, options):
    """CPU per HTTPS host beside plain epoll and OpenSSL"""
    RESULTS["tls"] = [at_version(tmp, options, version)
                      for version in ("TLSv1.2", "TLSv1.3")]


def at_version(tmp, options, version):
    hosts = world.names(500 if options.quick else 2000)
    count = options.rounds or (3 if options.quick else 11)
    job = Job(tmp, hosts, 256, "https")
    able = [EPOLL_TLS, AFETCH]
    with world.nginx_and_dnsmasq(tmp, hosts, protocols=version):
        rounds = Rounds([(p.name, p, job) for p in able], count)
        calls = calls_of(able, rounds, job)
    show(f"CPU per HTTPS host: {version}, {len(hosts)} names, 256 in flight, "
         f"-4, nginx and dnsmasq, {count} rounds", rounds, EPOLL_TLS.name,
         calls)
    verdict(f"CPU, afetch -4 to plain epoll and OpenSSL, {version}",
            rounds.ratio(AFETCH.name, EPOLL_TLS.name), most=1.15)
    return {"version": version, "hosts": len(hosts), "flight": 256,
            "calls": calls, **rounds.data()}


# --- chains: certificates as the web has them ---

CHAINS = {"R": "RSA-2048 leaf and intermediate, RSA-4096 root",
          "E": "P-256 leaf, P-384 intermediate, RSA-4096 root"}
# Kind, leaves: at most so much of epoll + OpenSSL's CPU, of Go's, and of that
# of the build that AFETCH_BEFORE names (31e7113).
BOUNDS = {("R", "own"): (0.85, 0.95, None), ("E", "own"): (0.95, 0.80, None),
          ("R", "one"): (0.80, 0.95, 0.70), ("E", "one"): (0.50, 0.45, 0.50)}


# curl reads the whole trust store for each connection.
CHAIN_PEERS = [p if p.name != "curl -Z" else dataclasses.replace(
    p, most_hosts=300) for p in PEERS
    if p.name in ("Go", "Go net/http", "curl -Z")]


def chains(tmp, options):
    """CPU per HTTPS host over chains as the web has them"""
    hosts = world.names(100 if options.quick else 2000)
    count = options.rounds or (1 if options.quick else 5)
    able = present([EPOLL_TLS, AFETCH, BEFORE, *CHAIN_PEERS], options.only)
    points = RESULTS["chains"] = []
    for kind in CHAINS:
        folder = world.make_chains(tmp, kind, hosts)
        for leaves in ("own", "one"):
            points.append(over_chain(tmp, folder, hosts, able, leaves, count))
    show_chains(points)


def over_chain(tmp, folder, hosts, able, leaves, count):
    job = Job(tmp, hosts, 256, "https")
    name = "$ssl_server_name" if leaves == "own" else "one"
    with world.nginx_and_dnsmasq(
            tmp, hosts, certificate=(folder / f"{name}.pem",
                                     folder / "key.pem")):
        rounds = Rounds([(p.name, p, p.share(job)) for p in able], count)
    kind = folder.name
    show(f"Chains: {kind} ({CHAINS[kind]}), "
         f"{'a leaf per host' if leaves == 'own' else 'one leaf'}, "
         f"{len(hosts)} names, 256 in flight, -4, nginx and dnsmasq, "
         f"{count} rounds", rounds, EPOLL_TLS.name)
    return {"kind": kind, "leaves": leaves, "hosts": len(hosts),
            "flight": 256, "ratios": {
                base.name: rounds.ratio(AFETCH.name, base.name)
                for base in able if base is not AFETCH},
            **rounds.data()}


def show_chains(points):
    others = list(dict.fromkeys(
        name for point in points for name in point["ratios"]))
    table("CPU of afetch to that of", ["", *others], [
        [f"{point['kind']}, {point['leaves']} lea"
         f"{'ves' if point['leaves'] == 'own' else 'f'}",
         *(point["ratios"].get(name) for name in others)]
        for point in points])
    for point in points:
        what = f"{point['kind']}, {point['leaves']}"
        for name, most in zip((EPOLL_TLS.name, "Go", BEFORE.name),
                              BOUNDS[point["kind"], point["leaves"]]):
            if most and name in point["ratios"]:
                verdict(f"CPU, {what}, afetch -4 to {name}",
                        point["ratios"][name], most=most)


# --- peers: beside everybody, over sizes, schemes and delays ---

LEAST = {"tokio": 2, "Go": 2, "curl -Z": 4, "asyncio": 5}
BASE = (10000, 256, "http", None)
FULL = [BASE, (1000, 256, "http", None), (100000, 256, "http", None),
        (10000, 16, "http", None), (10000, 4096, "http", None),
        (10000, 256, "https", None),
        *((10000, 256, "http", delay) for delay in (0, 50, 200))]
QUICK = [(1000, 256, "http", None), (1000, 16, "http", None),
         (300, 256, "https", None), (1000, 256, "http", 50)]


def peers(tmp, options):
    """CPU, wall, memory, system calls beside other programs"""
    everybody = present([*REFERENCES, EPOLL_TLS, AFETCH, *PEERS],
                        options.only)
    points = QUICK if options.quick else FULL
    if options.point:
        points = [options.point]
    results = RESULTS["peers"] = []
    for i, point in enumerate(points):
        results.append(at_point(tmp, options, everybody, point, first=i == 0))


def at_point(tmp, options, everybody, point, *, first):
    count, flight, scheme, delay = point
    hosts = world.names(count)
    job = Job(tmp, hosts, flight, scheme)
    able = [p for p in everybody if not p.cannot(job)]
    turns = options.rounds or (1 if options.quick else
                               5 if count <= 10000 else 3)
    with place(tmp, hosts, scheme, delay):
        rounds = Rounds([(p.name, p, p.share(job)) for p in able], turns,
                        warm=first)
        calls = calls_of(able, rounds, job) if first else None
    where = "nginx" if delay is None else f"the lab, answers after {delay} ms"
    show(f"Peers: {count} names, {flight} in flight, {scheme}, {where}, "
         f"{turns} rounds", rounds, AFETCH.name, calls)
    for peer in everybody:
        if peer not in able:
            note(f"skipped: {peer.name}: {peer.cannot(job)}")
        elif peer.share(job).count < count:
            note(f"{peer.name}: over {peer.share(job).count} names only")
    if first and scheme == "http":  # TLS costs all of them much the same
        for name, least in LEAST.items():
            verdict(f"CPU, {name} to afetch", rounds.ratio(name, AFETCH.name),
                    least=least)
    return {"hosts": count, "flight": flight, "scheme": scheme,
            "delay": delay, "calls": calls, **rounds.data()}


def place(tmp, hosts, scheme, delay):
    """nginx answers at once, with a leaf of its own for each host, of chain E;
    the lab as late as wanted."""
    if delay is None and scheme == "https":
        folder = world.make_chains(tmp, "E", hosts)
        return world.nginx_and_dnsmasq(
            tmp, hosts, certificate=(folder / "$ssl_server_name.pem",
                                     folder / "key.pem"))
    if delay is None:
        return world.nginx_and_dnsmasq(tmp, hosts)
    return world.lab(f"ttfb={delay}")


def calls_of(able, rounds, job):
    """{name: system calls per host}, under strace and over few hosts."""
    if not shutil.which("strace"):
        print("skipped: system calls (strace is not installed)")
        return {}
    few = job.first(500)
    return {p.name: sum(strace(p, few).values()) / few.count
            for p in able if p.name in rounds.good() and p.one_process}


# --- syscalls: by name ---


def syscalls(tmp, options):
    """System calls per host, by name"""
    hosts = world.names(2000 if options.quick else 10000)
    if not shutil.which("strace"):
        print("skipped: syscalls (strace is not installed)")
        return
    job = Job(tmp, hosts, 256)
    able = [*present(REFERENCES), AFETCH]
    with world.nginx_and_dnsmasq(tmp, hosts):
        counts = {p.name: strace(p, job) for p in able}
    often = {c for n in counts.values() for c in n if n[c] >= len(hosts) / 200}
    rows = [[c, *(counts[p.name].get(c, 0) / len(hosts) for p in able)]
            for c in sorted(often, key=lambda c: -counts["afetch"].get(c, 0))]
    totals = {name: sum(n.values()) / len(hosts)
              for name, n in counts.items()}
    table(f"System calls per host: {len(hosts)} names, 256 in flight, -4, "
          "under strace", ["", *totals],
          [*rows, ["all", *totals.values()]])
    verdict("system calls per host, afetch -4", totals["afetch"], most=10)
    RESULTS["syscalls"] = {"hosts": len(hosts), "counts": counts}
