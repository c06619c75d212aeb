"""Who is measured: a row each, with how it is called and what it cannot do.

All get the same hosts, ask for IPv4 addresses only (afetch by -4), and print
every header line to a file.
"""

import dataclasses
import functools
import os
import pathlib
import shutil
import subprocess
import sys
import typing

from world import BUILD

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
NOT_PERMITTED = 77
# Debian's own first: the modules packaged there are for these.
DEBIAN_PATH = "/usr/bin:" + os.environ["PATH"]
CRATES = "/usr/share/cargo/registry"
os.environ.setdefault("NODE_PATH", "/usr/share/nodejs")


@dataclasses.dataclass
class Peer:
    name: str
    argv: typing.Callable  # (job) -> the command
    stdin: str = "names"  # the job's file, or none
    why_not: typing.Callable = lambda: None  # why it is not here, or None
    schemes: tuple = ("http", "https")
    most_hosts: int = 0  # of the job's; 0: all
    most_flight: int = 65536
    one_process: bool = True

    def cannot(self, job):
        """Why it is not measured at this job, or None."""
        if job.scheme not in self.schemes:
            return f"has no {job.scheme}"
        if job.flight > self.most_flight:
            return f"has at most {self.most_flight} in flight"
        return None

    def share(self, job):
        """As much of the job as it can do in reasonable time."""
        return job.first(self.most_hosts) if self.most_hosts else job


# --- what is here ---


def needs(*programs):
    def why_not():
        lacking = [p for p in programs if not shutil.which(str(p))]
        return (", ".join(map(str, lacking)) + " not installed"
                if lacking else None)
    return why_not


def says_yes(argv, otherwise):
    """The command ends well, else that is why not."""
    def why_not():
        try:
            done = subprocess.run(argv, stdin=subprocess.DEVNULL,
                                  capture_output=True, check=False)
        except OSError:
            return otherwise
        return otherwise if done.returncode else None
    return why_not


def is_built(name, otherwise):
    return lambda: None if (BUILD / name).exists() else otherwise


def uring_why_not():
    if not (BUILD / "bench-uring").exists():
        return "liburing was not there when afetch was built"
    done = subprocess.run([BUILD / "bench-uring", "127.0.0.1", "53", "80", "1"],
                          stdin=subprocess.DEVNULL, capture_output=True,
                          check=False)
    return ("the kernel does not permit io_uring"
            if done.returncode == NOT_PERMITTED else None)


def build(argv, **options):
    """None when the command ends well; else its last words."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False,
                          **options)
    return done.stderr.strip().split("\n")[-1] if done.returncode else None


@functools.cache
def go_why_not():
    go = shutil.which("go", path=DEBIAN_PATH)
    if not go:
        return "go not installed"
    wrong = build([go, "build", "-o", BUILD / "bench-go", "main.go"],
                  cwd=PROGRAMS / "go",
                  env={**os.environ, "GOCACHE": str(BUILD / "bench-gocache"),
                       "GO111MODULE": "off"})
    return wrong and f"does not build: {wrong}"


@functools.cache
def tokio_why_not():
    cargo = shutil.which("cargo", path=DEBIAN_PATH)
    if not cargo or not any(pathlib.Path(CRATES).glob("tokio-1*")):
        return "cargo or librust-tokio-dev not installed"
    where = BUILD / "bench-tokio"
    shutil.copytree(PROGRAMS / "tokio", where, dirs_exist_ok=True)
    wrong = build(
        [cargo, "build", "--offline", "--release", "--quiet",
         "--config", 'source.crates-io.replace-with="debian"',
         "--config", f'source.debian.directory="{CRATES}"'],
        cwd=where, env={**os.environ, "PATH": DEBIAN_PATH})
    return wrong and f"does not build: {wrong}"


def python():
    """Debian's, which has Debian's modules, if there is one."""
    debian = "/usr/bin/python3"
    return debian if os.access(debian, os.X_OK) else sys.executable


# --- how they are called ---


def afetch_argv(job):
    return [BUILD / "afetch", *job.options, "-j", job.flight, "-s",
            "-i", job.names() if job.scheme == "http" else job.urls()]


def reference_argv(program, port=80):
    return lambda job: [BUILD / program, "127.0.0.1", 53, port, job.flight]


def tokio_argv(resolver):
    return lambda job: [BUILD / "bench-tokio/target/release/bench-tokio",
                        resolver, job.flight]


def go_argv(how):
    return lambda job: [BUILD / "bench-go", how, job.scheme, job.flight]


def python_argv(program):
    return lambda job: [python(), PROGRAMS / program, job.scheme, job.flight]


CURL = ["curl", "-4", "-s", "--http1.0", "-D", "-", "-m", "60"]


def curl_argv(job):
    return [*CURL, "-Z", "--parallel-max", job.flight, "-K", job.curl()]


def xargs_argv(job):
    return ["xargs", "-P", job.flight, "-n", 1, *CURL, "-o", "/dev/null"]


def before_argv(job):
    return [os.environ["AFETCH_BEFORE"], *afetch_argv(job)[1:]]


def before_why_not():
    program = os.environ.get("AFETCH_BEFORE")
    return needs(program)() if program else "AFETCH_BEFORE names no program"


AFETCH = Peer("afetch", afetch_argv, stdin="")
BEFORE = Peer("afetch before", before_argv, stdin="", why_not=before_why_not)
EPOLL = Peer("epoll", reference_argv("bench-epoll"), schemes=("http",))
EPOLL_TLS = Peer("epoll + OpenSSL", reference_argv("bench-epoll-tls", 443),
                 schemes=("https",))
URING = Peer("io_uring", reference_argv("bench-uring"), schemes=("http",),
             why_not=uring_why_not)
REFERENCES = [EPOLL, URING]

PEERS = [
    Peer("tokio", tokio_argv("system"), why_not=tokio_why_not,
         schemes=("http",)),
    Peer("tokio (own DNS)", tokio_argv("own"), why_not=tokio_why_not,
         schemes=("http",)),
    Peer("Go", go_argv("raw"), why_not=go_why_not),
    Peer("Go net/http", go_argv("nethttp"), why_not=go_why_not),
    Peer("curl -Z", curl_argv, stdin="", why_not=needs("curl"),
         most_flight=300),
    Peer("undici",
         lambda job: ["node", PROGRAMS / "undici_request.js", job.scheme,
                      job.flight],
         why_not=says_yes(["node", "-e", "require('undici')"],
                          "node or node-undici not installed")),
    Peer("asyncio", python_argv("asyncio_wget.py"),
         why_not=says_yes([python(), "-c", "import asyncio; asyncio.TaskGroup"],
                          "no Python 3.11")),
    Peer("aiohttp", python_argv("aiohttp_get.py"),
         why_not=says_yes([python(), "-c", "import aiohttp"],
                          "python3-aiohttp not installed")),
    Peer("xargs -P curl", xargs_argv, stdin="urls",
         why_not=needs("xargs", "curl"), most_hosts=200, most_flight=256,
         one_process=False),
]


def present(peers, only=None):
    """Those that are here; the others are named."""
    found = []
    for peer in peers:
        if only and peer.name not in only:
            continue
        reason = peer.why_not()
        if reason:
            print(f"skipped: {peer.name}: {reason}", flush=True)
        else:
            found.append(peer)
    return found
