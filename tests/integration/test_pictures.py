"""The pictures of the README: they are there, small, and none is left over."""

import re
import unittest

from harness import ROOT

fast = True

SIZE_MAX = 150 * 1000  # bytes, as scripts/pictures has it


class Pictures(unittest.TestCase):
    def test_of_the_readme(self):
        found = re.findall(r"^!\[[^]]{10,}\]\((docs/pictures/\w+\.png)\)$",
            (ROOT / "README.md").read_text(), re.M)
        there = [str(path.relative_to(ROOT))
            for path in (ROOT / "docs/pictures").iterdir()]
        self.assertCountEqual(found, there)
        for name in there:
            data = (ROOT / name).read_bytes()
            self.assertTrue(data.startswith(b"\x89PNG\r\n\x1a\n"), name)
            self.assertLess(len(data), SIZE_MAX, name)


if __name__ == "__main__":
    unittest.main()
