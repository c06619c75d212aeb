"""One program of the zoo, in network, mount and process namespaces of its
own: loopback only, an empty /run that is its directory, too, and nothing is
left of it when the cage's first process, inside.py, has ended."""

import dataclasses
import json
import os
import pathlib
import socket
import subprocess
import textwrap
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
AFETCH = os.environ.get("AFETCH", str(ROOT / "build/afetch"))
LAB = os.environ.get("AFETCH_LAB", str(ROOT / "build/afetch-lab"))
UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child",
    "--mount-proc")
UNPACKED = ROOT / "build/zoo"
DIRECTORY = pathlib.Path("/run/zoo")
STARTS_WITHIN = 60  # seconds; Java
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": str(DIRECTORY), "LANG": "C.UTF-8", "TZ": "UTC",
    "AFETCH": AFETCH, "AFETCH_LAB": LAB, "UNPACKED": str(UNPACKED),
}
ETC = {
    "resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
    "hosts": "127.0.0.1 localhost site.test\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}
# own PROGRAM ARGUMENT... runs a copy: AppArmor may forbid the original to
# read files from here.
PRELUDE = """
set -e
own() {
    program=$1; shift
    cp "$(command -v "$program")" "own-$program"
    exec "./own-$program" "$@"
}
"""


@dataclasses.dataclass
class Program:
    """What the zoo knows of one program.  `run` is for sh, in a directory
    with `files` {name: text}; the program itself stays in the foreground."""

    name: str
    packages: str  # Debian's; the first one has the version
    run: str
    files: dict = dataclasses.field(default_factory=dict)
    port: int = 80
    needs: tuple = ()  # ports of what runs beside it
    quick: bool = False  # small enough for each run of the tests
    npm: str = ""  # NAME@VERSION of a package that it is or needs
    unpacked: str = ""  # a package that must not be installed: what it changes

    def write_files(self):
        for name, text in self.files.items():
            path = DIRECTORY / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).strip() + "\n")
            path.chmod(0o755)

    def shell(self, **how):
        return subprocess.Popen(["sh", "-c", PRELUDE + self.run],
            cwd=DIRECTORY, stdin=subprocess.DEVNULL, **how)


class NotStarted(Exception):
    """Why a program cannot be asked anything."""


def start(program, is_up=None):
    """Runs it until is_up() is true, or it listens."""
    with open(DIRECTORY / "log", "wb") as log:
        process = program.shell(stdout=log, stderr=log)
    end = time.monotonic() + STARTS_WITHIN
    while not (all(map(listens, program.needs))
            and (is_up() if is_up else listens(program.port))):
        if process.poll() is not None:
            raise NotStarted(f"ended with {process.returncode}")
        if time.monotonic() > end:
            raise NotStarted(f"not up within {STARTS_WITHIN} s")
        time.sleep(0.05)


def listens(port, host="127.0.0.1"):
    try:
        socket.create_connection((host, port), 1).close()
    except OSError:
        return False
    return True


def certify():
    """ca.pem, and site.pem with site.key for site.test, 127.0.0.1."""
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-days", "30")
    for words in (
            ("-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Zoo CA"),
            ("-keyout", "site.key", "-out", "site.pem", "-subj", "/CN=site",
                "-CA", "ca.pem", "-CAkey", "ca.key", "-addext",
                "subjectAltName=DNS:site.test,IP:127.0.0.1", "-addext",
                "basicConstraints=critical,CA:FALSE")):
        subprocess.run(["openssl", "req", "-x509", *curve, *words],
            check=True, cwd=DIRECTORY, capture_output=True)
    (DIRECTORY / "both.pem").write_text(
        (DIRECTORY / "site.pem").read_text()
        + (DIRECTORY / "site.key").read_text())
    for name in "site.key", "both.pem":
        (DIRECTORY / name).chmod(0o644)


def fetch(target, *options, through=()):
    """The record, and what was said on stderr beside it.  `through` is a
    command that runs afetch."""
    run = subprocess.run([*through, AFETCH, "--json", "--summary", "none", "--cacert",
        DIRECTORY / "ca.pem", *options, target], stdin=subprocess.DEVNULL,
        cwd=DIRECTORY,
        capture_output=True, text=True, errors="backslashreplace",
        timeout=30, check=False)
    if run.returncode not in (0, 1) or not run.stdout:
        raise NotStarted(f"afetch ended with {run.returncode}: {run.stderr}")
    record = json.loads(run.stdout.splitlines()[0])
    return record, " | ".join(
        run.stderr.replace(f"{target}: ", "").splitlines())


def said(record):
    """In a word."""
    error = record["error"]
    return error["code"] if error else str(record["status"])


def furnish():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "zoo", "/run"],
        check=True)
    DIRECTORY.mkdir()
    DIRECTORY.chmod(0o777)
    for name, text in ETC.items():
        ours = DIRECTORY / f"etc-{name}"
        ours.write_text(text)
        theirs = pathlib.Path("/etc", name).resolve()
        if theirs.exists():
            subprocess.run(["mount", "--bind", ours, theirs], check=True)
    certify()
