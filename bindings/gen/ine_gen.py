#!/usr/bin/env python3
"""Writes what follows from the manifest abi/ine.abi.json, and checks that it has been written.

ine_gen.py write     the version script, the name tables of the core, the languages' constants
ine_gen.py check     fails when a written file differs from what the manifest says
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NOTE = "generated from abi/ine.abi.json by bindings/gen/ine_gen.py; do not edit"

# The groups that ine_name() knows: the suffix of INE_NAMES_* and the group in the manifest.
NAMED = {
    "CODE": "code",
    "CLASS": "class",
    "DETAIL": "detail",
    "SENT": "sent",
    "STEP": "step",
    "OPTION": "option",
    "CALL": "call",
    "PRODUCT": "product",
    "INPUT": "input",
    "MEDIA": "media",
    "PROBLEM": "problem",
    "FIELD": "field",
    "KIND": "kind",
    "CHECK": "check",
    "STATE": "state",
    "OUTCOME": "outcome",
    "ADVICE": "advice",
    "ANOMALY": "anomaly",
    "WANT": "want",
    "EVENT": "event",
    "VERDICT": "verdict",
    "REASON": "reason",
    "DELIVERY": "delivery",
    "EVIDENCE": "evidence",
    "MRZ": "mrz",
    "FAILURE": "failure",
}


def load() -> dict:
    return json.loads((ROOT / "abi" / "ine.abi.json").read_text(encoding="utf-8"))


def version_script(manifest: dict) -> str:
    versions: dict[str, list[str]] = {}
    for function in manifest["functions"]:
        versions.setdefault(function["since"], []).append(function["name"])
    out, previous = [f"/* {NOTE} */\n"], ""
    for version in sorted(versions, key=lambda v: [int(p) for p in v.split(".")]):
        names = "".join(f"    {name};\n" for name in sorted(versions[version]))
        hidden = "" if previous else "  local:\n    *;\n"
        out.append(f"INE_{version} {{\n  global:\n{names}{hidden}}}{previous};\n")
        previous = f" INE_{version}"
    return "".join(out)


def name_tables(manifest: dict) -> str:
    groups: dict[str, list[dict]] = {}
    for constant in manifest["constants"]:
        groups.setdefault(constant["group"], []).append(constant)
    out = [f"/* {NOTE} */\n/* clang-format off */\n"]
    for suffix, group in NAMED.items():
        out.append(f"static const ine__name names_{suffix.lower()}[] = {{\n")
        out += [f'    {{{c["name"]}, INE__TEXT("{c["text"]}")}},\n' for c in groups[group]]
        out.append("};\n")
    out.append("static const struct {\n    int32_t names;\n    const ine__name *table;\n    size_t count;\n")
    out.append("} tables[] = {\n")
    out += [f"    {{INE_NAMES_{s}, names_{s.lower()}, INE__COUNT(names_{s.lower()})}},\n" for s in NAMED]
    out.append("};\nstatic const struct {\n    int32_t code, class_;\n} classes[] = {\n")
    out += [f"    {{{c['name']}, {c['class']}}},\n" for c in groups["code"]]
    out.append("};\n/* clang-format on */\n")
    return "".join(out)


def outputs() -> dict[Path, str]:
    """Every file that follows from the manifest. A language has a lang_<name>.py beside this file, whose
    outputs(manifest) gives texts by path."""
    manifest = load()
    texts = {"abi/ine.map": version_script(manifest), "core/base/names.inc": name_tables(manifest)}
    for path in sorted(Path(__file__).parent.glob("lang_*.py")):
        texts |= importlib.import_module(path.stem).outputs(manifest)
    return {ROOT / path: text for path, text in texts.items()}


def main(arguments: list[str]) -> int:
    if arguments not in (["write"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    stale = 0
    for path, text in outputs().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if arguments == ["write"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        else:
            print(f"{path.relative_to(ROOT)} is not what abi/ine.abi.json says; run: {sys.argv[0]} write")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
