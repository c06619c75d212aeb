"""The cases of tests/fields/cases; its head tells the form."""

import codecs
import pathlib
import re
import time

FILE = pathlib.Path(__file__).resolve().parent.parent / "fields" / "cases"
DATES = {"": "%a, %d %b %Y %H:%M:%S GMT", "850 ": "%A, %d-%b-%y %H:%M:%S GMT",
    "asctime ": "%a %b %e %H:%M:%S %Y"}


class Case:
    def __init__(self, number, columns):
        self.number = number
        self.fact, self.want, self.text, *rest = columns
        self.status = 200
        self.differs = self.why = None
        self.is_made_up = False
        if self.text.startswith(":status "):
            first, _, self.text = self.text.partition(r"\n")
            self.status = int(first.split()[1])
        if rest:
            found = re.fullmatch(r"chromium: (.*) \((.*)\)", rest[0])
            self.differs, self.why = found[1], found[2]

    def lines(self):
        """The header lines as they go over the wire, dates and all."""
        def date(found):
            when = time.gmtime(time.time() + int(found[2] or 0))
            return time.strftime(DATES[found[1]], when)
        text = re.sub(r"\{(850 |asctime |)now([+-]\d+)?\}", date, self.text)
        lines = codecs.escape_decode(text.encode())[0]
        return lines.replace(b"\n", b"\r\n")

    def path(self):
        return f"/case/{self.number}"


def read():
    lines = FILE.read_text().splitlines()
    return [Case(number, line.split("\t"))
        for number, line in enumerate(lines, 1)
        if line and not line.startswith("#")]
