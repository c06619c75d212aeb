"""The programs of all kinds: which are here, and a visit to each."""

import functools
import importlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from zoo import cage, table

KINDS = ("web", "dns", "proxies", "readers", "reports",
    "schedulers")
TESTS = pathlib.Path(__file__).resolve().parents[1]
VISIT_WITHIN = 180  # seconds
FAULT = '[["start", "a fault of the zoo", "", ""]]'


def of(kind):
    return importlib.import_module(f"zoo.{kind}").PROGRAMS


def packages(kinds):
    """All that are wanted, of Debian's names."""
    return sorted({package for kind in kinds for program in of(kind)
        for package in program.packages.split()})


@functools.cache
def why_not():
    """Why no program can be visited, or None."""
    if os.geteuid() != 0:
        return "namespaces take root"
    missing = [name for name in ("unshare", "ip", "openssl", "dpkg-query")
        if not shutil.which(name)]
    if missing:
        return "not installed: " + ", ".join(missing)
    empty = subprocess.run([*cage.UNSHARE, "true"], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False)
    return ("no namespaces can be had here: " + tidy(empty.stderr)
        if empty.returncode else None)


def version(program):
    """Of its first package, without what Debian adds; None if a package is
    not here."""
    if program.npm:
        return npm_version(*program.npm.rsplit("@", 1))
    if program.unpacked:
        return unpacked_version(program.unpacked)
    found = subprocess.run(["dpkg-query", "-W", "-f",
        "${db:Status-Status} ${Package} ${Version}\n",
        *program.packages.split()], capture_output=True, text=True,
        check=False).stdout
    installed = dict(line.split()[1:] for line in found.splitlines()
        if line.startswith("installed "))
    wanted = program.packages.split()
    if set(wanted) - set(installed):
        return None
    return upstream(installed[wanted[0]])


def upstream(debian):
    return re.split(r"[-+~]", re.sub(r"^[0-9]+:", "", debian))[0]


def unpacked_version(package):
    path = cage.UNPACKED / package / "version"
    return upstream(path.read_text()) if path.exists() else None


def npm_version(package, wanted):
    path = cage.UNPACKED / "npm/node_modules" / package / "package.json"
    if not path.exists() or not shutil.which("node"):
        return None
    here = json.loads(path.read_text())["version"]
    return here if here == wanted else None


def npm_install(kinds):
    """All at once: npm removes what it is not asked for."""
    wanted = {program.npm for kind in kinds for program in of(kind)
        if program.npm}
    if not wanted or not shutil.which("npm"):
        return
    directory = cage.UNPACKED / "npm"
    directory.mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "install", "--silent", "--no-save",
        "--ignore-scripts", "--prefix", directory, *sorted(wanted)],
        check=False)


def unpack_all(kinds):
    for kind in kinds:
        for program in of(kind):
            if program.unpacked and version(program) is None:
                unpack(program.unpacked)


def unpack(package):
    """Instead of an installation, which would change how this machine looks
    names up, or the like."""
    directory = cage.UNPACKED / package
    directory.mkdir(parents=True, exist_ok=True)
    if subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root",
            "download", package], cwd=directory, check=False).returncode:
        return
    archive, = directory.glob("*.deb")
    subprocess.run(["dpkg-deb", "-x", archive, directory], check=True)
    (directory / "version").write_text(subprocess.run(["dpkg-deb", "-f",
        archive, "Version"], capture_output=True, text=True,
        check=True).stdout.strip())
    archive.unlink()


def visit(kind, program):
    """Its lines, as they are today, and what it said on stderr if it did not
    start; None if it is not installed."""
    here = version(program)
    if here is None:
        return None
    try:
        run = subprocess.run([*cage.UNSHARE, sys.executable, "-B", "-m",
            "zoo.inside", kind, program.name], cwd=TESTS, stdin=subprocess.DEVNULL, check=False,
            capture_output=True, text=True, errors="backslashreplace",
            timeout=VISIT_WITHIN)
        answers, log = json.loads(run.stdout or FAULT), run.stderr
    except subprocess.TimeoutExpired:
        answers, log = [("start", "no end", "", "")], ""
    return [table.Line(program.name, here, asked, *map(tidy, answer))
        for asked, *answer in answers], log


def tidy(text):
    """In one line, without versions, times and process ids."""
    text = re.sub(r"[ -](Debian|Ubuntu)-[^\s\"']*|\b[0-9]{10} |\[[0-9]+\]", "",
        " ".join(text.split()))
    return re.sub(r"(HTTP/)?[0-9]+(\.[0-9]+)+(p[0-9]+)?", lambda found:
        found[0] if found[1] or found[0].count(".") == 3 else "N", text)
