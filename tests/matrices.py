#!/usr/bin/env python3
"""What the sandbox and the library were held against, with counts: the tables that tests printed.

matrices.py FOLDER    of the run with everything (release.xml, JUnit as ctest writes it)
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

# The output of these tests is a table from its first line to its last, or holds tables that begin with "<title>: <n> cases".
WHOLE = ("sandbox_witness",)
TABLES = re.compile(r"^[^\n]*: \d+ cases\n(?:  .*\n)+", re.MULTILINE)


def folded(table: str) -> str:
    """Cases with the same end in one line."""
    title, head, *rows = table.rstrip("\n").split("\n")
    starts = [match.start() for match in re.finditer(r"(?<=\s)(?=\S)", head)]
    ends: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        cells = [row[a:b].strip() for a, b in zip(starts, [*starts[1:], None])]
        ends.setdefault(tuple(cells[1:]), []).append(cells[0])
    names = head.split()[1:]
    lines = [
        f"  {len(cases):4}  "
        + ", ".join(f"{name} {cell}" for name, cell in zip(names, end) if cell)
        + ": "
        + ", ".join(cases)
        for end, cases in ends.items()
    ]
    return "\n".join([title, *lines]) + "\n"


def main(folder: str) -> int:
    path = Path(folder) / "release.xml"
    if not path.exists():
        return 0
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name, output = case.get("name") or "", case.findtext("system-out") or ""
        if name in WHOLE:
            print(f"{name}\n{output.strip()}\n")
        elif name.startswith("fault_"):
            for table in TABLES.findall(output):
                print(f"{name}: {folded(table)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
