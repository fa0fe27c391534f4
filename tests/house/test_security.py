#!/usr/bin/env python3
"""docs/security.md has one row for each threat and docs/faults.md one for each fault; every test that a
row names is there, is run, and names what it holds."""

from __future__ import annotations

import json
import re
import unittest
from pathlib import Path

from vendor_coverage import has_test

ROOT = Path(__file__).resolve().parents[2]
THREATS = [f"{letter}{number}" for letter, last in (("A", 13), ("B", 16), ("C", 8), ("D", 7), ("E", 5), ("F", 5))
           for number in range(1, last + 1)]  # fmt: skip
FAULTS = [f"F{number:02}" for number in range(1, 72)]
ROW = re.compile(r"^\| ([A-F]\d+) \|([^|]*)\|([^|]*)\|(.*)\|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.(?:c|py)):(\w+)`")


def body(path: Path, name: str) -> str:
    """The test's own text, and the tables above it: from the end of the function before."""
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"^(static void|    def) {name}\(.*?(?=^\}}|^    def |\Z)", text, re.MULTILINE | re.DOTALL)
    if not found:
        return ""
    return text[max(text.rfind("\n}\n", 0, found.start()), 0) : found.end()]


def is_named(what: str, path: Path, name: str) -> bool:
    """A threat stands in the name of its test; a fault there, or in the table that the test plays."""
    pattern = re.compile(rf"(?i)(?<![a-z0-9]){what}(?![0-9a-z])")
    if pattern.search(name.replace("_", " ")):
        return True
    return what in FAULTS and pattern.search(body(path, name)) is not None


def problems(text: str, wanted: list[str], root: Path = ROOT) -> list[str]:
    found: dict[str, int] = {}
    wrong = []
    for what, _, _, held in ROW.findall(text):
        found[what] = found.get(what, 0) + 1
        tests = TEST.findall(held)
        excused = re.search(r"\bno test: \w+", held) is not None
        if not tests and not excused:
            wrong.append(f"{what}: names no test, nor says `no test:` and why")
        for path, name in tests:
            if not has_test(root / "tests" / path, name):
                wrong.append(f"{what}: tests/{path} has no test {name}")
        if tests and not excused and not any(is_named(what, root / "tests" / path, name) for path, name in tests
                                             if has_test(root / "tests" / path, name)):  # fmt: skip
            wrong.append(f"{what}: none of its tests names it")
    wrong += [f"{what} has {found.get(what, 0)} rows" for what in wanted if found.get(what) != 1]
    wrong += [f"{what} is unknown" for what in found if what not in wanted]
    return wrong


class Security(unittest.TestCase):
    def setUp(self) -> None:
        self.threats = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
        self.faults = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")

    def test_every_threat_has_its_tests(self) -> None:
        self.assertEqual(problems(self.threats, THREATS), [])

    def test_every_fault_has_its_tests(self) -> None:
        self.assertEqual(problems(self.faults, FAULTS), [])

    def test_the_packages_have_the_tests_that_are_named(self) -> None:
        named = re.findall(r"`((?:python|node|go)/[^`#]+)#([^`]+)`", self.threats)
        self.assertGreaterEqual(len({path.split("/")[0] for path, _ in named}), 3)
        for path, name in named:
            with self.subTest(path=path, name=name):
                self.assertIn(name, (ROOT / path).read_text(encoding="utf-8"))

    def test_every_function_is_misused(self) -> None:
        """D7 speaks of every function of ine.h."""
        manifest = json.loads((ROOT / "abi" / "ine.abi.json").read_text(encoding="utf-8"))
        text = (ROOT / "tests" / "unit" / "test_net_misuse.c").read_text(encoding="utf-8")
        missing = [entry["name"] for entry in manifest["functions"] if f"{entry['name']}(" not in text]
        self.assertEqual(missing, [])

    def test_what_is_missing_is_seen(self) -> None:
        row = next(line for line in self.threats.splitlines() if line.startswith("| A1 |"))
        cells = row.split("|")
        self.assertEqual(problems(self.threats.replace(row + "\n", ""), THREATS), ["A1 has 0 rows"])
        self.assertEqual(problems(self.threats.replace(row, row + "\n" + row), THREATS), ["A1 has 2 rows"])
        self.assertEqual(problems(self.threats.replace("| A1 |", "| A99 |"), THREATS),
                         ["A99: none of its tests names it", "A1 has 0 rows", "A99 is unknown"])  # fmt: skip
        good = "`unit/test_crypto_threats.c:A1_bytes_are_compared_without_a_branch`"
        for held, words in (
            (" by hand ", "names no test"),
            (f" {good} `unit/test_absent.c:name` ", "has no test name"),
            (f" {good} `unit/test_crypto_threats.c:wiped` ", "has no test wiped"),
            (" `unit/test_crypto_credentials.c:a12_rotation` ", "none of its tests names it"),
        ):
            other = "|".join([*cells[:4], held, ""])
            found = problems(self.threats.replace(row, other), THREATS)
            self.assertEqual(len(found), 1, found)
            self.assertIn(words, found[0])


if __name__ == "__main__":
    unittest.main()
