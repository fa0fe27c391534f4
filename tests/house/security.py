#!/usr/bin/env python3
"""The last column of docs/security.md: the tests that carry a threat's id in their name.

    security.py write    fills the column in
    security.py check    fails when it names a test that is gone, or when a threat has neither a test nor "no test: why"

A test carries an id as a part of its function's name: a2_hostile_signatures, test_b11_caps, A11_F65_which_counts.
Threats are A1 to A13, B1 to B16, C1 to C8, D1 to D7 and F1 to F5. Faults have two digits (F04, F65), and so have the
vendor's contradictions in tests/sandbox (c2_casing): neither is a threat.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAST = {"A": 13, "B": 16, "C": 8, "D": 7, "F": 5}
THREATS = [f"{letter}{number}" for letter, last in LAST.items() for number in range(1, last + 1)]
FUNCTION = re.compile(r"^(?:static void|    def) (\w+)\((?:void \*\*state|self)", re.MULTILINE)
ROW = re.compile(r"^\| ([A-F]\d+) \|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|$", re.MULTILINE)
WHY = re.compile(r"no test: \S.*")
SHOWN = 4


def is_contradiction(path: str, threat: str) -> bool:
    """C-1 to C-31 of the vendor's pages, in the tests of what is said about them."""
    return threat[0] == "C" and not re.search(r"test_(json|crypto|schema|identity_walk|base)|fault", path)


def tests(root: Path) -> dict[str, list[str]]:
    """Threat -> its tests, as "unit/test_x.c:name"."""
    found: dict[str, list[str]] = {threat: [] for threat in THREATS}
    paths = [*root.glob("tests/*/test_*.c"), *root.glob("tests/*/test_*.py")]
    for path in sorted(path for path in paths if path.parent.name not in ("house", "abi")):
        name = path.relative_to(root / "tests").as_posix()
        for function in FUNCTION.findall(path.read_text(encoding="utf-8")):
            for part in re.findall(r"(?:^|_)([a-fA-F][0-9]{1,2})(?=_|$)", function):
                threat = part.upper()
                if threat in found and not is_contradiction(name, threat):
                    found[threat].append(f"{name}:{function}")
    return found


def column(held: str, names: list[str]) -> str:
    """The cell: tests by name, then what a person wrote as "no test: why"."""
    shown = ", ".join(f"`{name}`" for name in names[:SHOWN])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    why = WHY.search(held)
    return f" {'; '.join(part for part in (shown + more, why.group().strip() if why else '') if part)} "


def written(text: str, found: dict[str, list[str]]) -> str:
    return ROW.sub(
        lambda row: f"| {row[1]} |{row[2]}|{row[3]}|{column(row[4], found[row[1]])}|" if row[1] in found else row[0],
        text,
    )


def problems(text: str, found: dict[str, list[str]]) -> list[str]:
    rows = ROW.findall(text)
    wrong = []
    for threat in THREATS:
        held = [row[3] for row in rows if row[0] == threat]
        if len(held) != 1:
            wrong.append(f"{threat} has {len(held)} rows")
        elif not found[threat] and not WHY.search(held[0]):
            wrong.append(f"{threat}: no test carries its id, and the row does not say `no test: why`")
        else:
            gone = set(re.findall(r"`([^`]+:\w+)`", held[0])) - set(found[threat])
            wrong += [f"{threat}: {name} is gone; run: tests/house/security.py write" for name in sorted(gone)]
    return wrong


def main(arguments: list[str]) -> int:
    page = ROOT / "docs" / "security.md"
    text, found = page.read_text(encoding="utf-8"), tests(ROOT)
    if arguments == ["write"]:
        page.write_text(written(text, found), encoding="utf-8")
        return 0
    wrong = problems(text, found)
    print("\n".join(wrong) or "every threat has its row and its tests")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
