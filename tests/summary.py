#!/usr/bin/env python3
"""Adds up what tests/run.sh did: the runs of ctest (*.xml, JUnit) and its own steps (steps.tsv).

summary.py FOLDER    names what failed and what was skipped; the last line is
                     "N passed, N failed, N skipped"; exit 1 when something failed or nothing ran
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path


def results(folder: Path) -> Iterator[tuple[str, str]]:
    """(name, "passed" | "failed" | "skipped") of each test and step."""
    for path in sorted(folder.glob("*.xml")):
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            status = case.get("status", "")
            known = {"run": "passed", "fail": "failed", "notrun": "skipped", "disabled": "skipped"}
            yield f"{path.stem}/{case.get('name')}", known.get(status, "failed")
    steps = folder / "steps.tsv"
    if steps.exists():
        for line in steps.read_text(encoding="utf-8").splitlines():
            name, _, result = line.partition("\t")
            yield name, result if result == "passed" else "failed"


def main(arguments: list[str]) -> int:
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for name, result in results(Path(arguments[0])):
        counts[result] += 1
        if result != "passed":
            print(f"{result}: {name}")
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
