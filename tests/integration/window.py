"""A program in a terminal of a size that can change, and what is to be seen
there: a screen that knows what afetch may write, and fails at all else."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

from harness import AFETCH, SLOWER, flat

SEQUENCE = re.compile(rb"\x1b\[([0-9;?]*)([A-Za-z])")


class Screen:
    """Lines as a terminal of so many columns has them; lines wrap, and those
    that leave it at the top are kept."""

    def __init__(self, columns):
        self.columns = columns
        self.lines = [""]
        self.row = self.column = 0
        self.wrapped = 0

    def put(self, char):
        if self.column >= self.columns:
            self.wrapped += 1
            self.line_feed()
            self.column = 0
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = (
            line[:self.column] + char + line[self.column + 1:])
        self.column += 1

    def line_feed(self):
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")

    def feed(self, data):
        """Whole sequences; any that is none of afetch's is an error."""
        at = 0
        while at < len(data):
            if data[at] == 0x1b:
                match = SEQUENCE.match(data, at)
                if not match:
                    raise AssertionError(f"{data[at:at + 40]!r}")
                if match[2] == b"K" and match[1] == b"":
                    self.lines[self.row] = self.lines[self.row][:self.column]
                elif match[2] != b"m" or len(match[1]) > 2:
                    raise AssertionError(f"{match[0]!r}")
                at = match.end()
            elif data[at] == 0x0d:
                self.column = 0
                at += 1
            elif data[at] == 0x0a:
                self.line_feed()
                at += 1
            elif data[at] < 0x20 or data[at] == 0x7f:
                raise AssertionError(f"control {data[at]:#x}")
            else:
                size = 1 + sum(data[at] >= least for least in (0xc0, 0xe0, 0xf0))
                self.put(data[at:at + size].decode())
                at += size

    @property
    def text(self):
        return "\n".join(line.rstrip() for line in self.lines)


class Window:
    """afetch with all three of its ends in the window, unless given."""

    def __init__(self, *args, columns=80, env=None, **popen):
        self.ours, theirs = pty.openpty()
        self.resize(columns, theirs)
        ends = {"stdin": subprocess.DEVNULL, "stdout": theirs, "stderr": theirs}
        environment = {k: v for k, v in os.environ.items()
            if k not in ("NO_COLOR", "COLUMNS")}
        self.process = subprocess.Popen([AFETCH, *flat(args)],
            **{**ends, **popen},
            env={**environment, "TERM": "xterm", **(env or {})})
        os.close(theirs)
        self.data = b""
        self.looks = []  # (when, length of the data)

    def resize(self, columns, fd=None):
        self.columns = columns
        fcntl.ioctl(self.ours if fd is None else fd, termios.TIOCSWINSZ,
            struct.pack("HHHH", 24, columns, 0, 0))

    def step(self, seconds=0.02):
        """False at the end."""
        if not select.select([self.ours], [], [], seconds)[0]:
            return True
        try:
            part = os.read(self.ours, 65536)
        except OSError:
            return False
        self.data += part
        self.looks.append((time.monotonic(), len(self.data)))
        return bool(part)

    def until(self, condition, limit=10):
        end = time.monotonic() + limit * SLOWER
        while not condition(self):
            if time.monotonic() > end or not self.step():
                self.stop()
                raise AssertionError(f"not seen: {self.data[-500:]!r}")
        return self

    def stop(self):
        self.process.kill()
        self.process.wait()
        os.close(self.ours)

    def finish(self, limit=30):
        """To its end; the exit code."""
        end = time.monotonic() + limit * SLOWER
        while self.step():
            if time.monotonic() > end:
                self.stop()
                raise AssertionError(f"still running: {self.data[-500:]!r}")
        code = self.process.wait(limit)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
        os.close(self.ours)
        return code

    def screen(self):
        """What is to be seen, in a window of the last width."""
        screen = Screen(self.columns)
        screen.feed(self.data)
        return screen


def run_in_window(*args, limit=30, **how):
    """(exit code, the window)"""
    window = Window(*args, **how)
    return window.finish(limit), window
