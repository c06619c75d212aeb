"""Fault injection: the program runs again and again, and each time one call
of the C library, its own or a library's, fails (tests/faults/shim.c).

    Points(Mode(...)).check(case)

A point is a function, the number of the call and an errno.  By default a
share of the points is tried, spread evenly; with AFETCH_FAULTS=all each one,
until the run makes no such call any more.  AFETCH_FAULTS=share asks for the
share in an instrumented program, too (scripts/check --coverage).
"""

import collections
import concurrent.futures
import errno
import itertools
import json
import os
import pathlib
import re
import subprocess
import tempfile

from harness import AFETCH, ROOT, flat

SHIM = os.environ.get("AFETCH_SHIM", str(ROOT / "build/tests/libshim.so"))
ASKED = os.environ.get("AFETCH_FAULTS")
ALL = ASKED == "all"
SHARE = 80  # points of a mode that an ordinary run of the tests tries
LIMIT = 30  # seconds that no run may take
WORKERS = 2 * os.cpu_count()  # some runs wait rather than compute

ERRORS = {
    "malloc": ["ENOMEM"], "own": ["ENOMEM"],
    "socket": ["EMFILE", "ENOBUFS"], "connect": ["ENETUNREACH", "EAGAIN"],
    "bind": ["EADDRINUSE"], "setsockopt": ["ENOPROTOOPT"],
    "getsockopt": ["ENOBUFS"], "getsockname": ["ENOBUFS"],
    "recv": ["ECONNRESET", "EINTR", "ENOMEM"], "recvfrom": ["ECONNREFUSED"],
    "recvmsg": ["ENOMEM"], "recvmmsg": ["ECONNREFUSED", "EINTR", "ENOMEM"],
    "sendmmsg": ["ENETUNREACH", "EINTR", "ENOBUFS"], "send": ["EPIPE", "EINTR", "ENOBUFS"],
    "sendto": ["ENETUNREACH"], "sendmsg": ["ENOBUFS"],
    "read": ["EIO", "EINTR"], "write": ["EIO", "EINTR", "ENOSPC"],
    "writev": ["EIO"], "poll": ["EINTR", "ENOMEM"],
    "epoll_create": ["EMFILE"], "epoll_create1": ["EMFILE"],
    "epoll_ctl": ["ENOSPC"], "epoll_wait": ["EINTR", "EBADF"],
    "eventfd": ["EMFILE"], "pipe": ["EMFILE"], "pipe2": ["EMFILE"],
    "socketpair": ["EMFILE"], "open": ["EMFILE"], "fopen": ["EMFILE"],
    "fstat": ["EIO"], "stat": ["EACCES"], "close": ["EIO", "EINTR"],
    "fcntl": ["EMFILE"], "fsync": ["EIO"], "mmap": ["ENOMEM"],
    "mprotect": ["ENOMEM"], "madvise": ["EINVAL", "ENOMEM"],
    "getrandom": ["ENOSYS"], "getrlimit": ["EINVAL"],
    "setrlimit": ["EPERM"], "sigaction": ["EINVAL"], "ioctl": ["ENOTTY"],
    "access": ["EACCES"], "gethostname": ["EPERM"],
    "pthread_create": ["EAGAIN"], "process_vm_readv": ["ENOSYS"], "syscall": ["ENOSYS", "EPERM"],
}

# What opens a file that was named; without it nothing is begun.
OPENING = {"open", "fopen", "fstat", "stat", "fcntl", "read", "access"}

# Without memory OpenSSL forgets some small things of its own, above all when
# it begins; of a connection larger blocks would be left.  3.0 cannot free a
# library context then, all of 140 KiB, which is done once, at the end.
# c-ares 1.34 forgets an answer that it has read.
FORGETS = re.compile(r"^(\d{1,4}) lib(crypto|cares)\.so")
FORGETS_MOST = 160 * 1024  # bytes


class Outcome:
    """How a run under the shim ended."""

    def __init__(self, args, stdin, fault):
        with tempfile.TemporaryDirectory(prefix="afetch-faults.") as directory:
            report = pathlib.Path(directory) / "report"
            env = {**os.environ, "LD_PRELOAD": SHIM,
                "FAULT_REPORT": str(report)}
            if fault:
                env["FAULT"] = fault
            done = subprocess.run([AFETCH, *args], input=stdin or b"", env=env,
                cwd=directory, capture_output=True, timeout=LIMIT, check=False)
            self.code, self.out, self.err = (
                done.returncode, done.stdout, done.stderr)
            self._read(report.read_text() if report.exists() else "")

    def _read(self, report):
        self.calls, self.blocks, self.fds = {}, [], []
        self.hits = None
        for line in report.splitlines():
            kind, rest = line.split(" ", 1)
            if kind == "calls":
                name, count = rest.split()
                self.calls[name] = int(count)
            elif kind == "hits":
                self.hits = int(rest)
            else:
                (self.blocks if kind == "block" else self.fds).append(rest)


class Mode:
    """A way to use the program: its arguments and the targets, in order, as
    written, with NUMBER for what is to be new each time; in the arguments or
    on stdin."""

    def __init__(self, args, inputs, *, stdin=False):
        self._args, self._inputs = args, inputs
        self._stdin = stdin
        self._numbers = itertools.count()

    def next(self):
        """(arguments, stdin, inputs) of another run."""
        number = f"r{next(self._numbers)}"
        inputs = [text.replace("NUMBER", number) for text in self._inputs]
        args = flat(self._args)
        if self._stdin:
            lines = "".join(f"{text}\n" for text in inputs)
            return args, lines.encode(), inputs
        return [*args, "--", *inputs], None, inputs


class Points:
    def __init__(self, mode, share=SHARE, only=None, most=None, told=True):
        self.mode = mode
        self.told = told  # stdout tells of each input, in text or records
        self.share = None if ALL else share
        self.only = only  # this function
        self.most = most  # calls of it

    def run(self, fault=None):
        args, stdin, inputs = self.mode.next()
        outcome = Outcome(args, stdin, fault)
        outcome.inputs = inputs
        return outcome

    def kinds(self):
        """(function, calls, errno) of all that a run without fault calls."""
        for name, calls in sorted(self.clean.calls.items()):
            if name == self.only or (not self.only and name != "own"):
                for error in ERRORS[name]:
                    yield name, min(calls, self.most or calls), error

    def faults(self):
        kinds = list(self.kinds())
        total = sum(calls for _, calls, _ in kinds)
        step = 1 if self.share is None else max(1, total / self.share)
        for name, calls, error in kinds:
            number = getattr(errno, error)
            last = set()
            at = 1.0
            while at < calls + 1:
                yield f"{name}:{int(at)}:{number}"
                at += step
            # From the nth on, a few: what lasts takes all its time-outs, and
            # interrupted for ever nothing is.
            for part in (0, 1 / 3, 2 / 3) if step > 1 else (0, .2, .4, .6, .8):
                last.add(int(calls * part) + 1)
            for nth in sorted(last) if error != "EINTR" else ():
                yield f"{name}:{nth}+:{number}"

    def check(self, case):
        """Tries them; every complaint is told, and the number of points."""
        self.clean = self.run()
        wrong = [*complaints(self, None, self.clean)]
        case.assertEqual((wrong, self.clean.hits), ([], 0))
        faults = list(self.faults())
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for told in pool.map(self.complain, faults):
                wrong += told
        print(f"{case.id()}: {len(faults)} points", flush=True)
        case.assertFalse(wrong, "\n".join(wrong[:40]))

    def complain(self, fault):
        try:
            outcome = self.run(fault)
        except subprocess.TimeoutExpired:
            return [f"{fault}: still runs after {LIMIT} s"]
        return [f"{fault}: {text}"
            for text in complaints(self, fault, outcome)]


def complaints(points, fault, outcome):
    """What is wrong with how a run ended."""
    if outcome.code not in (0, 1, 2, 3) or outcome.hits is None:
        yield f"ended with {outcome.code}: {outcome.err[-300:]!r}"
        return
    function = fault.partition(":")[0] if fault else ""
    if outcome.code == 2 and function not in OPENING:
        yield f"is no fault of the user's: {outcome.err[-200:]!r}"
    if outcome.code >= 2 and not re.search(rb"^afetch: .", outcome.err, re.M):
        yield f"exit {outcome.code}, but why? {outcome.err[-300:]!r}"
    if outcome.fds:
        yield f"left open: {outcome.fds}"
    left = collections.Counter(outcome.blocks)
    left.subtract(points.clean.blocks)
    blocks = list(left.elements())
    forgotten = [int(found.group(1)) for block in blocks
        if (found := FORGETS.match(block))]
    if function not in ("malloc", "own") or len(forgotten) < len(blocks) or \
            sum(forgotten) > FORGETS_MOST:
        for block in blocks:
            yield f"left in memory: {block}"
    for line in outcome.err.splitlines():
        if line.startswith(b"["):
            yield f"a library talks: {line!r}"
    if not points.told:
        return
    if outcome.out.startswith(b"{"):
        yield from record_complaints(outcome)
    elif outcome.code < 2:
        yield from text_complaints(outcome, function in ("write", "poll")
            and outcome.code == points.clean.code)


def record_complaints(outcome):
    lines = outcome.out.split(b"\n")
    rest = lines.pop()
    try:
        records = [json.loads(line) for line in lines]
    except ValueError:
        yield f"not JSON: {outcome.out[-300:]!r}"
        return
    if rest and outcome.code != 3:
        yield f"cut off: {rest!r}"
    results = [r for r in records if r["type"] == "result"]
    indexes = sorted(r["index"] for r in results)
    if len(set(indexes)) != len(indexes):
        yield f"told twice: {indexes}"
    for record in results:
        if record["input"] != outcome.inputs[record["index"]]:
            yield f"whose record is this? {record}"
        if not record["error"] and record["status"] == 200 and [
                "X-Token", record["host"].partition("//")[2] or record["host"]
                ] not in record["headers"] and record["hops"] is None:
            yield f"whose headers are these? {record}"
    if outcome.code == 3:
        return
    failed = sum(1 for r in results if r["error"])
    summary = records[-1]
    if summary["type"] != "summary" or summary["failed"] != failed or \
            summary["targets"] != len(results):
        yield f"summed up wrongly: {summary}"
    # A --deadline whose timer has no memory is over at once.
    if len(indexes) + summary["not_begun"] != len(outcome.inputs):
        yield f"exit {outcome.code} with the records {indexes}"
    if outcome.code != int(failed + summary["not_begun"] > 0):
        yield f"exit {outcome.code} with {failed} failures"


def text_complaints(outcome, silenced):
    """Every input has its lines, up to the last one, or a failure.  What
    cannot be written to stderr is not missed: the exit code tells."""
    failures = {line.partition(b": ")[0].decode()
        for line in outcome.err.splitlines()
        if re.match(rb"\S+: (dns|connect|tls|send|wait|receive|input): ",
            line)}
    shown = {}
    for line in outcome.out.splitlines():
        host, between, text = line.partition(b" header > ")
        if not between:
            yield f"whose line is this? {line!r}"
        shown.setdefault(host.decode(), []).append(text)
    for text in outcome.inputs:
        whole = any(line.startswith(b"X-Token: ")
            for line in shown.get(text, []))
        if whole == (text in failures) and not silenced:
            yield (f"{text} was fetched and failed, or neither: "
                f"{outcome.err[-300:]!r}")
    if outcome.code != int(bool(failures)) and not silenced:
        yield f"exit {outcome.code} with the failures {failures}"
