"""A shared library with every function of a header and nothing behind them: what the gates can be tried on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import header


def source(parsed: header.Header, private: str = "") -> str:
    """`private` is put before the functions, as in the definition of a handle."""
    lines = ['#include "ine.h"', private]
    for function in parsed.functions.values():
        result = "" if function.returns == "void" else f" return ({function.returns}){{0}};"
        lines.append(f"{function.signature} {{{result} }}")
    return "\n".join(lines) + "\n"


def build(root: Path, folder: Path, private: str = "", map_text: str | None = None) -> Path:
    """Builds the library of the tree `root` (its ine.h and ine.map) in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    code, script, library = folder / "stubs.c", folder / "stubs.map", folder / "libine.so.1"
    code.write_text(source(header.read(root / "abi" / "include" / "ine.h"), private), encoding="utf-8")
    script.write_text(map_text or (root / "abi" / "ine.map").read_text(encoding="utf-8"), encoding="utf-8")
    command = ["gcc", "-g", "-O0", "-w", "-shared", "-fPIC", "-fvisibility=hidden", f"-I{root / 'abi' / 'include'}"]
    command += [f"-Wl,--version-script={script}", "-Wl,-soname,libine.so.1", "-o", str(library), str(code)]
    subprocess.run(command, check=True)
    return library
