#!/usr/bin/env python3
"""The rules of the house, held against every file of the tree.

    house.py [ROOT]     prints what is against a rule, as "file:line: what"; exit 1 when there is any

Include direction (design: docs/architecture.md), size of files and lines, words and paths that must
not be in the tree. test_house.py shows that each rule can fail.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SELF = ("tests/house/house.py", "tests/house/test_house.py")
SKIPPED_FOLDERS = {".git", "build", "dist", "node_modules", ".venv", "__pycache__"}
MAX_LINES = 600
MAX_COLUMNS = 100


class Problem(NamedTuple):
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


# ---- who may include whom -------------------------------------------------------------------------

# Each module of the core, and the modules below it that it may include: the table of CMakeLists.txt.
CORE_USES = {
    "base": (),
    "crypto": ("base",),
    "json": ("base",),
    "identity": ("json", "crypto", "base"),
    "schema": ("identity", "json", "crypto", "base"),
    "cascade": ("schema", "identity", "json", "crypto", "base"),
    "proto": ("cascade", "schema", "identity", "json", "crypto", "base"),
    "queue": ("proto", "cascade", "schema", "identity", "json", "crypto", "base"),
    "net": ("queue", "proto", "cascade", "schema", "identity", "json", "crypto", "base"),
}
# The sandbox is a witness of its own: of the core it sees these modules, and of crypto only primitives
# (no credentials, no signing).
SANDBOX_USES = ("base", "json", "crypto")
SANDBOX_CRYPTO = ("base64.h", "hex.h", "sha256.h", "blake2.h")
# Who runs the sandbox's code beside tools/ine-sandbox: the packages do, in process.
SANDBOX_HOSTS = ("sandbox", "bindings", "python", "node", "go")
PUBLIC = ("ine.h", "ine_experimental.h")
# A header of a library, and the only folders that may include it.
LIBRARY_HEADERS = (
    (re.compile(r"^curl/"), ("core/net/", "bench/")),
    (re.compile(r"^openssl/"), ("core/crypto/", "core/base/", "core/net/", "tools/", "bench/", "tests/")),
    (re.compile(r"^(event2/|event\.h|sqlite3\.h)"), ("tools/ine-sandbox/", "tools/ine/", "tests/")),
    (re.compile(r"^jansson\.h"), ("bench/", "tests/")),
)
LOW_LEVEL_SHA = re.compile(r"\bSHA(1|224|256|384|512)_(Init|Update|Final|Transform|CTX)\b|\bSHA256_CTX\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def include_problem(path: str, target: str, quoted: bool, tree: set[str]) -> str | None:
    """Why the file `path` must not include `target`, or None. `tree` holds every file's path."""
    for pattern, folders in LIBRARY_HEADERS:
        if pattern.search(target):
            return None if path.startswith(folders) else f"only {', '.join(folders)} may include {target}"
    parts = path.split("/")
    if not quoted or target in PUBLIC or parts[0] in ("tests", "bench"):
        return None
    if ".." in target.split("/"):
        return f"{target} climbs out of its folder"
    if f"{path.rpartition('/')[0]}/{target}" in tree:
        return None
    if "/" not in target and f"sandbox/{target}" in tree:
        seen = parts[0] in SANDBOX_HOSTS or parts[:2] == ["tools", "ine-sandbox"]
        return None if seen else f"{parts[0]} may not see the sandbox: {target}"
    module, _, header = target.partition("/")
    if parts[0] == "core":
        allowed = (*CORE_USES.get(parts[1], ()), parts[1])
        return None if module in allowed else f"core/{parts[1]} may not include {target}: arrows run one way"
    if parts[0] == "sandbox":
        seen = module in SANDBOX_USES and (module != "crypto" or header in SANDBOX_CRYPTO)
        return None if seen else f"the sandbox may not include {target}: it sees base, json and crypto primitives"
    return f"{parts[0]} sees abi/include and its own folder only, not {target}"


def check_includes(path: str, lines: list[str], tree: set[str]) -> Iterator[Problem]:
    if not path.endswith((".c", ".h", ".i", ".inc")) or AMALGAMATION.search(path):
        return
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        problem = include_problem(path, found.group(2), found.group(1) == '"', tree) if found else None
        if problem:
            yield Problem(path, number, problem)
        if LOW_LEVEL_SHA.search(line) and not path.startswith(("core/crypto/", "bench/", "tests/")):
            yield Problem(path, number, "low-level SHA functions belong in core/crypto only")


# ---- size -----------------------------------------------------------------------------------------

SOURCES = (".c", ".h", ".py", ".ts", ".go", ".js", ".mjs", ".cjs", ".sh")
GENERATED = re.compile(r"(^|/)(ine_core\.c|ine_curl\.c|ine_sandbox\.[ch]|package-lock\.json)$|^go/ine\.h$|\.inc$")
# The C of the Go module: copies of files that are held to the rules where they are.
AMALGAMATION = re.compile(r"^go/(.*/)?ine(_core|_curl|_sandbox)?\.[ch]$")
# The public header is one file, so that it can be read as one manual.
ANY_LENGTH = ("abi/include/ine.h",)


def check_size(path: str, lines: list[str], tree: set[str]) -> Iterator[Problem]:
    if not path.endswith(SOURCES) or GENERATED.search(path):
        return
    if len(lines) > MAX_LINES and path not in ANY_LENGTH:
        yield Problem(path, len(lines), f"{len(lines)} lines; more than {MAX_LINES} is more than one idea")
    if path.endswith((".c", ".h")):
        for number, line in enumerate(lines, 1):
            if len(line) > MAX_COLUMNS:
                yield Problem(path, number, f"{len(line)} columns; at most {MAX_COLUMNS}")


# ---- words ----------------------------------------------------------------------------------------

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|[Nn]ot implemented")
MACHINE = re.compile(
    r"(^|[^A-Za-z0-9_.])/(work|farm|home/\w+|tmp/bash_jobs\S*)/|/root/\.|"
    r"(pypi|files\.pythonhosted|registry\.npmjs|proxy\.golang|deb\.debian)\.(org|com)|\"resolved\": *\"https?:"
)
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def check_words(path: str, lines: list[str], tree: set[str]) -> Iterator[Problem]:
    if path in SELF:
        return
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield Problem(path, number, "unfinished work is finished or taken out, not marked")
        if MACHINE.search(line):
            yield Problem(path, number, "a path of a machine or the address of a package registry")
        if PRIVATE_KEY.search(line):
            yield Problem(path, number, "a private key")


RULES = (check_includes, check_size, check_words)


# ---- the tree -------------------------------------------------------------------------------------


def files(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS and not f.startswith("build-"))
        for name in sorted(names):
            yield (Path(folder) / name).relative_to(root).as_posix()


def check(root: Path) -> list[Problem]:
    problems = []
    tree = set(files(root))
    for path in sorted(tree):
        try:
            lines = (root / path).read_text(encoding="utf-8").splitlines()
        except (UnicodeDecodeError, OSError):
            continue
        for rule in RULES:
            problems += rule(path, lines, tree)
    return problems


def main(arguments: list[str]) -> int:
    root = Path(arguments[0] if arguments else Path(__file__).resolve().parents[2])
    problems = check(root)
    print("\n".join(map(str, problems)) or "the house is in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
