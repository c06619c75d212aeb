"""Schedulers that run a list in shards: the script of the manual page as an
array, whose tasks share the targets among them; and a task that was killed and
begins again, which goes on with its records (--resume)."""

import json
import re
import socket
import subprocess
import time

from zoo import cage

TASKS = 8
NAMES = [f"ttfb-30.h{n}.test" for n in range(200)]
ADDRESS = "10.9.9.1"  # getaddrinfo finds none where there is only 127.0.0.1
CONF = """
ClusterName=zoo
SlurmctldHost=@HOST@(@ADDRESS@)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=/run/zoo/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=/run/zoo/state
SlurmdSpoolDir=/run/zoo/spool
SlurmctldPidFile=/run/zoo/slurmctld.pid
SlurmdPidFile=/run/zoo/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
SlurmdParameters=config_overrides
NodeName=@HOST@ NodeAddr=@ADDRESS@ CPUs=8 State=UNKNOWN
PartitionName=zoo Nodes=ALL Default=YES State=UP MaxTime=10
"""
RUN = """
mkdir state spool
dd if=/dev/urandom of=munge.key bs=64 count=1 2>/dev/null
chmod 400 munge.key
chmod 755 .
munged --force --key-file=$PWD/munge.key --socket=$PWD/munge.socket \
    --pid-file=$PWD/munge.pid --log-file=$PWD/munge.log \
    --seed-file=$PWD/munge.seed
export SLURM_CONF=$PWD/slurm.conf
slurmd -c
exec slurmctld -D -i
"""

PROGRAMS = [
    cage.Program("Slurm", "slurmctld slurmd slurm-client munge", RUN,
        port=6817),
]


def furnish():
    """The machine keeps its name; it gets an address."""
    host = socket.gethostname().partition(".")[0]
    subprocess.run(["ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"],
        check=True)
    with (cage.DIRECTORY / "etc-hosts").open("a") as hosts:
        hosts.write(f"{ADDRESS} {host}\n")
    (cage.DIRECTORY / "slurm.conf").write_text(CONF.replace("@HOST@", host)
        .replace("@ADDRESS@", ADDRESS))
    (cage.DIRECTORY / "hosts.txt").write_text("\n".join(NAMES) + "\n")


def slurm(*words):
    done = subprocess.run(words, cwd=cage.DIRECTORY, capture_output=True,
        text=True, timeout=100, check=False,
        env={**cage.ENVIRONMENT, "SLURM_CONF": "/run/zoo/slurm.conf"})
    return done.returncode, done.stdout.strip()


def is_up():
    return slurm("sinfo", "-h", "-o", "%T")[1] == "idle"


def recipe(says):
    """The manual page's script, with the lab's options."""
    page = (cage.ROOT / "man/afetch.1").read_text()
    script = re.search(r"(?m)^#!/bin/sh\n#SBATCH.*\n(?:.*\n)*?(?=\.Ed)", page)
    text = script[0].replace("\\e", "\\").replace("exec afetch",
        f"exec {cage.AFETCH} --dns-servers {says['dns']} "
        f"--connect-to :80::{says['http']} -j 1")
    return text


def submit(script):
    """0, 1 ...: the highest exit code of a task."""
    (cage.DIRECTORY / "job.sh").write_text(script)
    return slurm("sbatch", "--wait", "--parsable", "job.sh")[0]


def records():
    """Of the whole lines of all files, and of which files: (index, file)."""
    return sorted((record["index"], file.name)
        for file in cage.DIRECTORY.glob("run.*.jsonl")
        for line in file.read_bytes().splitlines()
        if (record := json.loads(line))["type"] == "result")


def whole():
    found = records()
    each = [index for index, _ in found] == list(range(len(NAMES)))
    files = len({file for _, file in found})
    return f"{'each once' if each else len(found)}, {files} files"


def kill_one():
    """Kills a task that has begun to write, and lets Slurm begin it again."""
    file = cage.DIRECTORY / "run.3.jsonl"
    end = time.monotonic() + 30
    while not (file.exists() and file.stat().st_size > 2000):
        if time.monotonic() > end:
            raise cage.NotStarted("no task of the array has begun")
        time.sleep(0.02)
    task = slurm("squeue", "-h", "-r", "-o", "%A %K")[1]
    number, = (line.split()[0] for line in task.splitlines()
        if line.endswith(" 3"))
    return slurm("scontrol", "requeue", number)[0]


def visit(program):
    furnish()
    with subprocess.Popen([cage.LAB, "--until-eof"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True) as lab:
        says = dict(word.split("=") for word in lab.stdout.readline().split())
        cage.start(program, is_up)
        script = recipe(says)
        yield "array", f"exit {submit(script)}", whole(), ""
        for file in cage.DIRECTORY.glob("run.*.jsonl"):
            file.unlink()
        script = script.rstrip() + " \\\n" \
            "    --resume run.$SLURM_ARRAY_TASK_ID.jsonl\n"
        (cage.DIRECTORY / "job.sh").write_text(script)
        with subprocess.Popen(["sbatch", "--wait", "--requeue", "job.sh"],
                cwd=cage.DIRECTORY, stdout=subprocess.DEVNULL,
                env={**cage.ENVIRONMENT,
                    "SLURM_CONF": "/run/zoo/slurm.conf"}) as job:
            requeued = kill_one()
            code = job.wait(150)
        yield "requeued", f"exit {requeued}, {code}", whole(), ""
        lab.stdin.close()
