"""One list in parts, by GNU parallel: over two machines with a real sshd
each, and over the cores of this one."""

import collections
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import namespace
from harness import AFETCH, SLOWER, Lab, target_list

NAMES = [*(f"h{n}.test" for n in range(200)), "a..b", "h3.test"]
# Who answers says on which machine the fetch was.
NGINX = """
    server {
        listen 127.0.0.1:80;
        location / { add_header X-Machine %s always; return 200 "page"; }
    }
    """
SSHD = """
    Port 22
    ListenAddress {address}
    HostKey {keys}/host
    AuthorizedKeysFile {keys}/user.pub
    PermitRootLogin prohibit-password
    PasswordAuthentication no
    StrictModes no
    UsePAM no
    LogLevel ERROR
    PidFile none
    """
SSH = """
    IdentityFile {keys}/user
    UserKnownHostsFile {keys}/known
    IdentitiesOnly yes
    BatchMode yes
    LogLevel ERROR
    """


def missing(*programs):
    """Which are not installed, in words, or None."""
    names = [p for p in programs if not shutil.which(p, path=namespace.PATH)]
    return "not installed: " + ", ".join(names) if names else None


class Parts(unittest.TestCase):
    """Their records are those of one run."""

    def check(self, out, count):
        """Each target is there once; returns the records."""
        lines = [json.loads(line) for line in out.splitlines()]
        records = [line for line in lines if line["type"] == "result"]
        self.assertEqual(sorted((r["index"], r["input"]) for r in records),
            list(enumerate(NAMES)))
        self.assertEqual(
            sorted(line["shard"] for line in lines if line not in records),
            [f"{number}/{count}" for number in range(1, count + 1)])
        total = subprocess.run([AFETCH, "--summarize", "--json"], input=out,
            capture_output=True, check=False)
        self.assertEqual((total.returncode, total.stderr), (1, b""))
        summary = json.loads(total.stdout)
        self.assertEqual([summary[key] for key in ("targets", "ok", "errors")],
            [len(NAMES), len(NAMES) - 1, {"BAD_TARGET": 1}])
        return records


class OneMachine(Parts):
    def test_cores(self):
        if why := missing("parallel"):
            self.skipTest(why)
        if not Path("/sys/devices/system/cpu").exists():
            self.skipTest("parallel counts processors in /sys, which is not "
                "mounted here")
        with Lab() as lab, tempfile.TemporaryDirectory() as home:
            names = Path(home, "hosts.txt")
            names.write_bytes(target_list(NAMES))
            run = subprocess.run(["parallel", "--will-cite",
                AFETCH, "--shard", "{}/4", "-i", names, "--json", "-s",
                "-o", f"{home}/run.{{}}.jsonl", *lab.options(),
                ":::", "1", "2", "3", "4"],
                env={**os.environ, "HOME": home}, stdin=subprocess.DEVNULL,
                capture_output=True, check=False)
            self.assertEqual((run.returncode, run.stderr), (1, b""))
            self.check(b"".join(Path(home, f"run.{part}.jsonl").read_bytes()
                for part in (1, 2, 3, 4)), 4)


class Machine(namespace.Namespace):
    """A namespace with an sshd and an nginx; root's home is in it."""

    def __init__(self, address, keys):
        super().__init__("")
        self.address = address
        self.home = self.directory / "home"
        self.home.mkdir()
        # Not the machine's own accounts: a locked root is let in, too.
        (self.etc / "passwd").write_text(
            f"root:x:0:0::{self.home}:/bin/sh\n"
            "sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n")
        (self.etc / "shadow").write_text("root:*:1::::::\nsshd:*:1::::::\n")
        (self.directory / "sshd_config").write_text(
            SSHD.format(address=address, keys=keys))

    def start(self):
        # sshd wants a /run/sshd; this one is of its own mount namespace.
        self.serve(["sh", "-c", "mount -t tmpfs tmpfs /run && mkdir /run/sshd"
            f" && exec $(command -v sshd) -D -e"
            f" -f {self.directory}/sshd_config"])
        self.nginx(NGINX % self.address)


class TwoMachines(Parts):
    lock = "netns"
    timeout = 120

    @classmethod
    def setUpClass(cls):
        why = namespace.why_not() or missing(
            "parallel", "ssh", "ssh-keygen", "sshd")
        if why:
            raise unittest.SkipTest(why)
        keys = tempfile.TemporaryDirectory(prefix="afetch-keys-")
        cls.addClassCleanup(keys.cleanup)
        cls.keys = Path(keys.name)
        for name in "host", "user":
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "",
                "-f", cls.keys / name], check=True)
        cls.machines = []
        for address in "10.0.0.1", "10.0.0.2":
            machine = Machine(address, cls.keys)
            cls.addClassCleanup(machine.close)
            cls.machines.append(machine)
        cls.connect()
        for machine in cls.machines:
            machine.start()
        cls.wait_until_up()

    @classmethod
    def connect(cls):
        one, two = cls.machines
        one.ip("link", "add", "cable", "type", "veth", "peer", "name",
            "cable", "netns", two.name)
        for machine in cls.machines:
            machine.ip("address", "add", f"{machine.address}/24",
                "dev", "cable")
            machine.ip("link", "set", "cable", "up")
        host = (cls.keys / "host.pub").read_text()
        (cls.keys / "known").write_text("".join(
            f"{machine.address} {host}" for machine in cls.machines))
        (cls.keys / "ssh_config").write_text(SSH.format(keys=cls.keys))

    @classmethod
    def ssh(cls):
        return f"ssh -F {cls.keys}/ssh_config"

    @classmethod
    def run_on_first(cls, command, **how):
        home = cls.machines[0].home
        child = cls.machines[0].popen(command, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PATH": namespace.PATH, "HOME": str(home)})
        out, err = child.communicate(**how)
        return child.returncode, out, err

    @classmethod
    def wait_until_up(cls):
        end = time.monotonic() + 20 * SLOWER
        for machine in cls.machines:
            fetch = f"{AFETCH} -sq --connect-to ::127.0.0.1:80 x.test"
            command = [*cls.ssh().split(), machine.address, fetch]
            while (ended := cls.run_on_first(command))[0] != 0:
                if time.monotonic() > end:
                    raise AssertionError(f"no sshd or nginx: {ended}")
                time.sleep(0.1)

    def test_the_recipe(self):
        """Each machine does a part of the list, which comes by a pipe; the
        records of both are those of one run."""
        logins = ",".join(machine.address for machine in self.machines)
        code, out, err = self.run_on_first(["parallel", "--will-cite",
            "--ssh", self.ssh(), "-S", logins, "-j1", "--pipe", "--tee",
            AFETCH, "--shard", "{}/2", "--json", "-s",
            "--connect-to", "::127.0.0.1:80", ":::", 1, 2],
            input="\n".join(NAMES).encode(), timeout=60 * SLOWER)
        self.assertEqual((code, err), (1, b""))  # one shard has the bad name
        machines = collections.Counter(
            dict(r["headers"]).get("X-Machine") for r in self.check(out, 2))
        self.assertEqual(machines.pop(None), 1)
        self.assertEqual(machines.keys(), {"10.0.0.1", "10.0.0.2"})


if __name__ == "__main__":
    unittest.main()
