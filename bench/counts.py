#!/usr/bin/env python3
"""What noise can not move: instructions and allocations of one read decision, and the size of the library.

counts.py BENCH_DECISION LIBINE.SO
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

READS = 200


def instructions(program: str, count: int, form: str, mode: str) -> int:
    command = [
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        program,
        "count",
        str(count),
        form,
        mode,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def allocations(program: str, count: int, form: str, mode: str) -> int:
    command = ["valgrind", "--tool=memcheck", program, "count", str(count), form, mode]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(re.search(r"total heap usage: ([\d,]+) allocs", done.stderr).group(1).replace(",", ""))


def each(measure, program: str, form: str, mode: str) -> float:
    return (measure(program, 2 * READS, form, mode) - measure(program, READS, form, mode)) / READS


def stripped(library: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "library"
        shutil.copy(library, copy)
        subprocess.run(["strip", "--strip-unneeded", copy], check=True)
        return copy.stat().st_size


def main(program: str, library: str) -> None:
    print("\nread a decision and take 50 fields (callgrind, memcheck)")
    for form in ("compact", "pretty"):
        for mode in ("borrow", "copy"):
            ins, allocs = each(instructions, program, form, mode), each(allocations, program, form, mode)
            print(f"  {form + ', ' + mode:<52} {ins:9.0f} instructions  {allocs:g} allocations")
    print(f"\nsize\n  {'libine.so.1, stripped':<52} {stripped(library):9d} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
