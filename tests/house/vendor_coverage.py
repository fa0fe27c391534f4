#!/usr/bin/env python3
"""docs/vendor-coverage.md out of vendor_coverage.tsv, and what holds the table true.

    vendor_coverage.py write    writes the document
    vendor_coverage.py check    prints what is wrong; exit 1 when anything is

A row: page, kind, item, literal texts that the page must hold (joined by " & "; "-": the page has lost
them, or the fact sheet is the source), ABI names, tests as file:function below tests/.
"""

from __future__ import annotations

import functools
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "house" / "vendor_coverage.tsv"
DOCUMENT = ROOT / "docs" / "vendor-coverage.md"
SHARED = ROOT.parent / "shared"
# The vendor's five pages; "facts" is the sheet of what else is known, with the contradictions C-1 to C-31.
PAGES = {
    "biometric": "ine-biometric-database-verification-2026-06.txt",
    "older": "ine-biometric-database-verification-2026-05.md",
    "legacy": "ine-database-verification-legacy-guide-2025-11.md",
    "registry": "get-decision-ine-registry-2026-04.md",
    "summary": "get-decision-ine-registry-summary.txt",
    "facts": None,
}
TITLES = {
    "biometric": "INE Biometric Database Verification, June 2026",
    "older": "INE Biometric Database Verification, May 2026 (the older product)",
    "legacy": "INE database verification guide (legacy), November 2025",
    "registry": "GET decision/ine-registry (legacy), April 2026",
    "summary": "GET decision/ine-registry, summary",
    "facts": "What the pages leave open or say twice, and what else the INE products need",
}
CONTRADICTIONS = 31
# A member of a JSON sample; a property of the list that explains one.
MEMBER = re.compile(r'"([A-Za-z_]\w*)"\s*:')
EXPLAINED = re.compile(r"`([A-Za-z_]\w*)`: ?`?(?:string|object|integer|boolean|array|null|Boolean|Human)")
MEMBER_KINDS = ("request member", "reply member", "check")


class Row(NamedTuple):
    page: str
    kind: str
    item: str
    literal: str
    abi: list[str]
    tests: list[str]


def read(table: Path = TABLE) -> list[Row]:
    lines = table.read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return [Row(*row[:4], row[4].split(), row[5].split()) for row in rows]


def rendered(rows: list[Row]) -> str:
    text = [
        "# What the vendor documents, and where it is\n",
        "Made by `tests/house/vendor_coverage.py write` out of `tests/house/vendor_coverage.tsv`; do not edit. One row for "
        "each\nmember, endpoint, header, code, status, reason, rule and limit of the vendor's pages that concerns the INE "
        "products, with\nthe name in `ine.h` that carries it and the tests that hold it. `tests/house/test_vendor_coverage.py` "
        "fails when a row has\nno test, when a test, a name or a word of the page is not there, and when a sample has a member "
        "without a row.\n",
    ]
    for page, title in TITLES.items():
        of_page = [row for row in rows if row.page == page]
        text.append(f"## {title}\n")
        text.append("| kind | item | ABI | held by |\n|---|---|---|---|")
        for row in of_page:
            item = row.item.replace("|", "\\|")
            names = ", ".join(f"`{name}`" for name in row.abi)
            tests = ", ".join(f"`{test}`" for test in row.tests)
            text.append(f"| {row.kind} | {item} | {names} | {tests} |")
        text.append("")
    text.append(f"{len(rows)} rows.")
    return "\n".join(text) + "\n"


def abi_names() -> set[str]:
    manifest = json.loads((ROOT / "abi" / "ine.abi.json").read_text(encoding="utf-8"))
    return {entry["name"] for part in ("functions", "constants", "types") for entry in manifest[part]}


@functools.cache
def content(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


@functools.cache
def has_test(path: Path, name: str) -> bool:
    """A test function that is also run: cmocka's must be in a list of tests."""
    text = content(path)
    if text is None:
        return False
    if path.suffix == ".py":
        return re.search(rf"^ +def {name}\(self", text, re.MULTILINE) is not None
    defined = re.search(rf"^static void {name}\(void \*\*", text, re.MULTILINE)
    return defined is not None and re.search(rf"[(,] *{name}[),]", text[defined.end() :]) is not None


@functools.cache
def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def member_names(shared: Path) -> dict[str, str]:
    """Every member name in the payloads and in the JSON of the vendor's pages, and where it stands."""
    files = sorted((ROOT / "tests" / "payloads").glob("*.json"))
    files += [shared / "vendor" / name for name in PAGES.values() if name and (shared / "vendor" / name).exists()]
    found: dict[str, str] = {}
    for file in files:
        text = file.read_text(encoding="utf-8")
        for name in MEMBER.findall(text) + EXPLAINED.findall(text):
            found.setdefault(name, file.name)
    return found


def problems(rows: list[Row], shared: Path = SHARED) -> list[str]:
    wrong = []
    names = abi_names()
    seen = set()
    for row in rows:
        where = f"{row.page}, {row.item}"
        if row.page not in PAGES:
            wrong.append(f"{where}: no such page")
        if (row.page, row.kind, row.item) in seen:
            wrong.append(f"{where}: twice")
        seen.add((row.page, row.kind, row.item))
        if not row.tests:
            wrong.append(f"{where}: no test")
        if not row.abi:
            wrong.append(f"{where}: no ABI name")
        wrong += [f"{where}: {name} is not in abi/ine.abi.json" for name in row.abi if name not in names]
        for test in row.tests:
            path, _, name = test.partition(":")
            if not has_test(ROOT / "tests" / path, name):
                wrong.append(f"{where}: tests/{path} has no test {name}")
        if row.literal == "-" and row.page != "facts":
            wrong.append(f"{where}: no literal text of the page")
        page = PAGES.get(row.page)
        if page and (shared / "vendor" / page).exists():
            text = plain((shared / "vendor" / page).read_text(encoding="utf-8"))
            wrong += [f"{where}: {page} does not say {part!r}" for part in row.literal.split(" & ")
                      if plain(part) not in text]  # fmt: skip
    said = " ".join(row.item for row in rows if row.kind in MEMBER_KINDS)
    words = set(re.findall(r"\w+", said))
    wrong += [f"{file}: no row for the member {name}" for name, file in sorted(member_names(shared).items())
              if name not in words]  # fmt: skip
    for number in range(1, CONTRADICTIONS + 1):
        if not any(row.item.startswith(f"C-{number}:") for row in rows):
            wrong.append(f"no row for C-{number}")
    return wrong


def main(arguments: list[str]) -> int:
    rows = read()
    if arguments == ["write"]:
        DOCUMENT.write_text(rendered(rows), encoding="utf-8")
        return 0
    wrong = problems(rows)
    if DOCUMENT.read_text(encoding="utf-8") != rendered(rows):
        wrong.append("docs/vendor-coverage.md is stale: tests/house/vendor_coverage.py write")
    print("\n".join(wrong) or f"{len(rows)} rows, all held")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
