"""What a run of scripts/bench says: text now, JSON at the end."""

import json
import os
import pathlib
import platform
import re
import subprocess

from world import BUILD

RESULTS = {"verdicts": []}


def cell(value):
    if value is None:
        return "-"
    return value if isinstance(value, str) else f"{value:.2f}"


def table(title, head, rows):
    print(f"\n{title}")
    text = [[cell(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *text)]
    for row in [head, *text]:
        print("  " + "  ".join(
            c.ljust(w) if i == 0 else c.rjust(w)
            for i, (c, w) in enumerate(zip(row, widths))).rstrip(), flush=True)


def note(text):
    print(f"  {text}", flush=True)


def verdict(what, value, *, most=None, least=None):
    """A figure beside its bound; None: not measured."""
    if value is None:
        holds, word = None, "NOT MEASURED"
    else:
        holds = value <= most if least is None else value >= least
        word = "holds" if holds else "DOES NOT HOLD"
    bound = f"at most {most:g}" if least is None else f"at least {least:g}"
    note(f"{what}: {cell(value)} ({bound}): {word}")
    RESULTS["verdicts"].append({"what": what, "value": value, "most": most,
                                "least": least, "holds": holds})


def mib(size):
    return None if size is None else size / 1048576


def machine():
    """In words: no name of a host."""
    model = re.search(r"^model name\s*: (.*)",
                      pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    version = subprocess.run([BUILD / "afetch", "--version"], check=True,
                             capture_output=True, text=True).stdout
    return {"processor": model[1] if model else platform.machine(),
            "processors": os.cpu_count(), "kernel": platform.release(),
            "afetch": version.split("\n")[0],
            "load": os.getloadavg()[0]}


def show_machine():
    RESULTS["machine"] = machine()
    words = RESULTS["machine"]
    print(f"{words['processor']}, {words['processors']} processors, "
          f"Linux {words['kernel']}, load {words['load']:.1f}, "
          f"{words['afetch']}", flush=True)


def write_json(path):
    pathlib.Path(path).write_text(json.dumps(RESULTS, indent=1) + "\n")
