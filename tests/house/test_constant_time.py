#!/usr/bin/env python3
"""A1 under valgrind: a branch or an address that depends on a secret is an error."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SKIPPED = 77


def main() -> int:
    test = Path(os.environ.get("INE", "build/ine")).parent / "tests" / "test_crypto_threats"
    valgrind = shutil.which("valgrind")
    if not valgrind or not test.exists():
        print(f"skipped: {'no valgrind here' if test.exists() else 'test_crypto_threats is not built'}")
        return SKIPPED
    if "__asan_init" in subprocess.run(["nm", "-D", test], capture_output=True, text=True, check=True).stdout:
        print("skipped: valgrind can not run a build with a sanitizer")
        return SKIPPED
    headers = subprocess.run(["cc", "-E", "-include", "valgrind/memcheck.h", "-x", "c", os.devnull],
                             capture_output=True, check=False)  # fmt: skip
    if headers.returncode != 0:
        print("skipped: without valgrind's headers the test marks nothing")
        return SKIPPED
    run = subprocess.run([valgrind, "--quiet", "--error-exitcode=9", test], capture_output=True, text=True, check=False)
    print(run.stdout + run.stderr)
    return 1 if run.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
