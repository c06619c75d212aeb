"""threads: a run with two threads beside the same with one."""

import contextlib
import dataclasses
import os
import pathlib

import world
from job import Job
from measure import Rounds, run
from peers import AFETCH
from report import RESULTS, note, table, verdict


def threads(tmp, options):
    """CPU and wall time of --threads 2 to one thread's"""
    count = options.rounds or (3 if options.quick else 11)
    results = RESULTS["threads"] = {}
    for scheme, hosts in ("http", 20000), ("https", 2000):
        hosts = world.names(hosts // 5 if options.quick else hosts)
        with world.unpinned(), world.nginx_and_dnsmasq(tmp, hosts):
            results[scheme] = beside(tmp, hosts, scheme, count)
        show(f"{scheme}, nginx and dnsmasq on the same processors",
             results[scheme], cpu=1.06, wall=1.0)
    hosts = world.names(4000 if options.quick else 20000)
    with world.unpinned(), world.lab("ttfb=0"), names_of_hosts(tmp, hosts):
        if group := quota_folder():
            results["half"] = beside(tmp, hosts, "http", count, group)
            show("http, lab and hosts file, half a processor a thread",
                 results["half"], cpu=None, wall=0.60)
        else:
            verdict("wall, half a processor a thread", None, most=0.60)
    results["serial"] = serial(tmp, 100000,
                               results["http"].get("each"))


def beside(tmp, hosts, scheme, count, group=None):
    """The rounds' figures and ratios."""
    runners = []
    for many in 1, 2:
        job = Job(tmp, hosts, 256, scheme,
                  options=("-4", "--json", "--threads", str(many)))
        peer = held(AFETCH, group, many) if group else AFETCH
        runners.append((f"--threads {many}", peer, job))
    rounds = Rounds(runners, count)
    return {"hosts": len(hosts), "flight": 256, **rounds.data(),
            "table": [[name, rounds.median(name, "cpu"),
                       rounds.median(name, "wall"),
                       rounds.median(name, "switches")]
                      for name in rounds.good()],
            "each": rounds.median("--threads 1", "cpu"),
            "cpu": rounds.ratio("--threads 2", "--threads 1"),
            "wall": rounds.ratio("--threads 2", "--threads 1", "wall")}


def show(what, result, *, cpu, wall):
    table(f"Threads: {what}, {result['hosts']} names, 256 in flight, "
          f"{len(result['rounds'])} rounds",
          ["", "CPU us/host", "wall s", "switches"], result.pop("table"))
    for name, reason in result["failed"].items():
        note(f"no figure: {name} {reason}")
    if cpu:
        verdict(f"CPU of two threads to one's, {what}", result["cpu"],
                most=cpu)
    verdict(f"wall of two threads to one's, {what}", result["wall"],
            most=wall)


# --- so much of a processor ---

PERIOD = 10000  # us


def quota_folder():
    """A control group's folder to be made, for either version; None: there is
    none that could be."""
    for top, file in (("/sys/fs/cgroup", "cgroup.subtree_control"),
                      ("/sys/fs/cgroup/cpu", "cpu.cfs_quota_us")):
        top = pathlib.Path(top)
        if not (top / file).exists():
            continue
        group = top / f"afetch-bench-{os.getpid()}"
        with contextlib.suppress(OSError):
            group.mkdir()
            possible = any((group / name).exists()
                           for name in ("cpu.max", "cpu.cfs_quota_us"))
            group.rmdir()
            if possible:
                return group
    return None


def held(peer, group, many):
    """The peer in a group of its own, with half a processor a thread."""
    quota = PERIOD * many // 2
    script = (f'mkdir -p {group} && cd {group} && if [ -e cpu.max ]; then '
              f'echo "{quota} {PERIOD}" >cpu.max; else '
              f"echo {PERIOD} >cpu.cfs_period_us; "
              f"echo {quota} >cpu.cfs_quota_us; fi && "
              'echo $$ >cgroup.procs && exec "$@"')
    return dataclasses.replace(
        peer, argv=lambda job: ["sh", "-c", script, "sh", *peer.argv(job)])


@contextlib.contextmanager
def names_of_hosts(tmp, hosts):
    """They stand in the hosts file; and no group is left behind."""
    before = (tmp / "hosts").read_text()
    (tmp / "hosts").write_text(before + "".join(
        f"127.0.0.1 {host}\n" for host in hosts))
    try:
        yield
    finally:
        (tmp / "hosts").write_text(before)
        if (group := quota_folder()) and group.exists():
            group.rmdir()


# --- what no further thread takes away ---


def serial(tmp, count, each):
    """The list's and the record's part of the first thread's time, of targets
    that are not fetched; with DNS and headers it is two to three times that."""
    bad = [f"a..{host}" for host in world.names(count)]
    seen = run(AFETCH, Job(tmp, bad, 256, options=("-4", "--json")),
               every=None)
    good = seen["exit"] == 1
    if good and each:
        note(f"of {each:.1f} us CPU a host {seen['cpu']:.1f} us cannot be "
             "another thread's")
    verdict("us a record, list and record alone",
            seen["cpu"] if good else None, most=4)
    return seen
