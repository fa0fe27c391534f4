#!/usr/bin/env python3
"""Adds up what tests/run.sh did: the runs of ctest and of each language's own runner (*.xml, JUnit) and its own
steps (steps.tsv).

    summary.py FOLDER    names what failed and what was skipped; the last line is
                         "N passed, N failed, N skipped"; exit 1 when something failed or nothing ran

A test that ctest did not run has failed unless it said "skip" itself: its program could not be built, say.
A program of cmocka or unittest counts as the tests inside it, any other as one. ctest's word on whether a program
failed is the last one: what it calls failed counts as one failure at least. Other runners (pytest, node:test, go test)
write a case for each test, without ctest's status.
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
CMOCKA = re.compile(r"^\[ +(OK|FAILED|SKIPPED) +\] (\w+)\s*$", re.MULTILINE)
CMOCKA_WORDS = {"OK": PASSED, "FAILED": FAILED, "SKIPPED": SKIPPED}
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n+(?:OK|FAILED)(?: \((.*)\))?\s*$", re.MULTILINE)


def inside(name: str, output: str) -> list[tuple[str, str]]:
    """The tests that a program's output tells of; empty when it tells of none."""
    found = CMOCKA.findall(output)
    if found:
        # Failures are listed once more at the end.
        results = dict.fromkeys((test, word) for word, test in found)
        return [(f"{name}: {test}", CMOCKA_WORDS[word]) for test, word in results]
    told = UNITTEST.search(output)
    if not told:
        return []
    bad = {word: int(count) for word, count in re.findall(r"(\w+)=(\d+)", told.group(2) or "")}
    skipped = bad.get("skipped", 0)
    failed = min(bad.get("failures", 0) + bad.get("errors", 0), int(told.group(1)) - skipped)
    return (
        [(name, FAILED)] * failed
        + [(name, SKIPPED)] * skipped
        + [(name, PASSED)] * (int(told.group(1)) - failed - skipped)
    )


def program(name: str, status: str, output: str, message: str) -> list[tuple[str, str]]:
    if status == "notrun" and message.startswith("SKIP_"):
        return [(name, SKIPPED)]
    tests = inside(name, output)
    if status == "run":
        return [test for test in tests if test[1] != FAILED] or [(name, PASSED)]
    return tests if any(result == FAILED for _, result in tests) else [*tests, (name, FAILED)]


def case_of_a_language(name: str, case: ElementTree.Element) -> tuple[str, str]:
    """A case as pytest, node:test and go/run_tests.sh write it."""
    if case.find("failure") is not None or case.find("error") is not None:
        return name, FAILED
    return name, PASSED if case.find("skipped") is None else SKIPPED


def results(folder: Path) -> Iterator[tuple[str, str]]:
    """(name, result) of each test and step."""
    for path in sorted(folder.glob("*.xml")):
        try:
            cases = list(ElementTree.parse(path).getroot().iter("testcase"))
        except ElementTree.ParseError:
            yield path.stem, FAILED  # its runner did not end well
            continue
        for case in cases:
            name = f"{path.stem}/{case.get('name')}"
            if case.get("status") is None:
                yield case_of_a_language(name, case)
                continue
            output = case.findtext("system-out") or ""
            skipped = case.find("skipped")
            message = "" if skipped is None else skipped.get("message", "")
            yield from program(name, case.get("status", ""), output, message)
    steps = folder / "steps.tsv"
    if steps.exists():
        for line in steps.read_text(encoding="utf-8").splitlines():
            name, _, result = line.partition("\t")
            yield name, PASSED if result == PASSED else FAILED


def main(arguments: list[str]) -> int:
    counts = Counter({PASSED: 0, FAILED: 0, SKIPPED: 0})
    seen = Counter(results(Path(arguments[0])))
    for (name, result), times in seen.items():
        counts[result] += times
        if result != PASSED:
            print(f"{result}: {name}" + (f" ({times} times)" if times > 1 else ""))
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 0 if counts[PASSED] and not counts[FAILED] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
