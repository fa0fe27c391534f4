#!/usr/bin/env python3
"""docs/security.md has one row for each threat, and every test that a row names is there."""

from __future__ import annotations

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
THREATS = [f"{letter}{number}" for letter, last in (("A", 13), ("B", 16), ("C", 8), ("D", 7), ("F", 5))
           for number in range(1, last + 1)]  # fmt: skip
ROW = re.compile(r"^\| (A|B|C|D|F)(\d+) \|([^|]*)\|([^|]*)\|(.*)\|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.(?:c|py)):(\w+)`")


def problems(text: str, root: Path) -> list[str]:
    found: dict[str, int] = {}
    wrong = []
    for letter, number, _, _, held in ROW.findall(text):
        threat = letter + number
        found[threat] = found.get(threat, 0) + 1
        tests = TEST.findall(held)
        if not tests and not re.search(r"\b(later|no test):", held):
            wrong.append(f"{threat}: names no test, nor says `later:` or `no test:` and why")
        for path, name in tests:
            file = root / "tests" / path
            if not file.exists():
                wrong.append(f"{threat}: tests/{path} is not there")
            elif not re.search(rf"\b{name}\b", file.read_text(encoding="utf-8")):
                wrong.append(f"{threat}: tests/{path} has no {name}")
    wrong += [f"{threat} has {found.get(threat, 0)} rows" for threat in THREATS if found.get(threat) != 1]
    return wrong


class Security(unittest.TestCase):
    def setUp(self) -> None:
        self.text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")

    def test_every_threat_has_its_tests(self) -> None:
        self.assertEqual(problems(self.text, ROOT), [])

    def test_what_is_missing_is_seen(self) -> None:
        row = next(line for line in self.text.splitlines() if line.startswith("| A1 |"))
        cells = row.split("|")
        self.assertEqual(problems(self.text.replace(row + "\n", ""), ROOT), ["A1 has 0 rows"])
        self.assertEqual(problems(self.text.replace(row, row + "\n" + row), ROOT), ["A1 has 2 rows"])
        for held, words in (
            (" by hand ", "names no test"),
            (" `unit/test_absent.c:name` ", "is not there"),
            (" `support.h:name` `summary.py:no_such_test` ", "has no no_such_test"),
        ):
            other = "|".join([*cells[:4], held, ""])
            found = problems(self.text.replace(row, other), ROOT)
            self.assertEqual(len(found), 1, found)
            self.assertIn(words, found[0])


if __name__ == "__main__":
    unittest.main()
