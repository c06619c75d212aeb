"""The small ones of the zoo: what they answer and what afetch says of it is
what the tables in tests/zoo have.  scripts/zoo visits all."""

import pathlib
import re
import sys
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

# pylint: disable=wrong-import-position
from zoo import programs, table


class Zoo(unittest.TestCase):
    """Messages are left to scripts/zoo and the tests of what makes them."""

    maxDiff = None

    def visit(self, kind, program):
        if why := programs.why_not():
            self.skipTest(why)
        seen = programs.visit(kind, program)
        if seen is None:
            self.skipTest(f"not installed: one of {program.packages}")
        lines, log = seen
        changed = [f"{sign} {line}" for pair in table.changes(
                table.read(kind)[program.name], lines, words=False)
            for sign, line in zip("-+", pair) if line]
        if changed:
            self.fail("\n".join(["answers are others than known:", *changed,
                log]))


def case(kind, program):
    def test(self):
        self.visit(kind, program)
    test.__doc__ = f"{program.name} ({kind})"
    return test


for _kind in programs.KINDS:
    for _program in programs.of(_kind):
        if _program.quick:
            _name = re.sub(r"\W+", "_", _program.name.lower()).strip("_")
            setattr(Zoo, f"test_{_kind}_{_name}", case(_kind, _program))


if __name__ == "__main__":
    unittest.main()
