#!/usr/bin/env python3
"""Results as JUnit XML: what `go test -json` wrote, and the steps of run_tests.sh.

    go/junit.py OUT.xml FOLDER    reads FOLDER/*.json (go test -json) and FOLDER/steps.tsv (name, passed or failed, log)

A package that could not be built or ended early counts as a failed case of its own. Exit 1 when anything failed.
"""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

# What XML can not hold.
ODD = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")


class Case:
    def __init__(self, run: str, package: str, name: str) -> None:
        self.run, self.package, self.name = run, package, name
        self.result, self.seconds = "", 0.0
        self.output: list[str] = []


def cases_of(path: Path) -> list[Case]:
    cases: dict[tuple[str, str], Case] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            event = {"Action": "output", "Output": line + "\n"}
        package = event.get("Package") or event.get("ImportPath") or ""
        key = (package, event.get("Test", ""))
        case = cases.setdefault(key, Case(path.stem, *key))
        action = event["Action"]
        if action in ("output", "build-output"):
            case.output.append(event.get("Output", ""))
        elif action in ("pass", "fail", "skip", "build-fail"):
            case.result = "fail" if action == "build-fail" else action
            case.seconds = float(event.get("Elapsed", 0))
    tests = [case for case in cases.values() if case.name]
    # A package's own failure is told apart from that of a test in it.
    failed = {case.package for case in tests if case.result == "fail"}
    broken = [c for c in cases.values() if not c.name and c.result == "fail" and c.package not in failed]
    for case in tests:
        case.result = case.result or "fail"
    return tests + broken


def steps_of(path: Path) -> list[Case]:
    out = []
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, result, log = line.split("\t")
            case = Case("steps", "run_tests.sh", name)
            case.result = "pass" if result == "passed" else "fail"
            if case.result == "fail" and Path(log).exists():
                case.output = [Path(log).read_text(encoding="utf-8", errors="replace")]
            out.append(case)
    return out


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[1])
    cases = steps_of(folder / "steps.tsv")
    for path in sorted(folder.glob("*.json")):
        cases += cases_of(path)
    suite = ElementTree.Element("testsuite", name="go", tests=str(len(cases)))
    counts = dict.fromkeys(("pass", "fail", "skip"), 0)
    for case in cases:
        counts[case.result] += 1
        name = f"{case.run}: {case.name or 'the package'}"
        one = ElementTree.SubElement(suite, "testcase", classname=case.package, name=name, time=f"{case.seconds:.3f}")
        if case.result != "pass":
            mark = ElementTree.SubElement(one, "failure" if case.result == "fail" else "skipped")
            mark.text = ODD.sub("?", "".join(case.output)[-20000:])
    suite.set("failures", str(counts["fail"]))
    suite.set("skipped", str(counts["skip"]))
    ElementTree.ElementTree(suite).write(arguments[0], encoding="utf-8", xml_declaration=True)
    for case in cases:
        if case.result == "fail":
            print(f"FAILED {case.run}: {case.package} {case.name}\n{''.join(case.output)[-4000:]}")
    print(f"go: {counts['pass']} passed, {counts['fail']} failed, {counts['skip']} skipped")
    return 1 if counts["fail"] or not counts["pass"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
