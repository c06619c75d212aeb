"""One run of somebody over a job, and rounds of several in turn."""

import os
import pathlib
import re
import resource
import select
import statistics
import subprocess
import time

from world import pin_client

STATUS_LINE = re.compile(rb"^(?:\S+ header > )?HTTP/\d\S* 200\b", re.M)
ROW = re.compile(rb'^[^,\n"]+,200,', re.M)  # of --csv
RECORD = re.compile(rb'^\{"type":"result",.*?"status":200,', re.M)
CHUNK = 1 << 24


def allow_descriptors():
    """For everybody: the hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


# --- memory ---


def resident(pid):
    """(now, peak) in bytes; zeros when it has ended."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0, 0
    found = [re.search(rf"^{key}:\s+(\d+)", status, re.M)
             for key in ("VmRSS", "VmHWM")]
    return tuple(int(m[1]) * 1024 if m else 0 for m in found)


def resident_by_kind(pid):
    """Bytes resident by what they are for."""
    kinds = dict.fromkeys(("heap", "stacks", "anonymous", "files"), 0)
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps").read_text()
    except OSError:
        return kinds
    for mapping in re.split(r"\n(?=[0-9a-f]+-[0-9a-f]+ )", text):
        head, _, rest = mapping.partition("\n")
        words = head.split()
        size = re.search(r"^Rss:\s+(\d+)", rest, re.M)
        size = int(size[1]) * 1024 if size else 0
        if words[5:] == ["[heap]"]:
            kinds["heap"] += size
        elif len(words) > 5 and words[4] != "0":
            kinds["files"] += size
        elif re.search(r"^VmFlags:.*\bnh\b", rest, re.M):
            kinds["stacks"] += size  # madvise(MADV_NOHUGEPAGE): coroutines'
        else:
            kinds["anonymous"] += size
    return kinds


def cpu_seconds(pid):
    """User and system so far."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


# --- one run ---


def fetched(path):
    """How many hosts' heads are in a file of output."""
    with open(path, "rb") as out:
        count, rest, begin = 0, b"", out.read(6)
        out.seek(0)
        line = ROW if begin == b"input," else STATUS_LINE
        while block := out.read(CHUNK):
            whole, lf, rest = (rest + block).rpartition(b"\n")
            wanted = RECORD if whole[:1] == b"{" else line
            count += sum(1 for _ in wanted.finditer(whole + lf))
    return count


def watch(process, look, every):
    """Calls look(pid) so often (seconds; None: never) while it runs; its peak
    of memory, its rusage and exit code."""
    peak = resident(process.pid)[1] if every else 0
    pidfd = os.pidfd_open(process.pid)
    while not select.select([pidfd], [], [], every)[0]:
        peak = max(peak, resident(process.pid)[1])
        if look:
            look(process.pid)
    os.close(pidfd)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return peak, usage


def run(peer, job, *, prefix=(), look=None, every=0.02):
    """Its figures; "fetched" is how many hosts it really did."""
    argv = [*prefix, *map(str, peer.argv(job))]
    source = getattr(job, peer.stdin)() if peer.stdin else os.devnull
    with open(source) as stdin, open(job.out, "w") as stdout:
        begun = time.monotonic()
        process = subprocess.Popen(argv, stdin=stdin, stdout=stdout,
                                   preexec_fn=pin_client,
                                   stderr=subprocess.DEVNULL)
        try:
            peak, usage = watch(process, look, every)
        except BaseException:  # this run ends, its child too
            process.kill()
            process.wait()
            raise
        wall = time.monotonic() - begun
    each = 1e6 / job.count
    return {"user": usage.ru_utime * each, "system": usage.ru_stime * each,
            "cpu": (usage.ru_utime + usage.ru_stime) * each,
            "switches": (usage.ru_nvcsw + usage.ru_nivcsw) / job.count,
            "wall": wall, "rss": peak if peer.one_process and every else None,
            "exit": process.returncode, "fetched": fetched(job.out)}


def strace(peer, job):
    """{system call: how often}."""
    log = job.tmp / "strace"
    run(peer, job, prefix=["strace", "-f", "-c", "-U", "calls,name",
                           "-o", str(log)])
    counts = {}
    for line in log.read_text().splitlines():
        words = line.split()
        if len(words) == 2 and words[0].isdigit() and words[1] != "total":
            counts[words[1]] = int(words[0])
    return counts


# --- rounds ---


class Rounds:
    """Several runners in turn, `count` times after one that warms up.

    A runner is (name, peer, job).  One that did not fetch every host falls
    out; its figures are not quoted.  Looking at memory takes time from who is
    looked at: it is done in the first turn only, and often if that one is not
    counted, or a short run would end unseen."""

    def __init__(self, runners, count, *, warm=True):
        self.names = [name for name, _, _ in runners]
        self.failed, self.peaks, self.rounds = {}, {}, []
        self.every = 0.002 if warm else 0.02
        for turn in range(count + warm):
            figures = {}
            for name, peer, job in runners:
                if name not in self.failed:
                    figures[name] = self._run(name, peer, job, turn)
            if turn >= warm:
                self.rounds.append(figures)

    def _run(self, name, peer, job, turn):
        figures = run(peer, job, every=self.every if turn == 0 else None)
        if turn == 0:
            self.peaks[name] = figures["rss"]
        if figures["fetched"] != job.count:
            self.failed[name] = (f"fetched {figures['fetched']} of "
                                 f"{job.count}")
        return figures

    def good(self):
        return [name for name in self.names if name not in self.failed]

    def median(self, name, figure):
        return statistics.median(r[name][figure] for r in self.rounds)

    def ratio(self, name, base, figure="cpu"):
        """The median of the rounds' own ratios; None without both."""
        if {name, base} - set(self.good()):
            return None
        return statistics.median(
            r[name][figure] / r[base][figure] for r in self.rounds)

    def data(self):
        return {"failed": self.failed, "peaks": self.peaks,
                "rounds": self.rounds}
