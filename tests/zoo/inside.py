"""The first process of a cage: visits one program.

    unshare ... python3 -B -m zoo.inside KIND NAME    writes them as JSON
"""

import importlib
import json
import os
import signal
import sys

from zoo import cage


def visit(room, program):
    """[(asked, answered, said, words)]"""
    try:
        return list(room.visit(program))
    except cage.NotStarted as why:
        log = cage.DIRECTORY / "log"
        if log.exists():
            sys.stderr.write(log.read_text(errors="replace"))
        return [("start", str(why), "", "")]


def main(kind, name):
    os.environ.clear()
    os.environ.update(cage.ENVIRONMENT)
    room = importlib.import_module(f"zoo.{kind}")
    program, = (p for p in room.PROGRAMS if p.name == name)
    cage.furnish()
    program.write_files()
    json.dump(visit(room, program), sys.stdout)
    sys.stdout.flush()
    # The others in here end with this process.
    os.kill(os.getpid(), signal.SIGKILL)


main(*sys.argv[1:])
