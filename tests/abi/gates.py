#!/usr/bin/env python3
"""The gates of the ABI: what stands between a careless change and everyone who links with libine.

    gates.py check  [--root R] [--library LIBINE.SO] [GATE...]    prints every problem; exit 1 when there is any
    gates.py record [--root R] --library LIBINE.SO                writes abi/baseline anew

Gates: rules (form of the header), documented, manifest (header = manifest), map (ine.map = manifest),
symbols (exported = manifest), lock (nothing recorded has changed or vanished), abidiff (binary form).
test_gates_catch.py shows that each of them catches what it is for.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import header

ABIDW = (
    "abidw",
    "--exported-interfaces-only",
    "--drop-private-types",
    "--no-corpus-path",
    "--no-comp-dir-path",
    "--short-locs",
)
# Where the C library defines the types of signatures. abidiff takes a type from any other header for private, and
# then says nothing of an int32_t that becomes an int64_t.
TYPE_HEADERS = ("stdint.h", "stdint-intn.h", "stdint-uintn.h", "stddef.h", "types.h")
SINCE = re.compile(r"^\d+\.\d+$")


class Tree:
    """The files that the gates compare, of a source tree (or a mutated copy) and a shared library."""

    def __init__(self, root: Path, library: Path | None):
        self.include = root / "abi" / "include"
        self.manifest_path = root / "abi" / "ine.abi.json"
        self.map = root / "abi" / "ine.map"
        self.baseline = root / "abi" / "baseline" / "libine.abi"
        self.lock = root / "abi" / "baseline" / "ine.abi.lock.json"
        self.library = library

    def header(self) -> header.Header:
        return header.read(self.include / "ine.h")

    def manifest(self) -> dict:
        return json.loads(self.manifest_path.read_text(encoding="utf-8"))


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a tool; one that is not there is a failure, not a reason to skip."""
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def public_headers(tree: Tree, folder: Path) -> Path:
    """A folder with the names of all headers whose types are public; the tools look at names only."""
    headers = folder / "headers"
    headers.mkdir()
    for name in (*TYPE_HEADERS, *(path.name for path in tree.include.glob("*.h"))):
        (headers / name).touch()
    return headers


def dump(tree: Tree, folder: Path, out: Path) -> list[str]:
    done = run(*ABIDW, "--headers-dir", public_headers(tree, folder), "--out-file", out, tree.library or "")
    return [f"abidw: exit {done.returncode}: {done.stderr.strip()}"] if done.returncode else []


def differences(what: str, left: str, one: dict, right: str, other: dict) -> list[str]:
    problems = [f"{what} {name} is in {left}, not in {right}" for name in one if name not in other]
    problems += [f"{what} {name} is in {right}, not in {left}" for name in other if name not in one]
    problems += [
        f"{what} {name}: {left} says {one[name]!r}, {right} says {other[name]!r}"
        for name in one
        if name in other and one[name] != other[name]
    ]
    return problems


def by_name(entries: list[dict], key: str) -> dict:
    return {entry["name"]: entry.get(key) for entry in entries}


def of_groups(manifest: dict) -> list[dict]:
    """The constants but the version's own numbers, which are there to change."""
    return [constant for constant in manifest["constants"] if constant["group"] != "version"]


# ---- the gates: each takes a tree and gives a list of problems ------------------------------------------


def gate_rules(tree: Tree) -> list[str]:
    return header.rule_problems(tree.header())


def gate_documented(tree: Tree) -> list[str]:
    functions = tree.header().functions.values()
    return [f"{one.name} has no /** comment, nor has its group" for one in functions if not one.documented]


def gate_manifest(tree: Tree) -> list[str]:
    manifest, seen = tree.manifest(), tree.header()
    signatures = {name: function.signature for name, function in seen.functions.items()}
    problems = []
    for what, declared, promised in (
        ("function", signatures, by_name(manifest["functions"], "signature")),
        ("constant", seen.constants, by_name(manifest["constants"], "value")),
        ("type", dict.fromkeys(seen.types), by_name(manifest["types"], "signature")),
    ):
        problems += differences(what, "ine.h", declared, "the manifest", promised)
    for section in ("functions", "constants", "types"):
        for entry in manifest[section]:
            if not SINCE.match(entry.get("since", "")):
                problems.append(f"{entry['name']} does not say since when it is there")
        for name, count in Counter(entry["name"] for entry in manifest[section]).items():
            if count > 1:
                problems.append(f"{name} stands {count} times in the manifest")
    taken: dict[tuple, str] = {}
    for entry in of_groups(manifest):
        for key in ("value", "text"):
            other = taken.setdefault((entry["group"], key, entry[key]), entry["name"])
            if other != entry["name"]:
                problems.append(f"{entry['name']} and {other} share the {key} {entry[key]!r} in group {entry['group']}")
    return problems


def gate_map(tree: Tree) -> list[str]:
    """Names per version node; everything else is local."""
    text = tree.map.read_text(encoding="utf-8")
    mapped = {}
    for version, body in re.findall(r"INE_(\d+\.\d+) \{(.*?)\}", text, re.DOTALL):
        for name in re.findall(r"^ +(ine_\w+);$", body, re.MULTILINE):
            mapped[name] = version
    promised = by_name(tree.manifest()["functions"], "since")
    problems = differences("function", "ine.map", mapped, "the manifest", promised)
    if not re.search(r"local:\s*\*;", text):
        problems.append("ine.map does not make the rest local")
    return problems


def gate_symbols(tree: Tree) -> list[str]:
    done = run("nm", "-D", "--defined-only", "--with-symbol-versions", tree.library or "")
    if done.returncode:
        return [f"nm: {done.stderr.strip()}"]
    exported = {}
    for line in done.stdout.splitlines():
        kind, symbol = line.split()[1:3]
        if kind == "A" and re.fullmatch(r"INE_\d+\.\d+(@@INE_\d+\.\d+)?", symbol):
            continue  # the version node itself
        name, _, version = symbol.partition("@@")
        exported[name] = version.removeprefix("INE_")
    promised = by_name(tree.manifest()["functions"], "since")
    problems = differences("symbol", "the library", exported, "the manifest", promised)
    dynamic = run("readelf", "-d", tree.library or "").stdout
    soname = tree.manifest()["soname"]
    if f"[{soname}]" not in dynamic:
        problems.append(f"the library's SONAME is not {soname}")
    return problems


def locked(manifest: dict) -> dict:
    """What a manifest promises, in the form of the lock."""
    return {
        "functions": by_name(manifest["functions"], "signature"),
        "constants": {c["name"]: [c["group"], c["value"], c["text"]] for c in of_groups(manifest)},
        "types": sorted(entry["name"] for entry in manifest["types"]),
        "since": {e["name"]: e["since"] for s in ("functions", "constants", "types") for e in manifest[s]},
    }


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def gate_lock(tree: Tree) -> list[str]:
    if not tree.lock.exists():
        return [f"{tree.lock.name} is missing; make abi-baseline records it"]
    promise, now = json.loads(tree.lock.read_text(encoding="utf-8")), locked(tree.manifest())
    problems = []
    for section in ("functions", "constants", "since"):
        for name, value in promise[section].items():
            if name not in now[section]:
                problems.append(f"{name} was promised ({section}) and is gone")
            elif now[section][name] != value:
                problems.append(f"{name} was promised ({section}) as {value!r} and is now {now[section][name]!r}")
    problems += [f"type {name} was promised and is gone" for name in promise["types"] if name not in now["types"]]
    newest = max(promise["since"].values(), key=version)
    for name, since in now["since"].items():
        if name not in promise["since"] and version(since) <= version(newest):
            problems.append(f"{name} is new, but says since {since}; the newest promise is {newest}")
    return problems


def gate_abidiff(tree: Tree) -> list[str]:
    if not tree.baseline.exists():
        return [f"{tree.baseline.name} is missing; make abi-baseline records it"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # The library as XML first, so that both sides have the same short locations.
        problems = dump(tree, folder, folder / "now.abi")
        if problems:
            return problems
        public = folder / "headers"
        done = run("abidiff", "--no-added-syms", "--headers-dir1", public, "--headers-dir2", public,
                   tree.baseline, folder / "now.abi")  # fmt: skip
    # Exit 4 is "changed", 8 "incompatible": a changed signature is 4, so nothing but 0 passes.
    return [] if done.returncode == 0 else [f"abidiff: exit {done.returncode}:\n{done.stdout}{done.stderr}"]


GATES = {
    "rules": gate_rules,
    "documented": gate_documented,
    "manifest": gate_manifest,
    "map": gate_map,
    "symbols": gate_symbols,
    "lock": gate_lock,
    "abidiff": gate_abidiff,
}
OF_A_LIBRARY = ("symbols", "abidiff")


def check(tree: Tree, names: list[str]) -> list[str]:
    problems = []
    for name in names:
        try:
            problems += [f"{name}: {text}" for text in GATES[name](tree)]
        except FileNotFoundError as error:
            problems.append(f"{name}: {error.filename} is not here")
    return problems


def record(tree: Tree) -> None:
    tree.lock.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(locked(tree.manifest()), indent=1, ensure_ascii=False)
    # One promise a line: a change of it shows as one line of a diff.
    text = re.sub(r"\[\s+([^\]]*?)\s+\]", lambda found: "[" + re.sub(r"\s+", " ", found.group(1)) + "]", text)
    tree.lock.write_text(text + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        problems = dump(tree, Path(folder), tree.baseline)
    if problems:
        raise SystemExit("\n".join(problems))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("check", "record"))
    parser.add_argument("gates", nargs="*", metavar="GATE", help=", ".join(GATES))
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--library", type=Path)
    arguments = parser.parse_args()
    tree = Tree(arguments.root, arguments.library)
    if arguments.what == "record":
        record(tree)
        return 0
    problems = check(tree, arguments.gates or [g for g in GATES if tree.library or g not in OF_A_LIBRARY])
    print("\n".join(problems) or "the promise is kept")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
