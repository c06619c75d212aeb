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
    """Lines as a terminal of so many columns has them, which wraps them, and
    wraps them anew when it is resized; so they are kept unwrapped, and the
    cursor is a column of such a line.  Those that leave it at the top are
    kept, too."""

    def __init__(self, columns):
        self.columns = columns
        self.lines = [""]
        self.row = self.column = 0

    def put(self, char):
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = (
            line[:self.column] + char + line[self.column + 1:])
        self.column += 1

    def line_feed(self):
        self.row += 1
        self.column %= self.columns
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
                if match[0] == b"\x1b[J":
                    self.lines[self.row] = self.lines[self.row][:self.column]
                    del self.lines[self.row + 1:]
                elif match[2] != b"m" or len(match[1]) > 2:
                    raise AssertionError(f"{match[0]!r}")
                at = match.end()
            elif data[at] == 0x0d:
                self.column = (max(self.column - 1, 0)
                    // self.columns * self.columns)
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

    def __init__(self, *args, columns=80, env=None, stdin=subprocess.DEVNULL,
            **popen):
        self.ours, theirs = pty.openpty()
        self.resize(columns, theirs)
        ends = {"stdin": stdin, "stdout": theirs, "stderr": theirs}
        environment = {k: v for k, v in os.environ.items()
            if k not in ("NO_COLOR", "COLUMNS")}
        self.process = subprocess.Popen([AFETCH, *flat(args)],
            **{**ends, **popen},
            env={**environment, "TERM": "xterm", **(env or {})})
        os.close(theirs)
        self.data = b""
        self.sizes = [(0, columns)]  # of the window from that byte on

    def resize(self, columns, fd=None):
        if fd is None:
            self.sizes.append((len(self.data), columns))
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

    def screen(self, to=None):
        """What is to be seen, by the end or by that byte."""
        to = len(self.data) if to is None else to
        screen = Screen(self.sizes[0][1])
        ends = [at for at, _ in self.sizes[1:]] + [to]
        for (at, columns), end in zip(self.sizes, ends):
            screen.columns = columns
            screen.feed(self.data[at:min(end, to)])
        return screen


def run_in_window(*args, limit=30, **how):
    """(exit code, the window)"""
    window = Window(*args, **how)
    return window.finish(limit), window
