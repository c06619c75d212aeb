"""The examples of the README: each command is run, in its order, against a lab,
and what stands below it is what it writes, figures and dates apart.

Not run here: what takes a proxy (test_proxy_real), more addresses than the lab
has (test_addresses), other machines (test_parallel), Slurm or Kubernetes
(test_shards).
"""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import AFETCH, ROOT, SLOWER, Lab, afetch

fast = True

NOT_HERE = r"proxy\.example|-S web1,web2|--all-addresses www"
PROGRAMS = "jq", "parallel", "prove"

# So that each ends soon and stays on loopback; the lab's certificates are
# valid for 30 days.
INSTEAD = {
    "--count 60 --interval 1": "--count 2 --interval 0.1",
    "--interval 60": "--count 2 --interval 0.5",
    "192.0.2.7:8080": "127.0.0.1:{http}", "192.0.2.7": "127.0.0.1",
    "'tls.days_left >= 14'\n": "'tls.days_left >= 99'\n"}

HOSTS = ["www.sohu.com", "www.nope.test", "close.example", "banner.example",
    "status-404.example.com", "status-503.example.com"]
ROWS = r"""
www.nope.*      dns-nxdomain
close.example   close
banner.example  banner-ssh
odd.example     raw="HTTP/1.1 200 OK\r\nServer: b\r\nX-Version: 2\r\n\r\n"
?.example       raw="HTTP/1.1 200 OK\r\nServer: a\r\nX-Version: 2\r\n\r\n"
"""
GOOD, WWW = ["a.example", "b.example"], ["www.example.com"]

# By a part of the command: its exit code, the list, and rows of the lab.
SCENES = {
    "www.nope.invalid": (1, [], ""),
    "--expect hsts": (4,
        ["https://www.example.com", "https://old.example.com"],
        "www.example.com field='Strict-Transport-Security: "
        "max-age=1; max-age=2'\nold.example.com field="
        "'Strict-Transport-Security: max-age=1'".replace("'", '"')),
    "--csv": (1, HOSTS, ""), "-w ": (0, GOOD, ""),
    "--quiet": (1, HOSTS, ""), "--rate": (1, HOSTS, ""),
    "--resume": (1, HOSTS, ""), "--summarize": (1, [], ""),
    "-I ": (0, GOOD, ""), "| jq": (0, HOSTS, ""), "|\n": (0, HOSTS, ""),
    "envoy.example:443": (1, [], "envoy.example a=127.0.3.2"),
    "envoy.example": (0, [], r'envoy.example raw="HTTP/1.1 426 Upgrade '
        r'Required\r\nContent-Length: 0\r\n\r\n"'),
    "-o monday": (0, WWW, "www.example.com server=a"),
    "--baseline": (4, WWW, "www.example.com server=b status=503"),
    "--changes": (4, WWW, "www.example.com first=1 status=503"),
    "--count": (0, WWW, ""), "--odd-one-out": (4, [], ""),
    "--versus": (0, ["a.example", "slow.example"], "slow.example ttfb=60"),
    "parallel": (2, HOSTS, ""),  # two of the parts have a failed host
    "prove": (1, GOOD, ""), "--junit": (4, GOOD, ""), "--check": (1, [], ""),
    "--annotate": (4, ["old.example"], "")}


def examples():
    """(command, the lines below it) of each."""
    found, going = [], False
    for line in (ROOT / "README.md").read_text().splitlines():
        text = line[4:]
        if line.startswith("    $ "):
            found.append((text[2:], []))
            going = True
        elif not line.startswith("    "):
            going = False
        elif going:
            command, below = found[-1]
            if command.endswith("|") or command.count("'") % 2:
                found[-1] = command + "\n" + text, below
            else:
                below.append(text)
    return found


def shape(line):
    """The line with any figures and date. Which phases a table shows depends on
    how long they took."""
    line = re.sub(r"(?<=Date: ).*", "DATE", line)
    line = re.sub(r"^(host +status) .*", r"\1", line)
    line = re.sub(r"( +[\d.]+ m?s)+$", "", line)
    return " ".join(re.sub(r"\d+(\.\d+)?( m?s)?", "N", line).split())


class Readme(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "fleet.txt").write_text("odd.example\n" + "".join(
            f"{letter}.example\n" for letter in "abcdef"))
        (self.folder / "rules.txt").write_text("hsts\n")
        # As an array of Slurm leaves it.
        (self.folder / "run.1.jsonl").write_bytes(
            afetch("http://127.0.0.1:1/", "--shard", "1/1", "--json").out)

    def bash(self, command, lab):
        """The exit code and the lines of both streams."""
        shim = self.folder / "bin/afetch"
        shim.parent.mkdir(exist_ok=True)
        own = shlex.join(["--dns-servers", lab.dns, "--connect-to",
            f":80::{lab.http}", "--connect-to", f":443::{lab.https}",
            "--cacert", "ca.pem"])
        # Finished runs are read without any of these.
        shim.write_text(f'#!/bin/sh\ncase " $* " in *" --summarize "* | '
            f'*" --check "*) exec {AFETCH} "$@" ;; esac\n'
            f'exec {AFETCH} "$@" {own}\n')
        shim.chmod(0o755)
        done = subprocess.run(["bash", "-c", command], cwd=self.folder,
            env={**os.environ, "PATH": f"{shim.parent}:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=30 * SLOWER, check=False)
        return done.returncode, done.stdout.decode().splitlines()

    def run_example(self, command):
        code, hosts, rows = next((scene for part, scene in SCENES.items()
            if part in command + "\n"), (0, GOOD, ""))
        for name in "hosts.txt", "million.txt":
            (self.folder / name).write_text("".join(h + "\n" for h in hosts))
        with Lab("--ca-file", self.folder / "ca.pem",
                script=f"{rows}\n{ROWS}") as lab:
            command += "\n"
            for old, new in INSTEAD.items():
                command = command.replace(old, new.format(http=lab.http))
            got, lines = self.bash(command, lab)
        self.assertEqual(got, code, lines)
        return lines

    def check_below(self, below, lines):
        """The lines below the command are among those that it wrote, and
        where some are left out there is an ellipsis."""
        shapes = [shape(line) for line in lines]
        for line in below:
            start = shape(line.partition("…")[0])
            self.assertTrue([s for s in shapes if s == start or
                "…" in line and s.startswith(start)], (line, lines))
        if below and "…" not in "".join(below):
            self.assertFalse([s for s in shapes if re.match(
                "host status$|N targets?:", s)], lines)

    @unittest.skipUnless(all(map(shutil.which, PROGRAMS)), "programs missing")
    def test_examples(self):
        done = 0
        for command, below in examples():
            if not re.search(NOT_HERE, command):
                with self.subTest(command):
                    self.check_below(below, self.run_example(command))
                done += 1
        self.assertGreater(done, 35)


if __name__ == "__main__":
    unittest.main()
