"""packaging/examples: each of them does what it says. What is run is what
stands there, with paths and the lab's options put in."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

from harness import AFETCH, ROOT, SLOWER, Case, Server, afetch, flat
from test_resume import places, results

fast = True

EXAMPLES = ROOT / "packaging/examples"


class Example(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.hosts = self.folder / "hosts.txt"
        self.instead(*self.lab.options())

    def instead(self, *options):
        """The afetch of the examples has these options, too."""
        shim = self.folder / "bin/afetch"
        shim.parent.mkdir(exist_ok=True)
        shim.write_text(f"#!/bin/sh\nexec {AFETCH} \"$@\" "
            f"{shlex.join(flat(options))}\n")
        shim.chmod(0o755)
        self.environment = {**os.environ,
            "PATH": f"{shim.parent}:{os.environ['PATH']}"}

    def text(self, name, **paths):
        """The file, with other paths."""
        text = (EXAMPLES / name).read_text()
        for old, new in {"/etc/afetch": self.folder,
                "/usr/bin/afetch": self.folder / "bin/afetch",
                "/usr/share/doc/afetch/examples": EXAMPLES, **paths}.items():
            text = text.replace(str(old), str(new))
        return text

    def shell(self, command, **how):
        done = subprocess.run(["sh", "-c", command], env=self.environment,
            capture_output=True, timeout=60 * SLOWER, check=False, **how)
        return done.returncode, (done.stdout + done.stderr).decode()


class Cron(Example):
    def lines(self):
        """The commands, without the times and the user."""
        text = self.text("afetch.cron", **{"/var/lib/afetch": self.folder,
            "/var/log/afetch": self.folder})
        for line in text.splitlines():
            if line and not re.match(r"#|[A-Z]+=", line):
                match = re.fullmatch(
                    r"(?:[0-9*/,-]+ ){5}afetch ([^%]+)", line)
                self.assertTrue(match, line)
                yield match[1]

    def test_mail_on_change(self):
        command = next(self.lines()).replace("--retry 2", "--retry 0")
        self.hosts.write_text("a.test\nb.test\n")
        head = b"HTTP/1.0 200 OK\r\nServer: %s\r\nDate: %d\r\n\r\n"
        answers = {}
        with Server(answers) as server:
            self.instead(server.route())
            for turn, (a, b, said) in enumerate([
                    (b"1", b"1", ""),
                    (b"1", b"1", ""),
                    (b"2", b"1", "a.test: changed since baseline: server "
                        '"1" -> "2"\n'),
                    (b"2", b"1", ""),
                    (b"2", None, "b.test: changed since baseline: status 200 "
                        "-> EMPTY_REPLY\n"),
                    (b"2", None, ""),
                    (b"2", b"1", "b.test: changed since baseline: status "
                        "EMPTY_REPLY -> 200\n")]):
                answers["a.test"] = head % (a, turn)
                answers["b.test"] = head % (b, turn) if b else b""
                self.assertEqual(self.shell(command), (0, said), turn)

    def test_what_went_wrong_is_mailed(self):
        command = next(self.lines())
        self.hosts.write_text("a.test\n")
        self.assertEqual(self.shell(command), (0, ""))
        before = (self.folder / "run.jsonl").read_bytes()
        code, said = self.shell(command + " --no-such-option")
        self.assertEqual(code, 2)
        self.assertIn("unknown option", said)
        self.assertEqual((self.folder / "run.jsonl").read_bytes(), before)

    @unittest.skipUnless(shutil.which("logrotate"), "no logrotate")
    def test_records_and_logrotate(self):
        """A run that is under way goes on in the file that was moved."""
        _, command = self.lines()
        config = self.folder / "logrotate"
        config.write_text(self.text("afetch.logrotate",
            **{"/var/log/afetch": self.folder}))
        config.chmod(0o644)
        self.hosts.write_text("reset.a.test\n")
        self.assertEqual(self.shell(command), (0, ""))
        self.hosts.write_text("b.test\nttfb-900.c.test\n")
        run = subprocess.Popen(["sh", "-c", command], env=self.environment)
        log = self.folder / "run.jsonl"
        end = time.monotonic() + 10 * SLOWER
        while b'"b.test"' not in log.read_bytes():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        for _ in range(2):  # empty ones are not moved
            done = subprocess.run(["logrotate", "--force", "--state",
                self.folder / "state", config], capture_output=True,
                check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(run.wait(20 * SLOWER), 0)
        self.hosts.write_text("d.test\n")
        self.assertEqual(self.shell(command), (0, ""))
        moved = self.folder / "run.jsonl.1"
        self.assertEqual([sorted(r["input"] for r in results(file))
            for file in (moved, log)],
            [["b.test", "reset.a.test", "ttfb-900.c.test"], ["d.test"]])
        self.assertEqual(afetch("--summarize", moved, log).code, 1)


class Systemd(Example):
    def unit(self, name):
        """Key to values."""
        found = {}
        for line in self.text(name, **{
                "/var/lib/prometheus/node-exporter": self.folder}
                ).splitlines():
            key, is_setting, value = line.partition("=")
            if is_setting and not line.startswith("#"):
                found.setdefault(key, []).append(value)
        return found

    def start(self, name):
        """What systemd would start, and which codes are no failure."""
        unit = self.unit(name)
        command, = unit["ExecStart"]
        command = command.replace("${STATE_DIRECTORY}", str(self.folder))
        good = {0, *map(int, unit["SuccessExitStatus"][0].split())}
        return shlex.split(command), good

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd")
    def test_units(self):
        names = "afetch.service", "afetch.timer", "afetch-list.service"
        files = []
        for name in names:
            text = re.sub("(?m)^Documentation=.*", "", self.text(name))
            files.append(self.folder / name)
            files[-1].write_text(text)
        done = subprocess.run(["systemd-analyze", "verify", "--man=no",
            *files], capture_output=True, text=True, check=False)
        told = [line for line in done.stderr.splitlines()
            if "afetch" in line or str(self.folder) in line]
        self.assertEqual((done.returncode, told), (0, []))
        version = int(subprocess.run(["systemd-analyze", "--version"],
            capture_output=True, text=True, check=True).stdout.split()[1])
        if version < 250:
            return  # it cannot look at files
        for file in files[0], files[2]:
            done = subprocess.run(["systemd-analyze", "security",
                "--offline=yes", "--threshold=20", file],
                capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout[-300:])

    def test_metrics(self):
        self.hosts.write_text("a.test\nreset.b.test\n")
        command, good = self.start("afetch.service")
        done = subprocess.run(command, capture_output=True, check=False)
        self.assertIn(done.returncode, good)
        metrics = (self.folder / "afetch.prom").read_text()
        self.assertIn('afetch_failure_info{target="reset.b.test",phase="wait",'
            'reason="RESET"} 1', metrics)
        self.assertEqual(self.unit("afetch.timer")["OnCalendar"], ["minutely"])

    def test_a_long_list(self):
        """Killed, stopped, and started again as often as systemd would."""
        names = [f"h{n}.test" for n in range(60)]
        (self.folder / "list.txt").write_text("\n".join(names) + "\n")
        command, good = self.start("afetch-list.service")
        self.assertIn("100", command)
        for number in signal.SIGKILL, signal.SIGTERM:
            run = subprocess.Popen(command)
            time.sleep(0.2)
            run.send_signal(number)
            code = run.wait(10 * SLOWER)
            if number == signal.SIGTERM:
                self.assertIn(code, good)
        self.assertIn(subprocess.run(command, check=False).returncode, good)
        file = self.folder / "run.jsonl"
        self.assertEqual(places(results(file)), sorted(
            (str(self.folder / "list.txt"), line, name)
            for line, name in enumerate(names, 1)))


class Kubernetes(Example):
    NAME = "afetch-cronjob.yaml"

    def script(self):
        text = self.text(self.NAME, **{"/lists": self.folder,
            "/records": self.folder}).partition("- |\n")[2]
        lines = []
        for line in text.splitlines():
            if not line.startswith(" " * 18):
                break
            lines.append(line)
        return textwrap.dedent("\n".join(lines))

    def pod(self):
        return subprocess.Popen(["sh", "-c", self.script()],
            env={**self.environment, "JOB": "afetch-1"},
            start_new_session=True)

    def test_evicted(self):
        names = [f"ttfb-20.h{n}.test" for n in range(40)] + ["reset.a.test"]
        self.hosts.write_text("\n".join(names) + "\n")
        self.instead(self.lab.options(), "-j", "4")
        for number in signal.SIGTERM, signal.SIGKILL:
            pod = self.pod()
            time.sleep(0.08)
            if number == signal.SIGTERM:  # to the shell; later to all
                pod.send_signal(number)
            else:
                os.killpg(pod.pid, number)
            self.assertNotEqual(pod.wait(10 * SLOWER), 0)
        self.assertEqual(self.pod().wait(20 * SLOWER), 0)
        self.assertEqual([place[2] for place in
            sorted(places(results(self.folder / "afetch-1.jsonl")))], names)

    def test_form(self):
        text = (EXAMPLES / self.NAME).read_text()
        self.assertIn("apiVersion: batch/v1\nkind: CronJob\n", text)
        mounts = re.findall(r"- \{name: (\w+), mountPath", text)
        self.assertEqual(mounts, ["lists", "records"])
        self.assertEqual(re.findall(r"(?m)^ {12}- name: (\w+)$", text)[1:],
            mounts)
        with contextlib.suppress(ImportError):
            import yaml
            self.assertEqual(yaml.safe_load(text)["spec"]["schedule"],
                "7 3 * * *")


if __name__ == "__main__":
    unittest.main()
