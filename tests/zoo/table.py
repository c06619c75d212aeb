"""What is known of the programs of one kind: KIND.tsv, a line for each
question.  The version is told, not compared."""

import dataclasses
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = ("program", "version", "asked", "answered", "said", "words")


@dataclasses.dataclass(frozen=True)
class Line:
    program: str
    version: str
    asked: str
    answered: str  # by the program, to a plain socket
    said: str  # by afetch: status or error code
    words: str  # its message, or what it said on stderr

    @property
    def key(self):
        return self.program, self.asked

    def differs(self, other, words=True):
        return ((self.answered, self.said) != (other.answered, other.said)
            or words and self.words != other.words)

    def __str__(self):
        return "\t".join(dataclasses.astuple(self))


def read(kind):
    """{program: [line]}, in the order of the file."""
    lines = {}
    path = HERE / f"{kind}.tsv"
    for text in path.read_text().splitlines()[1:] if path.exists() else ():
        line = Line(*text.split("\t"))
        lines.setdefault(line.program, []).append(line)
    return lines


def write(kind, lines):
    """lines is {program: [line]}."""
    with open(HERE / f"{kind}.tsv", "w", encoding="utf-8") as file:
        print(*COLUMNS, sep="\t", file=file)
        for program in lines.values():
            print(*program, sep="\n", file=file)


def changes(known, seen, words=True):
    """Pairs (known line or None, seen line or None) of one program that
    differ."""
    known = {line.key: line for line in known}
    seen = {line.key: line for line in seen}
    for key in dict.fromkeys([*known, *seen]):
        before, now = known.get(key), seen.get(key)
        if before is None or now is None or before.differs(now, words):
            yield before, now
